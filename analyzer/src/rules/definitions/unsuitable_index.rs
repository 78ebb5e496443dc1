//! Statements that need an index of a kind which the table does not have.

use crate::check::context::Context;
use crate::check::parts::{NewConstraint, constraints};
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::schema::{Index, Relation};
use crate::statement::{Change, ConstraintKind, ObjectKind, ReplicaIdentity, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "unsuitable-index",
    summary: "REFRESH CONCURRENTLY, REPLICA IDENTITY, CLUSTER or USING INDEX needs another kind of index",
    page: include_str!("unsuitable_index.md"),
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
            Subject::AlterTable,
            Subject::RefreshView,
            Subject::Constraint,
        ],
        &Check::Parts(check),
    ),
};

/// PostgreSQL's reason, and what to do.
type Reason = (&'static str, String);

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let found = match context.change() {
        Change::RefreshView {
            view,
            concurrently: true,
        } => context.existing(view).and_then(refresh).map(|reason| {
            (
                format!("{view} has no unique index that REFRESH CONCURRENTLY can use"),
                reason,
            )
        }),
        Change::AlterTable {
            table,
            action: TableAction::ReplicaIdentity(ReplicaIdentity::Index(index)),
            ..
        } => named(context, table, index).and_then(|(relation, index)| {
            let reason = match index {
                Some(index) => identity(relation, index)?,
                None => of_another(relation),
            };
            Some((
                format!("this index cannot be the replica identity of {table}"),
                reason,
            ))
        }),
        Change::AlterTable {
            table,
            action: TableAction::ClusterOn(index),
            ..
        } => named(context, table, index).and_then(|(relation, index)| {
            let reason = match index {
                Some(index) => cluster(relation, index)?,
                None => of_another(relation),
            };
            Some((format!("{table} cannot be clustered on this index"), reason))
        }),
        _ => None,
    };
    let found = found.map(|(what, (why, help))| refused(&context.clause.span, what, why, help));
    let borrowed = constraints(context)
        .iter()
        .filter_map(|new| borrowed(context, new));
    found.into_iter().chain(borrowed).collect()
}

/// The table, and its index of this name; `None` for the index if another table has it.
fn named<'a>(
    context: &Context<'a>,
    table: &crate::statement::Name,
    index: &str,
) -> Option<(&'a Relation, Option<&'a Index>)> {
    let relation = context.certain(table)?;
    let own = relation.indexes.iter().find(|one| one.name == index);
    let name = crate::statement::Name {
        schema: table.schema.clone(),
        name: index.to_owned(),
    };
    let is_known = context.schema.kind_of(&name) == Some(ObjectKind::Index);
    (own.is_some() || is_known).then_some((relation, own))
}

fn of_another(relation: &Relation) -> Reason {
    (
        "is not an index for this table (42809)",
        format!("name an index of {}", relation.name),
    )
}

fn is_whole(index: &Index) -> bool {
    index.unique && index.predicate.is_none() && index.keys.iter().all(|key| key.column.is_some())
}

fn refresh(view: &Relation) -> Option<Reason> {
    let is_view = view.kind == ObjectKind::MaterializedView;
    // The columns of a view are not always known, and with them the columns of its indexes.
    let may_fit = |index: &Index| {
        let is_plain = index.keys.iter().all(|key| {
            key.column.is_some()
                || key.expression.columns == [key.expression.text.trim_matches('"')]
        });
        index.unique && index.predicate.is_none() && is_plain
    };
    (is_view && !view.indexes.iter().any(may_fit)).then(|| {
        (
            "cannot refresh a materialized view concurrently without a unique index over columns and without WHERE (55000)",
            format!(
                "create the index first: `CREATE UNIQUE INDEX CONCURRENTLY ... ON {} (<columns>)`",
                view.name
            ),
        )
    })
}

fn identity(table: &Relation, index: &Index) -> Option<Reason> {
    let is_late = table
        .constraints
        .iter()
        .any(|one| one.name == index.name && one.deferrable);
    let is_nullable = |key: &crate::schema::IndexKey| {
        let column = key
            .column
            .and_then(|id| table.columns.iter().find(|one| one.id == id));
        column.is_some_and(|column| !column.not_null)
    };
    let why = if !index.unique {
        "cannot use a non-unique index as replica identity (42809)"
    } else if is_late {
        "cannot use a non-immediate index as replica identity (0A000)"
    } else if index.predicate.is_some() {
        "cannot use a partial index as replica identity (0A000)"
    } else if !is_whole(index) {
        "cannot use an expression index as replica identity (0A000)"
    } else if index.keys.iter().any(is_nullable) {
        "an index cannot be used as replica identity because a column is nullable (42809)"
    } else {
        return None;
    };
    Some((
        why,
        "use a unique index over NOT NULL columns, such as that of the primary key".to_owned(),
    ))
}

fn cluster(table: &Relation, index: &Index) -> Option<Reason> {
    let why = if table.partition_by.is_some() {
        "cannot mark an index clustered in a partitioned table (0A000)"
    } else if index.predicate.is_some() {
        "cannot cluster on a partial index (0A000)"
    } else if matches!(index.method.as_str(), "hash" | "gin" | "brin" | "spgist") {
        "cannot cluster on an index whose access method does not support clustering (0A000)"
    } else {
        return None;
    };
    Some((why, "use a btree index without WHERE".to_owned()))
}

/// `USING INDEX` of an index that cannot be a constraint.
fn borrowed(context: &Context<'_>, new: &NewConstraint<'_>) -> Option<SpannedMessage> {
    let (ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key)) = &new.constraint.kind
    else {
        return None;
    };
    let name = key.using_index.as_ref()?;
    if new.create.is_some() {
        return Some(refused(
            &new.span,
            format!("{} uses the index {name} while it is created", new.table),
            "an existing index cannot be used in CREATE TABLE (0A000)",
            "write the columns of the key: CREATE TABLE builds the index",
        ));
    }
    let table = context.certain(new.table)?;
    let why = match table.indexes.iter().find(|index| index.name == *name) {
        _ if table.partition_by.is_some() => {
            "USING INDEX is not supported on partitioned tables (0A000)"
        }
        Some(index) => unfit(table, index)?,
        None => return None,
    };
    Some(refused(
        &new.span,
        format!(
            "{name} cannot become this {} of {}",
            new.constraint.kind.word(),
            new.table
        ),
        why,
        "create a UNIQUE btree index over plain columns in their default order, without WHERE, and use that one",
    ))
}

fn unfit(table: &Relation, index: &Index) -> Option<&'static str> {
    let mut constraints = table.constraints.iter();
    let is_held = constraints.any(|one| one.name == index.name && one.kind.is_indexed());
    if is_held {
        Some("the index belongs to a constraint already (55000)")
    } else if !index.unique {
        Some("the index is not unique (42809)")
    } else if index.predicate.is_some() {
        Some("the index is partial (42809)")
    } else if index.keys.iter().any(|key| key.column.is_none()) {
        Some("the index contains expressions (42809)")
    } else {
        // A class or a collation that is written may be the default.
        let is_descending = index.keys.iter().any(|key| key.descending);
        is_descending
            .then_some("a column of the index does not have the default sorting behavior (42809)")
    }
}
