//! Tables, their columns and constraints, indexes and views.

use onward_analyzer::statement::{
    Bound, Change, Column, ColumnValue, Constraint, ConstraintKind, CreateIndex, CreateTable,
    CreateView, ForeignKey, Identity, IndexKey, Key, Parameter, Persistence, ReferentialAction,
};

use super::{spelled, spelled_if};
use crate::second_reader::lines::{flags, list, squeezed, with};
use crate::second_reader::theirs::canonical_query;

pub(super) fn facts(change: &Change) -> Option<Vec<String>> {
    match change {
        Change::CreateTable(create) => Some(table(create)),
        Change::CreateIndex(create) => Some(vec![index(create)]),
        Change::CreateView(create) => Some(view(create)),
        _ => None,
    }
}

fn table(create: &CreateTable) -> Vec<String> {
    let table = create.table.to_string();
    let flags = flags([
        (create.if_not_exists, "if not exists"),
        (create.persistence == Persistence::Temporary, "temporary"),
        (create.persistence == Persistence::Unlogged, "unlogged"),
        (create.from_query, "as query"),
    ]);
    let mut lines = vec![format!("create table {table}{flags}")];
    lines.extend(create.columns.iter().flat_map(|def| column(&table, def)));
    lines.extend(create.constraints.iter().map(|c| constraint(&table, c)));
    lines.extend(
        create
            .inherits
            .iter()
            .map(|parent| format!("inherits {table} {parent}")),
    );
    lines.extend(
        create
            .like
            .iter()
            .map(|(like, _)| format!("like {table} {like}")),
    );
    if let Some((parent, bound)) = &create.partition_of {
        lines.push(format!(
            "partition {table} of {parent} {}",
            self::bound(bound)
        ));
    }
    if let Some(by) = &create.partition_by {
        let keys = squeezed(&by.keys.join(","));
        lines.push(format!("partition {table} by {}({keys})", by.strategy));
    }
    if let Some(on_commit) = create.on_commit {
        lines.push(format!("on commit {table} {on_commit:?}"));
    }
    lines.extend(create.reads.iter().map(|read| format!("names {read}")));
    if create.server.is_none() {
        lines.extend(
            create
                .parameters
                .iter()
                .map(|parameter| setting(&table, parameter)),
        );
    }
    lines
}

/// A storage parameter.
pub(super) fn setting(table: &str, parameter: &Parameter) -> String {
    let value = with("=", parameter.value.clone());
    format!("with {table} {}{value}", parameter.name)
}

/// The values of a partition, without blanks.
pub(super) fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Default => "default".to_owned(),
        Bound::In(values) => format!("in ({})", squeezed(values)),
        Bound::Range { from, to } => format!("from ({}) to ({})", squeezed(from), squeezed(to)),
        Bound::Hash(words) => {
            let words = words.to_lowercase().replace(',', " ");
            let numbers = words
                .split_whitespace()
                .filter(|word| word.parse::<u64>().is_ok());
            format!("hash {}", numbers.collect::<Vec<_>>().join(" "))
        }
    }
}

pub(super) fn column(table: &str, def: &Column) -> Vec<String> {
    let column = format!("column {table}.{}", def.name);
    let mut lines = vec![format!("{column} {}", def.data_type).trim_end().to_owned()];
    if def.not_null {
        lines.push(format!("{column} not null"));
    }
    if let Some(collation) = &def.collation {
        lines.push(format!("{column} collate {collation}"));
    }
    lines.extend(match &def.value {
        ColumnValue::None => None,
        ColumnValue::Default(value) => Some(format!("{column} default {}", spelled(value))),
        ColumnValue::Serial => Some(format!("{column} serial")),
        ColumnValue::Identity(identity) => Some(format!("{column} {}", self::identity(identity))),
        ColumnValue::Generated { expression, stored } => {
            let mode = if *stored { "stored" } else { "virtual" };
            Some(format!("{column} generated {} {mode}", spelled(expression)))
        }
    });
    lines.extend(def.constraints.iter().map(|c| constraint(table, c)));
    lines.extend(def.options.iter().map(|option| {
        let value = option.value.as_deref().unwrap_or_default();
        format!("{column} option {} {value}", option.name)
    }));
    lines
}

pub(super) fn identity(identity: &Identity) -> String {
    let always = if identity.always {
        "always"
    } else {
        "by default"
    };
    format!("identity {always} {}", sequence(&identity.options))
}

pub(super) fn sequence(options: &[Parameter]) -> String {
    list(options.iter().map(|option| {
        format!(
            "{}{}",
            option.name,
            with("", option.value.clone()).replace("  ", " ")
        )
    }))
}

pub(super) fn constraint(table: &str, constraint: &Constraint) -> String {
    let what = match &constraint.kind {
        ConstraintKind::Check(value) => format!("check {}", spelled(value)),
        ConstraintKind::NotNull { column } => format!("not null {column}"),
        ConstraintKind::PrimaryKey(key) => format!("primary key{}", self::key(key)),
        ConstraintKind::Unique(key) => format!("unique{}", self::key(key)),
        ConstraintKind::ForeignKey(key) => foreign_key(key),
        ConstraintKind::Exclude {
            method,
            elements,
            predicate,
            ..
        } => format!(
            "exclude using {method} {}{}",
            list(elements.iter().map(|element| squeezed(element))),
            with("where", spelled_if(predicate.as_ref()))
        ),
    };
    format!(
        "constraint {table} {} {what}{}",
        constraint.name.as_deref().unwrap_or("-"),
        flags([
            (constraint.no_inherit, "no inherit"),
            (constraint.deferrable, "deferrable"),
            (constraint.initially_deferred, "initially deferred"),
            (!constraint.enforced, "not enforced"),
            (constraint.not_valid, "not valid"),
        ])
    )
}

fn foreign_key(key: &ForeignKey) -> String {
    let action = |action: ReferentialAction| match action {
        ReferentialAction::NoAction => None,
        ReferentialAction::Restrict => Some("restrict".to_owned()),
        ReferentialAction::Cascade => Some("cascade".to_owned()),
        ReferentialAction::SetNull => Some("set null".to_owned()),
        ReferentialAction::SetDefault => Some("set default".to_owned()),
    };
    let parents = match key.parent_columns.as_slice() {
        [] => String::new(),
        columns => format!(" {}", list(columns.to_vec())),
    };
    format!(
        "foreign key {} references {}{parents}{}{}{}",
        list(key.columns.clone()),
        key.parent,
        flags([(key.match_full, "match full")]),
        with("on delete", action(key.on_delete)),
        with("on update", action(key.on_update)),
    )
}

fn key(key: &Key) -> String {
    if let Some(index) = &key.using_index {
        return format!(" using index {index}");
    }
    let nulls = flags([(key.nulls_not_distinct, "nulls not distinct")]);
    format!(
        " {}{}{nulls}",
        list(key.columns.clone()),
        include(&key.include)
    )
}

fn include(columns: &[String]) -> String {
    match columns {
        [] => String::new(),
        columns => format!(" include {}", list(columns.to_vec())),
    }
}

fn index(create: &CreateIndex) -> String {
    let parameters = match create.parameters.as_slice() {
        [] => String::new(),
        parameters => {
            let each = parameters.iter().map(|one| {
                let value = one.value.as_deref().unwrap_or_default();
                squeezed(&format!("{}={value}", one.name))
            });
            format!(" with {}", list(each))
        }
    };
    format!(
        "create index {} on {} using {} {}{}{}{parameters}{}",
        create.index.as_ref().map_or("-", |(name, _)| name),
        create.table,
        create.method,
        list(create.keys.iter().map(index_key)),
        include(&create.include),
        with("where", spelled_if(create.predicate.as_ref())),
        flags([
            (create.unique, "unique"),
            (create.concurrently, "concurrently"),
            (create.if_not_exists, "if not exists"),
            (create.nulls_not_distinct, "nulls not distinct"),
        ])
    )
}

pub(super) fn index_key(key: &IndexKey) -> String {
    format!(
        "{}{}{}{}",
        key.column
            .clone()
            .unwrap_or_else(|| spelled(&key.expression)),
        with("collate", key.collation.as_ref().map(ToString::to_string)),
        with("class", key.class.as_ref().map(|class| class.name.clone())),
        flags([
            (key.descending, "desc"),
            (key.nulls_first == Some(true), "nulls first"),
            (key.nulls_first == Some(false), "nulls last"),
        ])
    )
}

fn view(create: &CreateView) -> Vec<String> {
    let view = &create.view;
    let kind = if create.materialized {
        "materialized view"
    } else {
        "view"
    };
    let flags = flags([
        (create.or_replace, "or replace"),
        (create.if_not_exists, "if not exists"),
        (create.persistence == Persistence::Temporary, "temporary"),
    ]);
    let mut lines = vec![
        format!(
            "create {kind} {view} {}{flags}",
            list(create.columns.clone())
        ),
        format!("query {view} {}", canonical_query(&create.query.text)),
    ];
    lines.extend(create.reads.iter().map(|read| format!("names {read}")));
    let parameters = create.parameters.iter();
    lines.extend(parameters.map(|parameter| setting(&view.to_string(), parameter)));
    lines
}
