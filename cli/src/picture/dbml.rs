//! DBML, for dbdiagram.io and its relatives.

use std::fmt::Write as _;

use super::{Column, Picture};

pub(crate) fn dbml(picture: &Picture) -> String {
    let mut text = String::from("// Written by `onward schema --format dbml`.\n");
    for (name, labels) in &picture.enums {
        let labels = labels.iter().map(|label| format!("  {}\n", quoted(label)));
        let _ = write!(
            text,
            "\nEnum {} {{\n{}}}\n",
            path(name),
            labels.collect::<String>()
        );
    }
    for table in &picture.tables {
        let _ = writeln!(text, "\nTable {} {{", path(&table.path()));
        for column in &table.columns {
            let alone = table.key.len() == 1 && column.is_key;
            let _ = writeln!(text, "  {}", line(column, alone));
        }
        let mut indexes: Vec<String> = table
            .indexes
            .iter()
            .map(|(columns, unique)| {
                let unique = if *unique { " [unique]" } else { "" };
                format!("    ({}){unique}\n", list(columns))
            })
            .collect();
        if table.key.len() > 1 {
            indexes.insert(0, format!("    ({}) [pk]\n", list(&table.key)));
        }
        if !indexes.is_empty() {
            let _ = write!(text, "\n  indexes {{\n{}  }}\n", indexes.concat());
        }
        text.push_str("}\n");
    }
    for key in &picture.keys {
        let [child, parent] =
            [&key.child, &key.parent].map(|(schema, name)| path(&format!("{schema}.{name}")));
        let arrow = if key.is_single { "-" } else { ">" };
        let _ = writeln!(
            text,
            "\nRef {}: {child}.({}) {arrow} {parent}.({})",
            quoted(&key.name),
            list(&key.columns),
            list(&key.parent_columns)
        );
    }
    text
}

fn line(column: &Column, is_key: bool) -> String {
    let default = column
        .default
        .as_ref()
        .map(|value| format!("default: `{}`", value.replace('`', "'")));
    let settings = [
        is_key.then(|| "pk".to_owned()),
        column.not_null.then(|| "not null".to_owned()),
        default,
    ];
    let settings: Vec<String> = settings.into_iter().flatten().collect();
    let settings = match settings.is_empty() {
        true => String::new(),
        false => format!(" [{}]", settings.join(", ")),
    };
    let data_type = column.data_type.to_string();
    let data_type = if data_type.contains(' ') {
        format!("\"{data_type}\"")
    } else {
        data_type
    };
    format!("{} {data_type}{settings}", quoted(&column.name))
}

fn list(columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|one| quoted(one)).collect();
    columns.join(", ")
}

fn path(name: &str) -> String {
    let (schema, name) = name.split_once('.').unwrap_or(("public", name));
    format!("{}.{}", quoted(schema), quoted(name))
}

fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match is_plain {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "'")),
    }
}
