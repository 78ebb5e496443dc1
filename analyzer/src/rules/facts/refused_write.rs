//! How messages state that PostgreSQL refuses a write because of a publication.

use crate::schema::{Refusal, Refused};

/// `UPDATE and DELETE`.
pub(in crate::rules) fn writes(refused: &Refused) -> &'static str {
    match (refused.updates, refused.deletes) {
        (true, false) => "UPDATE",
        (false, true) => "DELETE",
        (true, true) | (false, false) => "UPDATE and DELETE",
    }
}

pub(in crate::rules) fn why(refused: &Refused) -> String {
    let table = &refused.table;
    match &refused.why {
        Refusal::NoIdentity => format!("{table} has no replica identity"),
        Refusal::Filter(column) => {
            format!(
                "its filter uses `{column}`, which is not part of the replica identity of {table}"
            )
        }
        Refusal::Columns(Some(column)) => {
            format!(
                "its list of columns lacks `{column}`, which the replica identity of {table} needs"
            )
        }
        Refusal::Columns(None) => {
            format!(
                "its list of columns does not cover the replica identity of {table}, the whole row"
            )
        }
    }
}

pub(in crate::rules) fn code(refused: &Refused) -> &'static str {
    match refused.why {
        Refusal::NoIdentity => "no replica identity (55000)",
        Refusal::Filter(_) | Refusal::Columns(_) => {
            "the publication does not cover the replica identity (42P10)"
        }
    }
}
