//! A backend whose locks, files, messages and scans are read.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::{Arc, Mutex};

use onward_analyzer::effect::LockMode;
use onward_tests::rows;
use tokio_postgres::{AsyncMessage, Client, NoTls};

/// A connection whose notices are kept.
pub(crate) struct Backend {
    client: Client,
    notices: Arc<Mutex<Vec<String>>>,
}

/// How a statement ended in its transaction.
pub(crate) enum Outcome {
    Done(Seen),
    /// It failed with this SQLSTATE.
    Refused(String),
}

/// What the server reported; names with their schema, names in messages without.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) locks: BTreeMap<String, LockMode>,
    pub(crate) index_locks: BTreeMap<String, LockMode>,
    pub(crate) rewritten: BTreeSet<String>,
    /// The tables that were read from their start.
    pub(crate) read: BTreeSet<String>,
    pub(crate) messages: Messages,
}

/// The messages about work on rows and indexes.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    pub(crate) verified: BTreeSet<String>,
    pub(crate) built: BTreeSet<String>,
    pub(crate) validated: BTreeSet<String>,
}

/// A relation before the statement.
struct Relation {
    name: String,
    is_index: bool,
    file: String,
}

const RELATIONS: &str = "\
SELECT c.oid, n.nspname || '.' || c.relname, c.relkind IN ('i', 'I'), pg_relation_filenode(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I')
AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

const LEFT: &str = "\
SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')";

const LOCKS: &str = "\
SELECT relation, mode FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND relation IS NOT NULL
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Scans that are not reported yet count too, also those of earlier transactions.
const SCANS: &str = "\
SELECT oid, pg_stat_get_xact_numscans(oid) FROM pg_class WHERE relkind IN ('r', 'm')";

impl Backend {
    pub(crate) async fn connect(url: &str) -> Result<Self, Box<dyn Error>> {
        let (client, mut connection) = tokio_postgres::connect(url, NoTls).await?;
        let notices = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&notices);
        tokio::spawn(async move {
            loop {
                let next = std::future::poll_fn(|context| connection.poll_message(context)).await;
                match next {
                    Some(Ok(AsyncMessage::Notice(notice))) => {
                        let mut kept = kept.lock().expect("no thread panics with it");
                        kept.push(notice.message().to_owned());
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return,
                }
            }
        });
        Ok(Self { client, notices })
    }

    pub(crate) async fn run(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.client.batch_execute(sql).await
    }

    /// Drops the objects of the last history.
    pub(crate) async fn clean(&self) -> Result<(), tokio_postgres::Error> {
        for drop in rows(&self.client, LEFT).await? {
            self.run(&drop).await?;
        }
        Ok(())
    }

    /// Runs a statement in a transaction, reads its effects, and commits.
    pub(crate) async fn measure(&self, text: &str) -> Result<Outcome, Box<dyn Error>> {
        let outcome = self.ask(text).await?;
        self.run("COMMIT").await?;
        Ok(outcome)
    }

    /// The same, and rolls back.
    pub(crate) async fn try_out(&self, text: &str) -> Result<Outcome, Box<dyn Error>> {
        // Most of the tried statements are refused, so they need no more than this.
        self.run("BEGIN").await?;
        let refused = self.client.simple_query(text).await.is_err();
        self.run("ROLLBACK").await?;
        if refused {
            return Ok(Outcome::Refused(String::new()));
        }
        let outcome = self.ask(text).await?;
        self.run("ROLLBACK").await?;
        Ok(outcome)
    }

    async fn ask(&self, text: &str) -> Result<Outcome, Box<dyn Error>> {
        self.run("BEGIN").await?;
        let before = self.relations().await?;
        let read_before: BTreeSet<String> = rows(&self.client, SCANS).await?.into_iter().collect();
        self.run("SET LOCAL client_min_messages = debug1").await?;
        self.taken();
        if let Err(error) = self.client.simple_query(text).await {
            let Some(said) = error.as_db_error() else {
                return Err(error.into());
            };
            let code = said.code().code().to_owned();
            return Ok(Outcome::Refused(code));
        }
        let mut seen = Seen {
            messages: self.taken(),
            ..Seen::default()
        };
        self.run("SET LOCAL client_min_messages = warning").await?;
        for row in rows(&self.client, LOCKS).await? {
            let (oid, mode) = row.split_once('|').unwrap_or_default();
            let Some(relation) = before.get(oid) else {
                continue;
            };
            let mode = mode_of(mode).ok_or_else(|| format!("a mode {mode}"))?;
            let locks = match relation.is_index {
                true => &mut seen.index_locks,
                false => &mut seen.locks,
            };
            let known = locks.entry(relation.name.clone()).or_insert(mode);
            *known = (*known).max(mode);
        }
        let after = self.relations().await?;
        for (oid, relation) in &before {
            if after
                .get(oid)
                .is_some_and(|after| after.file != relation.file)
            {
                seen.rewritten.insert(relation.name.clone());
            }
        }
        for count in rows(&self.client, SCANS).await? {
            let oid = count.split('|').next().unwrap_or_default();
            if let Some(relation) = before.get(oid).filter(|_| !read_before.contains(&count)) {
                seen.read.insert(relation.name.clone());
            }
        }
        Ok(Outcome::Done(seen))
    }

    /// Runs a statement outside of a transaction; `None` if that fails too.
    pub(crate) async fn alone(&self, text: &str) -> Result<Option<Messages>, Box<dyn Error>> {
        self.run("SET client_min_messages = debug1").await?;
        self.taken();
        let answer = self.client.simple_query(text).await;
        let messages = self.taken();
        self.run("SET client_min_messages = warning").await?;
        Ok(answer.is_ok().then_some(messages))
    }

    async fn relations(&self) -> Result<BTreeMap<String, Relation>, tokio_postgres::Error> {
        let rows = rows(&self.client, RELATIONS).await?;
        let relation = |row: &String| {
            let mut fields = row.split('|').map(str::to_owned);
            let oid = fields.next()?;
            let relation = Relation {
                name: fields.next()?,
                is_index: fields.next()? == "t",
                file: fields.next()?,
            };
            Some((oid, relation))
        };
        Ok(rows.iter().filter_map(relation).collect())
    }

    fn taken(&self) -> Messages {
        let notices = std::mem::take(&mut *self.notices.lock().expect("no thread panics with it"));
        let mut messages = Messages::default();
        for notice in notices {
            // `building index "a" on table "t" serially`; a name may have quotes inside.
            let named = notice.split_once('"').map_or("", |(_, rest)| rest);
            let name = match named.split_once("\" on table \"") {
                Some((name, _)) => name.to_owned(),
                None => named
                    .rsplit_once('"')
                    .map_or("", |(name, _)| name)
                    .to_owned(),
            };
            if name.starts_with("pg_toast") {
                continue;
            }
            if notice.starts_with("verifying table") {
                messages.verified.insert(name);
            } else if notice.starts_with("building index") {
                messages.built.insert(name);
            } else if notice.starts_with("validating foreign key constraint") {
                messages.validated.insert(name);
            }
        }
        messages
    }
}

/// `AccessShareLock` and its like.
fn mode_of(word: &str) -> Option<LockMode> {
    let word = word.strip_suffix("Lock")?;
    let squeezed = |mode: &LockMode| mode.to_string().replace(' ', "");
    let mut modes = LockMode::ALL.into_iter();
    modes.find(|mode| squeezed(mode).eq_ignore_ascii_case(word))
}
