//! Identifiers are read as PostgreSQL looks them up.

use onward_analyzer::statement::Change;

use crate::one::statement;

#[test]
fn names_are_folded_as_postgresql_folds_them() {
    let long = "x".repeat(70);
    for (written, folded) in [
        ("Users", "users"),
        ("\"Users\"", "Users"),
        ("\"a\"\"b\"", "a\"b"),
        ("ÄB", "Äb"),
        ("U&\"d\\0061t\\+000061\"", "data"),
        ("U&\"d!0061ta\" UESCAPE '!'", "data"),
        ("\"a.b\"", "a.b"),
        (&long, &long[..63]),
        (&format!("\"{}\"", "ü".repeat(32)), &"ü".repeat(31)),
    ] {
        let text = format!("TRUNCATE {written}");
        let Change::Truncate { table, .. } = &statement(&text).clauses[0].change else {
            panic!("{text}");
        };
        assert_eq!(
            (table.schema.as_str(), table.name.as_str()),
            ("app", folded)
        );
    }
    let text = format!("SELECT 1 AS {long}, '{long}'");
    assert_eq!(statement(&text).truncated.first(), Some(&(12..82)));
    assert!(
        statement("TRUNCATE a.b.c")
            .objects()
            .contains(&"b.c".to_owned())
    );
}
