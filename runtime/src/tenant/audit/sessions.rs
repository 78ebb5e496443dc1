//! Attempts without a tenant: on a connection that has never had one, on one that has had one, and through a pooler.

use crate::session::connector::Connector;
use crate::sql::{Fragment, fill};
use crate::tenant::audit::bench::Bench;
use crate::tenant::audit::probe::{Probe, Red};
use crate::tenant::audit::survey::Relation;
use crate::tenant::audit::verdict::Probed;
use crate::tenant::error::Error;

/// A way to the server, and what it is called.
#[derive(Clone, Debug)]
pub(super) struct Through {
    pub(super) name: String,
    pub(super) connector: Connector,
}

/// Every table that the application may read, before the first tenant and after one.
pub(super) async fn probes(
    through: &Through,
    bench: &Bench<'_>,
    tables: &[&Relation],
) -> Result<Vec<Probed>, Error> {
    let client = through.connector.plain().await;
    let client = client.map_err(|none| Error::Unreachable(none.source))?;
    let own = Bench {
        client: &client,
        admin: &through.connector,
        application: bench.application,
        setting: bench.setting,
        // It may not be a session of an owner's, and it only reads.
        prelude: "",
    };
    let mut readable = Vec::new();
    for table in tables.iter().filter(|table| table.rows.mine.is_some()) {
        if may_read(bench, table).await? {
            readable.push(*table);
        }
    }
    let mut probed = Vec::new();
    for (kind, attempt) in [
        (28, "SELECT on a connection that has had no tenant"),
        (29, "SELECT on a connection that has had a tenant"),
    ] {
        if kind == 29 {
            for table in readable.iter().take(1) {
                let tenant = own.as_application(&table.rows.tenant);
                client
                    .batch_execute(&["BEGIN; ", &tenant, "COMMIT"].concat())
                    .await
                    .map_err(Error::Connection)?;
            }
        }
        // All attempts before the first control, which has a tenant.
        let mut attacked = Vec::new();
        for table in &readable {
            let probe = probe(&own, through, table, (kind, attempt));
            let ended = own.attempt(&probe.attack).await?;
            attacked.push((probe, ended));
        }
        for (probe, ended) in attacked {
            probed.push(probe.conclude(&own, ended).await?);
        }
    }
    Ok(probed)
}

fn probe(
    own: &Bench<'_>,
    through: &Through,
    table: &Relation,
    (kind, attempt): (u8, &'static str),
) -> Probe {
    let question = fill(
        "SELECT count(*) FROM (SELECT FROM {{table}} LIMIT 1) AS one",
        &[("table", Fragment::Trusted(&table.name))],
    );
    let role = fill(
        "SET LOCAL ROLE {{role}};\n",
        &[("role", Fragment::Identifier(own.application.as_str()))],
    );
    Probe {
        kind,
        object: format!("{} {}", table.name, through.name),
        attempt,
        attack: [&*role, &*question].concat(),
        // As the tenant, the same question finds its rows.
        control: [&own.as_application(&table.rows.tenant), &*question].concat(),
        red: Red::Counted,
    }
}

async fn may_read(bench: &Bench<'_>, table: &Relation) -> Result<bool, Error> {
    let question = fill(
        "SELECT pg_catalog.has_table_privilege({{role}}, {{name}}, 'SELECT')
           AND pg_catalog.has_schema_privilege({{role}}, relnamespace, 'USAGE')
         FROM pg_catalog.pg_class WHERE oid = {{name}}::pg_catalog.regclass",
        &[
            ("role", Fragment::Text(bench.application.as_str())),
            ("name", Fragment::Text(&table.name)),
        ],
    );
    let answer = bench.ask(&question).await?;
    let may = answer
        .first()
        .and_then(|row| row.first().cloned().flatten());
    Ok(may.as_deref() == Some("t"))
}
