//! Attempts through what shows the rows of tables: views, materialised views, foreign tables.

use crate::tenant::audit::probe::Probe;
use crate::tenant::audit::survey::Kind;
use crate::tenant::audit::tables::{question, reads, writes};
use crate::tenant::audit::target::Target;

/// What a view of this kind is tried with.
pub(super) fn probes(target: &Target<'_>) -> Vec<Probe> {
    match target.relation.kind {
        Kind::Table | Kind::Partitioned => Vec::new(),
        Kind::View => {
            let mut probes = through(target, 5);
            if target.relation.is_updatable {
                let written = writes(target).into_iter();
                probes.extend(written.map(|probe| Probe { kind: 6, ..probe }));
            }
            if target.relation.is_own_boundary {
                probes.push(boundary(target));
            }
            probes
        }
        Kind::Materialized => through(target, 9),
        Kind::Foreign => vec![question(
            target,
            (10, "rights on a foreign table, which has no policies"),
            "SELECT pg_catalog.has_table_privilege({{role_name}}, {{name}}, 'SELECT, INSERT, UPDATE, DELETE')",
            "GRANT SELECT ON {{table}} TO {{role}};",
        )],
    }
}

/// The reads that a table is tried with. In the control the session works for the other tenant, because a view may
/// confine its rows to the setting by itself.
fn through(target: &Target<'_>, kind: u8) -> Vec<Probe> {
    let other = target.bench.as_application(&target.relation.rows.other);
    let first = reads(target).into_iter().take(3);
    let probes = first.map(|probe| {
        let question = probe
            .attack
            .split_once('\n')
            .map_or("", |(_, question)| question);
        Probe {
            kind,
            control: [&target.fill(target.open), &other, question].concat(),
            ..probe
        }
    });
    probes.collect()
}

/// A view that confines its rows itself is asked for a row that its condition hides: a condition of the query may be
/// evaluated first.
fn boundary(target: &Target<'_>) -> Probe {
    question(
        target,
        (
            7,
            "a view whose own condition is the boundary, without security_barrier",
        ),
        include_str!("../../sql/tenant/audit/boundary.sql"),
        "ALTER VIEW {{table}} SET (security_invoker = false); ALTER VIEW {{table}} OWNER TO CURRENT_USER;",
    )
}
