//! What a schema holds, as the server's catalogs have it, and how it differs from what its files create.
//!
//! Both sides are read from catalogs: the files are applied to a scratch database. So a default that is written another
//! way is not a difference. [ADR 25](../../../docs/adr/0025-two-catalogs-are-compared.md) says why.

mod compare;
mod error;
mod expected;
mod foreign;
mod scratch;

use std::collections::BTreeMap;

use tokio_postgres::Client;
use tokio_postgres::types::Type;

pub(crate) use compare::{Difference, What, differences};
pub(crate) use error::CensusError;
pub(crate) use expected::{Compared, Wanted, at, compare, nearest};
pub(crate) use scratch::ScratchPlace;

use crate::adopt::tables;

/// An object: its kind, and its name with what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object {
    pub(crate) kind: String,
    pub(crate) name: String,
}

/// What the catalogs have about an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Described {
    /// The object that it is a part of.
    of: Option<String>,
    properties: BTreeMap<String, String>,
}

/// Everything in one schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Census {
    objects: BTreeMap<Object, Described>,
}

impl Census {
    /// Reads the catalogs. The tables of other tools, which a service that moved in has beside its own, are left out, and
    /// so is this one.
    pub(crate) async fn of(
        client: &Client,
        schema: &str,
        beside: Option<&str>,
    ) -> Result<Self, tokio_postgres::Error> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = pg_catalog, pg_temp";
        client.batch_execute(BEGIN).await?;
        let sql = include_str!("catalogs.sql");
        let others: Vec<&str> = tables().into_iter().chain(beside).collect();
        let rows = client
            .query_typed(sql, &[(&schema, Type::TEXT), (&others, Type::TEXT_ARRAY)])
            .await;
        client.batch_execute("COMMIT").await?;
        let mut census = Self::default();
        for row in rows? {
            let (kind, name) = (row.get(0), row.get(1));
            let described = census.objects.entry(Object { kind, name }).or_default();
            described.of = row.get(2);
            if let (Some(property), Some(value)) = (row.get(3), row.get(4)) {
                described.properties.insert(property, value);
            }
        }
        Ok(census)
    }
}
