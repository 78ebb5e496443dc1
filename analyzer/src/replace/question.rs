//! Whether old and new columns are equal in every row, asked of a server before the old one is dropped.

use crate::intake::directive::Series;
use crate::intake::file_name::Category;
use crate::intake::parsed::Parsed;
use crate::precondition::{Precondition, Question};
use crate::replace::found::fills;
use crate::replace::pair::{Pair, Row};
use crate::schema::Schema;
use crate::statement::Change;
use crate::statement::to_sql::quote_name;
use crate::text::quote::quote_ident;

/// For each file that ends a series: that no row differs, with the query that lists those which do.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let files = [
///     ("001_a.sql", "CREATE TABLE shop.a (id bigint PRIMARY KEY, old text);"),
///     ("002_a.sql", "-- onward: replace shop.a.old with new using (old) back (new)\nALTER TABLE shop.a ADD new text;"),
///     ("100_a.sql", "-- onward: replace shop.a.old ends\nALTER TABLE shop.a DROP COLUMN old;"),
/// ];
/// let all = analyze(Module::in_memory("shop", files)).agreements;
/// assert_eq!(all[0].demand, "every row of shop.a has the same value in old and new");
/// ```
#[must_use]
pub(crate) fn agreements(parsed: &Parsed) -> Vec<Precondition> {
    let Parsed { module, files } = parsed;
    let mut all = Vec::new();
    if { files.iter() }.all(|file| file.declared.replace_ends.is_empty()) {
        return all;
    }
    let mut schema = Schema::new(&module.schema).on(module.settings.min_pg);
    let mut open: Vec<&Series> = Vec::new();
    let mut filled: Vec<(usize, &Series)> = Vec::new();
    for (source, (read, file)) in module.sources.iter().zip(files).enumerate() {
        open.extend(&file.declared.replace);
        let ended = &file.declared.replace_ends;
        for statement in &file.statements {
            if read.version.category == Category::Data {
                let fills = open.iter().filter(|series| fills(statement, series));
                filled.extend(fills.map(|series| (source, *series)));
            }
            for clause in &statement.clauses {
                let Change::DropColumn { table, column, .. } = &clause.change else {
                    continue;
                };
                let is_it = |series: &&Series| series.table == *table && series.column == *column;
                let series = { open.iter().copied() }
                    .find(is_it)
                    .filter(|_| ended.contains(&(table.clone(), column.clone())));
                let question = series.and_then(|series| differing(&schema, series));
                let changed_by = filled.iter().filter(|(_, one)| series == Some(*one));
                let changed_by: Vec<usize> = changed_by.map(|(source, _)| *source).collect();
                all.extend(question.map(|(demand, sql)| Precondition {
                    source,
                    span: clause.span.clone(),
                    table: table.clone(),
                    demand,
                    question: Question::NoRow(sql),
                    changed_by: changed_by.clone(),
                }));
            }
            schema.run(source, statement);
        }
        schema.end_file();
    }
    all
}

/// What has to hold, and the rows for which it does not.
fn differing(schema: &Schema, series: &Series) -> Option<(String, String)> {
    let pair = Pair::of(schema, series)?;
    let key = pair
        .table
        .primary_key()
        .iter()
        .filter_map(|id| pair.table.name_of(*id));
    let key: Vec<&str> = key.collect();
    let table = quote_name(&series.table);
    let demand = format!(
        "every row of {} has the same value in {} and {}",
        series.table,
        series.column,
        series.successors()
    );
    let list = |side: &str| match key.as_slice() {
        [] => format!("{side}tableoid::regclass, {side}ctid"),
        names => {
            let names = names
                .iter()
                .map(|name| format!("{side}{}", quote_ident(name)));
            names.collect::<Vec<_>>().join(", ")
        }
    };
    let Some(moved) = &series.moved else {
        let sql = format!(
            "SELECT {} FROM {table} WHERE {}",
            list(""),
            pair.differs(Row::Stored)
        );
        return Some((demand, sql));
    };
    let on = key
        .iter()
        .zip(&moved.by)
        .map(|(own, by)| format!("second.{} = first.{}", quote_ident(by), quote_ident(own)));
    let sql = format!(
        "SELECT {} FROM {table} AS first LEFT JOIN {} AS second ON {} WHERE {}",
        list("first."),
        quote_name(&moved.table),
        on.collect::<Vec<_>>().join(" AND "),
        pair.differs(Row::Joined)
    );
    Some((demand, sql))
}
