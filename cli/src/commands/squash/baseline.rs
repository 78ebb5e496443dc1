//! The text of a baseline: what many files did, in one transaction on an empty database.

use onward_analyzer::plan::{Migration, Step};
use onward_analyzer::source::Source;
use sha2::{Digest as _, Sha256};

/// Its name.
pub(super) const FILE: &str = "001_baseline.sql";

/// Written from the startup migrations that it stands for.
pub(super) fn text(migrations: &[&Migration], sources: &[Source]) -> String {
    let (first, last) = (migrations.first(), migrations.last());
    let version =
        |one: Option<&&Migration>| one.map_or_else(String::new, |m| m.version.to_string());
    let (first, last) = (version(first), version(last));
    let mut text = format!(
        "-- onward: replaces {first} to {last} as {}\n-- What {first} to {last} did one by one, as `onward squash` has put \
         it together. They are in squashed/.\n",
        digest(migrations)
    );
    for external in externals(migrations, sources) {
        text.push_str(&[external, "\n"].concat());
    }
    for migration in migrations {
        text.push_str(&["\n-- ", &migration.name, "\n"].concat());
        for statement in statements(&migration.step) {
            text.push_str(&[&statement, ";\n"].concat());
        }
    }
    text
}

/// As the ledger of a database is compared with it.
fn digest(migrations: &[&Migration]) -> String {
    let mut hash = Sha256::new();
    for migration in migrations {
        hash.update(migration.version.to_string());
        hash.update(hex(&migration.checksum));
    }
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Declarations of other schemas' objects, and the series that later files end; other directives are about findings or about
/// how each file ran.
fn externals<'s>(migrations: &[&Migration], sources: &'s [Source]) -> Vec<&'s str> {
    let is_one = |source: &&Source| migrations.iter().any(|one| one.version == source.version);
    let mut lines: Vec<&str> = sources
        .iter()
        .filter(is_one)
        .flat_map(|source| source.text.lines())
        .map(str::trim)
        .filter(|line| {
            line.starts_with("-- onward: external") || line.starts_with("-- onward: replace ")
        })
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// What a step does on a table that no session uses yet. What only makes it faster is left out.
fn statements(step: &Step) -> Vec<String> {
    match step {
        Step::Transaction(all) => all.iter().map(|one| one.sql.clone()).collect(),
        Step::BuildIndex { statement, .. }
        | Step::DropIndex { statement, .. }
        | Step::DetachPartition { statement, .. } => vec![plainly(&statement.sql)],
        Step::NonTransactional { statement, .. } => {
            let word = statement.sql.split_whitespace().next().unwrap_or_default();
            let is_upkeep = ["vacuum", "analyze", "reindex", "cluster"]
                .iter()
                .any(|upkeep| word.eq_ignore_ascii_case(upkeep));
            match is_upkeep {
                true => Vec::new(),
                false => vec![plainly(&statement.sql)],
            }
        }
        Step::Sequence(steps) => steps.iter().flat_map(statements).collect(),
    }
}

/// Without the word `CONCURRENTLY`, which does not run in a transaction. It stands before every name that could hold it,
/// or at the end.
fn plainly(sql: &str) -> String {
    const WORD: &str = "concurrently";
    let lower = sql.to_ascii_lowercase();
    let at = match lower.trim_end().ends_with(WORD) {
        true => lower.rfind(WORD),
        false => lower.find(WORD),
    };
    let Some(at) = at else {
        return sql.to_owned();
    };
    let (before, after) = sql.split_at(at);
    let after = after.get(WORD.len()..).unwrap_or_default();
    [before.trim_end(), after].concat()
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_the_keyword_goes() {
        for (sql, plain) in [
            (
                "CREATE INDEX CONCURRENTLY i ON app.t (concurrently)",
                "CREATE INDEX i ON app.t (concurrently)",
            ),
            ("DROP INDEX concurrently app.i", "DROP INDEX app.i"),
            (
                "ALTER TABLE app.t DETACH PARTITION app.p CONCURRENTLY",
                "ALTER TABLE app.t DETACH PARTITION app.p",
            ),
            ("CREATE TABLE app.t (a int)", "CREATE TABLE app.t (a int)"),
        ] {
            assert_eq!(super::plainly(sql), plain);
        }
    }
}
