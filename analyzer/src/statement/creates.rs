//! The objects that a change creates.

use std::collections::BTreeSet;

use crate::statement::references::{ObjectRef, column, index_of, object, table};
use crate::statement::{Change, Name, ObjectKind};

impl Change {
    /// The objects that it creates and that must not exist yet. With `OR REPLACE` they may.
    pub(crate) fn creates(&self) -> Vec<ObjectRef> {
        match self {
            Self::CreateTable(create) if create.server.is_some() => {
                vec![
                    ObjectRef::new(ObjectKind::ForeignTable, &create.table)
                        .guarded(create.if_not_exists),
                ]
            }
            Self::CreateTable(create) => vec![table(&create.table).guarded(create.if_not_exists)],
            Self::CreateIndex(create) => {
                let index = create.index.iter().map(|(name, span)| {
                    index_of(&create.table, name)
                        .at(span)
                        .guarded(create.if_not_exists)
                });
                index.collect()
            }
            Self::CreateView(create) if !create.or_replace => {
                let kind = match create.materialized {
                    true => ObjectKind::MaterializedView,
                    false => ObjectKind::View,
                };
                vec![ObjectRef::new(kind, &create.view).guarded(create.if_not_exists)]
            }
            Self::CreateTrigger(create) if !create.or_replace => {
                vec![ObjectRef::part(
                    ObjectKind::Trigger,
                    &create.table,
                    &create.trigger,
                )]
            }
            Self::CreatePolicy(policy) => {
                vec![ObjectRef::part(
                    ObjectKind::Policy,
                    &policy.table,
                    &policy.policy,
                )]
            }
            Self::CreateType { name, .. } => vec![ObjectRef::new(ObjectKind::Type, name)],
            Self::CreateDomain { name, .. } => vec![ObjectRef::new(ObjectKind::Domain, name)],
            Self::CreateSequence {
                name,
                if_not_exists,
                ..
            } => vec![ObjectRef::new(ObjectKind::Sequence, name).guarded(*if_not_exists)],
            Self::Create {
                kind,
                name,
                part,
                guarded: false,
                ..
            } if is_one_of_its_name(*kind) => {
                let part = part.as_deref();
                object(*kind, name, part).pop().into_iter().collect()
            }
            Self::AddColumn {
                table,
                column: new,
                if_not_exists,
            } => vec![column(table, &new.name).guarded(*if_not_exists)],
            Self::AddConstraint { table, constraint } => {
                let name = constraint.name.as_deref();
                let made = name.map(|name| ObjectRef::part(ObjectKind::Constraint, table, name));
                made.into_iter().collect()
            }
            Self::AddEnumValue {
                name,
                value,
                if_not_exists,
                ..
            } => {
                let made = ObjectRef::part(ObjectKind::EnumValue, name, value);
                vec![made.guarded(*if_not_exists)]
            }
            Self::SetAttribute {
                name,
                attribute,
                new: true,
                ..
            } => vec![ObjectRef::part(
                ObjectKind::Attribute,
                name,
                &attribute.name,
            )],
            Self::Rename {
                kind,
                name,
                part,
                to,
            } => match part {
                Some(_) => vec![ObjectRef::part(*kind, name, to)],
                None if is_one_of_its_name(*kind) => {
                    let renamed = Name {
                        schema: name.schema.clone(),
                        name: to.clone(),
                    };
                    vec![ObjectRef::new(*kind, &renamed)]
                }
                None => Vec::new(),
            },
            Self::CreateRoutine(_)
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
            | Self::SetAttribute { .. }
            | Self::AlterPolicy(_)
            | Self::AlterRoutine { .. }
            | Self::AlterPublication { .. }
            | Self::Owner { .. }
            | Self::Grant(_)
            | Self::SetSchema { .. }
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
            | Self::Unknown { .. }
            | Self::CreateView(_)
            | Self::CreateTrigger(_) => Vec::new(),
        }
    }

    /// Every name in the change.
    pub(crate) fn names(&self) -> BTreeSet<Name> {
        let references = self.references().into_iter().chain(self.creates());
        let names = references.map(|need| need.name);
        let own = match self {
            Self::CreateView(create) => Some(&create.view),
            Self::CreateRoutine(create) => Some(&create.routine),
            Self::Create { name, .. } => Some(name),
            Self::Other { object, .. } => object.as_ref(),
            Self::CreateTable(_)
            | Self::CreateIndex(_)
            | Self::CreateTrigger(_)
            | Self::CreatePolicy(_)
            | Self::CreateType { .. }
            | Self::CreateDomain { .. }
            | Self::CreateSequence { .. }
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
            | Self::Unknown { .. } => self.table(),
        };
        names.chain(own.cloned()).collect()
    }
}

/// Whether two objects of this kind cannot have the same name; routines and operators can.
const fn is_one_of_its_name(kind: ObjectKind) -> bool {
    !matches!(
        kind,
        ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Routine
            | ObjectKind::Aggregate
            | ObjectKind::Operator
            | ObjectKind::OperatorClass
            | ObjectKind::OperatorFamily
            | ObjectKind::Cast
            | ObjectKind::Transform
            | ObjectKind::UserMapping
            | ObjectKind::Collation
            | ObjectKind::LargeObject
            | ObjectKind::Role
            | ObjectKind::Database
            | ObjectKind::Tablespace
    )
}
