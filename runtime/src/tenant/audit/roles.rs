//! Attempts to become another role, in a session that has logged in as the application's.

use crate::sql::{Fragment, fill};
use crate::tenant::audit::bench::Bench;
use crate::tenant::audit::probe::{Probe, Red};
use crate::tenant::audit::tables::FOREIGN;
use crate::tenant::audit::target::{OPEN, Target};
use crate::tenant::error::Error;

/// `SET ROLE` to each owner of the tables.
pub(super) async fn probes(bench: &Bench<'_>, schemas: &[String]) -> Result<Vec<Probe>, Error> {
    let question = fill(
        include_str!("../../sql/tenant/audit/owners.sql"),
        &[("schemas", Fragment::Texts(schemas))],
    );
    let rows = bench.ask(&question).await?;
    let others = rows.into_iter().flatten().flatten();
    Ok(others.map(|other| become_it(bench, &other)).collect())
}

fn become_it(bench: &Bench<'_>, other: &str) -> Probe {
    let role = bench.application.as_str();
    let filled = |text: &str| {
        let holes = [
            ("role", Fragment::Identifier(role)),
            ("other", Fragment::Identifier(other)),
        ];
        fill(text, &holes)
    };
    let attack = filled("SET LOCAL SESSION AUTHORIZATION {{role}}; SET LOCAL ROLE {{other}};\n");
    Probe {
        kind: 4,
        object: ["role ", role].concat(),
        attempt: "SET ROLE to an owner of the tables",
        control: [filled("GRANT {{other}} TO {{role}};\n"), attack.clone()].concat(),
        attack,
        red: Red::Accepted,
    }
}

/// A role that is put on can be taken off again: the login is what counts.
pub(super) fn role_taken_off(target: &Target<'_>) -> Probe {
    let who = "SET LOCAL SESSION AUTHORIZATION {{role}}; SELECT pg_catalog.set_config({{setting}}, {{tenant}}, true);
        SET LOCAL ROLE NONE;\n";
    let attack = target.fill(&[who, FOREIGN].concat());
    Probe {
        kind: 40,
        object: target.relation.name.clone(),
        attempt: "SELECT behind SET ROLE NONE",
        control: [target.fill(OPEN), attack.clone()].concat(),
        attack,
        red: Red::Counted,
    }
}
