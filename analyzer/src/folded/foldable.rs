//! Whether a statement is one that the model folds.

use super::remains;
use crate::schema::Schema;
use crate::statement::{
    Change, Column, ColumnAction, Constraint, ConstraintKind, CreateTable, Grant, Persistence,
    Privileged, Statement, TableAction,
};

pub(super) fn is_foldable(statement: &Statement, end: &Schema) -> bool {
    !statement.only
        && statement
            .clauses
            .iter()
            .all(|one| is_known(&one.change, end))
}

fn is_known(change: &Change, end: &Schema) -> bool {
    match change {
        Change::CreateTable(create) => is_plain_table(create),
        Change::AddColumn { column, .. } => is_plain_column(column),
        Change::AddConstraint { constraint, table } => end
            .relation(table)
            .is_none_or(|_| is_plain_constraint(constraint)),
        Change::AlterColumn { action, .. } => match action {
            ColumnAction::SetDefault(_)
            | ColumnAction::DropDefault
            | ColumnAction::SetExpression(_)
            | ColumnAction::DropExpression { .. }
            | ColumnAction::AddIdentity(_)
            | ColumnAction::DropIdentity { .. }
            | ColumnAction::Statistics(_)
            | ColumnAction::Storage(_)
            | ColumnAction::Compression(_)
            | ColumnAction::SetParameters(_)
            | ColumnAction::ResetParameters(_) => true,
            ColumnAction::SetIdentity { .. } | ColumnAction::Options => false,
        },
        Change::AlterTable { action, .. } => is_plain_action(action),
        Change::Grant(grant) => is_plain_grant(grant, end),
        Change::CreateIndex(create) => !create.only && create.index.is_some(),
        Change::CreateView(create) => create.persistence == Persistence::Permanent,
        Change::CreateRoutine(_)
        | Change::CreateTrigger(_)
        | Change::CreatePolicy(_)
        | Change::CreateType { .. }
        | Change::CreateDomain { .. }
        | Change::CreateSequence { .. }
        | Change::Create { .. }
        | Change::DropColumn { .. }
        | Change::ColumnType { .. }
        | Change::SetNotNull { .. }
        | Change::DropNotNull { .. }
        | Change::ValidateConstraint { .. }
        | Change::AlterDomain { .. }
        | Change::AlterSequence { .. }
        | Change::AddEnumValue { .. }
        | Change::SetAttribute { .. }
        | Change::AlterPolicy(_)
        | Change::AlterRoutine { .. }
        | Change::AlterPublication { .. }
        | Change::Comment { .. } => true,
        // It may be one overload of several.
        Change::Drop { name, .. } => end.routines(name).is_empty(),
        Change::Set { setting, .. } => setting != "search_path",
        Change::Truncate { .. }
        | Change::Insert(_)
        | Change::Update(_)
        | Change::Delete(_)
        | Change::Merge(_)
        | Change::Query
        | Change::RefreshView { .. }
        | Change::Lock { .. } => true,
        Change::Owner { .. }
        | Change::SetSchema { .. }
        | Change::Rename { .. }
        | Change::TransactionControl { .. }
        | Change::Psql { .. }
        | Change::CopyFromStdin
        | Change::Do { .. }
        | Change::Opaque { .. }
        | Change::Other { .. }
        | Change::Unknown { .. } => false,
    }
}

fn is_plain_table(create: &CreateTable) -> bool {
    let CreateTable {
        persistence,
        columns,
        constraints,
        like,
        inherits,
        of_type,
        from_query,
        method,
        on_commit,
        tablespace,
        server,
        ..
    } = create;
    *persistence != Persistence::Temporary
        && like.is_empty()
        && inherits.is_empty()
        && of_type.is_none()
        && !from_query
        && method.is_none()
        && on_commit.is_none()
        && tablespace.is_none()
        && server.is_none()
        && columns.iter().all(is_plain_column)
        && constraints.iter().all(is_plain_constraint)
}

fn is_plain_column(column: &Column) -> bool {
    column.storage.is_none()
        && column.compression.is_none()
        && column.options.is_empty()
        && column.constraints.iter().all(is_plain_constraint)
}

/// What the model keeps of a key or foreign key is all of it.
fn is_plain_constraint(constraint: &Constraint) -> bool {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            key.parameters.is_empty()
                && key.tablespace.is_none()
                && key.using_index.is_none()
                && !key.without_overlaps
        }
        ConstraintKind::ForeignKey(key) => !key.period,
        ConstraintKind::Check(_) | ConstraintKind::NotNull { .. } => true,
        ConstraintKind::Exclude { .. } => false,
    }
}

const fn is_plain_action(action: &TableAction) -> bool {
    match action {
        TableAction::AlterConstraint { .. }
        | TableAction::EnableRowSecurity
        | TableAction::DisableRowSecurity
        | TableAction::ForceRowSecurity
        | TableAction::NoForceRowSecurity
        | TableAction::Trigger { .. }
        | TableAction::Rule { .. }
        | TableAction::ClusterOn(_)
        | TableAction::WithoutCluster
        | TableAction::SetParameters(_)
        | TableAction::ResetParameters(_)
        | TableAction::ReplicaIdentity(_)
        | TableAction::SetLogged
        | TableAction::SetUnlogged
        | TableAction::ColumnStatistics { .. } => true,
        TableAction::AttachPartition { .. }
        | TableAction::DetachPartition { .. }
        | TableAction::Inherit(_)
        | TableAction::NoInherit(_)
        | TableAction::OfType(_)
        | TableAction::NotOfType
        | TableAction::WithoutOids
        | TableAction::SetAccessMethod(_)
        | TableAction::SetTablespace(_)
        | TableAction::Options => false,
    }
}

/// A list of which only some exist in the end would be refused.
fn is_plain_grant(grant: &Grant, end: &Schema) -> bool {
    match &grant.on {
        Privileged::Objects { kind, names } => {
            let gone = names.iter().filter(|name| !remains(end, *kind, name, None));
            let gone = gone.count();
            gone == 0 || gone == names.len()
        }
        Privileged::AllIn { .. } | Privileged::Future { .. } => false,
        Privileged::Roles => true,
    }
}
