//! A hand-written program, as one would write it without a tool: the same statements, each file in a
//! transaction that also records it. It assumes that no other session is at work and that the database
//! is empty.

use std::time::Instant;

use futures_util::{StreamExt, TryStreamExt, stream};
use onward_pg::connect;

use crate::Answer;
use crate::history::History;

pub(crate) async fn run(
    url: &str,
    history: &History,
    ahead: usize,
    ready: impl FnOnce(),
) -> Answer<Instant> {
    let client = connect(url).await?;
    ready();
    let began = Instant::now();
    client
        .batch_execute(
            "CREATE SCHEMA bench; CREATE TABLE bench.applied
             (version text PRIMARY KEY, checksum text NOT NULL, at timestamptz NOT NULL DEFAULT now())",
        )
        .await?;
    let messages = history.files().iter().map(|file| {
        format!(
            "BEGIN; {} INSERT INTO bench.applied (version, checksum) VALUES ('{}', repeat('0', 64)); COMMIT",
            file.sql, file.name
        )
    });
    let sent = messages.map(|message| {
        let client = &client;
        async move { client.batch_execute(&message).await }
    });
    stream::iter(sent)
        .buffered(ahead)
        .try_collect::<()>()
        .await?;
    Ok(began)
}
