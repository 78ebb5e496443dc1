//! COPY, which is not a query: its rows come as a stream.

use std::pin::pin;

use futures_util::StreamExt as _;

use crate::session::server_error::ServerMessage;
use crate::sql::{Fragment, fill};
use crate::tenant::audit::bench::{Bench, Ended};
use crate::tenant::audit::probe::Red;
use crate::tenant::audit::survey::Kind;
use crate::tenant::audit::target::Target;
use crate::tenant::audit::verdict::Probed;
use crate::tenant::error::Error;

/// COPY in both directions.
pub(super) async fn probes(target: &Target<'_>) -> Result<Vec<Probed>, Error> {
    let bench = target.bench;
    // A partitioned table itself has no rows to copy.
    let out = match target.relation.kind {
        Kind::Table => "COPY {{table}} TO STDOUT",
        Kind::Partitioned | Kind::View | Kind::Materialized | Kind::Foreign => {
            "COPY (TABLE {{table}}) TO STDOUT"
        }
    };
    let mut probed = Vec::new();
    for (attempt, copy) in [
        ("COPY rows out", target.fill(out)),
        ("COPY rows in", target.fill("COPY {{table}} FROM STDIN")),
    ] {
        let is_out = copy.ends_with("STDOUT");
        let open = [target.open, target.open_to_writes][usize::from(!is_out)];
        let who = (target.tenant(), open);
        let red = [Red::Accepted, Red::Counted][usize::from(is_out)].clone();
        let probe = target.probe(23, attempt, who, "", red);
        let tried = async |setup: &str| match is_out {
            true => out_of(bench, setup, &copy, target.tenant()).await,
            false => into(bench, setup, &copy).await,
        };
        let attacked = tried(&probe.attack).await?;
        let controlled = match probe.red.is(&attacked) {
            true => attacked.clone(),
            false => tried(&probe.control).await?,
        };
        probed.push(probe.concluded(&attacked, &controlled));
    }
    Ok(probed)
}

/// How many rows come that do not name the tenant.
async fn out_of(bench: &Bench<'_>, setup: &str, copy: &str, tenant: &str) -> Result<Ended, Error> {
    begin(bench, setup).await?;
    let ended = match bench.client.copy_out(copy).await {
        Err(error) => refused(error)?,
        Ok(stream) => {
            let mut stream = pin!(stream);
            let mut foreign = 0_u64;
            loop {
                match stream.next().await {
                    Some(Ok(line)) => {
                        let is_own = String::from_utf8_lossy(&line).contains(tenant);
                        foreign += u64::from(!is_own);
                    }
                    // What comes behind an error is no row.
                    Some(Err(error)) => break refused(error)?,
                    None => {
                        break Ended::Done {
                            rows: foreign,
                            value: Some(foreign.to_string()),
                        };
                    }
                }
            }
        }
    };
    end(bench).await?;
    Ok(ended)
}

/// Whether the server begins to read rows. It gets none, and the session ends: the driver loses count of the answers on
/// one whose COPY was refused.
async fn into(bench: &Bench<'_>, setup: &str, copy: &str) -> Result<Ended, Error> {
    let client = bench
        .admin
        .plain()
        .await
        .map_err(|none| Error::Unreachable(none.source))?;
    let own = Bench {
        client: &client,
        ..*bench
    };
    let pid = own.ask("SELECT pg_catalog.pg_backend_pid()").await?;
    let pid = pid.first().and_then(|row| row.first().cloned().flatten());
    begin(&own, setup).await?;
    let ended = match client.copy_in::<_, &'static [u8]>(copy).await {
        Err(error) => refused(error)?,
        Ok(_) => Ended::Done {
            rows: 0,
            value: None,
        },
    };
    drop(client);
    // Its locks are gone when it is.
    let end = fill(
        "SELECT pg_catalog.pg_terminate_backend({{pid}}::int, 5000)",
        &[("pid", Fragment::Text(&pid.unwrap_or_default()))],
    );
    bench.ask(&end).await?;
    Ok(ended)
}

async fn begin(bench: &Bench<'_>, setup: &str) -> Result<(), Error> {
    let begin = [
        "BEGIN; SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '60s';\n",
        setup,
    ]
    .concat();
    let begun = bench.client.batch_execute(&begin).await;
    begun.map_err(Error::Connection)
}

async fn end(bench: &Bench<'_>) -> Result<(), Error> {
    let ended = bench.client.batch_execute("ROLLBACK").await;
    ended.map_err(Error::Connection)
}

fn refused(error: tokio_postgres::Error) -> Result<Ended, Error> {
    match error.as_db_error() {
        Some(said) => Ok(Ended::Refused {
            said: ServerMessage::of(said),
            constraint: None,
        }),
        None => Err(Error::Connection(error)),
    }
}
