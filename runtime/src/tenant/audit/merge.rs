//! `MERGE`, by each of its actions.

use crate::tenant::audit::probe::{Probe, Red};
use crate::tenant::audit::target::Target;

const DELETE: &str =
    "MERGE INTO {{table}} AS target USING (SELECT 1) AS source ON target.{{column}} = {{other}}
    WHEN MATCHED THEN DELETE";
const UPDATE: &str =
    "MERGE INTO {{table}} AS target USING (SELECT 1) AS source ON target.{{column}} = {{other}}
    WHEN MATCHED THEN UPDATE SET {{column}} = target.{{column}}";
const INSERT: &str = "MERGE INTO {{table}} AS target
    USING (SELECT * FROM pg_catalog.jsonb_populate_record(NULL::{{table}}, {{theirs}}::pg_catalog.jsonb)) AS source ON false
    WHEN NOT MATCHED THEN INSERT ({{columns}}) OVERRIDING SYSTEM VALUE VALUES ({{columns}})";
/// Nothing is inserted where a row of the other tenant matches, which tells that there is one.
const NOTHING: &str = "MERGE INTO {{table}} AS target
    USING (SELECT * FROM pg_catalog.jsonb_populate_record(NULL::{{table}},
      {{theirs}}::pg_catalog.jsonb || pg_catalog.jsonb_build_object({{column_name}}, {{tenant}}::text))) AS source
    ON target.{{column}} = {{other}}
    WHEN MATCHED THEN DO NOTHING
    WHEN NOT MATCHED THEN INSERT ({{columns}}) OVERRIDING SYSTEM VALUE VALUES ({{columns}})";

pub(super) fn probes(target: &Target<'_>) -> Vec<Probe> {
    let attempts = [
        (
            "MERGE that deletes rows of another tenant",
            DELETE,
            Red::Changed,
        ),
        (
            "MERGE that updates rows of another tenant",
            UPDATE,
            Red::Changed,
        ),
        (
            "MERGE that inserts a row of another tenant",
            INSERT,
            Red::Accepted,
        ),
        (
            "MERGE that does nothing where another tenant has a row",
            NOTHING,
            Red::DidNothing,
        ),
    ];
    let probes = attempts.into_iter();
    probes
        .map(|(attempt, statement, red)| target.write(37, attempt, statement, red))
        .collect()
}
