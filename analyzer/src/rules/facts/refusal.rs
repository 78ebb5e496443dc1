//! What PostgreSQL refuses for certain, as a message.

use std::fmt::Display;
use std::ops::Range;

use crate::check::rule::SpannedMessage;
use crate::finding::Message;

/// `error` is PostgreSQL's reason with its SQLSTATE in brackets.
pub(in crate::rules) fn refused(
    span: &Range<usize>,
    what: impl Into<String>,
    error: impl Display,
    help: impl Into<String>,
) -> SpannedMessage {
    let why = format!("PostgreSQL refuses the statement: {error}");
    (span.clone(), Message::new(what, why, help))
}
