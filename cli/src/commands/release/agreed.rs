//! The gate before an old column is dropped: the new one has its value in every row. It is asked before the operator is, and
//! the run does not ask again what was answered here.

use std::io::Write;

use onward::plan::Agreement;
use onward::{Category, Plan, Status};
use onward_analyzer::precondition::Question;
use tokio_postgres::Client;

use super::Release;
use crate::failure::FailureJson;
use crate::live::{Answer, ask};
use crate::outcome::CouldNotRun;
use crate::output::{Format, count, write_json};

/// What holds of the columns that a pending file drops; `None` when a row differs, which is printed. What the server could
/// not answer is left to the run, which asks as its own role and for as long as it takes.
pub(super) async fn agreed(
    command: &Release,
    client: &Client,
    plan: &Plan,
    status: &Status,
    (out, err): (&mut impl Write, &mut impl Write),
) -> Result<Option<Vec<&'static Agreement>>, CouldNotRun> {
    let pending = status.pending(Category::Release);
    let pending: Vec<&str> = pending.map(|file| file.name).collect();
    let (mut agreed, mut lines) = (Vec::new(), Vec::new());
    let asked = plan.agreements().iter();
    for one in asked.filter(|one| pending.contains(&one.migration)) {
        let (name, demand, query) = (one.migration, one.demand, one.rows);
        let question = Question::NoRow(query.to_owned());
        let answer = ask(client, &question, plan.schema())
            .await
            .map_err(CouldNotRun::Live)?;
        match &answer {
            Answer::Holds => {
                agreed.push(one);
                writeln!(err, "{name}: {demand}")?;
            }
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
        return Ok(Some(agreed));
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
    Ok(None)
}
