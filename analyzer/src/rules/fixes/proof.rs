//! How columns become `NOT NULL` without a scan under `ACCESS EXCLUSIVE`.

use crate::check::context::Context;
use crate::finding::SuggestedFile;
use crate::intake::file_name::Category;
use crate::statement::Name;
use crate::text::quote::quote_ident;

/// The steps for the columns that may hold a null.
pub(in crate::rules) struct Proof {
    steps: Vec<(String, String)>,
    /// Whether existing rows may hold a null, because no default fills a column, or a data migration does.
    waits: bool,
    /// The data migration of the module that fills one of the columns.
    filled_by: Option<String>,
}

/// For those of the columns that are nullable in the module's files.
pub(in crate::rules) fn of(context: &Context<'_>, table: &Name, columns: &[String]) -> Proof {
    let nullable = columns.iter().filter(|column| {
        let known = context.schema.column(table, column);
        known.is_some_and(|known| !known.not_null) && !context.schema.proves_not_null(table, column)
    });
    let nullable: Vec<&String> = nullable.collect();
    of_nullable(context, table, &nullable)
}

/// For all of these columns.
pub(in crate::rules) fn of_nullable(
    context: &Context<'_>,
    table: &Name,
    columns: &[&String],
) -> Proof {
    let filled_by = columns
        .iter()
        .find_map(|column| context.filled_by(table, column));
    let is_filled = |column: &&&String| {
        let known = context.schema.column(table, column);
        known.is_some_and(|known| known.is_filled())
    };
    Proof {
        steps: columns
            .iter()
            .flat_map(|column| steps(context, table, column))
            .collect(),
        waits: filled_by.is_some() || !columns.iter().all(|column| is_filled(&column)),
        filled_by,
    }
}

impl Proof {
    pub(in crate::rules) fn is_needed(&self) -> bool {
        !self.steps.is_empty()
    }

    /// What the reader has to know about the files, behind the help.
    pub(in crate::rules) fn note(&self) -> &'static str {
        match (self.waits, &self.filled_by) {
            (false, _) => "",
            (true, Some(_)) => {
                "; an operator runs these release migrations after the data migration has finished and \
                 every instance writes the column"
            }
            (true, None) => {
                "; no default fills the column, so first deploy a release that always writes it, and fill \
                 the existing rows in a data migration; an operator then runs these release migrations: \
                 begin the first with `-- onward: requires DM...`"
            }
        }
    }

    /// The steps between other files. Where rows may hold a null they are release migrations: a startup
    /// migration would fail until every row has a value, and so would the INSERTs of the running release.
    pub(in crate::rules) fn files(
        self,
        context: &Context<'_>,
        before: Vec<(String, String)>,
        after: Vec<(String, String)>,
    ) -> Vec<SuggestedFile> {
        let all = [before, self.steps, after].concat();
        if self.waits && context.category() != Some(Category::Release) {
            return context.fix_by_an_operator(self.filled_by.as_deref(), &all);
        }
        context.fix(None, &all)
    }
}

/// The files that make a column `NOT NULL`. If the table has a check that proves it but is not validated
/// yet, the fix uses that check and needs no file that adds one.
pub(in crate::rules) fn steps(
    context: &Context<'_>,
    table: &Name,
    column: &str,
) -> Vec<(String, String)> {
    let title = format!("{}_{column}_not_null", table.name);
    let waiting = waiting(context, table, column);
    let name = quote_ident(waiting.as_ref().unwrap_or(&title));
    let (on, column) = (context.alter(table), quote_ident(column));
    let check = format!("{on} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID;");
    let check = waiting.is_none().then(|| (title.clone(), check));
    let rest = [
        (
            format!("validate_{title}"),
            format!("{on} VALIDATE CONSTRAINT {name};"),
        ),
        (
            format!("{title}_set"),
            format!("{on} ALTER COLUMN {column} SET NOT NULL;"),
        ),
    ];
    check.into_iter().chain(rest).collect()
}

/// The name of a check that would prove `NOT NULL` if it were validated.
fn waiting(context: &Context<'_>, table: &Name, column: &str) -> Option<String> {
    let relation = context.schema.relation(table)?;
    let mut checks = context.schema.checks_of_not_null(relation, column);
    let would = checks.find(|one| !one.valid && one.enforced)?;
    Some(would.name.clone())
}
