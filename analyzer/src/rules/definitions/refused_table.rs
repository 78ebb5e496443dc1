//! Tables that cannot be what their parents or their lifetime say.

use crate::check::context::Context;
use crate::check::parts::constraints;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::statement::{
    Change, CreateTable, Name, ObjectKind, PartitionStrategy, Persistence, TableAction,
};

pub(super) static RULE: Rule = Rule {
    id: "refused-table",
    summary: "a table cannot have this parent, lifetime or partitioning",
    page: include_str!("refused_table.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[
            Subject::CreateTable,
            Subject::AlterTable,
            Subject::Constraint,
        ],
        &Check::Parts(check),
    ),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let mut found = Vec::new();
    match context.change() {
        Change::CreateTable(create) => {
            let is_there = create.if_not_exists && context.schema.kind_of(&create.table).is_some();
            if !is_there {
                found.extend(inherited(context, create));
                found.extend(lifetime(context, create));
                found.extend(list_key(context, create));
                found.extend(names(context));
            }
        }
        Change::AlterTable {
            kind: ObjectKind::Table,
            table,
            action: TableAction::Inherit(parent),
        } => found.extend(inherits(context, table, parent)),
        _ => {}
    }
    found.extend(no_inherit(context));
    found
}

fn inherited(context: &Context<'_>, create: &CreateTable) -> Option<SpannedMessage> {
    let span = &context.clause.span;
    if create.partition_by.is_some() && !create.inherits.is_empty() {
        return Some(refused(
            span,
            format!("{} is partitioned and inherits", create.table),
            "cannot create a partitioned table as inheritance child (42P17)",
            "remove INHERITS, or PARTITION BY",
        ));
    }
    let mut parents = create.inherits.iter().enumerate();
    if let Some((_, twice)) =
        parents.find(|(at, one)| create.inherits.iter().take(*at).any(|other| other == *one))
    {
        return Some(refused(
            span,
            format!("{} inherits from {twice} twice", create.table),
            "a relation would be inherited from more than once (42P07)",
            "name each parent once",
        ));
    }
    create
        .inherits
        .iter()
        .find_map(|parent| unfit(context, &create.table, parent))
}

/// `ALTER TABLE ... INHERIT`.
fn inherits(context: &Context<'_>, table: &Name, parent: &Name) -> Option<SpannedMessage> {
    let own = context.certain(table)?;
    let why = if own.partition_by.is_some() {
        "cannot change inheritance of a partitioned table (42809)"
    } else if own.partition_of.is_some() {
        "cannot change inheritance of a partition (42809)"
    } else {
        return unfit(context, table, parent);
    };
    Some(refused(
        &context.clause.span,
        format!("{table} cannot inherit from {parent}"),
        why,
        "use ATTACH PARTITION and DETACH PARTITION for partitions",
    ))
}

/// A parent from which no table can inherit.
fn unfit(context: &Context<'_>, table: &Name, parent: &Name) -> Option<SpannedMessage> {
    let known = context.existing(parent)?;
    let (why, help) = if known.partition_by.is_some() {
        (
            "cannot inherit from a partitioned table (42809)",
            format!("write `PARTITION OF {parent} FOR VALUES ...`"),
        )
    } else if known.partition_of.is_some() {
        (
            "cannot inherit from a partition (42809)",
            "inherit from a table that is not a partition".to_owned(),
        )
    } else if !matches!(known.kind, ObjectKind::Table | ObjectKind::ForeignTable) {
        (
            "the inherited relation is not a table or foreign table (42809)",
            "inherit from a table, or copy the columns: `(LIKE ...)`".to_owned(),
        )
    } else {
        return None;
    };
    Some(refused(
        &context.clause.span,
        format!("{table} cannot inherit from {parent}"),
        why,
        help,
    ))
}

fn lifetime(context: &Context<'_>, create: &CreateTable) -> Option<SpannedMessage> {
    let span = &context.clause.span;
    let is_temporary = create.persistence == Persistence::Temporary;
    if create.on_commit.is_some() && !is_temporary {
        return Some(refused(
            span,
            format!("{} has ON COMMIT and is not temporary", create.table),
            "ON COMMIT can only be used on temporary tables (42P16)",
            "write CREATE TEMPORARY TABLE, or remove ON COMMIT",
        ));
    }
    let parents = create.partition_of.iter().map(|(parent, _)| parent);
    let mut parents = parents.chain(&create.inherits);
    parents.find_map(|parent| {
        let known = context.certain(parent)?;
        let of_temporary = known.persistence == Persistence::Temporary;
        let is_partition = create.partition_of.is_some();
        let why = match (is_temporary, of_temporary) {
            (false, true) if is_partition => {
                "cannot create a permanent relation as partition of a temporary relation (42809)"
            }
            (false, true) => "cannot inherit from a temporary relation (42809)",
            (true, false) if is_partition => {
                "cannot create a temporary relation as partition of a permanent relation (42809)"
            }
            (true, false | true) | (false, false) => return None,
        };
        Some(refused(
            span,
            format!("only one of {} and {parent} is temporary", create.table),
            why,
            "make both temporary or both permanent",
        ))
    })
}

fn list_key(context: &Context<'_>, create: &CreateTable) -> Option<SpannedMessage> {
    let by = create.partition_by.as_ref()?;
    (by.strategy == PartitionStrategy::List && by.keys.len() > 1).then(|| {
        refused(
            &context.clause.span,
            format!(
                "{} has a list of {} partition keys",
                create.table,
                by.keys.len()
            ),
            "cannot use \"list\" partition strategy with more than one column (42P17)",
            "partition by one column, and each partition by the other one",
        )
    })
}

/// Two constraints of one table with the same name.
fn names(context: &Context<'_>) -> Option<SpannedMessage> {
    let new = constraints(context);
    let own = new.iter().find(|one| {
        one.constraint.kind.is_indexed() && one.constraint.name.as_ref() == Some(&one.table.name)
    });
    if let Some(one) = own {
        return Some(refused(
            &one.span,
            format!(
                "the index of a constraint gets the name of its table {}",
                one.table
            ),
            "relation already exists (42P07)",
            "give the constraint another name",
        ));
    }
    let mut numbered = new.iter().enumerate();
    numbered.find_map(|(at, one)| {
        let name = one.constraint.name.as_ref()?;
        let mut earlier = new.iter().take(at);
        let first = earlier.find(|other| other.constraint.name.as_ref() == Some(name))?;
        let both = first.constraint.kind.is_indexed() && one.constraint.kind.is_indexed();
        let why = match both {
            true => "relation already exists (42P07)",
            false => "constraint already exists (42710)",
        };
        Some(refused(
            &one.span,
            format!("{} has two constraints `{name}`", one.table),
            why,
            "give one of them another name",
        ))
    })
}

/// A check that partitions would not have.
fn no_inherit(context: &Context<'_>) -> Vec<SpannedMessage> {
    let new = constraints(context);
    let found = new.iter().filter(|new| {
        let is_partitioned = match new.create {
            Some(create) => create.partition_by.is_some(),
            None => {
                let known = context.certain(new.table);
                known.is_some_and(|known| known.partition_by.is_some())
            }
        };
        is_partitioned && new.constraint.no_inherit && new.constraint.kind.word() == "CHECK"
    });
    found
        .map(|new| {
            refused(
                &new.span,
                format!("this CHECK of {} is NO INHERIT", new.table),
                "cannot add a NO INHERIT constraint to a partitioned table (42P16)",
                "remove NO INHERIT: a partitioned table has no rows of its own",
            )
        })
        .collect()
}
