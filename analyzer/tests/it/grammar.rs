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
