use std::collections::BTreeSet;
use std::fs;

use super::{FAMILIES, language, plpgsql};
use crate::lower::grammar::{Depth, Problem, Syntax};
use crate::lower::statements::{RUNNING, USING};
use crate::text::split::split;

/// `None` if the text is a statement, else the text at which the error is.
fn wrong(text: &str) -> Option<String> {
    let split = split(text);
    let [raw] = split.statements.as_slice() else {
        return Some(format!("{} statements", split.statements.len()));
    };
    let terminals = language().terminals(text, &raw.tokens);
    let read = language().read("statement", text, 0, terminals, Depth::Usual);
    let problem = Problem::from(read.err()?);
    Some(text[problem.span].to_owned())
}

#[test]
fn the_grammar_files_have_no_mistakes() {
    assert_eq!(language().problems, [""; 0]);
    assert_eq!(plpgsql().problems, [""; 0]);
}

#[test]
fn every_node_of_the_grammar_has_a_kind_and_every_kind_a_node() {
    let mut asked = BTreeSet::new();
    for (node, rule) in Syntax::ALL {
        assert!(asked.insert(*node), "{rule} is listed twice");
    }
    let written: BTreeSet<Syntax> = language().syntax().chain(plpgsql().syntax()).collect();
    let nowhere: Vec<&Syntax> = asked.difference(&written).collect();
    assert_eq!(
        nowhere,
        [&Syntax::Query; 0],
        "no rule of the grammar makes it"
    );
}

/// The literals in upper case that the sources look for in statements, each with its file.
fn phrases() -> Vec<(String, String)> {
    let mut folders = vec![concat!(env!("CARGO_MANIFEST_DIR"), "/src/lower").to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).expect("the sources are there");
        for entry in entries.map(|entry| entry.expect("the sources can be read").path()) {
            let path = entry.display().to_string();
            // The keywords of PL/pgSQL are not in the grammar.
            let is_asked = path.ends_with(".rs") && !path.ends_with("plpgsql.rs");
            if entry.is_dir() {
                folders.push(path);
            } else if is_asked && !path.contains("/grammar/") && !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&entry).expect("the sources can be read");
                let text = text.replace("'\"'", "").replace("\\\"", "");
                let said = |one: &&str| one.len() > 1 && one.bytes().all(is_said);
                let literals = text.split('"').skip(1).step_by(2).filter(said);
                found.extend(literals.map(|one| (one.to_owned(), path.clone())));
            }
        }
    }
    found
}

fn is_said(byte: u8) -> bool {
    byte.is_ascii_uppercase() || b"_ (".contains(&byte)
}

#[test]
fn every_word_that_readers_look_for_is_in_the_grammar() {
    let phrases = phrases();
    assert!(phrases.len() > 200, "only {} phrases", phrases.len());
    for (phrase, file) in phrases {
        for word in phrase.split_whitespace() {
            assert!(
                language().has_word(word),
                "`{word}` of `{phrase}` in {file}"
            );
        }
    }
}

#[test]
fn every_statement_of_the_grammar_has_a_reader_and_every_reader_a_statement() {
    let readers = FAMILIES.iter().flat_map(|family| family.readers);
    let readers: Vec<Syntax> = readers.map(|(name, _)| *name).collect();
    let distinct: BTreeSet<Syntax> = readers.iter().copied().collect();
    assert_eq!(distinct.len(), readers.len(), "a statement has two readers");
    let statements: BTreeSet<Syntax> = language().statements().into_iter().collect();
    assert_eq!(distinct, statements);
    for name in RUNNING.into_iter().chain(USING) {
        assert!(statements.contains(&name), "{name:?}");
    }
}

#[test]
fn what_postgresql_accepts_is_accepted() {
    for text in [
        "SELECT 'a'\n  'b'",
        "SELECT U&'d!0061' UESCAPE '!'",
        "SELECT x ISNULL, a |>> b, (c).*, f(d => 1), -1e-5, a=-1, a AS select",
        "SELECT 1 end",
        "SELECT a FROM t ORDER BY a USING < FETCH FIRST ROW WITH TIES",
        "SELECT json_array(SELECT 1), json '1'",
        "TABLE t",
        "WITH RECURSIVE a (n) AS (VALUES (1)) SEARCH DEPTH FIRST BY n SET o SELECT 1 FROM a",
        "UPDATE t SET a[1] = 2, b.c = DEFAULT",
        "CREATE TABLE t (LIKE u INCLUDING ALL, a int)",
        "CREATE TABLE t (a text STORAGE external COMPRESSION lz4 COLLATE \"C\" NOT NULL NO INHERIT)",
        "CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s START 5))",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) VIRTUAL)",
        "CREATE TABLE t (a int, CONSTRAINT c NOT NULL a, UNIQUE (a) WITH (fillfactor = 70))",
        "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES u ON DELETE SET NULL (a))",
        "CREATE TABLE t OF y (a WITH OPTIONS PRIMARY KEY) TABLESPACE x",
        "CREATE TABLE t (a int) USING heap",
        "CREATE INDEX ON ONLY t USING brin (a c.ops (n = 16) NULLS LAST) TABLESPACE x",
        "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID",
        "ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE INITIALLY DEFERRED",
        "ALTER TABLE t ALTER a SET (n_distinct = -0.5), ALTER a SET STORAGE external, CLUSTER ON i",
        "ALTER TABLE t ALTER a DROP EXPRESSION IF EXISTS, ALTER a SET STATISTICS 500",
        "ALTER TABLE t ALTER a SET GENERATED BY DEFAULT RESTART WITH 5",
        "ALTER TABLE t ALTER a TYPE text COLLATE \"C\" USING a::text",
        "ALTER TABLE t SET SCHEMA x",
        "CREATE VIEW v AS SELECT 1 WITH LOCAL CHECK OPTION",
        "CREATE MATERIALIZED VIEW v AS WITH a AS (SELECT 1) SELECT 1 FROM a WITH NO DATA",
        "CREATE TRIGGER g BEFORE UPDATE OF a OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION f('x')",
        "CREATE FUNCTION f(a int, OUT b text) LANGUAGE sql COST 5 BEGIN ATOMIC SELECT 1; END",
        "CREATE DOMAIN d AS int DEFAULT 1 NOT NULL CHECK (VALUE > 0)",
        "ALTER SEQUENCE s OWNED BY NONE INCREMENT BY -2",
        "CREATE CAST (a AS b) WITH FUNCTION f(a) AS IMPLICIT",
        "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
        "CREATE TRANSFORM FOR a LANGUAGE b (FROM SQL WITH FUNCTION f(internal))",
        "CREATE CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM f",
        "CREATE ACCESS METHOD a TYPE INDEX HANDLER f",
        "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c",
        "REASSIGN OWNED BY a TO b",
        "CREATE SCHEMA x CREATE TABLE t (a int)",
        "SET CONSTRAINTS ALL DEFERRED",
        "CHECKPOINT",
    ] {
        assert_eq!(wrong(text), None, "{text}");
    }
    let deep = format!("SELECT {}1{}", "(".repeat(60), ")".repeat(60));
    assert_eq!(wrong(&deep), None);
}

/// The place of the error is the one that PostgreSQL reports.
#[test]
fn what_postgresql_rejects_is_rejected_at_its_place() {
    for (text, place) in [
        ("ALTER SEQUENCE s nonsense", "nonsense"),
        ("ALTER TABLE t ADD COLUMN text NOT NULL", "NOT"),
        ("ALTER TABLE t MODIFY COLUMN a int", "MODIFY"),
        ("ALTER TABLE t CHANGE COLUMN a b int", "CHANGE"),
        ("ALTER TABLE t ALTER COLUMN a TYPE int USING", ""),
        ("CREATE TABLE t (a int AUTO_INCREMENT)", "AUTO_INCREMENT"),
        ("CREATE TABLE t (a int UNSIGNED)", "UNSIGNED"),
        ("CREATE TABLE t (PRIMARY KEY KEY (a))", "KEY"),
        ("CREATE TABLE t (a int) ENGINE=InnoDB", "ENGINE"),
        ("CREATE TABLE `t` (a int)", "`"),
        ("CREATE TABLE t (a int,)", ")"),
        ("DROP TABLE user", "user"),
        ("DROP INDEX i ON t", "ON"),
        ("INSERT OR REPLACE INTO t VALUES (1)", "OR"),
        ("REPLACE INTO t VALUES (1)", "REPLACE"),
        (
            "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1",
            "DUPLICATE",
        ),
        ("SELECT a FROM t LIMIT 1, 2", ","),
        ("SELECT a = b = c", "="),
        ("SELECT f() 'x'", "'x'"),
        ("SELECT 100_", "100_"),
        ("COMMENT ON TABLE t 'x'", "'x'"),
        ("VACUUM t,", ""),
        ("REINDEX t", "t"),
    ] {
        assert_eq!(wrong(text).as_deref(), Some(place), "{text}");
    }
}

/// On a thread with a stack like that of the compiler, unoptimized.
#[test]
fn what_is_nested_as_deeply_as_postgresql_takes_it_is_read() {
    use crate::lower::lower;
    use crate::statement::Change;
    let deep = |open: &str, inner: &str, close: &str| {
        format!(
            "SELECT {}{inner}{}",
            open.repeat(1_000),
            close.repeat(1_000)
        )
    };
    for text in [
        deep("(", "1", ")"),
        deep("f(", "1", ")"),
        deep("(SELECT ", "1", ")"),
        deep("CASE WHEN ", "true", " THEN 1 END"),
        deep("NOT ", "true", ""),
        format!(
            "SELECT 1 FROM {}t{}",
            "(".repeat(1_000),
            " CROSS JOIN u)".repeat(1_000)
        ),
    ] {
        let split = split(&text);
        let statement = lower(&text, &split.statements[0], "app");
        let change = statement.clauses.first().map(|clause| &clause.change);
        assert_eq!(change, Some(&Change::Query), "{}", &text[..40]);
    }
}

#[test]
fn escapes_are_checked() {
    for well in [
        r"SELECT E'\u0061 \U0001F600 \x61 \\u \'', E'\ud83d\ude00', U&'\0061 \+01F600 \\ \d83d\de00'",
        r#"SELECT 1 AS U&"d!0061" UESCAPE '!', U&'x\0061' UESCAPE '!', 'C:\u'"#,
    ] {
        assert_eq!(wrong(well), None, "{well}");
    }
    for bad in [
        r"SELECT E'\u061'",
        r"SELECT E'\U002FFFFF'",
        r"SELECT E'\ud83d'",
        r"SELECT E'\ud83dx\ude00'",
        r"SELECT E'\ude00'",
        r"SELECT U&'\061'",
        r"SELECT U&'\+0061'",
        r"SELECT U&'\0000'",
        r"SELECT U&'\d83d\0061'",
        r#"SELECT U&"\00""#,
        "SELECT U&'+0061' UESCAPE '+'",
    ] {
        assert!(wrong(bad).is_some(), "{bad}");
    }
}
