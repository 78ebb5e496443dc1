//! Questions about any change: its table, its body, whether it changes rows or the schema.

use super::{Body, Change, Command, Detach, Name, TableAction};

impl Change {
    /// The statements inside of it: those of a `DO` block, which run with it, or those of a routine,
    /// which run when it is called.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "DO 'BEGIN NULL; END'";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// let change = &statement.clauses[0].change;
    /// assert!(change.body().is_some());
    /// ```
    #[must_use]
    pub fn body(&self) -> Option<&Body> {
        if let Self::Do { body, .. } = self {
            return Some(body);
        }
        let Self::CreateRoutine(routine) = self else {
            return None;
        };
        routine.body.as_ref()
    }

    /// The table or view that the change is about, or whose rows it changes; `None` for other changes.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "DELETE FROM auth.users";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// let change = &statement.clauses[0].change;
    /// assert_eq!(change.table().map(ToString::to_string).as_deref(), Some("auth.users"));
    /// ```
    #[must_use]
    pub fn table(&self) -> Option<&Name> {
        match self {
            Self::CreateTable(create) => Some(&create.table),
            Self::CreateIndex(create) => Some(&create.table),
            Self::CreateView(create) => Some(&create.view),
            Self::CreateTrigger(create) => Some(&create.table),
            Self::CreatePolicy(policy) | Self::AlterPolicy(policy) => Some(&policy.table),
            Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::ColumnType { table, .. }
            | Self::SetNotNull { table, .. }
            | Self::DropNotNull { table, .. }
            | Self::AlterColumn { table, .. }
            | Self::AddConstraint { table, .. }
            | Self::ValidateConstraint { table, .. }
            | Self::AlterTable { table, .. }
            | Self::Truncate { table, .. }
            | Self::Lock { table, .. } => Some(table),
            Self::Insert(insert) => Some(&insert.table),
            Self::Update(update) => Some(&update.table),
            Self::Delete(delete) => Some(&delete.table),
            Self::Merge(merge) => Some(&merge.table),
            Self::RefreshView { view, .. } => Some(view),
            Self::Owner { kind, name, .. }
            | Self::SetSchema { kind, name, .. }
            | Self::Rename { kind, name, .. }
            | Self::Drop { kind, name, .. }
            | Self::Comment { kind, name, .. }
            | Self::Create { kind, name, .. } => kind.is_of_table().then_some(name),
            Self::CreateRoutine(_)
            | Self::CreateType { .. }
            | Self::CreateDomain { .. }
            | Self::CreateSequence { .. }
            | Self::AlterDomain { .. }
            | Self::AlterSequence { .. }
            | Self::AddEnumValue { .. }
            | Self::SetAttribute { .. }
            | Self::AlterRoutine { .. }
            | Self::AlterPublication { .. }
            | Self::Grant(_)
            | Self::Query
            | Self::Set { .. }
            | Self::TransactionControl { .. }
            | Self::Psql { .. }
            | Self::CopyFromStdin
            | Self::Do { .. }
            | Self::Opaque { .. }
            | Self::Other { .. }
            | Self::Unknown { .. } => None,
        }
    }

    /// Whether it is `CONCURRENTLY`; false if the option is switched off.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "DROP INDEX CONCURRENTLY auth.a";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// let change = &statement.clauses[0].change;
    /// assert!(change.is_concurrent());
    /// ```
    #[must_use]
    pub const fn is_concurrent(&self) -> bool {
        match self {
            Self::CreateIndex(create) => create.concurrently,
            Self::Drop { concurrently, .. }
            | Self::RefreshView { concurrently, .. }
            | Self::Other {
                command: Command::Reindex { concurrently, .. },
                ..
            } => *concurrently,
            change => matches!(
                change,
                Self::AlterTable {
                    action: TableAction::DetachPartition {
                        mode: Detach::Concurrently,
                        ..
                    },
                    ..
                }
            ),
        }
    }

    /// Whether it changes rows.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "DELETE FROM auth.users";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// let change = &statement.clauses[0].change;
    /// assert!(change.is_dml() && !change.is_ddl());
    /// ```
    #[must_use]
    pub const fn is_dml(&self) -> bool {
        matches!(
            self,
            Self::Insert(_)
                | Self::Update(_)
                | Self::Delete(_)
                | Self::Merge(_)
                | Self::CopyFromStdin
        )
    }

    /// Whether it changes the schema. `TRUNCATE` changes rows, and has its own rule.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "DROP TABLE auth.users";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// let change = &statement.clauses[0].change;
    /// assert!(change.is_ddl() && !change.is_dml());
    /// ```
    #[must_use]
    pub const fn is_ddl(&self) -> bool {
        match self {
            Self::CreateTable(_)
            | Self::CreateIndex(_)
            | Self::CreateView(_)
            | Self::CreateRoutine(_)
            | Self::CreateTrigger(_)
            | Self::CreatePolicy(_)
            | Self::CreateType { .. }
            | Self::CreateDomain { .. }
            | Self::CreateSequence { .. }
            | Self::Create { .. }
            | Self::AddColumn { .. }
            | Self::DropColumn { .. }
            | Self::ColumnType { .. }
            | Self::SetNotNull { .. }
            | Self::DropNotNull { .. }
            | Self::AlterColumn { .. }
            | Self::AddConstraint { .. }
            | Self::ValidateConstraint { .. }
            | Self::AlterTable { .. }
            | Self::AlterDomain { .. }
            | Self::AlterSequence { .. }
            | Self::AddEnumValue { .. }
            | Self::SetAttribute { .. }
            | Self::AlterPolicy(_)
            | Self::AlterRoutine { .. }
            | Self::AlterPublication { .. }
            | Self::Owner { .. }
            | Self::Grant(_)
            | Self::SetSchema { .. }
            | Self::Rename { .. }
            | Self::Drop { .. }
            | Self::Comment { .. }
            | Self::RefreshView { .. } => true,
            Self::Other { ddl, .. } => *ddl,
            Self::Truncate { .. }
            | Self::Insert(_)
            | Self::Update(_)
            | Self::Delete(_)
            | Self::Merge(_)
            | Self::Query
            | Self::Lock { .. }
            | Self::Set { .. }
            | Self::TransactionControl { .. }
            | Self::Psql { .. }
            | Self::CopyFromStdin
            | Self::Do { .. }
            | Self::Opaque { .. }
            | Self::Unknown { .. } => false,
        }
    }
}
