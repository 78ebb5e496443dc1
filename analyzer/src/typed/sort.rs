//! A type of the database, as far as Rust has to tell it from others.

use crate::schema::{Answer, Schema, TypeKind};
use crate::statement::{DataType, Name, ObjectKind};

/// A type of the database, with domains replaced by what is below them: the server sends their values as those of the
/// base type.
///
/// ```
/// use onward_analyzer::typed::Sort;
///
/// let array = Sort::Array(Box::new(Sort::BuiltIn("text".into())));
/// assert_ne!(array, Sort::Unknown);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A type that every server has, or a common extension, by the name that `format_type()` shows.
    BuiltIn(String),
    /// An enum type of the files.
    Enum(Name),
    /// A composite type of the files.
    Composite(Name),
    /// An array.
    Array(Box<Sort>),
    /// Nothing is known of it.
    Unknown,
}

/// Types of extensions that drivers know by their name.
const OF_EXTENSIONS: [&str; 4] = ["citext", "hstore", "ltree", "lquery"];

/// How many domains can stand on each other.
const DEPTH: usize = 16;

impl Sort {
    /// What a type of the files is, as it is written.
    pub(crate) fn of(schema: &Schema, data_type: &DataType) -> Self {
        Self::within(schema, data_type, DEPTH)
    }

    fn within(schema: &Schema, data_type: &DataType, depth: usize) -> Self {
        if data_type.set || depth == 0 {
            return Self::Unknown;
        }
        if data_type.array {
            let element = DataType {
                array: false,
                ..data_type.clone()
            };
            return match Self::within(schema, &element, depth) {
                Self::Unknown => Self::Unknown,
                element => Self::Array(Box::new(element)),
            };
        }
        if data_type.is_built_in() {
            return Self::BuiltIn(data_type.name.clone());
        }
        let name = Name {
            schema: data_type
                .schema
                .clone()
                .unwrap_or_else(|| schema.owned().to_owned()),
            name: data_type.name.clone(),
        };
        let is_certain = schema.exists(ObjectKind::Type, &name, None) == Answer::Yes;
        match schema
            .type_of(&name)
            .filter(|_| is_certain)
            .map(|one| &one.kind)
        {
            Some(TypeKind::Enum(_)) => Self::Enum(name),
            Some(TypeKind::Composite(_)) => Self::Composite(name),
            Some(TypeKind::Domain(column)) => Self::within(schema, &column.data_type, depth - 1),
            Some(TypeKind::Other) => Self::Unknown,
            None if OF_EXTENSIONS.contains(&data_type.name.as_str()) => {
                Self::BuiltIn(data_type.name.clone())
            }
            None => Self::Unknown,
        }
    }

    /// Whether a domain below the type refuses nulls.
    pub(crate) fn refuses_null(schema: &Schema, data_type: &DataType) -> bool {
        let name = Name {
            schema: data_type
                .schema
                .clone()
                .unwrap_or_else(|| schema.owned().to_owned()),
            name: data_type.name.clone(),
        };
        if data_type.is_built_in() || data_type.array {
            return false;
        }
        match schema.type_of(&name).map(|one| &one.kind) {
            Some(TypeKind::Domain(column)) => {
                column.not_null || Self::refuses_null(schema, &column.data_type)
            }
            Some(TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other) | None => false,
        }
    }
}
