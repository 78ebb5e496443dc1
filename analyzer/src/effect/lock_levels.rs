//! The lock level of each action: the mode in which it locks its table, and whether partitions get the
//! lock too.
//!
//! This is `AlterTableGetLockLevel()` and `reloptions.c`, as measured on PostgreSQL 15 to 18. What an
//! action does beyond this is in the other files of this folder.

use super::LockMode::{
    self, AccessExclusive, AccessShare, Share, ShareRowExclusive, ShareUpdateExclusive,
};
use crate::schema::Namespace;
use crate::statement::{
    Change, ColumnAction, Command, Constraint, ConstraintKind, Detach, Name, ObjectKind, Parameter,
    ReindexTarget, TableAction,
};

/// A mode, and whether partitions and inheriting tables are locked too.
#[derive(Clone, Copy)]
pub(super) struct LockLevel {
    pub(super) mode: LockMode,
    pub(super) reach: Reach,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Reach {
    Alone,
    Family,
}

const fn alone(mode: LockMode) -> LockLevel {
    let reach = Reach::Alone;
    LockLevel { mode, reach }
}

const fn family(mode: LockMode) -> LockLevel {
    let reach = Reach::Family;
    LockLevel { mode, reach }
}

/// The actions of `ALTER TABLE` on the table itself.
pub(super) fn of_table(action: &TableAction) -> LockLevel {
    match action {
        TableAction::AttachPartition { .. } => alone(ShareUpdateExclusive),
        TableAction::DetachPartition { mode, .. } => match mode {
            Detach::Plain => alone(AccessExclusive),
            Detach::Concurrently | Detach::Finalize => alone(ShareUpdateExclusive),
        },
        TableAction::ClusterOn(_)
        | TableAction::WithoutCluster
        | TableAction::ColumnStatistics { .. } => alone(ShareUpdateExclusive),
        TableAction::Trigger { .. } => family(ShareRowExclusive),
        TableAction::SetParameters(parameters) | TableAction::ResetParameters(parameters) => {
            alone(of_parameters(parameters))
        }
        TableAction::AlterConstraint { .. } => family(AccessExclusive),
        TableAction::Inherit(_)
        | TableAction::NoInherit(_)
        | TableAction::OfType(_)
        | TableAction::NotOfType
        | TableAction::EnableRowSecurity
        | TableAction::DisableRowSecurity
        | TableAction::ForceRowSecurity
        | TableAction::NoForceRowSecurity
        | TableAction::Rule { .. }
        | TableAction::WithoutOids
        | TableAction::SetLogged
        | TableAction::SetUnlogged
        | TableAction::SetAccessMethod(_)
        | TableAction::SetTablespace(_)
        | TableAction::ReplicaIdentity(_)
        | TableAction::Options => alone(AccessExclusive),
    }
}

/// The actions of `ALTER TABLE ... ALTER COLUMN`.
pub(super) fn of_column(action: &ColumnAction) -> LockLevel {
    match action {
        ColumnAction::Statistics(_) => family(ShareUpdateExclusive),
        ColumnAction::SetParameters(_) | ColumnAction::ResetParameters(_) => {
            alone(ShareUpdateExclusive)
        }
        ColumnAction::SetDefault(_)
        | ColumnAction::DropDefault
        | ColumnAction::SetExpression(_)
        | ColumnAction::DropExpression { .. }
        | ColumnAction::Storage(_) => family(AccessExclusive),
        ColumnAction::AddIdentity(_)
        | ColumnAction::SetIdentity { .. }
        | ColumnAction::DropIdentity { .. }
        | ColumnAction::Compression(_)
        | ColumnAction::Options => alone(AccessExclusive),
    }
}

/// The storage parameters that need the strongest lock: those of views, and those with
/// `AccessExclusiveLock` in `reloptions.c`.
const STRONG_PARAMETERS: &[&str] = &[
    "user_catalog_table",
    "autosummarize",
    "fastupdate",
    "buffering",
    "pages_per_range",
    "gin_pending_list_limit",
    "check_option",
    "security_barrier",
    "security_invoker",
];

fn of_parameters(parameters: &[Parameter]) -> LockMode {
    let mut names = parameters.iter().map(|parameter| parameter.name.as_str());
    match names.any(|name| STRONG_PARAMETERS.contains(&name)) {
        true => AccessExclusive,
        false => ShareUpdateExclusive,
    }
}

/// `ADD CONSTRAINT`, on the table that gets it.
///
/// Before PostgreSQL 18, a constraint that is not passed on does not lock partitions and inheriting
/// tables, and keys are built on partitions in the same way as indexes.
pub(super) fn of_constraint(constraint: &Constraint, major: impl FnOnce() -> u8) -> LockLevel {
    if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
        return alone(ShareRowExclusive);
    }
    let is_for_all = !constraint.no_inherit && !constraint.kind.is_indexed();
    match is_for_all || major() >= 18 {
        true => family(AccessExclusive),
        false => alone(AccessExclusive),
    }
}

/// What `COMMENT ON` locks: the object itself, or for a part its table.
pub(super) const fn of_comment(kind: ObjectKind) -> Option<LockMode> {
    match lockable(kind) {
        Some(Lockable::Relation | Lockable::Index) => Some(ShareUpdateExclusive),
        Some(Lockable::Column) => Some(ShareUpdateExclusive),
        Some(Lockable::Part) => Some(AccessShare),
        None => None,
    }
}

/// Where an object belongs for the purpose of locking.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Lockable {
    /// A table, view or sequence.
    Relation,
    Index,
    Column,
    /// A part of a table that has no lock of its own.
    Part,
}

pub(super) const fn lockable(kind: ObjectKind) -> Option<Lockable> {
    match Namespace::of(kind) {
        Namespace::Relation | Namespace::Sequence => Some(Lockable::Relation),
        Namespace::Index => Some(Lockable::Index),
        Namespace::Column => Some(Lockable::Column),
        Namespace::Constraint | Namespace::Policy | Namespace::Rule | Namespace::Trigger => {
            Some(Lockable::Part)
        }
        Namespace::Type
        | Namespace::Routine
        | Namespace::Label
        | Namespace::Attribute
        | Namespace::Schema
        | Namespace::Other => None,
    }
}

/// Maintenance of one relation, or of all: the lock on the table, and that on its indexes.
pub(super) const fn of_maintenance(command: Command) -> Option<(LockMode, LockMode)> {
    match command {
        Command::Analyze => Some((ShareUpdateExclusive, AccessShare)),
        Command::Vacuum { full: false } => Some((ShareUpdateExclusive, LockMode::RowExclusive)),
        Command::Vacuum { full: true } | Command::Cluster => {
            Some((AccessExclusive, AccessExclusive))
        }
        Command::Reindex {
            target: ReindexTarget::Index | ReindexTarget::Table,
            concurrently,
        } => Some(match concurrently {
            true => (ShareUpdateExclusive, ShareUpdateExclusive),
            false => (Share, AccessExclusive),
        }),
        Command::Reindex {
            target: ReindexTarget::Schema | ReindexTarget::Database | ReindexTarget::System,
            ..
        }
        | Command::Create(_)
        | Command::Alter(_)
        | Command::AlterTablesTablespace
        | Command::AlterSystem
        | Command::ImportForeignSchema
        | Command::SecurityLabel
        | Command::DropOwned
        | Command::ReassignOwned
        | Command::CopyTo(_)
        | Command::Explain
        | Command::Declare { .. }
        | Command::Fetch
        | Command::Move
        | Command::Close
        | Command::Show
        | Command::Deallocate
        | Command::Discard
        | Command::Listen
        | Command::Unlisten
        | Command::Notify
        | Command::Load
        | Command::Checkpoint => None,
    }
}

/// The pass of `ALTER TABLE` in which an action runs: drops run first.
pub(super) const fn pass(change: &Change) -> u8 {
    if matches!(change, Change::ColumnType { .. }) {
        1
    } else if is_action(change) {
        2
    } else {
        0
    }
}

const fn is_action(change: &Change) -> bool {
    matches!(
        change,
        Change::AddColumn { .. }
            | Change::SetNotNull { .. }
            | Change::DropNotNull { .. }
            | Change::AlterColumn { .. }
            | Change::AddConstraint { .. }
            | Change::ValidateConstraint { .. }
            | Change::AlterTable { .. }
    )
}

/// The relations that a change names.
pub(super) fn named(change: &Change) -> Vec<&Name> {
    if let Change::CreateTable(create) = change {
        let inside = create.columns.iter().flat_map(|column| &column.constraints);
        let mut names = vec![&create.table];
        names.extend(inside.chain(&create.constraints).filter_map(parent));
        names.extend(create.like.iter().map(|(like, _)| like));
        names.extend(&create.inherits);
        names.extend(create.partition_of.iter().map(|(parent, _)| parent));
        names
    } else if let Change::AddColumn { table, column, .. } = change {
        let parents = column.constraints.iter().filter_map(parent);
        [table].into_iter().chain(parents).collect()
    } else if let Change::AddConstraint { table, constraint } = change {
        [table].into_iter().chain(parent(constraint)).collect()
    } else if let Change::AlterTable { table, action, .. } = change {
        [table].into_iter().chain(other_table(action)).collect()
    } else if let Change::CreateIndex(create) = change {
        vec![&create.table]
    } else if let Change::DropColumn { table, .. }
    | Change::ColumnType { table, .. }
    | Change::SetNotNull { table, .. }
    | Change::DropNotNull { table, .. }
    | Change::AlterColumn { table, .. }
    | Change::ValidateConstraint { table, .. }
    | Change::Drop { name: table, .. }
    | Change::Rename { name: table, .. } = change
    {
        vec![table]
    } else {
        Vec::new()
    }
}

/// The table that a foreign key references.
fn parent(constraint: &Constraint) -> Option<&Name> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(&key.parent),
        ConstraintKind::Check(_)
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Exclude { .. } => None,
    }
}

/// The partition that is attached or detached, or the parent table.
fn other_table(action: &TableAction) -> Option<&Name> {
    if let TableAction::AttachPartition {
        partition: other, ..
    }
    | TableAction::DetachPartition {
        partition: other, ..
    }
    | TableAction::Inherit(other)
    | TableAction::NoInherit(other) = action
    {
        Some(other)
    } else {
        None
    }
}

/// The relation that a change creates.
pub(super) fn made(change: &Change) -> Option<Name> {
    if let Change::CreateTable(create) = change {
        Some(create.table.clone())
    } else if let Change::CreateView(create) = change {
        Some(create.view.clone())
    } else if let Change::CreateSequence { name, .. } = change {
        Some(name.clone())
    } else {
        None
    }
}

/// The name of a constraint that uses an existing index.
pub(super) fn taken_index(change: &Change) -> Option<&str> {
    let Change::AddConstraint { constraint, .. } = change else {
        return None;
    };
    let (ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key)) = &constraint.kind else {
        return None;
    };
    let index = key.using_index.as_deref()?;
    Some(constraint.name.as_deref().unwrap_or(index))
}
