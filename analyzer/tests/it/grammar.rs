//! Each statement of `cases/grammar` is accepted, or refused at the place that PostgreSQL reports.

use onward_analyzer::lower::lower;
use onward_analyzer::split::split;
use onward_analyzer::statement::Change;
use onward_cases::grammar::{accepted, rejected};

#[test]
fn every_statement_that_postgresql_accepts_is_accepted() {
    let mut wrong = Vec::new();
    for row in accepted() {
        let split = split(row.sql);
        let [raw] = split.statements.as_slice() else {
            panic!("{} is {} statements", row.sql, split.statements.len());
        };
        let statement = lower(row.sql, raw, "");
        let outline = format!("{} {}", statement.kind(), statement.objects().join(", "));
        let version = statement.needs.map_or(15, |needs| needs.version);
        let found = (version, outline.trim_end());
        if found != (row.version, row.outline) {
            wrong.push(format!("{}\n    is {found:?}", row.sql));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_statement_that_postgresql_refuses_is_refused_at_the_same_place() {
    let mut wrong = Vec::new();
    for row in rejected() {
        let split = split(row.sql);
        let statement = lower(row.sql, &split.statements[0], "");
        let place = match statement.clauses.as_slice() {
            [clause] if matches!(clause.change, Change::Unknown { .. }) => {
                &row.sql[clause.span.clone()]
            }
            _ => "accepted",
        };
        if place != row.place {
            wrong.push(format!("{}\n    at `{place}`", row.sql));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// PostgreSQL checks these beside its grammar: it refuses them at another place or at none, some of them only
/// when they run.
const REFUSED_BESIDE_THE_GRAMMAR: [&str; 8] = [
    "CREATE OR REPLACE CONSTRAINT TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "DROP TABLE a.b.c.d",
    "COMMENT ON COLUMN a.b.c.d.e IS 'x'",
    "SELECT 1 FETCH FIRST 2 ROWS WITH TIES",
    "(SELECT a FROM t LIMIT 1) LIMIT 2",
    "((SELECT 1 LIMIT 1)) LIMIT 2",
    "WITH a AS (SELECT 1) (WITH b AS (SELECT 2) SELECT 1)",
    "(SELECT a FROM t ORDER BY a) ORDER BY b",
];

#[test]
fn what_postgresql_refuses_beside_its_grammar_is_refused() {
    for sql in REFUSED_BESIDE_THE_GRAMMAR {
        let split = split(sql);
        let statement = lower(sql, &split.statements[0], "");
        let [clause] = statement.clauses.as_slice() else {
            panic!("{sql} is taken for several clauses");
        };
        assert!(matches!(clause.change, Change::Unknown { .. }), "{sql}");
    }
}

/// The first releases of 15 and 16 refuse it; later minor releases accept it, so no server is asked.
#[test]
fn an_unlogged_option_of_a_sequence_needs_postgresql_17() {
    let sql = "CREATE SEQUENCE s UNLOGGED";
    let statement = lower(sql, &split(sql).statements[0], "");
    assert_eq!(statement.needs.map(|needs| needs.version), Some(17));
}
