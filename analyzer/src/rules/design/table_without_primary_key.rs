//! Tables without a primary key.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::schema::{ConstraintKind, Relation};
use crate::statement::{ObjectKind, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "table-without-primary-key",
    summary: "creates a table without a primary key",
    page: include_str!("table_without_primary_key.md"),
    aliases: &["require-primary-key", "no_primary_key"],
    group: Group::Design,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let new = around
        .tables()
        .filter(|table| table.origin.file == around.file);
    let without = new.filter(|table| {
        table.kind == ObjectKind::Table
            && table.persistence != Persistence::Temporary
            // A partition has the key of its partitioned table.
            && table.partition_of.is_none()
            && !has_primary_key(table)
    });
    without
        .map(|table| (table.origin.span.clone(), message(table)))
        .collect()
}

fn has_primary_key(table: &Relation) -> bool {
    table
        .constraints
        .iter()
        .any(|one| one.kind == ConstraintKind::PrimaryKey)
}

fn message(table: &Relation) -> Message {
    let name = &table.name;
    let unique = table.constraints.iter().find(|one| {
        let mut columns = one.columns.iter();
        one.kind == ConstraintKind::Unique
            && columns.all(|id| {
                table
                    .columns
                    .iter()
                    .any(|column| column.id == *id && column.not_null)
            })
    });
    let help = match unique {
        Some(unique) => {
            let columns = unique.columns.iter().filter_map(|id| table.name_of(*id));
            let columns = columns.collect::<Vec<_>>().join(", ");
            format!("write PRIMARY KEY ({columns}) instead of UNIQUE ({columns})")
        }
        None => {
            "declare the columns that identify a row as PRIMARY KEY, or add `id bigint GENERATED ALWAYS \
                 AS IDENTITY PRIMARY KEY`"
                .to_owned()
        }
    };
    Message::new(
        format!("{name} has no primary key"),
        "when the table is published, each UPDATE and DELETE fails: no replica identity (55000); a data \
         migration has no column to batch by, and two identical rows cannot be changed separately",
        help,
    )
}
