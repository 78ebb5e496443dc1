//! Attempts on a table: what each kind of statement reaches, through its parent or by itself.

use crate::tenant::audit::merge;
use crate::tenant::audit::probe::{Probe, Red};
use crate::tenant::audit::roles;
use crate::tenant::audit::target::{OPEN, Target};

pub(super) const FOREIGN: &str = "SELECT count(*) FROM (SELECT FROM {{table}} WHERE {{column}} IS DISTINCT FROM {{tenant}} LIMIT 1) AS one";
const ANY: &str = "SELECT count(*) FROM (SELECT FROM {{table}} LIMIT 1) AS one";
const INSERT: &str = "INSERT INTO {{table}} ({{columns}}) OVERRIDING SYSTEM VALUE
    SELECT {{columns}} FROM pg_catalog.jsonb_populate_record(NULL::{{table}}, {{theirs}}::pg_catalog.jsonb)";
const INSERT_AS_OWN: &str = "INSERT INTO {{table}} ({{columns}}) OVERRIDING SYSTEM VALUE
    SELECT {{columns}} FROM pg_catalog.jsonb_populate_record(NULL::{{table}},
      {{theirs}}::pg_catalog.jsonb || pg_catalog.jsonb_build_object({{column_name}}, {{tenant}}::text))";
const INSERT_WITHOUT: &str = "INSERT INTO {{table}} ({{columns}}) OVERRIDING SYSTEM VALUE
    SELECT {{columns}} FROM pg_catalog.jsonb_populate_record(NULL::{{table}},
      {{theirs}}::pg_catalog.jsonb || pg_catalog.jsonb_build_object({{column_name}}, NULL))";
const MOVE: &str = "UPDATE {{table}} SET {{column}} = {{other}}
    WHERE ctid = (SELECT ctid FROM {{table}} WHERE {{column}} = {{tenant}} LIMIT 1)";
const UPDATE: &str = "UPDATE {{table}} SET {{column}} = {{column}} WHERE {{column}} = {{other}}";
/// Without a column that is read, so that the policies for SELECT are not asked.
const UPDATE_BLINDLY: &str = "UPDATE {{table}} SET {{change}} = (SELECT own.{{change}}
    FROM pg_catalog.jsonb_populate_record(NULL::{{table}}, {{mine}}::pg_catalog.jsonb) AS own)";
/// A right on some columns is enough for it.
const COUNT: &str =
    "SELECT count(*) > {{own}}::int8 FROM (SELECT FROM {{table}} LIMIT {{own}}::int8 + 1) AS few";
const INSERT_AS_NONE: &str = "INSERT INTO {{table}} ({{columns}}) OVERRIDING SYSTEM VALUE
    SELECT {{columns}} FROM pg_catalog.jsonb_populate_record(NULL::{{table}},
      {{theirs}}::pg_catalog.jsonb || pg_catalog.jsonb_build_object({{column_name}}, ''))";
/// Keys with the tenant are met first, and hide that the others are.
const WITHOUT_OWN: &str = "SET LOCAL session_replication_role = replica; DELETE FROM {{table}} WHERE {{column}} = {{tenant}};
    SET LOCAL session_replication_role = origin;\n";
const DELETE: &str = "DELETE FROM {{table}} WHERE {{column}} = {{other}}";
const DELETE_BLINDLY: &str = "DELETE FROM {{table}}";
/// With a plan that is kept: under the first tenant it is made, under the second it is used.
const GENERIC: &str = "SET LOCAL plan_cache_mode = force_generic_plan;
    PREPARE onward_audit AS SELECT count(*) FROM (SELECT FROM {{table}} WHERE {{column}} = {{other}} LIMIT 1) AS one;";

/// Without rows of two tenants nothing is shown.
pub(super) fn has_both(target: &Target<'_>) -> Result<(), &'static str> {
    let rows = &target.relation.rows;
    match (&rows.mine, &rows.theirs) {
        (_, None) => Err("it has no row of another tenant"),
        (None, Some(_)) if !target.relation.is_child => Err("it has no rows of two tenants"),
        (None | Some(_), Some(_)) => Ok(()),
    }
}

/// What reads, in the order of the list of kinds.
pub(super) fn reads(target: &Target<'_>) -> Vec<Probe> {
    let nothing = |kind, attempt, tenant, statement| {
        target.probe(
            kind,
            attempt,
            (tenant, target.open),
            statement,
            Red::Counted,
        )
    };
    let how = match target.relation.is_child {
        true => (20, "SELECT from a partition or heir by itself"),
        false => (1, "SELECT rows of another tenant"),
    };
    let mut probes = vec![
        target.read(how.0, how.1, FOREIGN),
        nothing(28, "SELECT with an empty setting", "", ANY),
        nothing(33, "SELECT with the setting '%'", "%", ANY),
        target.read(
            41,
            "SELECT with row_security off",
            &["SET LOCAL row_security = off; ", FOREIGN].concat(),
        ),
        target.read(
            38,
            "SELECT what pg_stats has of its columns",
            "SELECT count(*) FROM pg_catalog.pg_stats
             WHERE pg_catalog.format('%I.%I', schemaname, tablename) = {{name}}",
        ),
    ];
    // Statistics are collected for the control, in its transaction.
    if let Some(statistics) = probes.last_mut() {
        let analyze = target.fill("ANALYZE {{table}};\n");
        statistics.control = [&analyze, &*statistics.control].concat();
        statistics.attack = [&analyze, &*statistics.attack].concat();
    }
    probes.push(kept_plan(target));
    probes.push(roles::role_taken_off(target));
    if target.relation.is_small() {
        probes.push(target.read(1, "SELECT without a condition", COUNT));
    }
    probes
}

/// A statement that is prepared by one tenant and executed by another.
fn kept_plan(target: &Target<'_>) -> Probe {
    let rows = &target.relation.rows;
    let other = target.bench.as_application(&rows.other);
    let mine = target.bench.as_application(&rows.tenant);
    let execute = "EXECUTE onward_audit";
    let attack = [
        &other,
        &target.fill(GENERIC),
        execute,
        ";\n",
        &mine,
        execute,
    ]
    .map(str::to_owned)
    .concat();
    Probe {
        kind: 14,
        object: target.relation.name.clone(),
        attempt: "EXECUTE a plan that was made for another tenant",
        control: [target.fill(OPEN), attack.clone()].concat(),
        attack,
        red: Red::Counted,
    }
}

/// What writes.
pub(super) fn writes(target: &Target<'_>) -> Vec<Probe> {
    let rows = &target.relation.rows;
    let mut probes = vec![
        target.write(26, "INSERT a row of another tenant", INSERT, Red::Accepted),
        target.probe(
            28,
            "INSERT a row with an empty setting",
            ("", target.open_to_writes),
            INSERT,
            Red::Accepted,
        ),
        target.write(1, "UPDATE rows of another tenant", UPDATE, Red::Changed),
        target.write(1, "DELETE rows of another tenant", DELETE, Red::Changed),
    ];
    if target.relation.is_table() {
        probes.extend(merge::probes(target));
        if rows.mine.is_some() {
            let moved = target.write(
                26,
                "UPDATE an own row into another tenant",
                MOVE,
                Red::Changed,
            );
            probes.push(moved);
        }
        if !target.relation.not_null {
            let without = "INSERT a row without a tenant";
            probes.push(target.write(31, without, INSERT_WITHOUT, Red::Accepted));
        }
    }
    if target.relation.is_text {
        let attempt = "INSERT a row of the empty tenant with an empty setting";
        let who = ("", target.open_to_writes);
        probes.push(target.probe(29, attempt, who, INSERT_AS_NONE, Red::Accepted));
    }
    if target.relation.is_small() && rows.mine.is_some() {
        let more = Red::ChangedMoreThan(rows.own);
        let update = "UPDATE without a condition";
        probes.push(target.write(27, update, UPDATE_BLINDLY, more.clone()));
        // Own children would stop it: without the triggers of foreign keys it is the policies that decide.
        let mut delete = target.write(27, "DELETE without a condition", DELETE_BLINDLY, more);
        for statements in [&mut delete.attack, &mut delete.control] {
            statements.insert_str(0, "SET LOCAL session_replication_role = replica;\n");
        }
        probes.push(delete);
    }
    probes
}

/// Rights that no policy confines.
pub(super) fn rights(target: &Target<'_>) -> Vec<Probe> {
    let references = "SELECT pg_catalog.has_table_privilege({{role_name}}, {{name}}, 'REFERENCES')
        AND EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE NOT pg_catalog.starts_with(nspname::text, 'pg_temp')
          AND pg_catalog.has_schema_privilege({{role_name}}, oid, 'CREATE'))";
    let public =
        "SELECT count(*) FROM pg_catalog.pg_class CROSS JOIN pg_catalog.aclexplode(relacl) AS entry
        WHERE pg_class.oid = {{name}}::pg_catalog.regclass AND entry.grantee = 0";
    let forced = "SELECT count(*) FROM pg_catalog.pg_class
        WHERE oid = {{name}}::pg_catalog.regclass AND NOT relforcerowsecurity";
    let dormant = "SELECT count(*) FROM pg_catalog.pg_class
        WHERE oid = {{name}}::pg_catalog.regclass AND NOT relrowsecurity
          AND EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polrelid = pg_class.oid)";
    let published = "SELECT count(*) FROM pg_catalog.pg_publication_tables
        WHERE rowfilter IS NULL AND (pg_catalog.format('%I.%I', schemaname, tablename) = {{name}}
          OR pg_catalog.format('%I.%I', schemaname, tablename)::pg_catalog.regclass IN (
            SELECT relid FROM pg_catalog.pg_partition_tree({{name}}::pg_catalog.regclass)))";
    let truncate = "TRUNCATE {{table}}";
    let mut probes = vec![
        target.write(22, "TRUNCATE", truncate, Red::Permitted),
        question(
            target,
            (22, "REFERENCES, and a schema to create a table in"),
            references,
            "GRANT REFERENCES ON {{table}} TO {{role}}; GRANT CREATE ON SCHEMA {{schema}} TO {{role}};",
        ),
        question(
            target,
            (25, "rights of PUBLIC"),
            public,
            "GRANT SELECT ON {{table}} TO PUBLIC;",
        ),
        question(
            target,
            (43, "a publication that carries the rows of all tenants"),
            published,
            "CREATE PUBLICATION onward_audit FOR TABLE {{table}};",
        ),
    ];
    if target.relation.has_security {
        probes.push(question(
            target,
            (2, "the owner is not held, without FORCE"),
            forced,
            "ALTER TABLE {{table}} NO FORCE ROW LEVEL SECURITY;",
        ));
    }
    probes.push(question(
        target,
        (34, "policies that are switched off"),
        dormant,
        "CREATE POLICY onward_audit ON {{table}}; ALTER TABLE {{table}} DISABLE ROW LEVEL SECURITY;",
    ));
    probes.push(question(
        target,
        (
            32,
            "a policy that reads a table which the application may write and no policy confines",
        ),
        include_str!("../../sql/tenant/audit/membership.sql"),
        include_str!("../../sql/tenant/audit/membership_control.sql"),
    ));
    probes
}

/// A question about the catalogs, and what has to make it true.
pub(super) fn question(
    target: &Target<'_>,
    (kind, attempt): (u8, &'static str),
    question: &str,
    control: &str,
) -> Probe {
    let question = target.fill(question);
    Probe {
        kind,
        object: target.relation.name.clone(),
        attempt,
        control: [&target.fill(control), &*question].concat(),
        attack: question,
        red: Red::Counted,
    }
}

/// Keys without the tenant tell which values others have.
pub(super) fn keys(target: &Target<'_>) -> Vec<Probe> {
    let relation = target.relation;
    if relation.keys.is_empty() {
        return Vec::new();
    }
    let met = Red::Met(relation.keys.clone());
    let mut probes = vec![target.write(
        17,
        "INSERT a value that another tenant has in a key without the tenant",
        INSERT_AS_OWN,
        met,
    )];
    if relation.key_columns.is_some() {
        let quietly = [INSERT_AS_OWN, " ON CONFLICT ({{key_columns}}) DO NOTHING"].concat();
        let attempt = "INSERT ... ON CONFLICT DO NOTHING of a value that another tenant has";
        probes.push(target.write(18, attempt, &quietly, Red::DidNothing));
    }
    if relation.is_small() {
        let without_own = target.fill(WITHOUT_OWN);
        for probe in &mut probes {
            probe.attack.insert_str(0, &without_own);
            probe.control.insert_str(0, &without_own);
        }
    }
    probes
}
