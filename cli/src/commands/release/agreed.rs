//! The gate before an old column is dropped: the new one has its value in every row.

use std::io::Write;

use onward::{Category, Plan, Status};
use onward_analyzer::precondition::Question;
use tokio_postgres::Client;

use super::Release;
use crate::failure::FailureJson;
use crate::live::{Answer, ask};
use crate::outcome::CouldNotRun;
use crate::output::{Format, count, write_json};

/// Whether old and new columns are equal, as far as the role may see the rows. Asked of those that a pending file drops.
pub(super) async fn is_agreed(
    command: &Release,
    client: &Client,
    plan: &Plan,
    status: &Status,
    (out, err): (&mut impl Write, &mut impl Write),
) -> Result<bool, CouldNotRun> {
    let pending = status.pending(Category::Release);
    let pending: Vec<&str> = pending.map(|file| file.name).collect();
    let mut lines = Vec::new();
    let asked = plan.agreements().iter();
    for one in asked.filter(|one| pending.contains(&one.migration)) {
        let (name, demand, query) = (one.migration, one.demand, one.rows);
        let question = Question::NoRow(query.to_owned());
        let answer = ask(client, &question, plan.schema())
            .await
            .map_err(CouldNotRun::Live)?;
        match &answer {
            Answer::Holds => writeln!(err, "{name}: {demand}")?,
            Answer::Fails { rows, more } => {
                let least = if *more { "more than " } else { "" };
                lines.push(format!(
                    "{name}: {least}{} in which both differ: {query}",
                    count(*rows, "row")
                ));
            }
            Answer::NotYet => {}
            Answer::NoRight
            | Answer::TooLong
            | Answer::Refused { .. }
            | Answer::DoesNotConvert { .. } => writeln!(
                err,
                "note: {name}: it is not known that {demand}; ask as a role that sees all rows: {query}"
            )?,
        }
    }
    if lines.is_empty() {
        return Ok(true);
    }
    let refused = format!(
        "{}: nothing was done, because a column would be dropped whose values its successor does not have",
        plan.schema()
    );
    if command.format == Format::Json {
        write_json(out, &FailureJson::of_rows(refused.clone(), &lines))?;
    }
    writeln!(err, "error: {refused}")?;
    lines
        .iter()
        .try_for_each(|line| writeln!(err, "  {line}"))?;
    Ok(false)
}
