//! The gate before an old column is dropped: the new one has its value in every row.

use std::io::Write;

use onward::{Category, Status};
use onward_analyzer::replace::agreement;
use tokio_postgres::Client;

use super::Release;
use crate::bridge::Seen;
use crate::failure::FailureJson;
use crate::live::{Answer, ask, listing};
use crate::module::Module;
use crate::outcome::CouldNotRun;
use crate::output::{Format, count, write_json};

/// Whether old and new columns are equal, as far as the role may see the rows. Asked of those that a pending file drops.
pub(super) async fn is_agreed(
    command: &Release,
    client: &Client,
    status: &Status,
    (out, err): (&mut impl Write, &mut impl Write),
) -> Result<bool, CouldNotRun> {
    // A program that has its plans does not have the model, which knows the columns.
    let Module::Folder(folder) = &command.folder else {
        return Ok(true);
    };
    let module = Seen::of(folder)?;
    let Some(read) = &module.read else {
        return Ok(true);
    };
    let pending = status.pending(Category::Release);
    let pending: Vec<&str> = pending.map(|file| file.name).collect();
    let mut lines = Vec::new();
    for question in agreement(read) {
        let name = read
            .sources
            .get(question.source)
            .map_or("", |source| source.name.as_str());
        if !pending.contains(&name) {
            continue;
        }
        let answered = ask(client, question, module.plan.schema())
            .await
            .map_err(CouldNotRun::Live)?;
        let demand = &answered.precondition.demand;
        match &answered.answer {
            Answer::Holds => writeln!(err, "{name}: {demand}")?,
            Answer::Fails { rows, more } => {
                let least = if *more { "more than " } else { "" };
                lines.push(format!(
                    "{name}: {least}{} in which both differ: {}",
                    count(*rows, "row"),
                    listing(&answered.precondition)
                ));
            }
            Answer::NotYet => {}
            Answer::NoRight
            | Answer::TooLong
            | Answer::Refused { .. }
            | Answer::DoesNotConvert { .. } => writeln!(
                err,
                "note: {name}: it is not known that {demand}; ask as a role that sees all rows: {}",
                listing(&answered.precondition)
            )?,
        }
    }
    if lines.is_empty() {
        return Ok(true);
    }
    let refused = format!(
        "{}: nothing was done, because a column would be dropped whose values its successor does not have",
        module.plan.schema()
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
