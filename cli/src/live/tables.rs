//! The relations of a plan on a server: how large they are, and which sessions use them.

use onward::plan::LockMode;
use serde::Serialize;
use tokio_postgres::Client;

use super::rows;

/// A relation that exists. Keys are only ever added.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) relation: String,
    pub(crate) bytes: i64,
    /// As the server estimates them; `None` if it has not counted yet.
    pub(crate) rows: Option<i64>,
}

/// Of those of the relations that exist. One that another session holds exclusively has no size: nothing waits for it.
pub(crate) async fn tables(
    client: &Client,
    names: &[String],
) -> Result<Vec<Table>, tokio_postgres::Error> {
    let mut all = Vec::new();
    for name in names {
        let one = std::slice::from_ref(name);
        let found = match rows(client, include_str!("tables.sql"), one).await {
            Ok(found) => found,
            Err(error) if error.as_db_error().is_some() => Vec::new(),
            Err(error) => return Err(error),
        };
        all.extend(found.iter().map(|row| {
            let is_guess: bool = row.get("is_guess");
            Table {
                relation: row.get("relation"),
                bytes: row.get("bytes"),
                rows: Some(row.get("rows")).filter(|_| !is_guess),
            }
        }));
    }
    Ok(all)
}

/// A session that uses a relation. Keys are only ever added.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Session {
    pub(crate) relation: String,
    /// Its lock, in PostgreSQL's spelling.
    pub(crate) mode: String,
    /// Whether it has the lock, or waits for it.
    pub(crate) granted: bool,
    pub(crate) pid: i64,
    pub(crate) application: String,
    pub(crate) role: String,
    pub(crate) state: String,
    /// The age of its transaction, where the role may see it.
    pub(crate) ms: Option<i64>,
}

pub(crate) async fn sessions(
    client: &Client,
    names: &[String],
) -> Result<Vec<Session>, tokio_postgres::Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let found = rows(client, include_str!("sessions.sql"), names).await?;
    let all = found.iter().map(|row| Session {
        relation: row.get("relation"),
        mode: spelled(row.get("mode")),
        granted: row.get("granted"),
        pid: row.get("pid"),
        application: row.get("application"),
        role: row.get("role"),
        state: row.get("state"),
        ms: row.get("ms"),
    });
    Ok(all.collect())
}

/// `AccessExclusiveLock` as `ACCESS EXCLUSIVE`.
fn spelled(mode: &str) -> String {
    let word = mode.trim_end_matches("Lock");
    let mut spelled = String::new();
    for letter in word.chars() {
        if letter.is_uppercase() && !spelled.is_empty() {
            spelled.push(' ');
        }
        spelled.push(letter.to_ascii_uppercase());
    }
    spelled
}

impl Session {
    /// Whether a statement that takes this lock waits for the session.
    pub(crate) fn is_in_the_way_of(&self, wanted: LockMode) -> bool {
        let modes = [
            LockMode::AccessShare,
            LockMode::RowShare,
            LockMode::RowExclusive,
            LockMode::ShareUpdateExclusive,
            LockMode::Share,
            LockMode::ShareRowExclusive,
            LockMode::Exclusive,
            LockMode::AccessExclusive,
        ];
        let held = modes.into_iter().find(|mode| mode.to_string() == self.mode);
        held.is_some_and(|held| conflicts(held, wanted))
    }
}

/// The table of the manual, section 13.3.1.
const fn conflicts(held: LockMode, wanted: LockMode) -> bool {
    use LockMode::{
        AccessExclusive, AccessShare, Exclusive, RowExclusive, RowShare, Share, ShareRowExclusive,
        ShareUpdateExclusive,
    };
    match held {
        AccessShare => matches!(wanted, AccessExclusive),
        RowShare => matches!(wanted, Exclusive | AccessExclusive),
        RowExclusive => matches!(
            wanted,
            Share | ShareRowExclusive | Exclusive | AccessExclusive
        ),
        ShareUpdateExclusive => !matches!(wanted, AccessShare | RowShare | RowExclusive),
        Share => !matches!(wanted, AccessShare | RowShare | Share),
        ShareRowExclusive => !matches!(wanted, AccessShare | RowShare),
        Exclusive => !matches!(wanted, AccessShare),
        AccessExclusive => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_s_words_become_those_of_the_manual() {
        assert_eq!(
            spelled("ShareUpdateExclusiveLock"),
            "SHARE UPDATE EXCLUSIVE"
        );
        let session = Session {
            relation: "a.b".to_owned(),
            mode: spelled("RowExclusiveLock"),
            granted: true,
            pid: 1,
            application: String::new(),
            role: String::new(),
            state: String::new(),
            ms: None,
        };
        assert!(session.is_in_the_way_of(LockMode::ShareRowExclusive));
        assert!(!session.is_in_the_way_of(LockMode::ShareUpdateExclusive));
    }
}
