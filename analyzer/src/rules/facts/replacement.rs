//! The series that replace columns, as far as they go before and in a file.

use std::ops::Range;

use crate::check::context::FileContext;
use crate::intake::directive::{Directive, Series};
use crate::intake::file_name::{Category, Version};
use crate::replace::{Pair, copiers, fills, trigger};
use crate::statement::{Change, CreateTrigger, Name, ObjectKind, Statement};

/// A series that an earlier file has begun, and that none has ended.
pub(in crate::rules) struct Open<'a> {
    pub(in crate::rules) series: &'a Series,
    /// The last data migration that fills the new columns.
    pub(in crate::rules) filled_by: Option<Version>,
}

/// The series that are open where the file begins.
pub(in crate::rules) fn open<'a>(context: &FileContext<'a>) -> Vec<Open<'a>> {
    let mut all: Vec<Open<'a>> = Vec::new();
    for (source, file) in context.sources.iter().zip(context.before) {
        all.extend(file.declared.replace.iter().map(|series| Open {
            series,
            filled_by: None,
        }));
        all.retain(|one| !ends(&file.declared.replace_ends, one.series));
        let is_data = source.version.category == Category::Data;
        for one in all.iter_mut().filter(|_| is_data) {
            if file
                .statements
                .iter()
                .any(|statement| fills(statement, one.series))
            {
                one.filled_by = Some(source.version);
            }
        }
    }
    all
}

/// Whether one of these columns is the old one of the series.
pub(in crate::rules) fn ends(columns: &[(Name, String)], series: &Series) -> bool {
    columns
        .iter()
        .any(|(table, column)| *table == series.table && *column == series.column)
}

/// The series that begin with the file, each with the place of its directive.
pub(in crate::rules) fn begun<'a>(
    context: &FileContext<'a>,
) -> impl Iterator<Item = (Range<usize>, &'a Series)> {
    context
        .read
        .directives
        .iter()
        .filter_map(|placed| match &placed.directive {
            Directive::Replace(series) => Some((placed.span.clone(), &**series)),
            _ => None,
        })
}

/// The same with their columns in the schema, of those whose columns are known.
pub(in crate::rules) fn pairs<'a>(
    context: &FileContext<'a>,
) -> impl Iterator<Item = (Range<usize>, Pair<'a>)> {
    let schema = context.schema;
    begun(context).filter_map(move |(span, series)| Some((span, Pair::of(schema, series)?)))
}

/// Whether the trigger belongs to a series that begins with the file.
pub(in crate::rules) fn is_its_trigger(context: &FileContext<'_>, create: &CreateTrigger) -> bool {
    let mut series = context.read.declared.replace.iter();
    series.any(|series| {
        let mut copiers = copiers(series).into_iter();
        copiers.any(|(function, _)| function == create.function)
    })
}

const FAILS: &str = "each write of the table runs the trigger, and fails when the column is gone: record \"new\" has no field (42703)";
const FAILS_THERE: &str = "each write of that table runs the trigger, and fails when the column is gone: column does not exist (42703)";

/// Whether the file has such a change.
fn has(context: &FileContext<'_>, is: &dyn Fn(&Change) -> bool) -> bool {
    let statements = context.statements.iter();
    let mut clauses = statements.flat_map(|statement: &Statement| &statement.clauses);
    clauses.any(|clause| is(&clause.change))
}

/// The triggers and functions of a series that the file does not drop.
fn left_behind(context: &FileContext<'_>, series: &Series) -> Vec<(String, &'static str)> {
    let table = context.schema.relation(&series.table);
    let named = table.map(|table| trigger(series, table));
    let mut all = Vec::new();
    for (function, table) in copiers(series) {
        let of_function = |change: &Change| matches!(change, Change::Drop { kind: ObjectKind::Function | ObjectKind::Routine, name, .. } if *name == function);
        let of_trigger = |change: &Change| {
            matches!(change, Change::Drop { kind: ObjectKind::Trigger, name, part: Some(part), .. }
                if name == table && named.as_ref() == Some(part))
        };
        let cascades = |change: &Change| {
            of_function(change) && matches!(change, Change::Drop { cascade: true, .. })
        };
        if !has(context, &of_trigger) && !has(context, &cascades) {
            let (of, fails) = match *table == series.table {
                true => ("its trigger".to_owned(), FAILS),
                false => (format!("the trigger of {table}"), FAILS_THERE),
            };
            all.push((
                format!("the file drops {} and leaves {of}", series.old()),
                fails,
            ));
        }
        if !has(context, &of_function) {
            all.push((
                format!(
                    "the file drops {} and leaves the function {function}",
                    series.old()
                ),
                "it stays behind, and nothing calls it",
            ));
        }
    }
    all
}

/// What the file that ends a series lacks, each as what is missing and why that matters.
pub(in crate::rules) fn lacks(
    context: &FileContext<'_>,
    open: &Open<'_>,
) -> Vec<(String, &'static str)> {
    let series = open.series;
    let mut all = Vec::new();
    match open.filled_by {
        None => all.push((
            format!("no data migration fills {} before {} is dropped", series.successors(), series.old()),
            "rows that were there before the trigger have no value in the new column, and the old one is gone",
        )),
        Some(version) if !context.read.declared.requires.contains(&version) => all.push((
            format!("the file drops {} and does not require {version}, which fills {}", series.old(), series.successors()),
            "a release runs it while rows have no value in the new column yet: their values would be lost",
        )),
        Some(_) => {}
    }
    let column = |change: &Change| matches!(change, Change::DropColumn { table, column, .. } if *table == series.table && *column == series.column);
    if !has(context, &column) {
        all.push((
            format!("the series of {} ends here, and the file does not drop the column", series.old()),
            "what a series begins ends in one transaction: the trigger, its function and the column",
        ));
        return all;
    }
    all.extend(left_behind(context, series));
    if context.read.declared.transaction_none {
        all.push((
            format!("{} is dropped outside a transaction", series.old()),
            FAILS,
        ));
    }
    all
}

/// Whether the file ends the series of the column, in which everything holds: code has another column by now.
pub(in crate::rules) fn is_replaced(context: &FileContext<'_>, table: &Name, column: &str) -> bool {
    let ends = context.read.declared.replace_ends.iter();
    let mut ends = ends.filter(|(of, old)| of == table && old == column);
    ends.next().is_some()
        && open(context).iter().any(|one| {
            one.series.table == *table
                && one.series.column == column
                && lacks(context, one).is_empty()
        })
}
