//! Looks up names: what a name belongs to, and which similar names exist.

use crate::schema::namespace::Namespace;
use crate::schema::{Class, Schema, Type, TypeKind};
use crate::statement::{Name, ObjectKind};
use crate::text::nearest::nearest;

impl Schema {
    /// The object with this name: a relation of any kind, an index, a sequence or a type. Relations share
    /// their names with types, because each relation also has a type.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::{Name, ObjectKind};
    /// let schema = Schema::after("a", &["CREATE TABLE t (b serial PRIMARY KEY);"]);
    /// let kind_of = |name: &str| schema.kind_of(&Name { schema: "a".into(), name: name.into() });
    /// assert_eq!(kind_of("t"), Some(ObjectKind::Table));
    /// assert_eq!(kind_of("t_pkey"), Some(ObjectKind::Index));
    /// assert_eq!(kind_of("t_b_seq"), Some(ObjectKind::Sequence));
    /// ```
    #[must_use]
    pub fn kind_of(&self, name: &Name) -> Option<ObjectKind> {
        match self.classes.get(name) {
            Some(Class::Relation(id)) => self.relations.get(id).map(|relation| relation.kind),
            Some(Class::Index(_)) => Some(ObjectKind::Index),
            Some(Class::Sequence) => Some(ObjectKind::Sequence),
            Some(Class::Composite) => Some(ObjectKind::Type),
            None => self.types.get(name).map(|known| match known.kind {
                TypeKind::Domain(_) => ObjectKind::Domain,
                TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other => ObjectKind::Type,
            }),
        }
    }

    /// The closest name of an object or part of the same kind, if one is close enough to be meant.
    pub(crate) fn guess(
        &self,
        kind: ObjectKind,
        name: &Name,
        part: Option<&str>,
    ) -> Option<String> {
        let relation = || self.relation(name).into_iter();
        let (word, known): (&str, Vec<&str>) = match (Namespace::of(kind), part) {
            (Namespace::Column, Some(part)) => {
                let columns = relation().flat_map(|relation| &relation.columns);
                (part, columns.map(|column| column.name.as_str()).collect())
            }
            (Namespace::Constraint, Some(part)) => {
                let constraints = relation().flat_map(|relation| &relation.constraints);
                (part, constraints.map(|one| one.name.as_str()).collect())
            }
            (Namespace::Trigger, Some(part)) => {
                let triggers = relation().flat_map(|relation| &relation.triggers);
                (part, triggers.map(|one| one.name.as_str()).collect())
            }
            (Namespace::Policy, Some(part)) => {
                let policies = relation().flat_map(|relation| &relation.policies);
                (part, policies.map(|one| one.name.as_str()).collect())
            }
            (Namespace::Rule, Some(part)) => {
                let rules = relation().flat_map(|relation| &relation.rules);
                (part, rules.map(|one| one.name.as_str()).collect())
            }
            (Namespace::Label, Some(part)) => {
                let labels = self.types.get(name).into_iter();
                let labels = labels.flat_map(Type::labels);
                (part, labels.map(String::as_str).collect())
            }
            (Namespace::Attribute, Some(part)) => {
                let known = self.types.get(name).map(|known| &known.kind);
                let attributes = match known {
                    Some(TypeKind::Composite(attributes)) => attributes.as_slice(),
                    Some(TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Other) | None => &[],
                };
                (
                    part,
                    attributes.iter().map(|one| one.name.as_str()).collect(),
                )
            }
            (Namespace::Relation | Namespace::Index | Namespace::Sequence, _) => {
                let classes = self.classes.keys();
                let near = classes.filter(|known| known.schema == name.schema);
                let same = near.filter(|known| self.is_alike(kind, known));
                (&name.name, same.map(|known| known.name.as_str()).collect())
            }
            (Namespace::Type, _) => {
                let types = self.types.keys();
                let near = types.filter(|known| known.schema == name.schema);
                (&name.name, near.map(|known| known.name.as_str()).collect())
            }
            (Namespace::Routine, _) => {
                let routines = self.routines.keys();
                let near = routines.filter(|known| known.schema == name.schema);
                (&name.name, near.map(|known| known.name.as_str()).collect())
            }
            (
                Namespace::Column
                | Namespace::Constraint
                | Namespace::Trigger
                | Namespace::Policy
                | Namespace::Rule
                | Namespace::Label
                | Namespace::Attribute
                | Namespace::Schema
                | Namespace::Other,
                _,
            ) => return None,
        };
        let guess = nearest(word, known)?;
        Some(match part {
            Some(_) => guess.to_owned(),
            None => format!("{}.{guess}", name.schema),
        })
    }

    /// Whether a statement of this kind could have meant an object with this name.
    fn is_alike(&self, kind: ObjectKind, known: &Name) -> bool {
        let other = self.kind_of(known);
        let rows = |kind: ObjectKind| matches!(Namespace::of(kind), Namespace::Relation);
        other == Some(kind) || rows(kind) && other.is_some_and(rows)
    }
}
