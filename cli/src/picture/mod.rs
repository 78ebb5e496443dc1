//! The folded schema of modules as tables and arrows, and the texts that are made of it. Pure.

mod dbml;
mod diesel;
mod mermaid;
mod svg;
mod timeline;

use onward_analyzer::Analysis;
use onward_analyzer::schema::{ConstraintKind, Relation, Schema};
use onward_analyzer::statement::{ColumnValue, DataType, ObjectKind};

pub(crate) use dbml::dbml;
pub(crate) use diesel::diesel;
pub(crate) use mermaid::mermaid;
pub(crate) use svg::svg;
pub(crate) use timeline::{moments, timeline, timeline_svg};

/// Tables and what refers to what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picture {
    pub(crate) tables: Vec<Table>,
    pub(crate) keys: Vec<Key>,
    pub(crate) enums: Vec<(String, Vec<String>)>,
}

/// A table, or a foreign table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) tenancy: Tenancy,
    /// The columns of its primary key.
    pub(crate) key: Vec<String>,
    /// The columns of each index and unique key that is not the primary key: unique or not.
    pub(crate) indexes: Vec<(Vec<String>, bool)>,
}

/// To whom the rows of a table belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tenancy {
    /// Each to a tenant.
    Tenant,
    /// All tenants share them.
    Global,
    /// The module has no tenants, or the table says nothing about them.
    None,
}

#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) data_type: DataType,
    pub(crate) not_null: bool,
    pub(crate) is_key: bool,
    pub(crate) is_foreign: bool,
    pub(crate) is_tenant: bool,
    pub(crate) default: Option<String>,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) child: (String, String),
    pub(crate) columns: Vec<String>,
    pub(crate) parent: (String, String),
    pub(crate) parent_columns: Vec<String>,
    /// Whether each row has a parent, and whether a parent has at most one such row.
    pub(crate) is_required: bool,
    pub(crate) is_single: bool,
}

impl Table {
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

impl Picture {
    /// Of several modules, which may refer to each other.
    pub(crate) fn of(modules: &[Analysis]) -> Self {
        let mut picture = Self::default();
        for module in modules {
            let schema = &module.schema;
            for relation in schema.relations().filter(|one| is_table(one.kind)) {
                picture.tables.push(table(relation, module));
                picture.keys.extend(keys(relation, schema));
            }
            let enums = schema.types().filter(|(_, one)| !one.labels().is_empty());
            let enums = enums.map(|(name, one)| (name.to_string(), one.labels().to_vec()));
            picture.enums.extend(enums);
        }
        picture.tables.sort_by_key(Table::path);
        picture
    }
}

fn is_table(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Table | ObjectKind::ForeignTable)
}

fn names(relation: &Relation, ids: &[onward_analyzer::schema::ColumnId]) -> Vec<String> {
    let names = ids.iter().filter_map(|id| relation.name_of(*id));
    names.map(str::to_owned).collect()
}

fn table(relation: &Relation, module: &Analysis) -> Table {
    let settings = module.module.settings.tenancy.as_ref();
    let of = |wanted: fn(&ConstraintKind) -> bool| {
        let found = relation.constraints.iter().filter(|one| wanted(&one.kind));
        found
            .flat_map(|one| names(relation, &one.columns))
            .collect::<Vec<_>>()
    };
    let key = of(|kind| *kind == ConstraintKind::PrimaryKey);
    let foreign = of(|kind| matches!(kind, ConstraintKind::ForeignKey { .. }));
    let is_tenant = |name: &str| settings.is_some_and(|one| one.column == name);
    let columns = relation.columns.iter().map(|column| Column {
        is_key: key.contains(&column.name),
        is_foreign: foreign.contains(&column.name),
        is_tenant: is_tenant(&column.name),
        name: column.name.clone(),
        data_type: column.data_type.clone().unwrap_or_default(),
        not_null: column.not_null,
        default: match &column.value {
            ColumnValue::Default(value) => Some(value.text.clone()),
            ColumnValue::None
            | ColumnValue::Serial
            | ColumnValue::Identity(_)
            | ColumnValue::Generated { .. } => None,
        },
    });
    let columns: Vec<Column> = columns.collect();
    let is_global =
        settings.is_some_and(|one| one.global.iter().any(|(name, _)| *name == relation.name));
    let tenancy = match (is_global, columns.iter().any(|one| one.is_tenant)) {
        (true, _) => Tenancy::Global,
        (false, true) => Tenancy::Tenant,
        (false, false) => Tenancy::None,
    };
    let indexes = relation.indexes.iter().filter(|index| {
        let columns = index.keys.iter().all(|key| key.column.is_some());
        columns && index.predicate.is_none()
    });
    let indexes = indexes.map(|index| {
        let ids: Vec<_> = index.keys.iter().filter_map(|key| key.column).collect();
        (names(relation, &ids), index.unique)
    });
    Table {
        schema: relation.name.schema.clone(),
        name: relation.name.name.clone(),
        indexes: indexes.filter(|(columns, _)| *columns != key).collect(),
        columns,
        tenancy,
        key,
    }
}

fn keys(relation: &Relation, schema: &Schema) -> Vec<Key> {
    let found = relation.constraints.iter().filter_map(|one| {
        let ConstraintKind::ForeignKey {
            parent,
            parent_columns,
            ..
        } = &one.kind
        else {
            return None;
        };
        let columns = names(relation, &one.columns);
        let known = schema.relation(&parent.name);
        let is_unique = |other: &[String]| {
            !other.is_empty() && other.iter().all(|column| columns.contains(column))
        };
        let mut unique = relation.indexes.iter().filter(|index| {
            index.unique
                && index.predicate.is_none()
                && index.keys.iter().all(|key| key.column.is_some())
        });
        let is_single = unique.any(|index| {
            let ids: Vec<_> = index.keys.iter().filter_map(|key| key.column).collect();
            is_unique(&names(relation, &ids))
        });
        Some(Key {
            name: one.name.clone(),
            child: (relation.name.schema.clone(), relation.name.name.clone()),
            is_required: columns
                .iter()
                .all(|name| relation.column(name).is_some_and(|one| one.not_null)),
            is_single,
            parent: (parent.name.schema.clone(), parent.name.name.clone()),
            parent_columns: known
                .map(|known| names(known, parent_columns))
                .unwrap_or_default(),
            columns,
        })
    });
    found.collect()
}
