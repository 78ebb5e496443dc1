//! What other modules can use of the schema: its objects by name, with the columns of those that have some.

use std::collections::BTreeMap;

use crate::schema::resolve::{Kind, Shape};
use crate::schema::{Origin, Relation, Schema, TypeKind};
use crate::statement::{DataType, Name};

/// An object of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offered {
    /// Where it was created; `None` for one that may not be there.
    pub(crate) origin: Option<Origin>,
    /// Its columns or attributes; `None` if it has none, or if they are not known.
    pub(crate) columns: Option<Vec<OfferedColumn>>,
}

/// A column that others can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OfferedColumn {
    pub(crate) name: String,
    /// Its type with the schema of a type that is not PostgreSQL's; `None` if it is not known.
    pub(crate) data_type: Option<String>,
    pub(crate) origin: Origin,
}

/// The type as another module would write it.
pub(crate) fn seen_from_outside(data_type: &DataType, own: &str) -> String {
    let schema = match data_type.is_built_in() {
        true => None,
        false => Some(own.to_owned()),
    };
    let data_type = DataType {
        schema: data_type.schema.clone().or(schema),
        ..data_type.clone()
    };
    data_type.to_string()
}

impl Schema {
    /// Whether the schema may have objects that no statement names.
    pub(crate) fn may_have_others(&self) -> bool {
        self.has_extensions
            || self.has_untracked_objects
            || self.uncertain_since.is_some()
            || self.extensions.values().any(|schema| *schema == self.own)
    }

    /// The objects of the module's schema that have a name there. A relation comes before a routine of the same name.
    pub(crate) fn offered(&self) -> BTreeMap<String, Offered> {
        let bare = |origin: &Origin| Offered {
            origin: Some(origin.clone()),
            columns: None,
        };
        let uncertain = self.uncertain.iter().map(|name| {
            let nothing = Offered {
                origin: None,
                columns: None,
            };
            (name, nothing)
        });
        let routines = self.routines.iter();
        let routines = routines.filter_map(|(name, all)| Some((name, bare(&all.first()?.origin))));
        let others = self.others.iter();
        let others = others.map(|((_, name), origin)| (name, bare(origin)));
        let sequences = self.sequences.iter();
        let sequences = sequences.map(|(name, one)| (name, bare(&one.origin)));
        let types = self.types.iter().map(|(name, one)| {
            let offered = Offered {
                columns: self.attributes(&one.kind, &one.origin),
                ..bare(&one.origin)
            };
            (name, offered)
        });
        let relations = self.relations.values().map(|one| {
            let offered = Offered {
                columns: self.columns_of(one),
                ..bare(&one.origin)
            };
            (&one.name, offered)
        });
        let named = routines.chain(others).chain(sequences).chain(types);
        let named = named.chain(relations).chain(uncertain);
        let own = named.filter(|(name, _): &(&Name, _)| name.schema == self.own);
        own.map(|(name, offered)| (name.name.clone(), offered))
            .collect()
    }

    fn attributes(&self, kind: &TypeKind, origin: &Origin) -> Option<Vec<OfferedColumn>> {
        match kind {
            TypeKind::Composite(attributes) => {
                let attributes = attributes.iter().map(|one| OfferedColumn {
                    name: one.name.clone(),
                    data_type: Some(seen_from_outside(&one.data_type, &self.own)),
                    origin: origin.clone(),
                });
                Some(attributes.collect())
            }
            TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Other => None,
        }
    }

    fn columns_of(&self, relation: &Relation) -> Option<Vec<OfferedColumn>> {
        if !self.is_certain(&relation.name, &relation.origin) {
            return None;
        }
        if let Some(shape) = &relation.shape {
            return self.columns_of_view(shape, &relation.origin);
        }
        relation.columns_known.then(|| {
            let columns = relation.columns.iter().map(|column| OfferedColumn {
                name: column.name.clone(),
                data_type: { column.data_type.as_ref() }.map(|of| seen_from_outside(of, &self.own)),
                origin: column.origin.clone(),
            });
            columns.collect()
        })
    }

    fn columns_of_view(&self, shape: &Shape, origin: &Origin) -> Option<Vec<OfferedColumn>> {
        if shape.open {
            return None;
        }
        let columns = shape.columns.iter().map(|(name, kind)| {
            Some(OfferedColumn {
                name: name.clone()?,
                data_type: match kind {
                    Kind::Of(data_type) => Some(seen_from_outside(data_type, &self.own)),
                    Kind::Unknown | Kind::Literal | Kind::Row => None,
                },
                origin: origin.clone(),
            })
        });
        columns.collect()
    }
}
