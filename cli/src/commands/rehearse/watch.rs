//! Which locks a run holds, while it runs.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use onward::Event;
use tokio_postgres::Client;

/// How often the server is asked. Locks that are held for less than that may be missed.
const BETWEEN_LOOKS: Duration = Duration::from_millis(1);

/// What a run is seen to do, in its order.
#[derive(Clone, Default)]
pub(super) struct Seen {
    all: Arc<Mutex<Vec<Taken>>>,
}

/// One migration.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) name: &'static str,
    /// As the ledger has it; `None` when it did not end.
    pub(super) took: Option<Duration>,
    /// Mode and relation.
    pub(super) locks: BTreeSet<(String, String)>,
}

/// Strong locks on tables that are there for others: what a migration has created itself is invisible to this session.
const LOOK: &str = "SELECT mode, relation::regclass::text
  FROM pg_locks JOIN pg_class ON pg_class.oid = relation
  WHERE locktype = 'relation' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid IN (SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'onward/%' AND datname = current_database())
    AND relkind IN ('r', 'p', 'm') AND relname NOT LIKE 'schema_migration%' AND mode <> 'AccessShareLock'
    AND relnamespace <> 'pg_catalog'::regnamespace AND relnamespace <> 'pg_toast'::regnamespace";

impl Seen {
    fn with<T>(&self, f: impl FnOnce(&mut Vec<Taken>) -> T) -> T {
        // Nothing panics while the list is locked.
        f(&mut self.all.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn listener(&self) -> impl Fn(&Event) + Send + Sync + 'static {
        let seen = self.clone();
        move |event| match event {
            Event::Started { name, .. } => seen.with(|all| {
                all.push(Taken {
                    name,
                    took: None,
                    locks: BTreeSet::new(),
                });
            }),
            Event::Applied(applied) => {
                seen.with(
                    |all| match all.iter_mut().rfind(|one| one.name == applied.name) {
                        Some(one) => one.took = Some(applied.duration),
                        None => all.push(Taken {
                            name: applied.name,
                            took: Some(applied.duration),
                            locks: BTreeSet::new(),
                        }),
                    },
                )
            }
            _ => {}
        }
    }

    /// Asks again and again, and never ends: the run does.
    pub(super) async fn watch(&self, client: &Client) -> Infallible {
        loop {
            let rows = client.query(LOOK, &[]).await.unwrap_or_default();
            let locks: Vec<(String, String)> = rows
                .iter()
                .filter_map(|row| {
                    let mode: String = row.try_get(0).ok()?;
                    Some((spelled(&mode), row.try_get(1).ok()?))
                })
                .collect();
            self.with(|all| {
                if let Some(now) = all.last_mut() {
                    now.locks.extend(locks);
                }
            });
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.with(|all| all.clone())
    }
}

/// `AccessExclusiveLock` as `ACCESS EXCLUSIVE`.
fn spelled(mode: &str) -> String {
    let mut words = String::new();
    for letter in mode.trim_end_matches("Lock").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_uppercase());
    }
    words
}

#[cfg(test)]
mod tests {
    #[test]
    fn modes_are_spelled_as_the_manual_does() {
        for (mode, words) in [
            ("AccessExclusiveLock", "ACCESS EXCLUSIVE"),
            ("ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
            ("ShareLock", "SHARE"),
        ] {
            assert_eq!(super::spelled(mode), words);
        }
    }
}
