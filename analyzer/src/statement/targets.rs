//! The objects that a change acts on.

use crate::statement::Change;
use crate::statement::references::ObjectRef;

impl Change {
    /// The objects that it changes or drops: those of [`Change::references`] that are not only named in a
    /// definition, a condition or a list of columns.
    pub(crate) fn targets(&self) -> Vec<ObjectRef> {
        let mut references = self.references();
        match self {
            Self::CreateTable(_) | Self::CreateView(_) => references.clear(),
            // The table stands first.
            Self::CreateIndex(_)
            | Self::CreateTrigger(_)
            | Self::CreatePolicy(_)
            | Self::AlterPolicy(_)
            | Self::AddColumn { .. }
            | Self::AddConstraint { .. }
            | Self::Insert(_)
            | Self::Update(_)
            | Self::Delete(_)
            | Self::Merge(_) => references.truncate(1),
            Self::CreateRoutine(_)
            | Self::CreateType { .. }
            | Self::CreateDomain { .. }
            | Self::CreateSequence { .. }
            | Self::Create { .. }
            | Self::DropColumn { .. }
            | Self::ColumnType { .. }
            | Self::SetNotNull { .. }
            | Self::DropNotNull { .. }
            | Self::AlterColumn { .. }
            | Self::ValidateConstraint { .. }
            | Self::AlterTable { .. }
            | Self::AlterDomain { .. }
            | Self::AlterSequence { .. }
            | Self::AddEnumValue { .. }
            | Self::SetAttribute { .. }
            | Self::AlterRoutine { .. }
            | Self::AlterPublication { .. }
            | Self::Owner { .. }
            | Self::Grant(_)
            | Self::SetSchema { .. }
            | Self::Rename { .. }
            | Self::Drop { .. }
            | Self::Comment { .. }
            | Self::Truncate { .. }
            | Self::Query
            | Self::RefreshView { .. }
            | Self::Lock { .. }
            | Self::Set { .. }
            | Self::TransactionControl { .. }
            | Self::Psql { .. }
            | Self::CopyFromStdin
            | Self::Do { .. }
            | Self::Opaque { .. }
            | Self::Other { .. }
            | Self::Unknown { .. } => {}
        }
        references
    }
}
