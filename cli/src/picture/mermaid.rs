//! Mermaid's entity relationship diagram, which GitHub and GitLab draw.

use std::fmt::Write as _;

use super::{Column, Picture, Tenancy};

pub(crate) fn mermaid(picture: &Picture) -> String {
    let mut text = String::from("erDiagram\n");
    for table in &picture.tables {
        let _ = writeln!(text, "    \"{}\" {{", table.path());
        for column in &table.columns {
            let _ = writeln!(text, "        {}", line(column));
        }
        text.push_str("    }\n");
    }
    for key in &picture.keys {
        let [parent, child] =
            [&key.parent, &key.child].map(|(schema, name)| format!("\"{schema}.{name}\""));
        let one = if key.is_required { "||" } else { "|o" };
        let many = if key.is_single { "o|" } else { "o{" };
        let _ = writeln!(
            text,
            "    {parent} {one}--{many} {child} : \"{}\"",
            key.name
        );
    }
    let global = picture
        .tables
        .iter()
        .filter(|one| one.tenancy == Tenancy::Global);
    for table in global {
        let _ = writeln!(text, "    %% {}: the same for all tenants", table.path());
    }
    text
}

/// `uuid tenant_id PK, FK "tenant"`
fn line(column: &Column) -> String {
    let mut marks = Vec::new();
    if column.is_key {
        marks.push("PK");
    }
    if column.is_foreign {
        marks.push("FK");
    }
    let comment = match (column.is_tenant, column.not_null) {
        (true, _) => " \"tenant\"",
        (false, true) => "",
        (false, false) => " \"may be null\"",
    };
    let marks = match marks.is_empty() {
        true => String::new(),
        false => format!(" {}", marks.join(", ")),
    };
    format!(
        "{} {}{marks}{comment}",
        word(&column.data_type.to_string()),
        word(&column.name)
    )
}

/// Mermaid takes letters, digits, `_`, `-`, brackets and parentheses in a name.
fn word(text: &str) -> String {
    let text = text
        .replace("timestamp with time zone", "timestamptz")
        .replace("timestamp without time zone", "timestamp")
        .replace("character varying", "varchar");
    let is_taken = |c: char| c.is_alphanumeric() || "_-[]()".contains(c);
    text.chars()
        .map(|c| if is_taken(c) { c } else { '_' })
        .collect()
}
