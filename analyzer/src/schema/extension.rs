//! What extensions bring into a database, and which extensions the files create.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Schema;
use crate::statement::{LockMode, Name};

/// The kinds of names in `extensions.txt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Brought {
    Function,
    Type,
    /// An operator class.
    Class,
    /// A table or view.
    Relation,
}

/// The words of the list.
const KINDS: [(&str, Brought); 4] = [
    ("function", Brought::Function),
    ("type", Brought::Type),
    ("class", Brought::Class),
    ("relation", Brought::Relation),
];

/// A function of an extension that changes a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Changing {
    pub(crate) extension: &'static str,
    /// The strongest lock that it takes on the table, if that is known.
    pub(crate) lock: Option<LockMode>,
}

/// An extension that is listed.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The schema, if it is fixed.
    schema: Option<&'static str>,
    needs: &'static str,
}

#[derive(Default)]
struct Catalog {
    known: BTreeMap<&'static str, Known>,
    brought: BTreeMap<Brought, BTreeMap<&'static str, Vec<&'static str>>>,
    changing: BTreeMap<&'static str, Changing>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::of(include_str!("extensions.txt")));

impl Catalog {
    fn of(text: &'static str) -> Self {
        let mut catalog = Self::default();
        let mut extension = "";
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for line in lines.filter(|line| !line.is_empty()) {
            match line.strip_prefix("  ") {
                Some(line) => catalog.line(extension, line),
                None => {
                    let mut words = line.split(' ');
                    extension = words.next().unwrap_or_default();
                    let known = Known {
                        schema: words.skip(1).find(|word| *word != "in"),
                        needs: "",
                    };
                    catalog.known.insert(extension, known);
                }
            }
        }
        catalog
    }

    fn line(&mut self, extension: &'static str, line: &'static str) {
        let (word, names) = line.split_once(' ').unwrap_or_default();
        let known = KINDS.iter().find(|(kind, _)| *kind == word);
        if let Some((_, kind)) = known {
            let brought = self.brought.entry(*kind).or_default();
            for name in names.split(' ') {
                brought.entry(name).or_default().push(extension);
            }
        } else if let Some(known) = self.known.get_mut(extension).filter(|_| word == "needs") {
            known.needs = names;
        } else {
            self.changes(extension, line);
        }
    }

    /// `changes ACCESS EXCLUSIVE: a b`.
    fn changes(&mut self, extension: &'static str, line: &'static str) {
        let (lock, names) = line.split_once(": ").unwrap_or_default();
        let lock = lock.strip_prefix("changes ").and_then(LockMode::spelled);
        let changing = Changing { extension, lock };
        self.changing
            .extend(names.split(' ').map(|name| (name, changing)));
    }
}

/// Whether this is the name of a listed extension.
pub(crate) fn is_known(extension: &str) -> bool {
    CATALOG.known.contains_key(extension)
}

/// The listed extensions that bring this name, such as `uuid-ossp` for the function `uuid_generate_v4`.
pub(crate) fn bringing(kind: Brought, name: &str) -> &'static [&'static str] {
    let brought = CATALOG.brought.get(&kind);
    let extensions = brought.and_then(|brought| brought.get(name));
    extensions.map_or(&[], Vec::as_slice)
}

/// Whether a listed extension puts a function with this name into `pg_catalog`, where it needs no schema.
pub(crate) fn is_catalogued(function: &str) -> bool {
    let extensions = bringing(Brought::Function, function).iter();
    let known = { extensions }.filter_map(|extension| CATALOG.known.get(extension));
    { known }.any(|known| known.schema == Some("pg_catalog"))
}

/// The function of a listed extension that changes a schema.
pub(crate) fn changing(function: &str) -> Option<Changing> {
    CATALOG.changing.get(function).copied()
}

impl Schema {
    /// The extension that brings this name into this schema, of those that the files create.
    pub(crate) fn extension_with(&self, kind: Brought, name: &Name) -> Option<&'static str> {
        let mut bringing = bringing(kind, &name.name).iter().copied();
        bringing.find(|extension| self.extensions.get(*extension) == Some(&name.schema))
    }

    /// Whether an extension in this schema brings a table, a type or a function with this name.
    pub(super) fn is_brought(&self, name: &Name) -> bool {
        let kinds = [Brought::Function, Brought::Type, Brought::Relation];
        !self.extensions.is_empty() && { kinds }
            .iter()
            .any(|kind| self.extension_with(*kind, name).is_some())
    }

    /// `CREATE EXTENSION`: without `SCHEMA`, its objects are in the first schema of the `search_path`.
    pub(super) fn create_extension(&mut self, name: &str, schema: Option<&str>, cascade: bool) {
        if self.extensions.contains_key(name) {
            return;
        }
        let known = CATALOG.known.get(name);
        let own = self.own.clone();
        let fixed = known.and_then(|known| known.schema);
        let schema = fixed.or(schema).map_or_else(|| own.clone(), str::to_owned);
        let needs = known.filter(|_| cascade).map_or("", |known| known.needs);
        for needed in needs.split_whitespace() {
            self.create_extension(needed, Some(&schema), false);
        }
        self.has_extensions |= known.is_none() && schema == own;
        self.extensions.insert(name.to_owned(), schema);
    }

    /// `ALTER EXTENSION ... SET SCHEMA`.
    pub(super) fn move_extension(&mut self, name: &str, schema: &str) {
        let is_known = CATALOG.known.contains_key(name);
        self.has_extensions |= !is_known && schema == self.own;
        if let Some(place) = self.extensions.get_mut(name) {
            schema.clone_into(place);
        }
    }

    /// `DROP EXTENSION`. What `CASCADE` drops with it is not known: columns of its types, for one.
    pub(super) fn drop_extension(&mut self, name: &str, cascade: bool) {
        let place = self.extensions.remove(name);
        let is_own = place.as_ref().is_none_or(|place| *place == self.own);
        let is_known = CATALOG.known.contains_key(name);
        self.has_untracked_objects |= cascade || is_own && !is_known;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_the_list_is_understood() {
        let catalog = Catalog::of(include_str!("extensions.txt"));
        assert!(catalog.known.len() > 30);
        assert_eq!(catalog.known["citus"].schema, Some("pg_catalog"));
        assert_eq!(catalog.known["pgcrypto"].schema, None);
        assert_eq!(catalog.known["earthdistance"].needs, "cube");
        for (name, changing) in &catalog.changing {
            let brought = catalog.brought[&Brought::Function].get(name);
            let brought = brought.is_some_and(|all| all.contains(&changing.extension));
            assert!(brought, "{name} is no function of {}", changing.extension);
        }
        let lock = |function| changing(function).and_then(|changing| changing.lock);
        assert_eq!(lock("create_hypertable"), Some(LockMode::AccessExclusive));
        assert_eq!(lock("add_retention_policy"), None);
        assert_eq!(
            bringing(Brought::Function, "uuid_generate_v4"),
            ["uuid-ossp"]
        );
        assert_eq!(bringing(Brought::Type, "vector"), ["vector"]);
        assert!(bringing(Brought::Type, "text").is_empty());
    }

    #[test]
    fn an_extension_is_where_it_was_created() {
        let schema = |text: &str| Schema::after("app", &[text]);
        let named = |schema: &str, name: &str| Name {
            schema: schema.to_owned(),
            name: name.to_owned(),
        };
        let own = schema("CREATE EXTENSION IF NOT EXISTS hstore;");
        let other = schema("CREATE EXTENSION hstore WITH SCHEMA public;");
        let moved = schema("CREATE EXTENSION hstore; ALTER EXTENSION hstore SET SCHEMA public;");
        let gone = schema("CREATE EXTENSION hstore; DROP EXTENSION hstore;");
        let needed = schema("CREATE EXTENSION earthdistance CASCADE;");
        let with =
            |schema: &Schema, place| schema.extension_with(Brought::Type, &named(place, "hstore"));
        assert_eq!(with(&own, "app"), Some("hstore"));
        assert_eq!(with(&other, "app"), None);
        assert_eq!(with(&other, "public"), Some("hstore"));
        assert_eq!(with(&moved, "public"), Some("hstore"));
        assert!(with(&gone, "app").is_none() && needed.extensions.contains_key("cube"));
    }
}
