//! SQL is text with typed holes and is never formatted from values.

use super::{Source, never};

#[test]
fn no_sql_is_put_together_from_values() {
    let check = |sources: &[Source]| {
        let runtime = sources
            .iter()
            .filter(|source| source.is_below(&["runtime/src/"]));
        runtime.flat_map(formats_sql).collect()
    };
    let violations = [
        "format!(\"SELECT {x}\")",
        "format!(\n    \"DROP TABLE {x}\"\n)",
        "write!(sql, \"SET ROLE {x}\")",
    ];
    never(
        check,
        violations.map(|text| Source::new("runtime/src/run/mod.rs", text)),
    );
}

/// The calls of formatting macros whose text begins with a verb of SQL.
fn formats_sql(source: &Source) -> Vec<String> {
    const VERBS: [&str; 14] = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE", "ALTER", "DROP",
        "SET", "BEGIN", "COMMIT", "LOCK", "DO",
    ];
    let code: Vec<(usize, &str)> = source.code().collect();
    let mut found = Vec::new();
    for (at, (n, line)) in code.iter().enumerate() {
        let macros = ["format!(", "format_args!(", "write!(", "writeln!("];
        let Some(call) = macros.iter().find_map(|name| line.split(name).nth(1)) else {
            continue;
        };
        let next = code.get(at + 1).map_or("", |(_, line)| line);
        let both = format!("{call} {next}");
        let literal = both.split('"').nth(1).unwrap_or_default();
        let verb = literal.split_whitespace().next().unwrap_or_default();
        if VERBS.contains(&verb) {
            found.push(format!("{}:{n}: {}", source.path, line.trim()));
        }
    }
    found
}
