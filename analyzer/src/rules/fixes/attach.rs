//! Files that give a table everything that it needs to be attached as a partition without work.

use crate::check::context::Context;
use crate::finding::SuggestedFile;
use crate::rules::facts::attached::Attached;
use crate::rules::fixes::partition;
use crate::schema::{
    ColumnId, Constraint as Known, ConstraintKind as Kind, Index, IndexKey, generated_name,
};
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Constraint, ConstraintKind, ForeignKey, Name, ObjectKind};
use crate::text::quote::{quote_ident, quote_list};

/// The indexes, keys and foreign keys that the partition lacks, the proof of its bounds, and then the
/// statement itself. Empty if one of them cannot be written.
pub(in crate::rules) fn files(
    context: &Context<'_>,
    attached: &Attached<'_>,
) -> Vec<SuggestedFile> {
    let files = steps(context, attached).unwrap_or_default();
    match files.is_empty() {
        true => Vec::new(),
        false => context.fix(None, &files),
    }
}

/// The title and the text of each file.
type Files = Vec<(String, String)>;

fn steps(context: &Context<'_>, attached: &Attached<'_>) -> Option<Files> {
    let (indexes, keys) = (attached.missing_indexes(), attached.missing_keys());
    let is_complete = indexes.is_empty() && keys.is_empty();
    if attached.partition.partition_by.is_some() && !is_complete {
        return None;
    }
    let mut files = Vec::new();
    for index in indexes {
        files.extend(index_files(context, attached, index)?);
    }
    for key in keys {
        files.extend(foreign_key(context, attached, key)?);
    }
    if context.effect().scans.contains(attached.name()) {
        files.extend(bounds(context, attached)?);
    }
    let attach = format!(
        "ALTER TABLE {} ATTACH PARTITION {} {};",
        quote_name(&attached.table.name),
        quote_name(attached.name()),
        partition::bound(attached.bound)
    );
    files.push((format!("attach_{}", attached.name().name), attach));
    Some(files)
}

/// A name that neither an index nor a constraint of the partition has.
fn free(context: &Context<'_>, attached: &Attached<'_>, name: String) -> String {
    let is_taken = |name: &str| {
        let whole = Name {
            schema: attached.name().schema.clone(),
            name: name.to_owned(),
        };
        let constraint = ObjectKind::Constraint;
        context.schema.kind_of(&whole).is_some()
            || context
                .schema
                .origin(constraint, attached.name(), Some(name))
                .is_some()
    };
    let more = (1..100).map(|n| format!("{name}{n}"));
    let mut names = std::iter::once(name.clone()).chain(more);
    names.find(|name| !is_taken(name)).unwrap_or(name)
}

/// The index, if the partition has none that is equal, and the key that it enforces. PostgreSQL cannot use an
/// index for an exclusion constraint.
fn index_files(context: &Context<'_>, attached: &Attached<'_>, index: &Index) -> Option<Files> {
    let key = attached.key_of(index);
    let (label, word) = match key.map(|key| &key.kind) {
        Some(Kind::PrimaryKey) => ("pkey", Some("PRIMARY KEY")),
        Some(Kind::Unique) => ("key", Some("UNIQUE")),
        Some(Kind::Exclude(_)) => return None,
        Some(Kind::Check { .. } | Kind::NotNull | Kind::ForeignKey { .. }) | None => ("idx", None),
    };
    let keyed: Vec<_> = index.keys.iter().filter_map(|key| key.column).collect();
    let named = if label == "pkey" {
        Vec::new()
    } else {
        columns(attached, &keyed)
    };
    let equal = attached.equal_index(index).map(|equal| equal.name.clone());
    let name = equal.clone().unwrap_or_else(|| {
        free(
            context,
            attached,
            generated_name(&attached.name().name, &named, label),
        )
    });
    let create = equal
        .is_none()
        .then(|| (name.clone(), create(context, attached, index, &name)));
    let adopt = word.map(|word| {
        let on = quote_name(attached.name());
        let (written, moment) = (quote_ident(&name), key.map_or("", moment));
        let sql = format!(
            "ALTER TABLE {on} ADD CONSTRAINT {written} {word} USING INDEX {written}{moment};"
        );
        (format!("add_{name}"), sql)
    });
    Some(create.into_iter().chain(adopt).collect())
}

fn columns(attached: &Attached<'_>, ids: &[ColumnId]) -> Vec<String> {
    let names = ids.iter().filter_map(|id| attached.table.name_of(*id));
    names.map(str::to_owned).collect()
}

fn create(context: &Context<'_>, attached: &Attached<'_>, index: &Index, name: &str) -> String {
    let keys = index.keys.iter().map(|key| written(context, attached, key));
    let unique = if index.unique { "UNIQUE " } else { "" };
    let method = match index.method.as_str() {
        "btree" => String::new(),
        method => format!(" USING {method}"),
    };
    let include = match index.include.as_slice() {
        [] => String::new(),
        ids => format!(" INCLUDE ({})", quote_list(&columns(attached, ids))),
    };
    let distinct = if index.nulls_not_distinct {
        " NULLS NOT DISTINCT"
    } else {
        ""
    };
    let filter = index.predicate.as_ref().map(|one| format!(" WHERE {one}"));
    format!(
        "CREATE {unique}INDEX CONCURRENTLY {} ON {}{method} ({}){include}{distinct}{};",
        quote_ident(name),
        quote_name(attached.name()),
        keys.collect::<Vec<_>>().join(", "),
        filter.unwrap_or_default()
    )
}

fn written(context: &Context<'_>, attached: &Attached<'_>, key: &IndexKey) -> String {
    let Some(column) = key.column.and_then(|column| attached.table.name_of(column)) else {
        return key.expression.text.clone();
    };
    let mut sql = quote_ident(column);
    if let Some(collation) = &key.collation {
        sql += &format!(
            " COLLATE {}",
            known(context, ObjectKind::Collation, collation)
        );
    }
    if let Some(class) = &key.class {
        sql += &format!(" {}", known(context, ObjectKind::OperatorClass, class));
    }
    if key.descending {
        sql += " DESC";
    }
    sql + match key.nulls_first {
        Some(true) => " NULLS FIRST",
        Some(false) => " NULLS LAST",
        None => "",
    }
}

/// A name that is written without a schema is in the module's schema, or else in `pg_catalog`.
fn known(context: &Context<'_>, kind: ObjectKind, name: &Name) -> String {
    let is_own = name.schema == context.module.schema;
    match is_own && context.schema.origin(kind, name, None).is_none() {
        true => quote_ident(&name.name),
        false => quote_name(name),
    }
}

fn moment(key: &Known) -> &'static str {
    match (key.deferrable, key.initially_deferred) {
        (_, true) => " DEFERRABLE INITIALLY DEFERRED",
        (true, false) => " DEFERRABLE",
        (false, false) => "",
    }
}

/// The foreign key as `NOT VALID`, if the partition has none that is equal, and its proof.
fn foreign_key(context: &Context<'_>, attached: &Attached<'_>, key: &Known) -> Option<Files> {
    let Kind::ForeignKey {
        parent,
        parent_columns,
        match_full,
        on_delete,
        set_columns,
        on_update,
    } = &key.kind
    else {
        return None;
    };
    let mut relations = context.schema.relations();
    let known = relations.find(|one| Some(one.id) == parent.id)?;
    let parents = parent_columns
        .iter()
        .map(|id| known.name_of(*id).map(str::to_owned));
    let columns = columns(attached, &key.columns);
    let equal = attached.equal_key(key).map(|equal| equal.name.clone());
    let name = equal.clone().unwrap_or_else(|| {
        free(
            context,
            attached,
            generated_name(&attached.name().name, &columns, "fkey"),
        )
    });
    let demand = to_sql::constraint(&Constraint::new(ConstraintKind::ForeignKey(ForeignKey {
        columns,
        parent: known.name.clone(),
        parent_columns: parents.collect::<Option<_>>()?,
        match_full: *match_full,
        on_delete: *on_delete,
        on_update: *on_update,
        set_columns: set_columns.clone(),
        period: false,
    })));
    let (on, written) = (quote_name(attached.name()), quote_ident(&name));
    let add = format!(
        "ALTER TABLE {on} ADD CONSTRAINT {written} {demand}{} NOT VALID;",
        moment(key)
    );
    let add = equal.is_none().then(|| (name.clone(), add));
    let validate = format!("ALTER TABLE {on} VALIDATE CONSTRAINT {written};");
    let validate = (format!("validate_{name}"), validate);
    Some(add.into_iter().chain([validate]).collect())
}

/// A `CHECK` with the partition's bounds, with which PostgreSQL skips the scan.
fn bounds(context: &Context<'_>, attached: &Attached<'_>) -> Option<Files> {
    let name = format!("{}_bounds", attached.name().name);
    let taken = context
        .schema
        .origin(ObjectKind::Constraint, attached.name(), Some(&name));
    let demand = partition::demand(context, &attached.table.name, attached.bound)?;
    if taken.is_some() {
        return None;
    }
    let (on, written) = (quote_name(attached.name()), quote_ident(&name));
    let add = format!("ALTER TABLE {on} ADD CONSTRAINT {written} CHECK ({demand}) NOT VALID;");
    let validate = format!("ALTER TABLE {on} VALIDATE CONSTRAINT {written};");
    Some(vec![
        (name.clone(), add),
        (format!("validate_{name}"), validate),
    ])
}
