//! The gate before a release: the schema is what its migrations were judged on.

use std::io::Write;

use onward::{Category, Plan, Status};
use tokio_postgres::Client;

use super::Release;
use crate::census::{CensusError, Wanted, compare};
use crate::connect::Target;
use crate::failure::FailureJson;
use crate::outcome::CouldNotRun;
use crate::output::{Format, difference, write_json};

/// Whether the schema is what the release migrations were judged on. Asked when some are pending, and of a role that may
/// create a scratch database.
pub(super) async fn is_as_expected(
    command: &Release,
    (target, live): (&Target, &Client),
    plan: &Plan,
    status: &Status,
    (out, err): (&mut impl Write, &mut impl Write),
) -> Result<bool, CouldNotRun> {
    if status.pending(Category::Release).next().is_none() {
        return Ok(true);
    }
    if let Some(reason) = &command.no_schema_check {
        writeln!(
            err,
            "note: the schema is not compared with the files: {reason}"
        )?;
        return Ok(true);
    }
    let wanted = Wanted {
        plans: &[*plan],
        live,
        scratch: &command.scratch.target(target)?,
        role: command.server.role(),
        beside: None,
    };
    let compared = match compare(&wanted).await {
        Ok(compared) => compared,
        Err(error @ (CensusError::NoRight(_) | CensusError::Foreign { .. })) => {
            writeln!(
                err,
                "note: the schema is not compared with the files: {error}"
            )?;
            return Ok(true);
        }
        Err(error) => return Err(error.into()),
    };
    let different: Vec<_> = compared.iter().flat_map(|one| &one.differences).collect();
    if different.is_empty() {
        return Ok(true);
    }
    let lines: Vec<String> = different.into_iter().map(difference::line).collect();
    let refused = format!(
        "{}: nothing was done, because the schema is not as its migrations left it. Mend it, or repeat the command with \
         `--no-schema-check <reason>`",
        plan.schema()
    );
    if command.format == Format::Json {
        write_json(out, &FailureJson::of_schema(refused.clone(), &lines))?;
    }
    writeln!(err, "error: {refused}")?;
    lines
        .iter()
        .try_for_each(|line| writeln!(err, "  {line}"))?;
    Ok(false)
}
