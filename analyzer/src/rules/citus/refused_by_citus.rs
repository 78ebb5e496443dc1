//! Statements on tables of a cluster that Citus refuses whatever the rows are.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::facts::citus::{Placed, is_spread_already, placed};
use crate::schema::{Relation, generated_name};
use crate::statement::{
    Change, Column, ColumnAction, ColumnValue, ConstraintKind, CreateTable, Detach, Expression,
    Name, ObjectKind, Persistence, SequenceOwner, TableAction,
};

pub(super) static RULE: Rule = Rule {
    id: "refused-by-citus",
    summary: "a kind of table, or an action on a table of the cluster, that Citus does not support",
    page: include_str!("refused_by_citus.md"),
    aliases: &[],
    group: Group::Citus,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

/// What Citus refuses, and what to write instead.
struct Refused {
    what: String,
    help: String,
}

fn refused(what: impl Into<String>, help: impl Into<String>) -> Option<Refused> {
    Some(Refused {
        what: what.into(),
        help: help.into(),
    })
}

fn check(context: &Context<'_>) -> Option<Message> {
    let refused = match context.change() {
        Change::CreateTable(create) => of_new_table(context, create),
        change => {
            let table = context.schema.relation(table_of(context, change)?)?;
            placed(context, table).filter(|_| is_spread_already(context, table))?;
            beside_others(context, table).or_else(|| on_table(change, table))
        }
    }?;
    Some(Message::new(
        refused.what,
        "Citus refuses it: it passes a statement on to the servers only if it knows how to do it there",
        refused.help,
    ))
}

/// The table that the clause changes, also through its sequences and indexes.
fn table_of<'a>(context: &Context<'a>, change: &'a Change) -> Option<&'a Name> {
    match change {
        Change::AlterSequence { name, owner, .. } => match owner {
            Some(SequenceOwner::Column { table, .. }) => Some(table),
            Some(SequenceOwner::None) | None => {
                let (id, _) = context.schema.sequence(name)?.owner?;
                context.schema.by_id(id).map(|table| &table.name)
            }
        },
        Change::CreateSequence {
            owner: Some(SequenceOwner::Column { table, .. }),
            ..
        } => Some(table),
        Change::Drop {
            kind: ObjectKind::Index,
            name,
            part: None,
            ..
        } => context.schema.table_of_index(name).map(|table| &table.name),
        Change::AlterTable {
            kind: ObjectKind::Index,
            table,
            ..
        } => context
            .schema
            .table_of_index(table)
            .map(|table| &table.name),
        change => change.table(),
    }
}

/// Kinds of tables that a cluster does not have.
fn of_new_table(context: &Context<'_>, create: &CreateTable) -> Option<Refused> {
    let settings = &context.module.settings;
    let is_kept =
        create.persistence != Persistence::Temporary && context.schema.is_own(&create.table);
    settings.citus.as_ref().filter(|_| is_kept)?;
    let is_of_schema = settings.distribution_column().is_none();
    let table = &create.table;
    if !create.inherits.is_empty() {
        return refused(
            format!("{table} inherits from another table"),
            "partition the parent instead, or repeat the columns",
        );
    }
    if is_of_schema && create.server.is_some() {
        return refused(
            format!("{table} is a foreign table in a schema that Citus distributes"),
            "create it in a schema that is not distributed",
        );
    }
    if is_of_schema && create.of_type.is_some() {
        return refused(format!("{table} is created with OF"), "list the columns");
    }
    let (parent, _) = create.partition_of.as_ref()?;
    if create.partition_by.is_some() {
        return refused(
            format!("{table} is partitioned, and is a partition itself"),
            "partition by one level",
        );
    }
    let parent = context.schema.relation(parent)?;
    let is_reference = placed(context, parent) == Some(Placed::Reference);
    is_reference.then_some(()).and_then(|()| {
        refused(
            format!(
                "{table} is a partition of {}, which Citus copies to every server",
                parent.name
            ),
            format!(
                "give {} the distribution column, or do not partition it",
                parent.name
            ),
        )
    })
}

/// Actions that must be the only one of their statement.
fn beside_others(context: &Context<'_>, table: &Relation) -> Option<Refused> {
    let name = &table.name;
    let is_one_of_several = context.statement.clauses.len() > 1;
    let what = match context.change() {
        _ if !is_one_of_several => return None,
        Change::Drop {
            kind: ObjectKind::Index,
            ..
        } => {
            let what = format!("this drops indexes of {name} and more in one statement");
            return refused(what, "write a DROP INDEX for each");
        }
        Change::AddConstraint { .. } => "ADD CONSTRAINT",
        Change::AlterTable { action, .. } => match action {
            TableAction::AttachPartition { .. } => "ATTACH PARTITION",
            TableAction::DetachPartition { .. } => "DETACH PARTITION",
            _ => return None,
        },
        Change::AddColumn { column, .. } if counts(&column.value) => {
            "ADD COLUMN with a number from a sequence"
        }
        Change::AlterColumn {
            action: ColumnAction::SetDefault(value),
            ..
        } if is_next(value) => "SET DEFAULT nextval()",
        _ => return None,
    };
    refused(
        format!("{what} is one of several actions on {name}"),
        "write an ALTER TABLE for each action",
    )
}

fn is_next(value: &Expression) -> bool {
    value.calls.iter().any(|call| call.name == "nextval")
}

fn counts(value: &ColumnValue) -> bool {
    match value {
        ColumnValue::Serial => true,
        ColumnValue::Default(value) => is_next(value),
        ColumnValue::None | ColumnValue::Identity(_) | ColumnValue::Generated { .. } => false,
    }
}

fn on_table(change: &Change, table: &Relation) -> Option<Refused> {
    let name = &table.name;
    match change {
        Change::AddColumn { column, .. } => new_column(column, table),
        Change::ColumnType { column, .. } => {
            let known = table.column(column)?;
            let is_numbered =
                counts(&known.value) || matches!(known.value, ColumnValue::Identity(_));
            is_numbered.then_some(()).and_then(|()| {
                refused(
                    format!("this changes the type of {name}.{column}, whose numbers come from a sequence"),
                    "create such columns as bigint, or add a column beside it and copy the values",
                )
            })
        }
        Change::AlterColumn { column, action, .. } => on_column(action).and_then(|what| {
            refused(
                format!("{what} of {name}.{column}"),
                "leave it out, or create the table again with it",
            )
        }),
        Change::AlterTable { action, kind, .. } => on_whole_table(action, *kind)
            .and_then(|(what, help)| refused(format!("{what} on {name}"), help)),
        Change::Rename {
            kind: ObjectKind::Constraint,
            part: Some(part),
            ..
        } => refused(
            format!("this renames the constraint `{part}` of {name}"),
            "keep the name, or add the constraint under the new name and drop the old one",
        ),
        Change::AlterSequence { name: sequence, .. } => refused(
            format!("this alters the sequence {sequence}, which {name} uses"),
            "choose the options when the column is created; each server has a range of numbers of its own",
        ),
        Change::CreateSequence { name: sequence, .. } => refused(
            format!("the new sequence {sequence} is owned by a column of {name}"),
            "leave out OWNED BY",
        ),
        Change::CreateIndex(create) if create.tablespace.is_some() => refused(
            format!("an index of {name} in a tablespace"),
            "leave out TABLESPACE",
        ),
        _ => None,
    }
}

fn new_column(column: &Column, table: &Relation) -> Option<Refused> {
    let (name, new) = (&table.name, &column.name);
    let is_numbered = matches!(column.value, ColumnValue::Identity(_) | ColumnValue::Serial);
    if is_numbered {
        return refused(
            format!("{name}.{new} is added with numbers of its own"),
            "add it as bigint, and give the numbers in the service; such a column has to be there when the table is \
             distributed",
        );
    }
    if counts(&column.value) {
        return refused(
            format!(
                "{name}.{new} is added with nextval() as its default, and Citus does not fill it in existing rows"
            ),
            "add the column without a default, and then SET DEFAULT nextval()",
        );
    }
    let unnamed = column
        .constraints
        .iter()
        .find(|one| one.name.is_none() && !matches!(one.kind, ConstraintKind::NotNull { .. }));
    let word = unnamed?.kind.word();
    let label = match word {
        "PRIMARY KEY" => "pkey",
        "UNIQUE" => "key",
        "FOREIGN KEY" => "fkey",
        _ => "check",
    };
    refused(
        format!("{name}.{new} is added with a {word} without a name"),
        format!(
            "give it one, so that it has the same on all servers: CONSTRAINT {} {word}",
            generated_name(&name.name, Some(new), label)
        ),
    )
}

/// What `ALTER COLUMN` does, where Citus does not pass it on.
fn on_column(action: &ColumnAction) -> Option<&'static str> {
    match action {
        ColumnAction::SetExpression(_) => Some("SET EXPRESSION"),
        ColumnAction::DropExpression { .. } => Some("DROP EXPRESSION"),
        ColumnAction::AddIdentity(_) => Some("ADD GENERATED AS IDENTITY"),
        ColumnAction::SetIdentity { .. } => Some("a change of the identity"),
        ColumnAction::DropIdentity { .. } => Some("DROP IDENTITY"),
        ColumnAction::Statistics(_) => Some("SET STATISTICS"),
        ColumnAction::Storage(_) => Some("SET STORAGE"),
        ColumnAction::SetParameters(_) | ColumnAction::ResetParameters(_) => Some("a parameter"),
        ColumnAction::Options => Some("OPTIONS"),
        ColumnAction::SetDefault(_) | ColumnAction::DropDefault | ColumnAction::Compression(_) => {
            None
        }
    }
}

/// The same for the table, with what to do instead.
fn on_whole_table(action: &TableAction, kind: ObjectKind) -> Option<(&'static str, &'static str)> {
    const LEAVE: &str = "leave it out";
    match action {
        TableAction::DetachPartition { mode, .. } => match mode {
            Detach::Concurrently => {
                Some(("DETACH PARTITION CONCURRENTLY", "leave out CONCURRENTLY"))
            }
            Detach::Finalize => Some(("DETACH PARTITION FINALIZE", LEAVE)),
            Detach::Plain => None,
        },
        TableAction::AlterConstraint { .. } => Some((
            "ALTER CONSTRAINT",
            "drop the constraint, and add it as it shall be",
        )),
        TableAction::Inherit(_) | TableAction::NoInherit(_) => Some(("INHERIT", "use partitions")),
        TableAction::OfType(_) | TableAction::NotOfType => Some(("OF", LEAVE)),
        TableAction::Rule { .. } => Some(("ENABLE or DISABLE RULE", LEAVE)),
        TableAction::ClusterOn(_) | TableAction::WithoutCluster => Some(("CLUSTER ON", LEAVE)),
        TableAction::SetTablespace(_) => Some(("SET TABLESPACE", LEAVE)),
        TableAction::SetAccessMethod(None) => Some((
            "SET ACCESS METHOD DEFAULT",
            "write the name of the access method",
        )),
        TableAction::Options => Some(("OPTIONS", LEAVE)),
        TableAction::ColumnStatistics { .. } => {
            (kind != ObjectKind::Index).then_some(("SET STATISTICS", LEAVE))
        }
        TableAction::AttachPartition { .. }
        | TableAction::EnableRowSecurity
        | TableAction::DisableRowSecurity
        | TableAction::ForceRowSecurity
        | TableAction::NoForceRowSecurity
        | TableAction::Trigger { .. }
        | TableAction::WithoutOids
        | TableAction::SetLogged
        | TableAction::SetUnlogged
        | TableAction::SetAccessMethod(Some(_))
        | TableAction::SetParameters(_)
        | TableAction::ResetParameters(_)
        | TableAction::ReplicaIdentity(_) => None,
    }
}
