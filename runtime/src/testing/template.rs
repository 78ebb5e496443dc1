//! Templates and their clones on one server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use onward_connect::Target;
use tokio::time::sleep;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::error::TestingError;
use super::names;
use crate::plan::Plan;
use crate::session::ask;
use crate::session::connector::{Connector, nonce};
use crate::session::row::{flag, parsed, row, text};
use crate::sql::{Fragment, fill};
use crate::up::Up;

/// How often a database is tried to be created: the server refuses while a session is in the one that it copies.
const TRIES: u32 = 20;

/// Between two of them.
const PAUSE: Duration = Duration::from_millis(250);

/// The process as its databases' names show it.
#[derive(Clone)]
pub(super) struct Owner {
    /// The database that all sessions are in, by its number.
    database: u32,
    id: String,
    next: Arc<AtomicU32>,
}

impl Owner {
    fn name(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        format!("{}{}_{number}", names::databases(self.database), self.id)
    }
}

/// Where the databases are.
pub(super) struct Server {
    url: String,
    target: Target,
}

impl Server {
    pub(super) fn new(url: &str, target: Target) -> Self {
        Self {
            url: url.to_owned(),
            target,
        }
    }

    async fn session(&self) -> Result<Client, TestingError> {
        let mut config = self.target.config().clone();
        if config.get_application_name().is_none() {
            config.application_name("onward/testing");
        }
        Ok(self.target.open(&config).await?.client)
    }

    /// Takes the lock of this process, under the same name when its session has ended, and drops what dead ones have left.
    pub(super) async fn own(&self, before: Option<Owner>) -> Result<(Client, Owner), TestingError> {
        let client = self.session().await?;
        let half: String = nonce().chars().take(16).collect();
        let id = before.as_ref().map_or(half, |owner| owner.id.clone());
        let lock = fill(
            include_str!("../sql/testing/owner.sql"),
            &[("owner", Fragment::Text(&id))],
        );
        let answer = send(&client, &lock, "taking the lock of this process").await?;
        let rows = answer.iter().filter_map(row);
        let database = { rows }.find_map(|row| parsed(row, "database"));
        let owner = before.unwrap_or(Owner {
            database: database.unwrap_or_default(),
            id,
            next: Arc::default(),
        });
        self.sweep(&client, &owner).await;
        Ok((client, owner))
    }

    /// What cannot be dropped now is left to the next process.
    async fn sweep(&self, client: &Client, owner: &Owner) {
        let (templates, databases) = (
            names::templates(owner.database),
            names::databases(owner.database),
        );
        let question = fill(
            include_str!("../sql/testing/left.sql"),
            &[
                ("templates", Fragment::Text(&templates)),
                ("databases", Fragment::Text(&databases)),
            ],
        );
        for row in ask(client, &question)
            .await
            .iter()
            .flatten()
            .filter_map(row)
        {
            let Some(name) = text(row, "name") else {
                continue;
            };
            if flag(row, "template") {
                let open = of(include_str!("../sql/testing/open.sql"), name);
                ask(client, &open).await.ok();
            }
            let drop = of(include_str!("../sql/testing/drop.sql"), name);
            if ask(client, &drop).await.is_ok() {
                tracing::info!(
                    database = name,
                    "dropped what an earlier test process has left"
                );
            }
        }
    }

    /// A database with these modules.
    pub(super) async fn create(
        &self,
        owner: &Owner,
        plans: &[Plan],
    ) -> Result<String, TestingError> {
        let client = self.session().await?;
        let template = names::template(owner.database, plans);
        if !complete(&client, &template).await? {
            self.build(&client, &template, plans).await?;
        }
        let name = owner.name();
        let clone = fill(
            include_str!("../sql/testing/clone.sql"),
            &[
                ("name", Fragment::Identifier(&name)),
                ("template", Fragment::Identifier(&template)),
            ],
        );
        created(&client, &clone, &name).await?;
        Ok(name)
    }

    /// One process builds, the others wait for its lock, which ends with the session.
    async fn build(
        &self,
        client: &Client,
        template: &str,
        plans: &[Plan],
    ) -> Result<(), TestingError> {
        let lock = fill(
            include_str!("../sql/testing/lock_template.sql"),
            &[("template", Fragment::Text(template))],
        );
        send(client, &lock, "waiting for the template").await?;
        if complete(client, template).await? {
            return Ok(());
        }
        // What a process has left that was killed while it built.
        let drop = of(include_str!("../sql/testing/drop.sql"), template);
        send(client, &drop, "dropping an incomplete template").await?;
        let create = of(include_str!("../sql/testing/create.sql"), template);
        created(client, &create, template).await?;
        let connector = Connector::from_url(&names::with_database(&self.url, template))?;
        for plan in plans {
            Up::new(plan).run_with(&connector).await?;
        }
        used(client, template).await;
        let close = of(include_str!("../sql/testing/close.sql"), template);
        send(client, &close, "closing the template").await?;
        Ok(())
    }

    /// What cannot be dropped is left to the next process.
    pub(super) async fn drop_database(&self, name: &str) {
        if let Ok(client) = self.session().await {
            let drop = of(include_str!("../sql/testing/drop.sql"), name);
            ask(&client, &drop).await.ok();
        }
    }
}

/// A text about one database.
fn of(text: &str, name: &str) -> String {
    fill(text, &[("name", Fragment::Identifier(name))])
}

async fn send(
    client: &Client,
    message: &str,
    doing: &str,
) -> Result<Vec<SimpleQueryMessage>, TestingError> {
    let answer = ask(client, message).await;
    answer.map_err(|error| TestingError::of(doing.to_owned(), error))
}

/// Whether the template can be cloned.
async fn complete(client: &Client, template: &str) -> Result<bool, TestingError> {
    let question = fill(
        include_str!("../sql/testing/template.sql"),
        &[("template", Fragment::Text(template))],
    );
    let answer = send(client, &question, "looking for the template").await?;
    let found = answer.iter().find_map(row);
    let is_complete = found.is_some_and(|row| flag(row, "complete"));
    if is_complete && !found.is_some_and(|row| flag(row, "used_today")) {
        used(client, template).await;
    }
    Ok(is_complete)
}

/// Writes down that the template is in use. Another process may do so at the same time, and then one of them fails.
async fn used(client: &Client, template: &str) {
    let message = fill(
        include_str!("../sql/testing/used.sql"),
        &[("template", Fragment::Text(template))],
    );
    ask(client, &message).await.ok();
}

/// Creates a database, again while a session is in the one that is copied.
async fn created(client: &Client, message: &str, name: &str) -> Result<(), TestingError> {
    let mut tries = 1;
    loop {
        let answer = send(client, message, &format!("creating the database {name}")).await;
        match answer {
            Err(error) if tries < TRIES && error.sqlstate() == Some("55006") => {
                tries += 1;
                sleep(PAUSE).await;
            }
            answer => return answer.map(drop),
        }
    }
}
