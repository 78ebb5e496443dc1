//! Tenants: what `[tenancy] mode = "required"` finds, and what the decision procedure proves.

mod kinds;
mod verdicts;

use onward_analyzer::source::Module;
use onward_analyzer::{Analysis, analyze};

/// A table that keeps tenants apart, without its policies.
const NOTES: &str = "\
CREATE TABLE app.notes (
    tenant_id uuid NOT NULL, id uuid, body text, shared_with uuid, is_public boolean NOT NULL DEFAULT false,
    CONSTRAINT notes_pkey PRIMARY KEY (tenant_id, id));
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.notes FORCE ROW LEVEL SECURITY;
";

/// Its policy.
const POLICY: &str = "CREATE POLICY p ON app.notes USING (tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid));\n";

/// The module `app` with one file, in which tenancy is required.
fn required(sql: &str) -> Analysis {
    let module = Module::in_memory("app", [("001_all.sql", sql)]);
    analyze(module.with_settings("[tenancy]\nmode = \"required\"\n"))
}
