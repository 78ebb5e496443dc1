//! Engines that speak PostgreSQL's protocol and are not PostgreSQL.

use std::fmt;

use tokio_postgres::Client;

use crate::session::ask;
use crate::session::row::{row, text};
use crate::session::server_error::{Recovery, ServerError};

/// A server that is not PostgreSQL, and does not do what a run asks of one.
///
/// ```
/// fn print(error: &onward::Error) {
///     if let onward::Error::UnsupportedEngine { engine, .. } = error {
///         println!("{} says that it is {}", engine.name, engine.version);
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Engine {
    /// What it is called.
    pub name: &'static str,
    /// What it says of its version.
    pub version: String,
    /// What a run needs and the engine does not have.
    pub lacks: &'static str,
}

struct Known {
    name: &'static str,
    /// What only the answer of this engine to `version()` has.
    mark: &'static str,
    lacks: &'static str,
}

const YUGABYTE: &str = "-YB-";

const KNOWN: &[Known] = &[
    Known {
        name: "CockroachDB",
        mark: "CockroachDB",
        lacks: "DDL inside of DO blocks, and DDL that a transaction rolls back",
    },
    Known {
        name: "YugabyteDB",
        mark: YUGABYTE,
        lacks: "DDL that a transaction rolls back, unless the flag ysql_yb_ddl_transaction_block_enabled is on",
    },
    Known {
        name: "Redshift",
        mark: "Redshift",
        lacks: "DO blocks, triggers and advisory locks",
    },
    Known {
        name: "Greenplum",
        mark: "Greenplum",
        lacks: "what PostgreSQL has since version 15",
    },
    Known {
        name: "Cloudberry",
        mark: "Cloudberry",
        lacks: "what PostgreSQL has since version 15",
    },
    Known {
        name: "QuestDB",
        mark: "QuestDB",
        lacks: "schemas, transactions and PL/pgSQL",
    },
    Known {
        name: "Materialize",
        mark: "Materialize",
        lacks: "PL/pgSQL, triggers and advisory locks",
    },
    Known {
        name: "RisingWave",
        mark: "RisingWave",
        lacks: "transactions, PL/pgSQL and advisory locks",
    },
    Known {
        name: "CrateDB",
        mark: "CrateDB",
        lacks: "transactions and PL/pgSQL",
    },
];

const AURORA_DSQL: Known = Known {
    name: "Aurora DSQL",
    mark: "",
    lacks: "PL/pgSQL, triggers, and DDL together with other statements in a transaction",
};

/// Has no row of ours to show, and exists in no other engine.
const IS_AURORA_DSQL: &str = "SELECT 1 FROM sys.iam_pg_role_mappings LIMIT 0";

impl Known {
    fn engine(&self, version: &str) -> Engine {
        Engine {
            name: self.name,
            version: version.to_owned(),
            lacks: self.lacks,
        }
    }
}

impl Engine {
    /// By the answer to `version()`; `None` for PostgreSQL and for what is built from it without a mark.
    pub(crate) fn of(version: &str) -> Option<Self> {
        let known = KNOWN.iter().find(|known| version.contains(known.mark));
        known.map(|known| known.engine(version))
    }

    /// By the same, of a server that has answered a look. YugabyteDB has DDL in transactions, by version and by a flag.
    pub(crate) fn running(version: &str, yb_ddl: Option<&str>) -> Option<Self> {
        let has_ddl = version.contains(YUGABYTE) && yb_ddl == Some("on");
        Self::of(version).filter(|_| !has_ddl)
    }

    /// By a parameter that only CockroachDB reports when a session begins.
    pub(crate) fn of_parameter(crdb_version: &str) -> Option<Self> {
        Self::of(crdb_version).or_else(|| KNOWN.first().map(|known| known.engine(crdb_version)))
    }

    /// Which engine has refused the first message of a connection; `None` for PostgreSQL. It is asked only
    /// when a PostgreSQL that is as it should be cannot have refused the message.
    pub(crate) async fn behind(client: &Client, refused: &ServerError) -> Option<Self> {
        if refused.recovery() == Recovery::ForeignEngine {
            return Self::of(refused.said.message());
        }
        if refused.is_of_our_block() {
            return None;
        }
        let answer = ask(client, "SELECT version() AS version").await.ok()?;
        let version = answer
            .iter()
            .find_map(row)
            .and_then(|row| text(row, "version"))?;
        match Self::of(version) {
            None if ask(client, IS_AURORA_DSQL).await.is_ok() => Some(AURORA_DSQL.engine(version)),
            known => known,
        }
    }
}

/// A regular expression that only the versions of these engines match.
pub(crate) fn marks() -> String {
    KNOWN
        .iter()
        .map(|known| known.mark)
        .collect::<Vec<_>>()
        .join("|")
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (`{}`)", self.name, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_known_by_its_version() {
        for (version, name) in [
            (
                "CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024/05/15)",
                Some("CockroachDB"),
            ),
            (
                "PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu",
                Some("YugabyteDB"),
            ),
            (
                "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC, Redshift 1.0.77467",
                Some("Redshift"),
            ),
            (
                "PostgreSQL 12.12 (Greenplum Database 7.1.0 build commit:e7c2b1f) on x86_64",
                Some("Greenplum"),
            ),
            (
                "PostgreSQL 12.3, compiled by Visual C++ build 1914, 64-bit, QuestDB",
                Some("QuestDB"),
            ),
            (
                "PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc",
                None,
            ),
            ("PostgreSQL 16.3 on aarch64-unknown-linux-gnu", None),
        ] {
            let engine = Engine::of(version);
            assert_eq!(engine.map(|engine| engine.name), name, "{version}");
        }
        let parameter = Engine::of_parameter("CockroachDB CCL v24.1.0");
        assert_eq!(parameter.map(|engine| engine.name), Some("CockroachDB"));
    }
}
