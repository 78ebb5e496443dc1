//! Rows of an answer, and what their columns say.

use std::time::Duration;

use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow};

pub(crate) fn row(message: &SimpleQueryMessage) -> Option<&SimpleQueryRow> {
    match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    }
}

pub(crate) fn text<'a>(row: &'a SimpleQueryRow, column: &str) -> Option<&'a str> {
    row.try_get(column).ok().flatten()
}

pub(crate) fn parsed<T: std::str::FromStr>(row: &SimpleQueryRow, column: &str) -> Option<T> {
    text(row, column)?.parse().ok()
}

pub(crate) fn flag(row: &SimpleQueryRow, column: &str) -> bool {
    text(row, column) == Some("t")
}

pub(crate) fn duration(row: &SimpleQueryRow) -> Duration {
    Duration::from_millis(parsed(row, "ms").unwrap_or_default())
}
