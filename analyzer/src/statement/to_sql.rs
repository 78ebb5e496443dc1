//! Writes SQL from the analyzer's own form, for suggested files.

use crate::statement::{
    Column, ColumnValue, Constraint, ConstraintKind, DataType, ForeignKey, Key, Name, Parameter,
    ReferentialAction,
};
use crate::text::quote::{quote_ident, quote_list};

/// `schema.name`, or only the name if no schema is known.
pub(crate) fn quote_name(name: &Name) -> String {
    match name.schema.is_empty() {
        true => quote_ident(&name.name),
        false => format!("{}.{}", quote_ident(&name.schema), quote_ident(&name.name)),
    }
}

/// A collation. Without a schema, PostgreSQL looks for its own ones first.
pub(crate) fn collation(name: &Name) -> String {
    const OWN: [&str; 6] = ["C", "POSIX", "default", "pg_c_utf8", "ucs_basic", "unicode"];
    let is_icu = name.name.ends_with("-x-icu");
    // `de_DE`, `en_US.utf8`: the locales of the operating system.
    let is_locale = name.name.chars().nth(2) == Some('_')
        && name
            .name
            .chars()
            .skip(3)
            .take(2)
            .all(|c| c.is_ascii_uppercase());
    match OWN.contains(&name.name.as_str()) || is_icu || is_locale {
        true => quote_ident(&name.name),
        false => quote_name(name),
    }
}

/// A type, with quotes around a name that needs them.
pub(crate) fn data_type(data_type: &DataType) -> String {
    let is_built_in = |name: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_ \"%.".contains(c);
        name.chars().all(plain)
    };
    let name = match (&data_type.schema, is_built_in(&data_type.name)) {
        (None, true) => data_type.name.clone(),
        (Some(_), _) | (None, false) => quote_ident(&data_type.name),
    };
    let schema = data_type.schema.as_ref();
    let quoted = DataType {
        schema: schema.map(|schema| quote_ident(schema)),
        name,
        ..data_type.clone()
    };
    quoted.to_string()
}

/// A column definition without its constraints: name, type, collation, `NOT NULL`, value.
pub(crate) fn column(column: &Column) -> String {
    format!("{} {}", quote_ident(&column.name), of_column(column))
}

/// The same without the name, as for a domain.
pub(crate) fn of_column(column: &Column) -> String {
    let mut sql = match column.value {
        ColumnValue::Serial => serial(&column.data_type).to_owned(),
        ColumnValue::None
        | ColumnValue::Default(_)
        | ColumnValue::Identity(_)
        | ColumnValue::Generated { .. } => data_type(&column.data_type),
    };
    if let Some(storage) = &column.storage {
        sql += &format!(" STORAGE {storage}");
    }
    if let Some(method) = &column.compression {
        sql += &format!(" COMPRESSION {method}");
    }
    if !column.options.is_empty() {
        let options = column.options.iter().map(|option| {
            let value = option.value.as_deref().unwrap_or_default();
            format!("{} {value}", quote_ident(&option.name))
        });
        sql += &format!(" OPTIONS ({})", options.collect::<Vec<_>>().join(", "));
    }
    if let Some(collation) = &column.collation {
        sql += &format!(" COLLATE {}", self::collation(collation));
    }
    if column.not_null && column.value != ColumnValue::Serial {
        sql += " NOT NULL";
    }
    sql + &value(&column.value)
}

fn serial(integer: &DataType) -> &'static str {
    let longer = [("smallint", "smallserial"), ("bigint", "bigserial")];
    let known = longer.iter().find(|(name, _)| *name == integer.name);
    known.map_or("serial", |(_, word)| word)
}

fn value(value: &ColumnValue) -> String {
    match value {
        ColumnValue::None | ColumnValue::Serial => String::new(),
        ColumnValue::Default(value) => format!(" DEFAULT {value}"),
        ColumnValue::Identity(identity) => {
            let when = if identity.always {
                "ALWAYS"
            } else {
                "BY DEFAULT"
            };
            match sequence_options(&identity.options).as_str() {
                "" => format!(" GENERATED {when} AS IDENTITY"),
                options => format!(" GENERATED {when} AS IDENTITY ({})", options.trim_start()),
            }
        }
        ColumnValue::Generated { expression, stored } => {
            let how = if *stored { "STORED" } else { "VIRTUAL" };
            format!(" GENERATED ALWAYS AS ({expression}) {how}")
        }
    }
}

/// The options of a sequence, each with a space before it, without its name.
pub(crate) fn sequence_options(options: &[Parameter]) -> String {
    let written = options
        .iter()
        .filter(|option| option.name != "sequence name");
    let words = written.map(|option| {
        let name = option.name.to_uppercase();
        match &option.value {
            Some(value) => format!(" {name} {value}"),
            None => format!(" {name}"),
        }
    });
    words.collect()
}

/// A constraint without its name and without `NOT VALID`, with everything else that is written.
pub(crate) fn constraint(constraint: &Constraint) -> String {
    let demand = match &constraint.kind {
        ConstraintKind::Check(value) => format!("CHECK ({value})"),
        ConstraintKind::NotNull { column } => format!("NOT NULL {}", quote_ident(column)),
        ConstraintKind::ForeignKey(key) => foreign_key(key),
        ConstraintKind::PrimaryKey(key) => key_of("PRIMARY KEY", key),
        ConstraintKind::Unique(key) => key_of("UNIQUE", key),
        ConstraintKind::Exclude {
            method,
            elements,
            keys: _,
            predicate,
        } => {
            let predicate = predicate.as_ref();
            let predicate = predicate.map(|one| format!(" WHERE ({one})"));
            format!(
                "EXCLUDE USING {method} ({}){}",
                elements.join(", "),
                predicate.unwrap_or_default()
            )
        }
    };
    demand + &attributes(constraint)
}

/// `NO INHERIT`, `DEFERRABLE INITIALLY DEFERRED` and `NOT ENFORCED`, each with a space before it.
pub(crate) fn attributes(constraint: &Constraint) -> String {
    let inherits = if constraint.no_inherit {
        " NO INHERIT"
    } else {
        ""
    };
    let moment = match (constraint.deferrable, constraint.initially_deferred) {
        (_, true) => " DEFERRABLE INITIALLY DEFERRED",
        (true, false) => " DEFERRABLE",
        (false, false) => "",
    };
    let enforced = if constraint.enforced {
        ""
    } else {
        " NOT ENFORCED"
    };
    [inherits, moment, enforced].concat()
}

fn key_of(word: &str, key: &Key) -> String {
    if let Some(index) = &key.using_index {
        return format!("{word} USING INDEX {}", quote_ident(index));
    }
    let nulls = if key.nulls_not_distinct {
        " NULLS NOT DISTINCT"
    } else {
        ""
    };
    let overlaps = if key.without_overlaps {
        " WITHOUT OVERLAPS"
    } else {
        ""
    };
    let tablespace = key.tablespace.as_ref();
    let tablespace =
        tablespace.map(|name| format!(" USING INDEX TABLESPACE {}", quote_ident(name)));
    [
        format!("{word}{nulls} ({}{overlaps})", quote_list(&key.columns)),
        include(key),
        with(&key.parameters),
        tablespace.unwrap_or_default(),
    ]
    .concat()
}

/// The unique index of a key, built without blocking writes.
pub(crate) fn unique_index(table: &Name, name: &str, key: &Key) -> String {
    let nulls = if key.nulls_not_distinct {
        " NULLS NOT DISTINCT"
    } else {
        ""
    };
    let tablespace = key.tablespace.as_ref();
    let tablespace = tablespace.map(|name| format!(" TABLESPACE {}", quote_ident(name)));
    [
        format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({})",
            quote_ident(name),
            quote_name(table),
            quote_list(&key.columns)
        ),
        include(key),
        nulls.to_owned(),
        with(&key.parameters),
        tablespace.unwrap_or_default(),
        ";".to_owned(),
    ]
    .concat()
}

fn include(key: &Key) -> String {
    match key.include.as_slice() {
        [] => String::new(),
        columns => format!(" INCLUDE ({})", quote_list(columns)),
    }
}

/// ` WITH (fillfactor = 70)`; empty without parameters.
pub(crate) fn with(parameters: &[Parameter]) -> String {
    let written = parameters.iter().map(|parameter| match &parameter.value {
        Some(value) => format!("{} = {value}", parameter.name),
        None => parameter.name.clone(),
    });
    match written.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => String::new(),
        some => format!(" WITH ({some})"),
    }
}

fn foreign_key(key: &ForeignKey) -> String {
    let period = if key.period { "PERIOD " } else { "" };
    let columns = |columns: &[String]| match columns.split_last() {
        Some((last, [])) => format!("{period}{}", quote_ident(last)),
        Some((last, others)) => format!("{}, {period}{}", quote_list(others), quote_ident(last)),
        None => String::new(),
    };
    format!(
        "FOREIGN KEY ({}) {}",
        columns(&key.columns),
        references(key, &columns)
    )
}

/// `REFERENCES` and what follows it, as in the definition of a column.
pub(crate) fn references(key: &ForeignKey, columns: &dyn Fn(&[String]) -> String) -> String {
    let mut sql = format!("REFERENCES {}", quote_name(&key.parent));
    if !key.parent_columns.is_empty() {
        sql += &format!(" ({})", columns(&key.parent_columns));
    }
    if key.match_full {
        sql += " MATCH FULL";
    }
    for (when, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        let action = match action {
            ReferentialAction::NoAction => continue,
            ReferentialAction::Restrict => "RESTRICT",
            ReferentialAction::Cascade => "CASCADE",
            ReferentialAction::SetNull => "SET NULL",
            ReferentialAction::SetDefault => "SET DEFAULT",
        };
        sql += &format!(" ON {when} {action}");
        if when == "DELETE" && !key.set_columns.is_empty() {
            sql += &format!(" ({})", quote_list(&key.set_columns));
        }
    }
    sql
}
