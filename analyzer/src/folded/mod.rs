//! One SQL file that creates the schema as all migrations together leave it, for a review of the result.
//!
//! A table is written as it is in the end, with the columns that later files added and without those they dropped. What
//! the model does not fold, such as a view, is written as the last statement about it. Where a module has statements
//! that are not folded at all, such as a rename or a `DO` block, the file has all of its statements in order: it is
//! longer, and it creates the same schema.

mod foldable;
mod order;
mod table;
mod units;

use crate::intake::file_name::Category;
use crate::intake::module::Module;
use crate::lower::lower;
use crate::schema::Schema;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Name, ObjectKind, Scope, Statement};
use crate::text::quote::quote_ident;
use crate::text::split::split;

use self::foldable::is_foldable;
use self::order::in_order;
use self::units::Units;

/// A statement of a file, where it stands.
struct Placed<'a> {
    file: usize,
    text: &'a str,
    statement: Statement,
}

/// The SQL that creates the schema of a module on an empty server. Rows are no part of it.
///
/// ```
/// use onward_analyzer::folded::script;
/// use onward_analyzer::{analyze, source::Module};
///
/// let files = [
///     ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY, old text);"),
///     ("002_a.sql", "ALTER TABLE auth.a ADD COLUMN name text, DROP COLUMN old;"),
/// ];
/// let sql = script(&analyze(Module::in_memory("auth", files)).module);
/// assert!(sql.contains("CREATE TABLE auth.a (\n    id bigint NOT NULL,\n    name text,\n"));
/// assert!(!sql.contains("old"));
/// ```
#[must_use]
pub fn script(module: &Module) -> String {
    let mut schema = Schema::new(&module.schema).on(module.settings.min_pg);
    let mut all: Vec<Placed<'_>> = Vec::new();
    for (file, source) in module.sources.iter().enumerate() {
        let is_schema = match source.version.category {
            Category::Startup | Category::Release => true,
            Category::Seed | Category::Data => false,
        };
        let mut scope = Scope::from(module.schema.as_str());
        for raw in split(&source.text).statements.iter().filter(|_| is_schema) {
            let statement = lower(&source.text, raw, &scope);
            scope.follow(&statement);
            schema.run(file, &statement);
            let text = source.text.get(raw.span.clone()).unwrap_or_default();
            all.push(Placed {
                file,
                text,
                statement,
            });
        }
        schema.end_file();
    }
    all.retain(|one| !changes_rows_only(&one.statement));
    let body = match all.iter().all(|one| is_foldable(&one.statement, &schema)) {
        true => in_order(Units::of(&all, &schema).written()),
        false => all.iter().map(|one| plain(one.text)).collect(),
    };
    head(&module.schema)
        + &body
            .iter()
            .map(|sql| format!("\n{sql};\n"))
            .collect::<String>()
}

fn head(schema: &str) -> String {
    format!(
        "-- The schema of this module as all of its migrations leave it, written by `onward schema`.\n\
         SET check_function_bodies = off;\n\
         CREATE SCHEMA IF NOT EXISTS {schema};\n\
         SET search_path = {schema}, pg_temp;\n",
        schema = quote_ident(schema)
    )
}

fn changes_rows_only(statement: &Statement) -> bool {
    let mut changes = statement.clauses.iter().map(|one| &one.change);
    changes.all(|change| {
        matches!(
            change,
            Change::Insert(_)
                | Change::Update(_)
                | Change::Delete(_)
                | Change::Merge(_)
                | Change::Truncate { .. }
                | Change::Query
                | Change::RefreshView { .. }
                | Change::Lock { .. }
                | Change::Other { ddl: false, .. }
        )
    })
}

/// A statement as it runs on an empty server: nothing is concurrent there.
fn plain(text: &str) -> String {
    let tokens = crate::text::split::tokens(text);
    let word = tokens.iter().take(6).map(|token| token.span());
    let mut concurrently = word.filter(|span| {
        let word = text.get(span.clone()).unwrap_or_default();
        word.eq_ignore_ascii_case("concurrently")
    });
    match concurrently.next() {
        Some(span) => {
            let (before, after) = (text.get(..span.start), text.get(span.end..));
            format!(
                "{}{}",
                before.unwrap_or_default(),
                after.unwrap_or_default().trim_start()
            )
        }
        None => text.to_owned(),
    }
}

/// What a name can be found by in a text: with its schema.
fn written(name: &Name) -> String {
    quote_name(name)
}

/// Whether the schema has this in the end, as far as it is known.
fn remains(schema: &Schema, kind: ObjectKind, name: &Name, part: Option<&str>) -> bool {
    schema.exists(kind, name, part) != crate::schema::Answer::No
}

#[cfg(test)]
mod tests;
