use super::*;

fn cut(text: &str) -> Vec<&str> {
    split(text)
        .statements
        .into_iter()
        .map(|raw| &text[raw.span])
        .collect()
}

#[test]
fn semicolons_end_statements_only_where_they_do_in_postgresql() {
    for (text, statements) in [
        ("", vec![]),
        (" ; ;; -- nothing\n", vec![]),
        ("SELECT 1", vec!["SELECT 1"]),
        ("SELECT ';' ; SELECT 2;", vec!["SELECT ';'", "SELECT 2"]),
        (
            r"SELECT E'\';' ; SELECT '\';",
            vec![r"SELECT E'\';'", r"SELECT '\'"],
        ),
        ("SELECT ';'';';x", vec!["SELECT ';'';'", "x"]),
        (r#"SELECT ";"";" ; y"#, vec![r#"SELECT ";"";""#, "y"]),
        (
            r#"SELECT U&"a;" ; SELECT U&';'"#,
            vec![r#"SELECT U&"a;""#, "SELECT U&';'"],
        ),
        ("DO $$ a; b $$; c", vec!["DO $$ a; b $$", "c"]),
        ("DO $a$ $b$; $$; $a$; c", vec!["DO $a$ $b$; $$; $a$", "c"]),
        (
            "SELECT $1; SELECT a$b$c; d",
            vec!["SELECT $1", "SELECT a$b$c", "d"],
        ),
        ("/* a; /* b; */ c; */ SELECT 1; d", vec!["SELECT 1", "d"]),
        ("SELECT 1 -- a; b\n; c", vec!["SELECT 1", "c"]),
        ("SELECT 1 <--; c\n2; d", vec!["SELECT 1 <--; c\n2", "d"]),
        (
            "CREATE RULE r AS ON INSERT TO t DO ALSO (a; b); c",
            vec!["CREATE RULE r AS ON INSERT TO t DO ALSO (a; b)", "c"],
        ),
        (
            "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN b END; c; END; d",
            vec![
                "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN b END; c; END",
                "d",
            ],
        ),
        (
            "CREATE TABLE t (a int; DROP TABLE x",
            vec!["CREATE TABLE t (a int", "DROP TABLE x"],
        ),
        ("\\d t\nSELECT 1", vec!["\\d t", "SELECT 1"]),
        (
            "SELECT 1 \\gset\nSELECT 2",
            vec!["SELECT 1", "\\gset", "SELECT 2"],
        ),
        (
            "COPY t FROM stdin;\n1;'\n\\.\nSELECT 2;",
            vec!["COPY t FROM stdin", "SELECT 2"],
        ),
        (
            "SELECT 'ä' AS größe; SELECT 2",
            vec!["SELECT 'ä' AS größe", "SELECT 2"],
        ),
    ] {
        assert_eq!(cut(text), statements, "{text}");
    }
}

#[test]
fn unclosed_text_is_reported_where_it_opens() {
    for (text, unclosed) in [
        ("SELECT 'a", (Unclosed::String, 7)),
        (r"SELECT E'a\'", (Unclosed::String, 7)),
        ("SELECT \"a", (Unclosed::Identifier, 7)),
        ("DO $x$ a $$; b", (Unclosed::DollarQuote, 3)),
    ] {
        assert_eq!(split(text).statements[0].unclosed, Some(unclosed), "{text}");
    }
    assert_eq!(split("SELECT 1; /* a /* b */").unclosed_comment, Some(10));
}

/// Splits every prefix of a hard text: there must be no panic, and the spans must be in order and inside
/// the text.
#[test]
fn any_text_is_split_in_order() {
    let hard = "a 'b' E'\\'' $$;$$ $t$;$t$ \"q\" /* /* */ */ -- c\n\\d ü;BEGIN ATOMIC;END;$1 U&'x'";
    let boundaries = hard.char_indices().map(|(at, _)| at);
    for (start, end) in boundaries
        .clone()
        .flat_map(|a| boundaries.clone().map(move |b| (a, b)))
    {
        let Some(text) = hard.get(start..end) else {
            continue;
        };
        let split = split(text);
        let mut last = 0;
        for raw in &split.statements {
            assert!(
                last <= raw.span.start && raw.span.end <= text.len(),
                "{text}"
            );
            last = raw.span.end;
        }
    }
}
