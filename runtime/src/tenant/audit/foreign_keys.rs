//! Attempts across foreign keys, which no policy confines: PostgreSQL checks and follows them as the owner.

use crate::sql::{Fragment, fill};
use crate::tenant::audit::bench::Bench;
use crate::tenant::audit::probe::{Probe, Red};
use crate::tenant::audit::survey::Relation;
use crate::tenant::audit::verdict::{Probed, Verdict};
use crate::tenant::error::Error;

/// A foreign key between two relations that carry the tenant.
struct ForeignKey {
    name: String,
    child: String,
    parent: String,
    on_delete: &'static str,
    /// `column = key.column` for those that are not the tenant's.
    changes: String,
    /// `'column of the child', row.column of the parent`.
    pairs: String,
    /// `same.column = row.column`, of the parent.
    sames: String,
    /// `child.column = parent.column` for all of them.
    joined: String,
    schemas: [String; 2],
}

const PLANT: &str = "SET CONSTRAINTS ALL IMMEDIATE;
    UPDATE {{child}} AS child SET {{changes}}
    FROM pg_catalog.jsonb_populate_record(NULL::{{child}}, {{key}}::pg_catalog.jsonb) AS key
    WHERE child.ctid = (SELECT ctid FROM {{child}} WHERE {{column}} = {{tenant}} LIMIT 1)";
const OPEN: &str = "ALTER TABLE {{child}} DROP CONSTRAINT {{name}}; ALTER TABLE {{child}} DISABLE ROW LEVEL SECURITY;
    ALTER TABLE {{child}} DISABLE TRIGGER USER; GRANT USAGE ON SCHEMA {{schema}} TO {{role}}; GRANT ALL ON {{child}} TO {{role}};\n";
/// The key of a row of another tenant's that this tenant has no row with.
const KEY: &str = "SELECT pg_catalog.jsonb_build_object({{pairs}})::text, row.{{column}}::text FROM {{parent}} AS row
    WHERE row.{{column}} <> {{tenant}}
      AND NOT EXISTS (SELECT FROM {{parent}} AS same WHERE same.{{column}} = {{tenant}} AND {{sames}}) LIMIT 1";
const CROSSING: &str =
    "SELECT count(*) FROM (SELECT FROM {{child}} AS child JOIN {{parent}} AS parent ON {{joined}}
    WHERE child.{{column}} <> parent.{{column}} LIMIT 1) AS one";
const DELETE_PARENT: &str = "DELETE FROM {{parent}} AS row
    WHERE pg_catalog.jsonb_build_object({{pairs}}) = {{key}}::pg_catalog.jsonb";

/// Every foreign key: whether a row can point at another tenant's, and what a delete does then.
pub(super) async fn probes(
    bench: &Bench<'_>,
    schemas: &[String],
    relations: &[Relation],
    column: &str,
) -> Result<Vec<Probed>, Error> {
    let question = fill(
        include_str!("../../sql/tenant/audit/foreign_keys.sql"),
        &[
            ("schemas", Fragment::Texts(schemas)),
            ("column", Fragment::Text(column)),
        ],
    );
    let mut probed = Vec::new();
    for row in bench.ask(&question).await? {
        let text = |n: usize| row.get(n).cloned().flatten().unwrap_or_default();
        let key = ForeignKey {
            name: text(0),
            child: text(1),
            parent: text(2),
            on_delete: match &*text(3) {
                "c" => "deletes the row that points at it",
                "n" | "d" => "changes the row that points at it",
                _ => "is stopped by the row that points at it",
            },
            changes: text(5),
            pairs: text(6),
            sames: text(7),
            joined: text(8),
            schemas: [text(9), text(10)],
        };
        let child = relations.iter().find(|one| one.name == key.child);
        // Where the tenant is all of the key there is nothing to point with.
        if let Some(child) = child.filter(|_| !key.changes.is_empty()) {
            probed.extend(tried(bench, &key, child, column).await?);
        }
    }
    Ok(probed)
}

async fn tried(
    bench: &Bench<'_>,
    key: &ForeignKey,
    child: &Relation,
    column: &str,
) -> Result<Vec<Probed>, Error> {
    const POINT: &str = "UPDATE an own row to point at another tenant's";
    let tenant = &child.rows.tenant;
    let holes = |text: &str, value: &str| fill_key(text, key, bench, column, tenant, value);
    let object = format!("{} {}", key.child, key.name);
    let of = |kind, attempt: &str, verdict| Probed {
        kind,
        object: object.clone(),
        attempt: attempt.to_owned(),
        verdict,
    };
    let crossing = bench.ask(&holes(CROSSING, "{}")).await?;
    let crosses = crossing
        .first()
        .and_then(|row| row.first().cloned().flatten());
    if crosses.is_some_and(|count| count != "0") {
        let evidence = "rows point at another tenant's already".to_owned();
        return Ok(vec![of(15, POINT, Verdict::Leak { evidence })]);
    }
    let found = bench.ask(&holes(KEY, "{}")).await?;
    let found = found.first().map(Vec::as_slice);
    let (Some([Some(value), Some(other)]), Some(_)) = (found, &child.rows.mine) else {
        let why = "there is no row of the tenant, or none of another tenant to point at".to_owned();
        return Ok(vec![of(15, POINT, Verdict::Unreliable { why })]);
    };
    let attack = [bench.as_application(tenant), holes(PLANT, value)].concat();
    let point = Probe {
        kind: 15,
        object: object.clone(),
        attempt: POINT,
        control: [&holes(OPEN, value), &*attack].concat(),
        attack,
        red: Red::Wrote,
    };
    let pointed = point.judge(bench).await?;
    let delete = [
        "deleting a row that another tenant's points at: it ",
        key.on_delete,
    ]
    .concat();
    let verdict = match &pointed.verdict {
        // No row can point across, so no delete follows it.
        Verdict::Held | Verdict::Unreliable { .. } => pointed.verdict.clone(),
        Verdict::Leak { .. } => {
            // Not as a superuser: the constraint is what is asked.
            let statements = [
                "SET LOCAL row_security = on; ".to_owned(),
                holes(PLANT, value),
                ";\n".to_owned(),
                bench.as_application(other),
                holes(DELETE_PARENT, value),
            ];
            let ended = bench.attempt(&statements.concat()).await?;
            Verdict::Leak {
                evidence: ended.to_string(),
            }
        }
    };
    Ok(vec![pointed, of(16, &delete, verdict)])
}

fn fill_key(
    text: &str,
    key: &ForeignKey,
    bench: &Bench<'_>,
    column: &str,
    tenant: &str,
    value: &str,
) -> String {
    let [schema, _] = &key.schemas;
    fill(
        text,
        &[
            ("name", Fragment::Trusted(&key.name)),
            ("child", Fragment::Trusted(&key.child)),
            ("parent", Fragment::Trusted(&key.parent)),
            ("changes", Fragment::Trusted(&key.changes)),
            ("pairs", Fragment::Trusted(&key.pairs)),
            ("sames", Fragment::Trusted(&key.sames)),
            ("joined", Fragment::Trusted(&key.joined)),
            ("schema", Fragment::Trusted(schema)),
            ("column", Fragment::Identifier(column)),
            ("tenant", Fragment::Text(tenant)),
            ("key", Fragment::Text(value)),
            ("role", Fragment::Identifier(bench.application.as_str())),
        ],
    )
}
