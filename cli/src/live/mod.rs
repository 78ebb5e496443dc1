//! What a server says about migrations that are about to run on it. Reads only.

mod questions;
mod server;
mod tables;

pub(crate) use questions::{Answer, Answered, ask, asked, listing};
pub(crate) use server::{Hindrance, Server};
pub(crate) use tables::{Session, Table, sessions, tables};

/// Opens a message: it changes nothing, waits for no lock, and ends soon.
const BEGIN: &str = "BEGIN READ ONLY; SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL lock_timeout = '2s'; \
                     SET LOCAL statement_timeout = '10s'";

/// A query in such a message.
async fn rows(
    client: &tokio_postgres::Client,
    sql: &str,
    names: &[String],
) -> Result<Vec<tokio_postgres::Row>, tokio_postgres::Error> {
    use tokio_postgres::types::Type;
    client.batch_execute(BEGIN).await?;
    let answer = match names {
        [] => client.query_typed(sql, &[]).await,
        names => client.query_typed(sql, &[(&names, Type::TEXT_ARRAY)]).await,
    };
    client.batch_execute("ROLLBACK").await?;
    answer
}
