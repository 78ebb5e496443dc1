//! Which kinds of objects share a namespace, and are stored together.

use crate::statement::ObjectKind;

/// The kinds that share one namespace: `DROP TYPE` drops a domain too.
pub(crate) enum Namespace {
    Relation,
    Index,
    Sequence,
    Type,
    Routine,
    Column,
    Constraint,
    Trigger,
    Policy,
    Rule,
    Label,
    Attribute,
    Schema,
    /// Objects of which only the name is stored.
    Other,
}

impl Namespace {
    pub(crate) const fn of(kind: ObjectKind) -> Self {
        match kind {
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView => Self::Relation,
            ObjectKind::Index => Self::Index,
            ObjectKind::Sequence => Self::Sequence,
            ObjectKind::Type | ObjectKind::Domain => Self::Type,
            ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Aggregate
            | ObjectKind::Routine => Self::Routine,
            ObjectKind::Column => Self::Column,
            ObjectKind::Constraint => Self::Constraint,
            ObjectKind::Trigger => Self::Trigger,
            ObjectKind::Policy => Self::Policy,
            ObjectKind::Rule => Self::Rule,
            ObjectKind::EnumValue => Self::Label,
            ObjectKind::Attribute => Self::Attribute,
            ObjectKind::Schema => Self::Schema,
            ObjectKind::AccessMethod
            | ObjectKind::Cast
            | ObjectKind::Collation
            | ObjectKind::Conversion
            | ObjectKind::Database
            | ObjectKind::EventTrigger
            | ObjectKind::Extension
            | ObjectKind::ForeignDataWrapper
            | ObjectKind::Language
            | ObjectKind::LargeObject
            | ObjectKind::Operator
            | ObjectKind::OperatorClass
            | ObjectKind::OperatorFamily
            | ObjectKind::Publication
            | ObjectKind::Role
            | ObjectKind::Server
            | ObjectKind::Statistics
            | ObjectKind::Subscription
            | ObjectKind::Tablespace
            | ObjectKind::TextSearchConfiguration
            | ObjectKind::TextSearchDictionary
            | ObjectKind::TextSearchParser
            | ObjectKind::TextSearchTemplate
            | ObjectKind::Transform
            | ObjectKind::UserMapping => Self::Other,
        }
    }
}
