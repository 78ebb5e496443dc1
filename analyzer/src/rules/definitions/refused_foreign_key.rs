//! Foreign keys that PostgreSQL does not create.

use crate::check::absence::SYSTEM_COLUMNS;
use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::foreign_keys::{Foreign, foreign_keys};
use crate::rules::facts::refusal::refused;
use crate::schema::{ConstraintKind, Relation};
use crate::statement::{
    Change, ColumnValue, ObjectKind, Persistence, ReferentialAction, TableAction,
};

pub(super) static RULE: Rule = Rule {
    id: "refused-foreign-key",
    summary: "the two sides of a foreign key do not fit",
    page: include_str!("refused_foreign_key.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::ForeignKey, Subject::AlterTable],
        &Check::Parts(check),
    ),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let foreign = foreign_keys(context);
    let reasons = [
        kind_of_parent,
        persistence,
        system_column,
        count,
        repeated,
        deferrable,
        set_columns,
        generated,
    ];
    let mut found = Vec::new();
    for foreign in &foreign {
        found.extend(reasons.iter().find_map(|reason| reason(context, foreign)));
    }
    found.extend(logged(context));
    found
}

fn kind_of_parent(context: &Context<'_>, foreign: &Foreign<'_>) -> Option<SpannedMessage> {
    let parent = &foreign.key.parent;
    let kind = context.schema.kind_of(parent)?;
    let origin = context.schema.origin(kind, parent, None)?;
    let is_wrong = !matches!(kind, ObjectKind::Table | ObjectKind::Type)
        && !foreign.is_of_itself()
        && context.schema.is_certain(parent, origin);
    is_wrong.then(|| {
        refused(
            &foreign.span,
            format!("{} references {parent}, which is a {kind}", foreign.table),
            "the referenced relation is not a table (42809)",
            "reference the table that has the key",
        )
    })
}

/// A permanent table may only depend on a permanent one, a temporary table only on a temporary one.
fn persistence(context: &Context<'_>, foreign: &Foreign<'_>) -> Option<SpannedMessage> {
    if foreign.is_of_itself() {
        return None;
    }
    let parent = context.certain(&foreign.key.parent)?.persistence;
    let own = foreign.persistence(context)?;
    let (word, why) = match (own, parent) {
        (Persistence::Permanent, Persistence::Unlogged | Persistence::Temporary) => (
            "permanent",
            "constraints on permanent tables may reference only permanent tables (42P16)",
        ),
        (Persistence::Unlogged, Persistence::Temporary) => (
            "unlogged",
            "constraints on unlogged tables may reference only permanent or unlogged tables (42P16)",
        ),
        (Persistence::Temporary, Persistence::Permanent | Persistence::Unlogged) => (
            "temporary",
            "constraints on temporary tables may reference only temporary tables (42P16)",
        ),
        (Persistence::Permanent, Persistence::Permanent)
        | (Persistence::Unlogged, Persistence::Permanent | Persistence::Unlogged)
        | (Persistence::Temporary, Persistence::Temporary) => return None,
    };
    Some(refused(
        &foreign.span,
        format!(
            "{} is {word} and references {}, which is not",
            foreign.table, foreign.key.parent
        ),
        why,
        "make both tables permanent, or remove the foreign key",
    ))
}

fn system_column(_: &Context<'_>, foreign: &Foreign<'_>) -> Option<SpannedMessage> {
    let mut columns = foreign
        .key
        .columns
        .iter()
        .chain(&foreign.key.parent_columns);
    let column = columns.find(|name| SYSTEM_COLUMNS.contains(&name.as_str()))?;
    Some(refused(
        &foreign.span,
        format!(
            "a foreign key of {} uses the system column {column}",
            foreign.table
        ),
        "system columns cannot be used in foreign keys (0A000)",
        "use columns of the tables' own",
    ))
}

fn count(context: &Context<'_>, foreign: &Foreign<'_>) -> Option<SpannedMessage> {
    let key = foreign.key;
    let parent = foreign.parent_columns(context);
    let differs = key.columns.len() != parent.len();
    (differs && !parent.is_empty()).then(|| {
        refused(
            &foreign.span,
            format!(
                "({}) of {} references ({}) of {}",
                key.columns.join(", "),
                foreign.table,
                parent.join(", "),
                key.parent
            ),
            "number of referencing and referenced columns for foreign key disagree (42830)",
            format!(
                "write as many columns as ({}) on both sides, in the same order",
                parent.join(", ")
            ),
        )
    })
}

fn repeated(_: &Context<'_>, foreign: &Foreign<'_>) -> Option<SpannedMessage> {
    let columns = &foreign.key.parent_columns;
    if columns.len() < 2 {
        return None;
    }
    let mut numbered = columns.iter().enumerate();
    let (_, twice) =
        numbered.find(|(at, one)| columns.iter().take(*at).any(|other| other == *one))?;
    Some(refused(
        &foreign.span,
        format!(
            "a foreign key of {} references `{twice}` twice",
            foreign.table
        ),
        "foreign key referenced-columns list must not contain duplicates (42830)",
        "name each column once",
    ))
}

/// The key that it points to is checked at the end of a transaction.
fn deferrable(context: &Context<'_>, foreign: &Foreign<'_>) -> Option<SpannedMessage> {
    let parent = foreign
        .parent(context)
        .filter(|_| !foreign.is_of_itself())?;
    if !parent.constraints.iter().any(|one| one.deferrable) {
        return None;
    }
    let named = foreign.parent_columns(context);
    let ids: Vec<_> = named
        .iter()
        .filter_map(|name| Some(parent.column(name)?.id))
        .collect();
    let fits =
        |columns: &[_]| columns.len() == ids.len() && columns.iter().all(|id| ids.contains(id));
    let keys = parent.constraints.iter().filter(|one| {
        let is_key = matches!(
            one.kind,
            ConstraintKind::PrimaryKey | ConstraintKind::Unique
        );
        is_key && fits(&one.columns)
    });
    let keys: Vec<_> = keys.collect();
    let first = keys.first()?;
    let is_late = |name: &str| keys.iter().any(|key| key.deferrable && key.name == name);
    let is_another = |index: &crate::schema::Index| {
        let columns: Option<Vec<_>> = index.keys.iter().map(|key| key.column).collect();
        let is_whole = index.unique && index.predicate.is_none();
        is_whole && !is_late(&index.name) && columns.is_some_and(|columns| fits(&columns))
    };
    (!parent.indexes.iter().any(is_another)).then(|| {
        refused(
            &foreign.span,
            format!(
                "{} references {} of {}, which is DEFERRABLE",
                foreign.table, first.name, parent.name
            ),
            "cannot use a deferrable key for the referenced table (55000)",
            "let an operator recreate the key as NOT DEFERRABLE, or reference another key",
        )
    })
}

fn set_columns(_: &Context<'_>, foreign: &Foreign<'_>) -> Option<SpannedMessage> {
    let key = foreign.key;
    let mut columns = key.set_columns.iter();
    let column = columns.find(|column| !key.columns.contains(column))?;
    Some(refused(
        &foreign.span,
        format!("ON DELETE SET changes `{column}`, which is not part of the foreign key"),
        "a column of an ON DELETE SET action must be part of the foreign key (42P10)",
        format!(
            "name some of ({}), or no columns for all of them",
            key.columns.join(", ")
        ),
    ))
}

fn generated(context: &Context<'_>, foreign: &Foreign<'_>) -> Option<SpannedMessage> {
    let key = foreign.key;
    let writes = |action| {
        matches!(
            action,
            ReferentialAction::SetNull | ReferentialAction::SetDefault
        )
    };
    let clause = if writes(key.on_delete) {
        "ON DELETE"
    } else if writes(key.on_update) || key.on_update == ReferentialAction::Cascade {
        "ON UPDATE"
    } else {
        return None;
    };
    let is_generated = |name: &&String| {
        let value = foreign.value_of(context, name);
        matches!(value, Some(ColumnValue::Generated { .. }))
    };
    let column = key.columns.iter().find(is_generated)?;
    Some(refused(
        &foreign.span,
        format!(
            "{clause} would write {}.{column}, which is generated",
            foreign.table
        ),
        format!(
            "invalid {clause} action for a foreign key constraint with a generated column (42601)"
        ),
        format!("remove {clause}: a generated column cannot be written"),
    ))
}

/// `SET LOGGED` and `SET UNLOGGED` of a table with foreign keys.
fn logged(context: &Context<'_>) -> Option<SpannedMessage> {
    let Change::AlterTable { table, action, .. } = context.change() else {
        return None;
    };
    let known = context.certain(table)?;
    let is = |name, persistence| {
        let other = context.certain(name).filter(|_| name != table);
        other.is_some_and(|other: &Relation| other.persistence == persistence)
    };
    let (other, why) = match action {
        TableAction::SetLogged | TableAction::SetUnlogged
            if known.persistence == Persistence::Temporary =>
        {
            return Some(refused(
                &context.clause.span,
                format!("{table} is temporary"),
                "cannot change the logged status of a temporary table (42P16)",
                "remove the statement",
            ));
        }
        TableAction::SetLogged => {
            let mut parents = known.constraints.iter().filter_map(|one| match &one.kind {
                ConstraintKind::ForeignKey { parent, .. } => Some(&parent.name),
                ConstraintKind::Check { .. }
                | ConstraintKind::NotNull
                | ConstraintKind::PrimaryKey
                | ConstraintKind::Unique
                | ConstraintKind::Exclude(_) => None,
            });
            let parent = parents.find(|parent| is(parent, Persistence::Unlogged))?;
            (
                parent.clone(),
                "could not change table to logged because it references an unlogged table (42P16)",
            )
        }
        TableAction::SetUnlogged => {
            let mut children = context.schema.foreign_keys_to(table);
            let (child, _) = children.find(|(child, _)| is(&child.name, Persistence::Permanent))?;
            (
                child.name.clone(),
                "could not change table to unlogged because a logged table references it (42P16)",
            )
        }
        _ => return None,
    };
    Some(refused(
        &context.clause.span,
        format!("a foreign key connects {table} with {other}"),
        why,
        format!("change {other} first, or drop the foreign key"),
    ))
}
