//! What there is to attack: the relations with the tenant's column, and rows of two tenants in them.

use crate::sql::{Fragment, fill};
use crate::tenant::audit::bench::Bench;
use crate::tenant::error::Error;

/// A relation that carries the tenant's column.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    /// Qualified and quoted.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Quoted.
    pub(super) schema: String,
    /// Whether it is a partition or an heir.
    pub(super) is_child: bool,
    /// Those that can be written, quoted.
    pub(super) columns: String,
    /// As the server estimates them.
    pub(super) size: i64,
    pub(super) not_null: bool,
    /// Whether rows can be written through it, when it is a view.
    pub(super) is_updatable: bool,
    pub(super) has_security: bool,
    /// The names of the keys without the tenant.
    pub(super) keys: Vec<String>,
    /// The columns of the first of them.
    pub(super) key_columns: Option<String>,
    /// Whether it is a view that confines its rows to the setting by itself, and is no barrier.
    pub(super) is_own_boundary: bool,
    /// A column that the application may change, quoted.
    pub(super) change: Option<String>,
    /// Whether tenants are texts, of which the empty one is one.
    pub(super) is_text: bool,
    pub(super) rows: Rows,
}

/// Rows of two tenants, as JSON.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) tenant: String,
    pub(super) mine: Option<String>,
    pub(super) theirs: Option<String>,
    pub(super) other: String,
    /// How many the tenant has; more than a thousand are not counted.
    pub(super) own: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    Partitioned,
    View,
    Materialized,
    Foreign,
}

impl Kind {
    fn parse(kind: &str) -> Option<Self> {
        Some(match kind {
            "r" => Self::Table,
            "p" => Self::Partitioned,
            "v" => Self::View,
            "m" => Self::Materialized,
            "f" => Self::Foreign,
            _ => return None,
        })
    }
}

impl Relation {
    pub(super) fn is_table(&self) -> bool {
        match self.kind {
            Kind::Table | Kind::Partitioned => true,
            Kind::View | Kind::Materialized | Kind::Foreign => false,
        }
    }

    /// Whether statements over all of it are right on a server that others work on.
    pub(super) fn is_small(&self) -> bool {
        self.size < 100_000 && self.rows.own <= 1000
    }
}

fn column(row: &[Option<String>], n: usize) -> String {
    row.get(n).cloned().flatten().unwrap_or_default()
}

/// All relations, with rows of the tenant that most of them have rows of.
pub(super) async fn relations(
    bench: &Bench<'_>,
    schemas: &[String],
    tenant_column: &str,
) -> Result<Vec<Relation>, Error> {
    let question = fill(
        include_str!("../../sql/tenant/audit/relations.sql"),
        &[
            ("schemas", Fragment::Texts(schemas)),
            ("column", Fragment::Text(tenant_column)),
            ("setting", Fragment::Text(bench.setting.as_str())),
            ("role_name", Fragment::Text(bench.application.as_str())),
        ],
    );
    let rows = bench.ask(&question).await?;
    let relation = |row: &Vec<Option<String>>| {
        Some(Relation {
            name: column(row, 0),
            kind: Kind::parse(&column(row, 1))?,
            schema: column(row, 2),
            is_child: column(row, 3) == "t",
            columns: column(row, 4),
            size: column(row, 5).parse().unwrap_or_default(),
            not_null: column(row, 6) == "t",
            // UPDATE, INSERT and DELETE.
            is_updatable: column(row, 7) == "28",
            has_security: column(row, 8) == "t",
            keys: column(row, 9).lines().map(str::to_owned).collect(),
            key_columns: row.get(10).cloned().flatten(),
            is_own_boundary: column(row, 11) == "t",
            change: row.get(12).cloned().flatten(),
            is_text: column(row, 13) == "t",
            rows: Rows::default(),
        })
    };
    let mut relations: Vec<Relation> = rows.iter().filter_map(relation).collect();
    let tenant = most_common(bench, &relations, tenant_column).await?;
    // Tables come first.
    let mut other = String::new();
    for relation in &mut relations {
        let seen_by = |as_tenant| rows_of(bench, relation, tenant_column, &tenant, as_tenant);
        let rows = match relation.kind {
            Kind::Foreign => Rows::default(),
            Kind::Table | Kind::Partitioned | Kind::Materialized => seen_by("").await?,
            // It may confine its rows to the setting by itself.
            Kind::View => Rows {
                mine: seen_by(&tenant).await?.mine,
                ..seen_by(&other).await?
            },
        };
        if other.is_empty() {
            other.clone_from(&rows.other);
        }
        relation.rows = rows;
    }
    // A partition may have the rows of one tenant only, and then the other one attacks it.
    for child in relations.iter_mut().filter(|one| one.is_child) {
        let rows = &mut child.rows;
        if rows.theirs.is_none() && !other.is_empty() {
            *rows = Rows {
                tenant: other.clone(),
                other: tenant.clone(),
                theirs: rows.mine.take(),
                mine: None,
                own: 0,
            };
        }
    }
    Ok(relations)
}

/// The tenant that most tables have rows of; an id that no row has when there is none.
async fn most_common(
    bench: &Bench<'_>,
    relations: &[Relation],
    tenant_column: &str,
) -> Result<String, Error> {
    let mut found: Vec<String> = Vec::new();
    for table in relations.iter().filter(|relation| relation.is_table()) {
        let question = fill(
            "SELECT DISTINCT tenant::text FROM (SELECT {{column}} AS tenant FROM {{table}} LIMIT 10000) AS few
             WHERE tenant IS NOT NULL ORDER BY 1 LIMIT 20",
            &[
                ("column", Fragment::Identifier(tenant_column)),
                ("table", Fragment::Trusted(&table.name)),
            ],
        );
        let rows = bench.ask(&question).await?;
        found.extend(rows.iter().map(|row| column(row, 0)));
    }
    found.sort_unstable();
    let most = found
        .chunk_by(|one, other| one == other)
        .rev()
        .max_by_key(|same| same.len());
    let most = most.and_then(|same| same.first().cloned());
    Ok(most.unwrap_or_else(|| "00000000-0000-0000-0000-000000000000".to_owned()))
}

async fn rows_of(
    bench: &Bench<'_>,
    relation: &Relation,
    tenant_column: &str,
    tenant: &str,
    as_tenant: &str,
) -> Result<Rows, Error> {
    let question = fill(
        include_str!("../../sql/tenant/audit/rows.sql"),
        &[
            ("table", Fragment::Trusted(&relation.name)),
            ("column", Fragment::Identifier(tenant_column)),
            ("tenant", Fragment::Text(tenant)),
            ("setting", Fragment::Text(bench.setting.as_str())),
            ("as_tenant", Fragment::Text(as_tenant)),
        ],
    );
    // A view may be broken, or a materialised one not filled: it has no rows then.
    let answer = match bench.ask(&question).await {
        Ok(answer) => answer,
        Err(Error::Connection(error)) if error.as_db_error().is_some() => Vec::new(),
        Err(error) => return Err(error),
    };
    let row = answer.last().map(Vec::as_slice).unwrap_or_default();
    let line = |n: usize| row.get(n).cloned().flatten();
    Ok(Rows {
        tenant: tenant.to_owned(),
        mine: line(0),
        theirs: line(1),
        other: line(2).unwrap_or_default(),
        own: column(row, 3).parse().unwrap_or_default(),
    })
}
