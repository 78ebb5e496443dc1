//! The operator classes of `pg_catalog`: with which a method can index values of a type.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::extension::{Brought, bringing};
use super::{Schema, TypeKind};
use crate::statement::{DataType, Name, ObjectKind};

/// An operator class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Class {
    pub(crate) name: &'static str,
    of: &'static str,
    default: bool,
}

static CLASSES: LazyLock<BTreeMap<&'static str, Vec<Class>>> = LazyLock::new(|| {
    let lines = include_str!("operator_classes.txt").lines();
    let lines = lines.filter_map(|line| line.split_once(": "));
    let lines = lines.filter(|(method, _)| !method.starts_with('#'));
    let class = |one: &'static str| {
        let (name, of) = one.split_once(' ')?;
        let default = of.strip_suffix(" *");
        Some(Class {
            name,
            of: default.unwrap_or(of),
            default: default.is_some(),
        })
    };
    lines
        .map(|(method, list)| (method, list.split("; ").filter_map(class).collect()))
        .collect()
});

/// The access methods of PostgreSQL's own.
pub(crate) fn methods() -> impl Iterator<Item = &'static str> {
    CLASSES.keys().copied()
}

/// The classes of an access method of PostgreSQL's own.
pub(crate) fn classes(method: &str) -> Option<&'static [Class]> {
    CLASSES.get(method).map(Vec::as_slice)
}

/// A type, as far as operator classes are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Indexed {
    /// This type of PostgreSQL's own, or a domain over it.
    Of(String),
    Array,
    Enum,
}

impl Indexed {
    /// Whether the class indexes such values without a conversion.
    pub(crate) fn is_taken_by(&self, class: &Class) -> bool {
        match self {
            Self::Array => class.of == "anyarray",
            Self::Enum => class.of == "anyenum",
            Self::Of(name) => match class.of {
                "text" => matches!(name.as_str(), "text" | "character varying"),
                "inet" => matches!(name.as_str(), "inet" | "cidr"),
                "anymultirange" => name.ends_with("multirange"),
                "anyrange" => name.ends_with("range") && !name.ends_with("multirange"),
                of => of == name,
            },
        }
    }

    /// Whether the access method indexes such values without a class that is written.
    pub(crate) fn has_default(&self, classes: &[Class]) -> bool {
        let mut defaults = classes.iter().filter(|class| class.default);
        defaults.any(|class| self.is_taken_by(class))
    }

    /// The extension that brings a default class for the method.
    pub(crate) fn brought_by(&self, method: &str) -> Option<&'static str> {
        let plain = [
            "bigint",
            "bit",
            "bit varying",
            "boolean",
            "bytea",
            "character",
            "character varying",
            "cidr",
            "date",
            "double precision",
            "inet",
            "integer",
            "interval",
            "macaddr",
            "macaddr8",
            "money",
            "numeric",
            "oid",
            "real",
            "smallint",
            "text",
            "time with time zone",
            "time without time zone",
            "timestamp with time zone",
            "timestamp without time zone",
            "uuid",
        ];
        let is_plain = match self {
            Self::Of(name) => plain.contains(&name.as_str()),
            Self::Enum => true,
            Self::Array => false,
        };
        match (method, is_plain, self) {
            ("gist", true, _) => Some("btree_gist"),
            ("gin", true, _) => Some("btree_gin"),
            ("gist", _, Self::Array) => Some("intarray"),
            (_, _, _) => None,
        }
    }
}

impl Schema {
    /// The type under the domains; `None` if it is not known, or one of an extension.
    pub(crate) fn indexed(&self, data_type: &DataType) -> Option<Indexed> {
        let mut data_type = data_type;
        // A server does not accept a cycle of domains.
        for _ in 0..16 {
            if data_type.array {
                return Some(Indexed::Array);
            }
            if data_type.is_built_in() {
                return Some(Indexed::Of(data_type.name.clone()));
            }
            match &self.made_type(data_type)?.kind {
                TypeKind::Domain(column) => data_type = &column.data_type,
                TypeKind::Enum(_) => return Some(Indexed::Enum),
                TypeKind::Composite(_) | TypeKind::Other => return None,
            }
        }
        None
    }

    /// Whether the extension may be in the database: its classes count in whatever schema they are.
    pub(crate) fn may_have_extension(&self, name: &str) -> bool {
        let is_external = self.uncertain.iter().any(|one| one.name == name);
        self.has_extensions || is_external || self.extensions.contains_key(name)
    }

    /// Whether an operator class may exist that no file creates and PostgreSQL does not have.
    pub(crate) fn may_have_class(&self, class: &Name) -> bool {
        let mut extensions = bringing(Brought::Class, &class.name).iter();
        class.schema != self.own
            || self.exists(ObjectKind::OperatorClass, class, None) != super::Answer::No
            || extensions.any(|extension| self.may_have_extension(extension))
    }

    /// Whether the files create operator classes of their own.
    pub(crate) fn creates_classes(&self) -> bool {
        let mut kinds = self.others.keys().map(|(kind, _)| *kind);
        kinds.any(|kind| kind == ObjectKind::OperatorClass)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        assert_eq!(methods().count(), 6);
        let of = |name: &str| Indexed::Of(name.to_owned());
        let has = |method, of: &Indexed| classes(method).is_some_and(|all| of.has_default(all));
        assert!(has("gin", &of("jsonb")) && !has("gin", &of("text")));
        assert!(has("gin", &Indexed::Array) && !has("gist", &Indexed::Array));
        assert!(has("gist", &of("tstzrange")) && !has("gist", &of("inet")));
        assert!(has("brin", &of("cidr")) && !has("brin", &Indexed::Enum));
        assert_eq!(of("bigint").brought_by("gist"), Some("btree_gist"));
        assert_eq!(of("json").brought_by("gin"), None);
    }
}
