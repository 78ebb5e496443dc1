//! How the verbs answer that add lines to a ledger.

use std::io::Write;

use onward::Error;
use onward::operator::Recorded;

use crate::failure::FailureJson;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, error_chain, operator, write_json};

/// Prints what the ledger says now, or why it says nothing new.
pub(super) fn answer(
    result: &Result<Recorded, Error>,
    format: Format,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    match (result, format) {
        (Ok(recorded), Format::Text) => writeln!(out, "{recorded}")?,
        (Ok(recorded), Format::Json) => write_json(out, &operator::recorded(recorded))?,
        (Err(error), _) => return refused(error, format, out, err),
    }
    Ok(Outcome::Good)
}

/// Prints why a run was refused, or failed.
pub(super) fn refused(
    error: &Error,
    format: Format,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    if format == Format::Json {
        write_json(out, &FailureJson::of_run(error))?;
    }
    error_chain(err, error)?;
    Ok(Outcome::Refused)
}
