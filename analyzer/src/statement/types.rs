//! The types that a change needs.

use std::ops::Range;

use crate::statement::{Change, ColumnValue, DataType, TypeBody};

impl Change {
    /// The types that it needs, each with the byte range of the column where that is known.
    pub(crate) fn types(&self) -> Vec<(&DataType, Option<&Range<usize>>)> {
        match self {
            Self::CreateTable(create) => {
                let mut types = Vec::with_capacity(create.columns.len());
                for column in &create.columns {
                    if !is_serial(&column.value) {
                        types.push((&column.data_type, Some(&column.span)));
                    }
                }
                types
            }
            Self::AddColumn { column, .. } if !is_serial(&column.value) => {
                vec![(&column.data_type, None)]
            }
            Self::ColumnType { data_type, .. } => vec![(data_type, None)],
            Self::CreateDomain { column, .. } => vec![(&column.data_type, None)],
            Self::CreateType {
                body: TypeBody::Composite(attributes),
                ..
            } => attributes
                .iter()
                .map(|one| (&one.data_type, None))
                .collect(),
            Self::SetAttribute { attribute, .. } => vec![(&attribute.data_type, None)],
            Self::CreateRoutine(routine) => {
                let all = routine.types();
                all.map(|data_type| (data_type, None)).collect()
            }
            Self::CreateIndex(_)
            | Self::CreateView(_)
            | Self::CreateTrigger(_)
            | Self::CreatePolicy(_)
            | Self::CreateType { .. }
            | Self::CreateSequence { .. }
            | Self::Create { .. }
            | Self::AddColumn { .. }
            | Self::DropColumn { .. }
            | Self::SetNotNull { .. }
            | Self::DropNotNull { .. }
            | Self::AlterColumn { .. }
            | Self::AddConstraint { .. }
            | Self::ValidateConstraint { .. }
            | Self::AlterTable { .. }
            | Self::AlterDomain { .. }
            | Self::AlterSequence { .. }
            | Self::AddEnumValue { .. }
            | Self::AlterPolicy(_)
            | Self::AlterRoutine { .. }
            | Self::AlterPublication { .. }
            | Self::Owner { .. }
            | Self::Grant(_)
            | Self::SetSchema { .. }
            | Self::Rename { .. }
            | Self::Drop { .. }
            | Self::Comment { .. }
            | Self::Truncate { .. }
            | Self::Insert(_)
            | Self::Update(_)
            | Self::Delete(_)
            | Self::Merge(_)
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
            | Self::Unknown { .. } => Vec::new(),
        }
    }
}

fn is_serial(value: &ColumnValue) -> bool {
    matches!(value, ColumnValue::Serial)
}
