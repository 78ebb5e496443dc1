//! The statements of a script that the runner sends itself, or that belong to the other tool's own table.

use onward_analyzer::split::split;

use crate::adopt::files::{Migration, Problem};
use crate::adopt::tool::Tool;

/// What becomes of a statement.
enum Fate {
    Stays,
    /// It goes, for this reason.
    Goes(&'static str),
    Refused(&'static str),
}

/// Leaves out transaction control, and what fills the tool's own table.
pub(crate) fn without_the_tools(tool: Tool, migration: &mut Migration) -> Result<(), Problem> {
    if tool == Tool::Rails {
        without_psql(migration);
    }
    let text = std::mem::take(&mut migration.text);
    let mut kept = String::with_capacity(text.len());
    let mut done = 0;
    for statement in &split(&text).statements {
        let words = words(&text[statement.span.clone()]);
        match fate(tool, &words) {
            Fate::Stays => {}
            Fate::Refused(what) => return Err(Problem::new(&migration.from, what)),
            Fate::Goes(why) => {
                let why = why.to_owned();
                if !migration.changes.contains(&why) {
                    migration.changes.push(why);
                }
                kept.push_str(&text[done..statement.span.start]);
                let rest = &text[statement.span.end..];
                let after = rest.trim_start_matches([' ', '\t', '\r', '\n']);
                let after = after.strip_prefix(';').unwrap_or(rest);
                let after = after.trim_start_matches([' ', '\t', '\r']);
                let after = after.strip_prefix('\n').unwrap_or(after);
                done = text.len() - after.len();
            }
        }
    }
    kept.push_str(text.get(done..).unwrap_or_default());
    migration.text = kept;
    Ok(())
}

/// Whether a text has a statement.
pub(crate) fn runs_something(text: &str) -> bool {
    !split(text).statements.is_empty()
}

/// The scripts of one migration each, out of one that has many, at the lines that EF Core writes into its table.
pub(crate) fn migrations_of(script: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut start = 0;
    for statement in &split(script).statements {
        let sql = &script[statement.span.clone()];
        if !is_history_of_ef(&words(sql)) {
            continue;
        }
        let Some(id) = sql.split('\'').nth(1) else {
            continue;
        };
        all.push((
            id.to_owned(),
            script[start..statement.span.start].to_owned(),
        ));
        let rest = &script[statement.span.end..];
        let rest = rest.trim_start().strip_prefix(';').unwrap_or(rest);
        start = script.len() - rest.len();
    }
    all
}

fn is_history_of_ef(words: &[String]) -> bool {
    let [first, second, table, ..] = words else {
        return false;
    };
    first == "INSERT" && second == "INTO" && table.contains("__EFMIGRATIONSHISTORY")
}

/// The first words of a statement, in upper case.
fn words(sql: &str) -> Vec<String> {
    let words = sql.split(|c: char| c.is_whitespace() || c == '(' || c == ';');
    let words = words.filter(|word| !word.is_empty()).take(7);
    words.map(str::to_ascii_uppercase).collect()
}

fn fate(tool: Tool, words: &[String]) -> Fate {
    const TRANSACTION: &str = "without BEGIN and COMMIT, which the runner sends";
    const OWN_TABLE: &str = "without what belongs to the tool's own table";
    const SETTINGS: &str = "without the settings of the session, which the runner sets";
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["COMMIT" | "ROLLBACK", "PREPARED", ..] | ["PREPARE", "TRANSACTION", ..] => {
            Fate::Refused("it has a prepared transaction: take it apart by hand")
        }
        ["ROLLBACK" | "ABORT" | "SAVEPOINT" | "RELEASE", ..] => {
            Fate::Refused("it rolls back what it does, in part or in whole: take that out by hand")
        }
        ["BEGIN" | "COMMIT" | "END", ..] | ["START", "TRANSACTION", ..] => Fate::Goes(TRANSACTION),
        ["SET", ..] | ["SELECT", "PG_CATALOG.SET_CONFIG", ..] if tool == Tool::Rails => {
            Fate::Goes(SETTINGS)
        }
        _ if own_tables(tool).iter().any(|own| is_about(&words, own)) => Fate::Goes(OWN_TABLE),
        _ => Fate::Stays,
    }
}

/// The tables in which a tool keeps what it has applied, where its scripts name them.
const fn own_tables(tool: Tool) -> &'static [&'static str] {
    match tool {
        Tool::EfCore => &["__EFMIGRATIONSHISTORY"],
        Tool::Rails => &["SCHEMA_MIGRATIONS", "AR_INTERNAL_METADATA"],
        Tool::Sqlx
        | Tool::Refinery
        | Tool::Diesel
        | Tool::Flyway
        | Tool::Goose
        | Tool::GolangMigrate
        | Tool::Dbmate
        | Tool::None => &[],
    }
}

/// Whether a statement creates, alters or fills the table.
fn is_about(words: &[&str], table: &str) -> bool {
    let is_table = |word: &&str| {
        let name = word.rsplit('.').next().unwrap_or(word);
        name.trim_matches(['"', ';']) == table
    };
    matches!(
        words,
        ["CREATE" | "ALTER", "TABLE", ..] | ["INSERT", "INTO", ..]
    ) && words.iter().any(is_table)
}

/// `pg_dump` writes commands of psql around its script.
fn without_psql(migration: &mut Migration) {
    let lines = migration.text.split_inclusive('\n');
    let kept: String = lines.filter(|line| !line.starts_with('\\')).collect();
    if kept.len() < migration.text.len() {
        migration.text = kept;
        migration
            .changes
            .push("without commands of psql".to_owned());
    }
}
