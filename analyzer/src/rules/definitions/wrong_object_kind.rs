//! Statements about an object that is of another kind.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::statement::{Change, ColumnAction, Command, Name, ObjectKind, Privileged, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "wrong-object-kind",
    summary: "a statement treats a view, table, index or sequence as one of another kind",
    page: include_str!("wrong_object_kind.md"),
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
            Subject::AddColumn,
            Subject::AddConstraint,
            Subject::AlterColumn,
            Subject::AlterSequence,
            Subject::AlterTable,
            Subject::ColumnType,
            Subject::Comment,
            Subject::CreateIndex,
            Subject::CreatePolicy,
            Subject::Delete,
            Subject::DropColumn,
            Subject::DropNotNull,
            Subject::Grant,
            Subject::Insert,
            Subject::Lock,
            Subject::Other,
            Subject::Owner,
            Subject::RefreshView,
            Subject::Rename,
            Subject::SetNotNull,
            Subject::SetSchema,
            Subject::Truncate,
            Subject::Update,
            Subject::ValidateConstraint,
        ],
        &Check::Parts(check),
    ),
};

const TABLES: &[ObjectKind] = &[ObjectKind::Table, ObjectKind::ForeignTable];
const TABLES_AND_VIEWS: &[ObjectKind] = &[
    ObjectKind::Table,
    ObjectKind::ForeignTable,
    ObjectKind::View,
];
const STORED: &[ObjectKind] = &[
    ObjectKind::Table,
    ObjectKind::ForeignTable,
    ObjectKind::MaterializedView,
];
const RELATIONS: &[ObjectKind] = &[
    ObjectKind::Table,
    ObjectKind::ForeignTable,
    ObjectKind::View,
    ObjectKind::MaterializedView,
    ObjectKind::Index,
    ObjectKind::Sequence,
];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let found = accepted(context.change()).and_then(|(name, kinds, does)| {
        let kind = context.schema.kind_of(name)?;
        let origin = context.schema.origin(kind, name, None)?;
        let is_wrong = RELATIONS.contains(&kind)
            && !kinds.contains(&kind)
            && context.schema.is_certain(name, origin);
        is_wrong.then(|| {
            let message = refused(
                &context.clause.span,
                format!("{does} is not possible for {name}, which is a {kind}"),
                "wrong object type (42809)",
                help(kind),
            );
            let made = context.first_made(origin, &name.to_string());
            (message.0, message.1.with_related(made))
        })
    });
    found.into_iter().collect()
}

fn help(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::View => {
            "change the table below the view, and replace the view if its query has to change"
        }
        ObjectKind::MaterializedView => {
            "change the table below the view: a materialized view gets its rows with REFRESH MATERIALIZED VIEW"
        }
        ObjectKind::Sequence => "write ALTER SEQUENCE, or setval() to move the sequence",
        ObjectKind::Index => "write ALTER INDEX, or name the table of the index",
        _ => "name an object of the kind that the statement is about",
    }
}

/// The object, the kinds that the statement accepts, and its words (measured on 15 for each kind).
fn accepted(change: &Change) -> Option<(&Name, &[ObjectKind], String)> {
    let (name, kinds, does): (&Name, &[ObjectKind], &str) = match change {
        Change::CreateIndex(create) => (&create.table, STORED, "CREATE INDEX"),
        Change::CreatePolicy(policy) => (&policy.table, TABLES, "CREATE POLICY"),
        Change::AddColumn { table, .. } => (table, TABLES, "ADD COLUMN"),
        Change::DropColumn { table, .. } => (table, TABLES, "DROP COLUMN"),
        Change::ColumnType { table, .. } => (table, TABLES, "a new type"),
        Change::SetNotNull { table, .. } => (table, TABLES, "SET NOT NULL"),
        Change::DropNotNull { table, .. } => (table, TABLES, "DROP NOT NULL"),
        Change::AddConstraint { table, .. } => (table, TABLES, "ADD CONSTRAINT"),
        Change::ValidateConstraint { table, .. } => (table, TABLES, "VALIDATE CONSTRAINT"),
        Change::AlterColumn {
            table,
            action: ColumnAction::SetDefault(_) | ColumnAction::DropDefault,
            ..
        } => (table, TABLES_AND_VIEWS, "a default"),
        Change::AlterColumn {
            table,
            action:
                ColumnAction::SetIdentity { .. }
                | ColumnAction::DropIdentity { .. }
                | ColumnAction::SetExpression(_)
                | ColumnAction::DropExpression { .. },
            ..
        } => (table, TABLES, "an identity or expression"),
        Change::AlterTable { table, action, .. } => of_action(table, action)?,
        Change::Truncate { table, .. } => (table, TABLES, "TRUNCATE"),
        Change::Lock { table, .. } => (table, TABLES_AND_VIEWS, "LOCK TABLE"),
        Change::Insert(insert) => (&insert.table, TABLES_AND_VIEWS, "INSERT"),
        Change::Update(update) => (&update.table, TABLES_AND_VIEWS, "UPDATE"),
        Change::Delete(delete) => (&delete.table, TABLES_AND_VIEWS, "DELETE"),
        Change::RefreshView { view, .. } => (
            view,
            // PostgreSQL has another error for a table; the statement is refused all the same.
            &[ObjectKind::MaterializedView],
            "REFRESH MATERIALIZED VIEW",
        ),
        Change::Grant(grant) => match &grant.on {
            Privileged::Objects {
                kind: ObjectKind::Sequence,
                names,
            } => (names.first()?, &[ObjectKind::Sequence], "GRANT ON SEQUENCE"),
            Privileged::Objects { .. }
            | Privileged::AllIn { .. }
            | Privileged::Future { .. }
            | Privileged::Roles => return None,
        },
        Change::AlterSequence { name, .. } => (name, &[ObjectKind::Sequence], "ALTER SEQUENCE"),
        Change::Comment {
            kind,
            name,
            part: None,
            ..
        } => return spoken("COMMENT ON", *kind, name),
        // ALTER TABLE and ALTER INDEX rename objects of other kinds too.
        Change::Rename {
            kind,
            name,
            part: None,
            ..
        }
        | Change::Owner { kind, name, .. }
        | Change::SetSchema { kind, name, .. }
            if !matches!(kind, ObjectKind::Table | ObjectKind::Index) =>
        {
            return spoken("ALTER", *kind, name);
        }
        Change::Other {
            command: Command::Cluster,
            object: Some(name),
            ..
        } => (name, STORED, "CLUSTER"),
        _ => return None,
    };
    Some((name, kinds, does.to_owned()))
}

fn of_action<'a>(
    table: &'a Name,
    action: &TableAction,
) -> Option<(&'a Name, &'static [ObjectKind], &'static str)> {
    Some(match action {
        TableAction::EnableRowSecurity
        | TableAction::DisableRowSecurity
        | TableAction::ForceRowSecurity
        | TableAction::NoForceRowSecurity => (table, TABLES, "row-level security"),
        TableAction::Inherit(_) | TableAction::NoInherit(_) => (table, TABLES, "inheritance"),
        TableAction::Trigger { .. } => (table, TABLES, "enabling a trigger"),
        TableAction::OfType(_) | TableAction::NotOfType => (table, TABLES, "OF a type"),
        TableAction::ReplicaIdentity(_) => (table, STORED, "REPLICA IDENTITY"),
        TableAction::ClusterOn(_) | TableAction::WithoutCluster => (table, STORED, "CLUSTER ON"),
        _ => return None,
    })
}

/// A statement that names the kind itself.
fn spoken<'a>(
    words: &str,
    kind: ObjectKind,
    name: &'a Name,
) -> Option<(&'a Name, &'static [ObjectKind], String)> {
    let kinds: &[ObjectKind] = match kind {
        ObjectKind::Table => &[ObjectKind::Table],
        ObjectKind::View => &[ObjectKind::View],
        ObjectKind::MaterializedView => &[ObjectKind::MaterializedView],
        ObjectKind::Index => &[ObjectKind::Index],
        ObjectKind::Sequence => &[ObjectKind::Sequence],
        ObjectKind::ForeignTable => &[ObjectKind::ForeignTable],
        _ => return None,
    };
    Some((
        name,
        kinds,
        format!("{words} {}", kind.to_string().to_uppercase()),
    ))
}
