//! The tables, views and types of a module, as code wants to name them.

use super::{Known, Sort};
use crate::schema::{self, Relation, TypeKind};
use crate::statement::{ColumnValue, Name, ObjectKind};
use crate::text::quote::quote_ident;

/// A table or a view.
///
/// ```
/// use onward_analyzer::{source::Module, typed::Known};
///
/// let file = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY, note text);");
/// let tables = Known::of(Module::in_memory("auth", [file])).tables();
/// let nullable: Vec<bool> = tables[0].columns.iter().map(|column| column.nullable).collect();
/// assert_eq!((tables[0].quoted.as_str(), nullable), ("auth.a", vec![false, true]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The name without its schema.
    pub name: String,
    /// The name with its schema, quoted where SQL needs it.
    pub quoted: String,
    /// Whether it is a view of some kind: its columns have no keys or defaults, and all may be null.
    pub is_view: bool,
    /// Whether these are all of its columns.
    pub is_whole: bool,
    /// `COMMENT ON`.
    pub comment: Option<String>,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

/// A column of a table or a view.
///
/// ```
/// use onward_analyzer::{source::Module, typed::{Known, Sort}};
///
/// let file = ("001_a.sql", "CREATE TABLE auth.a (\"of\" int DEFAULT 1);");
/// let column = Known::of(Module::in_memory("auth", [file])).tables().remove(0).columns.remove(0);
/// assert_eq!(column.sort, Sort::BuiltIn("integer".into()));
/// assert_eq!(column.default.as_deref(), Some("1"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name.
    pub name: String,
    /// The name, quoted where SQL needs it.
    pub quoted: String,
    /// The type as it is written; empty if it is not known.
    pub data_type: String,
    /// What the type is.
    pub sort: Sort,
    /// Whether it can be null.
    pub nullable: bool,
    /// What a row gets that leaves it out, as SQL; `GENERATED ...` for what the server computes.
    pub default: Option<String>,
    /// Whether it is part of the primary key.
    pub in_key: bool,
    /// `COMMENT ON`.
    pub comment: Option<String>,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
}

/// An enum type.
///
/// ```
/// use onward_analyzer::{source::Module, typed::Known};
///
/// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad');");
/// let moods = Known::of(Module::in_memory("auth", [file])).enums();
/// assert_eq!(moods[0].labels, ["calm", "sad"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// The name with its schema.
    pub name: Name,
    /// The labels, in order.
    pub labels: Vec<String>,
}

/// A composite type.
///
/// ```
/// use onward_analyzer::{source::Module, typed::Known};
///
/// let file = ("001_a.sql", "CREATE TYPE auth.point3 AS (x float8, y float8, z float8);");
/// let points = Known::of(Module::in_memory("auth", [file])).composites();
/// assert_eq!(points[0].attributes.len(), 3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composite {
    /// The name with its schema.
    pub name: Name,
    /// The names of the attributes and their types, in order.
    pub attributes: Vec<(String, Sort)>,
}

impl Known {
    /// The tables and views of the module's own schema, by name.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// assert_eq!(known.tables()[0].columns[0].name, "id");
    /// ```
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        let own = self.schema.relations();
        let own = own.filter(|one| self.schema.is_own(&one.name) && !one.name.is_temporary());
        let mut tables: Vec<Table> = own.map(|one| self.table(one)).collect();
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        tables
    }

    /// The table or view of this name.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// let name = onward_analyzer::statement::Name { schema: "auth".into(), name: "a".into() };
    /// assert!(known.table_of(&name).is_some());
    /// ```
    #[must_use]
    pub fn table_of(&self, name: &Name) -> Option<Table> {
        self.schema.relation(name).map(|one| self.table(one))
    }

    fn table(&self, relation: &Relation) -> Table {
        let is_view = match relation.kind {
            ObjectKind::View | ObjectKind::MaterializedView => true,
            _table => false,
        };
        let (columns, is_whole) = match &relation.shape {
            Some(shape) => {
                let named = shape.columns.iter().all(|(name, _)| name.is_some());
                let columns = shape.columns.iter().filter_map(|(name, kind)| {
                    let data_type = match kind {
                        schema::resolve::Kind::Of(data_type) => Some(data_type),
                        schema::resolve::Kind::Unknown
                        | schema::resolve::Kind::Literal
                        | schema::resolve::Kind::Row => None,
                    };
                    Some(self.of_view(name.as_ref()?, data_type))
                });
                (columns.collect(), named && !shape.open)
            }
            None => {
                let columns = relation.columns.iter();
                let columns = columns.map(|column| self.column(relation, column));
                (columns.collect(), relation.columns_known)
            }
        };
        Table {
            name: relation.name.name.clone(),
            quoted: quoted(&relation.name),
            is_view,
            is_whole,
            comment: self.comments.of_relation(relation.id).map(str::to_owned),
            columns,
        }
    }

    fn of_view(&self, name: &str, data_type: Option<&crate::statement::DataType>) -> Column {
        Column {
            name: name.to_owned(),
            quoted: quote_ident(name),
            data_type: data_type.map(ToString::to_string).unwrap_or_default(),
            sort: data_type.map_or(Sort::Unknown, |one| Sort::of(&self.schema, one)),
            nullable: true,
            default: None,
            in_key: false,
            comment: None,
            deprecated: None,
        }
    }

    fn column(&self, relation: &Relation, column: &schema::Column) -> Column {
        let data_type = column.data_type.as_ref();
        let refuses = data_type.is_some_and(|one| Sort::refuses_null(&self.schema, one));
        Column {
            nullable: !relation.is_surely_not_null(&column.name) && !refuses,
            default: default(&column.value),
            in_key: relation.primary_key().contains(&column.id),
            comment: self.comments.of_column(column.id).map(str::to_owned),
            deprecated: self
                .outdated
                .get(&(relation.name.clone(), column.name.clone()))
                .cloned(),
            ..self.of_view(&column.name, data_type)
        }
    }

    /// The enum types of the module's own schema, by name.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// assert_eq!(known.enums()[0].labels, ["calm", "sad"]);
    /// ```
    #[must_use]
    pub fn enums(&self) -> Vec<Enum> {
        let types = self.schema.types();
        let found = types.filter_map(|(name, one)| match &one.kind {
            TypeKind::Enum(labels) if self.schema.is_own(name) => Some(Enum {
                name: name.clone(),
                labels: labels.clone(),
            }),
            TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Domain(_) | TypeKind::Other => {
                None
            }
        });
        found.collect()
    }

    /// The composite types of the module's own schema, by name.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// assert_eq!(known.composites()[0].attributes[1].0, "b");
    /// ```
    #[must_use]
    pub fn composites(&self) -> Vec<Composite> {
        let types = self.schema.types();
        let found = types.filter_map(|(name, one)| match &one.kind {
            TypeKind::Composite(attributes) if self.schema.is_own(name) => {
                let of = |one: &crate::statement::Attribute| {
                    (one.name.clone(), Sort::of(&self.schema, &one.data_type))
                };
                Some(Composite {
                    name: name.clone(),
                    attributes: attributes.iter().map(of).collect(),
                })
            }
            TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Domain(_) | TypeKind::Other => {
                None
            }
        });
        found.collect()
    }
}

/// The name with its schema, as SQL.
fn quoted(name: &Name) -> String {
    format!("{}.{}", quote_ident(&name.schema), quote_ident(&name.name))
}

fn default(value: &ColumnValue) -> Option<String> {
    match value {
        ColumnValue::None => None,
        ColumnValue::Default(expression) => Some(expression.text.clone()),
        ColumnValue::Serial => Some("nextval(...)".to_owned()),
        ColumnValue::Identity(identity) => Some(match identity.always {
            true => "GENERATED ALWAYS AS IDENTITY".to_owned(),
            false => "GENERATED BY DEFAULT AS IDENTITY".to_owned(),
        }),
        ColumnValue::Generated { expression, .. } => {
            Some(format!("GENERATED ALWAYS AS ({})", expression.text))
        }
    }
}
