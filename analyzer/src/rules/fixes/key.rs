//! How a table in use gets a primary or unique key without blocking reads and writes.

use crate::check::context::{Added, Context};
use crate::finding::Message;
use crate::rules::fixes::{column, proof};
use crate::statement::to_sql::unique_index;
use crate::statement::{Change, Column, ConstraintKind, Name};
use crate::text::quote::quote_list;

/// Whether the key is one of a partitioned table alone: its index has no rows, and is not valid before each partition has
/// one of its own.
pub(in crate::rules) fn builds_nothing(context: &Context<'_>, added: &Added<'_>) -> bool {
    let relation = context.schema.relation(added.table);
    added.constraint.only && relation.is_some_and(|relation| relation.partition_by.is_some())
}

/// The message with a fix: files that build the index concurrently first.
pub(in crate::rules) fn with_cure(
    context: &Context<'_>,
    added: &Added<'_>,
    message: Message,
) -> Message {
    let (word, key, label) = match &added.constraint.kind {
        ConstraintKind::PrimaryKey(key) => ("PRIMARY KEY", key, "pkey"),
        ConstraintKind::Unique(key) => ("UNIQUE", key, "key"),
        ConstraintKind::Check(_)
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclude { .. } => return message,
    };
    let relation = context.schema.relation(added.table);
    if key.without_overlaps {
        return Message {
            help:
                "an index that is built concurrently cannot become a key WITHOUT OVERLAPS: create a new \
                 table with the key and copy the rows"
                    .to_owned(),
            ..message
        };
    }
    if relation.is_some_and(|relation| relation.partition_by.is_some()) {
        return Message {
            help: format!(
                "a partitioned table cannot use USING INDEX: write `ALTER TABLE ONLY {} ADD {word} \
                 ({})`, which builds nothing; then create a unique index on each partition with \
                 CONCURRENTLY; then attach each with `ALTER INDEX ... ATTACH PARTITION`",
                added.table,
                quote_list(&key.columns)
            ),
            ..message
        };
    }
    let help = "first build the index with CONCURRENTLY in a file of its own, without blocking writes; \
                then add the constraint with USING INDEX, which takes a moment";
    if let Some(new) = added
        .column
        .or_else(|| beside(context, added.table, &key.columns))
    {
        let files = column::files(context, added.table, new);
        let fills = files.iter().any(|file| file.file.starts_with("DM"));
        let message = Message {
            help: match fills {
                true => format!(
                    "add the column with a default for new rows only, and fill the existing rows in a \
                     data migration; after that, {help}"
                ),
                false => help.to_owned(),
            },
            ..message
        };
        return message.with_files(files);
    }
    let columns: &[String] = match word {
        "PRIMARY KEY" => &[],
        _ => &key.columns,
    };
    let name = added.name(columns, label);
    let build = (name.clone(), unique_index(added.table, &name, key));
    let using = column::using(context, added.table, added.constraint, &name);
    let using = (format!("{name}_constraint"), using);
    let required: &[String] = match word {
        "PRIMARY KEY" => &key.columns,
        _ => &[],
    };
    let proof = proof::of(context, added.table, required);
    let help = [help, proof.note()].concat();
    let files = proof.files(context, vec![build], vec![using]);
    Message { help, ..message }.with_files(files)
}

/// The column, if the key has only one and another action of the statement adds it.
fn beside<'a>(context: &Context<'a>, table: &Name, columns: &[String]) -> Option<&'a Column> {
    let [only] = columns else {
        return None;
    };
    context.others().find_map(|clause| match &clause.change {
        Change::AddColumn {
            table: on, column, ..
        } if on == table && column.name == *only => Some(&**column),
        _ => None,
    })
}
