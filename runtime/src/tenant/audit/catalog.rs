//! Questions about roles, functions and privileges that are not about one table.

use crate::sql::{Fragment, fill};
use crate::tenant::audit::bench::Bench;
use crate::tenant::audit::probe::{Probe, Red};

/// What is asked once: kind, object, attempt, the question and what has to make it true.
const QUESTIONS: [(u8, &str, &str, &str, &str); 8] = [
    (
        3,
        "role",
        "is or can become a superuser, BYPASSRLS or an owner of tables",
        include_str!("../../sql/tenant/audit/role.sql"),
        "ALTER ROLE {{role}} BYPASSRLS;",
    ),
    (
        8,
        "functions",
        "LEAKPROOF, so that it sees rows before a policy",
        "SELECT string_agg(pg_proc.oid::pg_catalog.regprocedure::text, ', ') FROM pg_catalog.pg_proc
         WHERE pronamespace = ANY ({{schemas}}::pg_catalog.regnamespace[]) AND proleakproof",
        "CREATE FUNCTION {{schema}}.onward_audit() RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1';",
    ),
    (
        13,
        "functions",
        "run as their owner, with names that the application can hide behind its own",
        include_str!("../../sql/tenant/audit/search_path.sql"),
        "CREATE FUNCTION {{schema}}.onward_audit() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
         GRANT CREATE ON SCHEMA {{schema}} TO {{role}};",
    ),
    (
        14,
        "functions",
        "IMMUTABLE over the setting, so that a plan keeps the first tenant",
        "SELECT string_agg(pg_proc.oid::pg_catalog.regprocedure::text, ', ') FROM pg_catalog.pg_proc
         WHERE pronamespace = ANY ({{schemas}}::pg_catalog.regnamespace[]) AND provolatile = 'i'
           AND (strpos(prosrc, {{setting}}) > 0
             OR strpos(coalesce(pg_catalog.pg_get_function_sqlbody(oid), ''), {{setting}}) > 0)",
        "CREATE FUNCTION {{schema}}.onward_audit() RETURNS text LANGUAGE sql IMMUTABLE
         AS $onward$SELECT pg_catalog.current_setting({{setting}}, true)$onward$;",
    ),
    (
        11,
        "functions",
        "set the tenant by themselves, and run as their owner",
        "SELECT string_agg(pg_proc.oid::pg_catalog.regprocedure::text, ', ') FROM pg_catalog.pg_proc
         WHERE pronamespace = ANY ({{schemas}}::pg_catalog.regnamespace[]) AND prosecdef
           AND pg_catalog.has_function_privilege({{role_name}}, oid, 'EXECUTE')
           AND (prosrc ~* ('set_config\\s*\\(\\s*''' || {{setting}}) OR prosrc ~* ('set\\s+(local\\s+|session\\s+)?' || {{setting}})
             OR EXISTS (SELECT FROM unnest(proconfig) AS set WHERE starts_with(set, {{setting}} || '=')))",
        "CREATE FUNCTION {{schema}}.onward_audit() RETURNS text LANGUAGE sql SECURITY DEFINER
         AS $onward$SELECT pg_catalog.set_config('{{plain}}', '', true)$onward$;
         GRANT EXECUTE ON FUNCTION {{schema}}.onward_audit() TO {{role}};",
    ),
    (
        25,
        "default privileges",
        "give PUBLIC rights on tables that come later",
        "SELECT count(*) FROM pg_catalog.pg_default_acl CROSS JOIN pg_catalog.aclexplode(defaclacl) AS entry
         WHERE entry.grantee = 0 AND defaclobjtype IN ('r', 'S')
           AND (defaclnamespace = 0 OR defaclnamespace = ANY ({{schemas}}::pg_catalog.regnamespace[]))",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {{schema}} GRANT SELECT ON TABLES TO PUBLIC;",
    ),
    (
        44,
        "large objects",
        "that the application reads, whatever its tenant",
        "SELECT count(*) FROM pg_catalog.pg_largeobject_metadata large
         WHERE pg_catalog.pg_has_role({{role_name}}, large.lomowner, 'USAGE')
           OR pg_catalog.current_setting('lo_compat_privileges')::bool
           OR EXISTS (SELECT FROM pg_catalog.aclexplode(large.lomacl) AS entry WHERE entry.grantee = 0
             OR pg_catalog.pg_has_role({{role_name}}, entry.grantee, 'USAGE'))",
        "SET LOCAL ROLE {{role}}; SELECT pg_catalog.lo_create(0); RESET ROLE;",
    ),
    (
        38,
        "server",
        "a minor version that shows statistics of hidden rows (CVE-2025-8713)",
        "SELECT current_setting('server_version_num')::int NOT IN (0) AND CASE current_setting('server_version_num')::int / 10000
           WHEN 15 THEN current_setting('server_version_num')::int < 150014
           WHEN 16 THEN current_setting('server_version_num')::int < 160010
           WHEN 17 THEN current_setting('server_version_num')::int < 170006 ELSE false END OR {{old}}",
        "",
    ),
];

/// The questions, for these schemas.
pub(super) fn probes(bench: &Bench<'_>, schemas: &[String]) -> Vec<Probe> {
    let Some(first) = schemas.first() else {
        return Vec::new();
    };
    let quoted: Vec<String> = schemas
        .iter()
        .map(|schema| fill("{{name}}", &[("name", Fragment::Identifier(schema))]))
        .collect();
    let setting = bench.setting.as_str();
    let role = bench.application.as_str();
    let questions = QUESTIONS.into_iter();
    let probes = questions.map(|(kind, object, attempt, question, control)| {
        let filled = |text: &str, old: &str| {
            fill(
                text,
                &[
                    ("schemas", Fragment::Texts(&quoted)),
                    ("schema", Fragment::Identifier(first)),
                    ("setting", Fragment::Text(setting)),
                    ("plain", Fragment::Trusted(setting)),
                    ("role", Fragment::Identifier(role)),
                    ("role_name", Fragment::Text(role)),
                    ("old", Fragment::Trusted(old)),
                ],
            )
        };
        let object = match object {
            "role" => ["role ", role].concat(),
            object => object.to_owned(),
        };
        Probe {
            kind,
            object,
            attempt,
            attack: filled(question, "false"),
            // The version of the server is the one thing that cannot be taken away: the comparison is.
            control: [filled(control, ""), filled(question, "true")].concat(),
            red: Red::Counted,
        }
    });
    probes.collect()
}
