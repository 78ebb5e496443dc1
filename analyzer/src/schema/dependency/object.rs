//! An object or a part of one, by its identity.

use crate::schema::relation::ColumnId;
use crate::schema::{Namespace, Origin, Relation, RelationId, Schema, TypeKind};
use crate::statement::{ColumnValue, Name, ObjectKind};

/// Something that can depend on an object, or that an object can depend on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Object {
    Relation(RelationId),
    Column(RelationId, ColumnId),
    /// The default of a column.
    Default(RelationId, ColumnId),
    Constraint(RelationId, String),
    Index(RelationId, String),
    Trigger(RelationId, String),
    Policy(RelationId, String),
    Rule(RelationId, String),
    /// The table in the publication with this name.
    Published(RelationId, String),
    /// An enum, a composite type, a domain or another type.
    Type(Name),
    Attribute(Name, String),
    Routine(Name),
    Sequence(Name),
    Collation(Name),
    Extension(String),
    Schema(String),
}

impl Object {
    /// The table that it is a part of.
    pub(crate) const fn table(&self) -> Option<RelationId> {
        match self {
            Self::Column(id, _)
            | Self::Default(id, _)
            | Self::Constraint(id, _)
            | Self::Index(id, _)
            | Self::Trigger(id, _)
            | Self::Policy(id, _)
            | Self::Rule(id, _)
            | Self::Published(id, _) => Some(*id),
            Self::Relation(_)
            | Self::Type(_)
            | Self::Attribute(..)
            | Self::Routine(_)
            | Self::Sequence(_)
            | Self::Collation(_)
            | Self::Extension(_)
            | Self::Schema(_) => None,
        }
    }
}

impl Schema {
    /// The object of this kind and name, if the files create it. The only routine of a name counts.
    pub(crate) fn object(
        &self,
        kind: ObjectKind,
        name: &Name,
        part: Option<&str>,
    ) -> Option<Object> {
        let of_table = |object: fn(RelationId, String) -> Object| {
            Some(object(self.id(name)?, part?.to_owned()))
        };
        self.origin(kind, name, part)?;
        match Namespace::of(kind) {
            Namespace::Relation => self.id(name).map(Object::Relation),
            Namespace::Index => {
                let table = self.table_of_index(name)?;
                Some(Object::Index(table.id, name.name.clone()))
            }
            Namespace::Sequence => Some(Object::Sequence(name.clone())),
            Namespace::Type => Some(Object::Type(name.clone())),
            Namespace::Routine => {
                let is_one = self.routines(name).len() == 1;
                is_one.then(|| Object::Routine(name.clone()))
            }
            Namespace::Column => {
                let table = self.relation(name)?;
                Some(Object::Column(table.id, table.column(part?)?.id))
            }
            Namespace::Constraint => of_table(Object::Constraint),
            Namespace::Trigger => of_table(Object::Trigger),
            Namespace::Policy => of_table(Object::Policy),
            Namespace::Rule => of_table(Object::Rule),
            Namespace::Schema => Some(Object::Schema(name.name.clone())),
            Namespace::Attribute => Some(Object::Attribute(name.clone(), part?.to_owned())),
            Namespace::Other if kind == ObjectKind::Collation => {
                Some(Object::Collation(name.clone()))
            }
            Namespace::Other if kind == ObjectKind::Extension => {
                Some(Object::Extension(name.name.clone()))
            }
            Namespace::Label | Namespace::Other => None,
        }
    }

    /// The kind, the name and the part by which a statement names the object; a default by its column.
    pub(crate) fn named(&self, object: &Object) -> Option<(ObjectKind, Name, Option<String>)> {
        let relation = |id: &RelationId| self.by_id(*id);
        let part = |kind: ObjectKind, id: &RelationId, part: &String| {
            Some((kind, relation(id)?.name.clone(), Some(part.clone())))
        };
        let whole = |kind: ObjectKind, name: &Name| Some((kind, name.clone(), None));
        match object {
            Object::Relation(id) => {
                let relation = relation(id)?;
                whole(relation.kind, &relation.name)
            }
            Object::Column(id, column) | Object::Default(id, column) => {
                let relation = relation(id)?;
                let column = relation.name_of(*column)?.to_owned();
                Some((ObjectKind::Column, relation.name.clone(), Some(column)))
            }
            Object::Constraint(id, name) => part(ObjectKind::Constraint, id, name),
            Object::Trigger(id, name) => part(ObjectKind::Trigger, id, name),
            Object::Policy(id, name) => part(ObjectKind::Policy, id, name),
            Object::Rule(id, name) => part(ObjectKind::Rule, id, name),
            Object::Index(id, name) => {
                let name = Name {
                    schema: relation(id)?.name.schema.clone(),
                    name: name.clone(),
                };
                whole(ObjectKind::Index, &name)
            }
            Object::Type(name) => whole(self.kind_of_type(name), name),
            Object::Attribute(name, attribute) => {
                Some((ObjectKind::Attribute, name.clone(), Some(attribute.clone())))
            }
            Object::Routine(name) => {
                let is_procedure = self.routines(name).iter().any(|one| one.procedure);
                let kind = match is_procedure {
                    true => ObjectKind::Procedure,
                    false => ObjectKind::Function,
                };
                whole(kind, name)
            }
            Object::Published(_, name) => whole(ObjectKind::Publication, &self.own_name(name)),
            Object::Sequence(name) => whole(ObjectKind::Sequence, name),
            Object::Collation(name) => whole(ObjectKind::Collation, name),
            Object::Extension(name) => whole(ObjectKind::Extension, &self.own_name(name)),
            Object::Schema(name) => whole(ObjectKind::Schema, &self.own_name(name)),
        }
    }

    fn kind_of_type(&self, name: &Name) -> ObjectKind {
        match self.type_of(name).map(|known| &known.kind) {
            Some(TypeKind::Domain(_)) => ObjectKind::Domain,
            Some(TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other) | None => {
                ObjectKind::Type
            }
        }
    }

    /// Where the object was created.
    pub(crate) fn made_at(&self, object: &Object) -> Option<&Origin> {
        let (kind, name, part) = self.named(object)?;
        self.origin(kind, &name, part.as_deref())
    }

    /// Whether the object certainly exists: no code has run that may have dropped it.
    pub(crate) fn is_certainly(&self, object: &Object) -> bool {
        let Some((kind, name, part)) = self.named(object) else {
            return false;
        };
        self.exists(kind, &name, part.as_deref()) == crate::schema::Answer::Yes
    }

    /// The object that PostgreSQL drops this one with, and never alone: the constraint of an index, the
    /// index of the partitioned table, the identity column of a sequence.
    pub(crate) fn required_by(&self, object: &Object) -> Option<Object> {
        match object {
            Object::Index(id, name) => {
                let table = self.by_id(*id)?;
                let mut constraints = table.constraints.iter();
                let is_backed = constraints.any(|one| one.name == *name && one.kind.is_indexed());
                if is_backed {
                    return Some(Object::Constraint(*id, name.clone()));
                }
                self.index_above(table, name)
            }
            Object::Sequence(name) => {
                let (id, column) = self.sequence(name)?.owner?;
                let columns = &self.by_id(id)?.columns;
                let owner = columns.iter().find(|one| one.id == column)?;
                match &owner.value {
                    ColumnValue::Identity(_) => Some(Object::Column(id, column)),
                    ColumnValue::None
                    | ColumnValue::Default(_)
                    | ColumnValue::Serial
                    | ColumnValue::Generated { .. } => None,
                }
            }
            Object::Relation(_)
            | Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::Published(..)
            | Object::Type(_)
            | Object::Attribute(..)
            | Object::Routine(_)
            | Object::Collation(_)
            | Object::Extension(_)
            | Object::Schema(_) => None,
        }
    }

    /// The index of the partitioned table that a partition's index belongs to.
    fn index_above(&self, partition: &Relation, index: &str) -> Option<Object> {
        let (parent, _) = partition.partition_of.as_ref()?;
        let parent = self.by_id(parent.id?)?;
        let mut above = parent.indexes.iter();
        let above = above.find(|above| {
            let copy = self.copy_of(parent, above, partition);
            copy.is_some_and(|copy| copy.name == index)
        })?;
        Some(Object::Index(parent.id, above.name.clone()))
    }
}
