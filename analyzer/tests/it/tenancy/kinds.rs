//! Each way around row-level security that the files decide is found, and what other tools report by mistake is not.

use super::{NOTES, POLICY, required};

const FORCED: &str = "ALTER TABLE app.tasks ENABLE ROW LEVEL SECURITY; ALTER TABLE app.tasks FORCE ROW LEVEL SECURITY;";

/// The rules of the group that find something, each once.
fn found(sql: &str) -> Vec<&'static str> {
    let analysis = required(sql);
    let about = |id: &str| {
        let rules = onward_analyzer::find_rules(id);
        rules.is_empty() || rules.iter().any(|rule| rule.group.word() == "tenancy")
    };
    let rules = analysis.findings.iter().map(|finding| finding.rule);
    let mut rules: Vec<&str> = rules.filter(|rule| about(rule)).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// A second table beside the notes, with these columns and constraints.
fn tasks(columns: &str) -> String {
    format!(
        "CREATE TABLE app.tasks (tenant_id uuid NOT NULL, id uuid, {columns}, PRIMARY KEY (tenant_id, id)); {FORCED}"
    )
}

#[test]
fn each_kind_is_found() {
    let mut missed = Vec::new();
    let definer = "LANGUAGE sql SECURITY DEFINER SET search_path = ''";
    for (kind, sql, rule) in [
        ("no row security", "CREATE TABLE app.t (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id));".to_owned(), "tenant-table-without-row-security"),
        ("in a DO block", "DO $$ BEGIN CREATE TABLE app.t (tenant_id uuid NOT NULL PRIMARY KEY); END $$;".to_owned(), "tenant-table-without-row-security"),
        ("a copy of a table", "CREATE TABLE app.t (LIKE app.notes INCLUDING ALL);".to_owned(), "tenant-table-without-row-security"),
        ("the result of a query", "CREATE TABLE app.t AS SELECT * FROM app.notes;".to_owned(), "tenant-table-without-row-security"),
        ("an heir", "CREATE TABLE app.t (PRIMARY KEY (tenant_id, id)) INHERITS (app.notes);".to_owned(), "tenant-table-without-row-security"),
        ("a foreign table", "CREATE FOREIGN TABLE app.t (tenant_id uuid NOT NULL) SERVER s;".to_owned(), "tenant-table-without-row-security"),
        ("a view of the owner", "CREATE VIEW app.v AS SELECT * FROM app.notes;".to_owned(), "view-bypasses-row-security"),
        ("a view that filters itself", "CREATE VIEW app.v WITH (security_barrier) AS SELECT * FROM app.notes WHERE tenant_id = current_setting('app.tenant_id')::uuid;".to_owned(), "view-bypasses-row-security"),
        ("a materialized view", "CREATE MATERIALIZED VIEW app.v AS SELECT * FROM app.notes;".to_owned(), "view-bypasses-row-security"),
        ("a rule", "CREATE VIEW app.v WITH (security_invoker) AS SELECT 1 AS a; CREATE RULE r AS ON UPDATE TO app.v DO INSTEAD DELETE FROM app.notes;".to_owned(), "rewrite-rule-reaches-tenants"),
        ("a leakproof function", "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql LEAKPROOF SET search_path = '' AS 'SELECT 1';".to_owned(), "leakproof-function"),
        ("a definer", format!("CREATE FUNCTION app.f() RETURNS bigint {definer} AS 'SELECT count(*) FROM app.notes';"), "definer-reaches-tenants"),
        ("a definer with an expression", "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' RETURN (SELECT count(*) FROM app.notes);".to_owned(), "definer-reaches-tenants"),
        ("a definer through a view", format!("CREATE VIEW app.v WITH (security_invoker) AS SELECT id FROM app.notes; CREATE FUNCTION app.f() RETURNS bigint {definer} AS 'SELECT count(*) FROM app.v';"), "definer-reaches-tenants"),
        ("a definer as a trigger", "CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$ BEGIN IF EXISTS (SELECT FROM app.notes) THEN RETURN NULL; END IF; RETURN NEW; END $$;".to_owned(), "definer-reaches-tenants"),
        ("a mutable search path", "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';".to_owned(), "mutable-search-path"),
        ("a constant function", "CREATE FUNCTION app.f() RETURNS text LANGUAGE sql IMMUTABLE SET search_path = '' AS $$ SELECT current_setting('app.tenant_id') $$;".to_owned(), "immutable-tenant-function"),
        ("a foreign key without an action", tasks("note uuid, UNIQUE (id), FOREIGN KEY (note) REFERENCES app.notes2 (id)").replace("app.notes2 (id)", "app.tasks (id)"), "foreign-key-across-tenants"),
        ("a foreign key that cascades", tasks("parent uuid, UNIQUE (id), FOREIGN KEY (parent) REFERENCES app.tasks (id) ON DELETE CASCADE"), "foreign-key-across-tenants"),
        ("a foreign key with another tenant", tasks("other uuid NOT NULL, note uuid, FOREIGN KEY (other, note) REFERENCES app.notes (tenant_id, id)"), "foreign-key-across-tenants"),
        ("a unique key", tasks("code text UNIQUE"), "unique-without-tenant"),
        ("a unique index over an expression", format!("{} CREATE UNIQUE INDEX i ON app.tasks (lower(code));", tasks("code text")), "unique-without-tenant"),
        ("an exclusion", tasks("during tstzrange, EXCLUDE USING gist (during WITH &&)"), "unique-without-tenant"),
        ("a partition", "CREATE TABLE app.t (tenant_id uuid NOT NULL PRIMARY KEY) PARTITION BY HASH (tenant_id); ALTER TABLE app.t ENABLE ROW LEVEL SECURITY; ALTER TABLE app.t FORCE ROW LEVEL SECURITY; CREATE TABLE app.t1 PARTITION OF app.t FOR VALUES WITH (MODULUS 1, REMAINDER 0);".to_owned(), "tenant-table-without-row-security"),
        ("TRUNCATE", "GRANT TRUNCATE ON app.notes TO service;".to_owned(), "grant-beyond-policies"),
        ("REFERENCES of a column", "GRANT REFERENCES (id) ON TABLE notes TO service;".to_owned(), "grant-beyond-policies"),
        ("all tables", "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA app TO service;".to_owned(), "grant-beyond-policies"),
        ("a sequence", "CREATE SEQUENCE app.s; GRANT ALL ON SEQUENCE app.s TO service;".to_owned(), "grant-beyond-policies"),
        ("the sequence of a column", format!("{} GRANT SELECT ON app.tasks_number_seq TO service;", tasks("number bigserial")), "grant-beyond-policies"),
        ("PUBLIC", "GRANT SELECT ON app.notes TO PUBLIC;".to_owned(), "grant-beyond-policies"),
        ("default privileges", "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;".to_owned(), "grant-beyond-policies"),
        ("no tenant", "CREATE TABLE app.t (id uuid PRIMARY KEY);".to_owned(), "table-without-tenant"),
        ("a nullable tenant", "CREATE TABLE app.t (tenant_id uuid, id uuid PRIMARY KEY);".to_owned(), "table-without-tenant"),
        ("a renamed column", "ALTER TABLE app.notes RENAME COLUMN tenant_id TO org;".to_owned(), "table-without-tenant"),
        ("a tenant of another type", "CREATE TABLE app.t (tenant_id bigint NOT NULL PRIMARY KEY);".to_owned(), "table-without-tenant"),
        ("policies that sleep", "CREATE TABLE app.t (tenant_id uuid NOT NULL PRIMARY KEY); CREATE POLICY p ON app.t USING (false);".to_owned(), "policy-without-row-security"),
        ("a publication", "CREATE PUBLICATION p FOR TABLE app.notes;".to_owned(), "published-tenants"),
        ("a publication of the schema", "CREATE PUBLICATION p FOR TABLES IN SCHEMA app;".to_owned(), "published-tenants"),
        ("no index", "CREATE TABLE app.t (tenant_id uuid NOT NULL, id uuid PRIMARY KEY);".to_owned(), "tenant-without-index"),
        ("a second policy", "CREATE POLICY q ON app.notes FOR SELECT TO support USING (true);".to_owned(), "policy-leaks-tenants"),
    ] {
        let rules = found(&format!("{NOTES}{POLICY}{sql}"));
        if !rules.contains(&rule) {
            missed.push(format!("{kind}: {rule} is not among {rules:?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_right_is_not_reported() {
    let mut reported = Vec::new();
    for (what, sql) in [
        ("the table itself", String::new()),
        ("a policy without WITH CHECK", "DROP POLICY p ON app.notes; CREATE POLICY q ON app.notes FOR ALL USING (tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid));".to_owned()),
        ("a trigger function of the caller", "CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN DELETE FROM app.notes WHERE false; RETURN NEW; END $$; CREATE TRIGGER g AFTER INSERT ON app.notes EXECUTE FUNCTION app.f();".to_owned()),
        ("a view of the caller without a barrier", "CREATE VIEW app.v WITH (security_invoker = on) AS SELECT * FROM app.notes WHERE body IS NOT NULL;".to_owned()),
        ("a view of the owner over a view of the caller", "CREATE VIEW app.v WITH (security_invoker = on) AS SELECT * FROM app.notes; CREATE VIEW app.w AS SELECT * FROM app.v;".to_owned()),
        ("a column without a policy is dropped", "ALTER TABLE app.notes DROP COLUMN body;".to_owned()),
        ("a foreign key with the tenant in another place", tasks("note uuid, FOREIGN KEY (note, tenant_id) REFERENCES app.notes (id, tenant_id)")
            .replace("CREATE TABLE app.tasks", "ALTER TABLE app.notes ADD UNIQUE (id, tenant_id); CREATE TABLE app.tasks")),
        ("a unique key with the tenant behind", tasks("code text, UNIQUE (code, tenant_id)")),
        ("numbers of a sequence", tasks("number bigint GENERATED ALWAYS AS IDENTITY UNIQUE")),
        ("a temporary table", "CREATE TEMP TABLE t (id int);".to_owned()),
        ("rights that policies limit", "GRANT SELECT, INSERT, UPDATE, DELETE ON app.notes TO service;".to_owned()),
        ("a definer that reaches no table", "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT 1';".to_owned()),
        ("a function that reads another setting", "CREATE FUNCTION app.f() RETURNS text LANGUAGE sql IMMUTABLE SET search_path = '' AS $$ SELECT current_setting('work_mem') $$;".to_owned()),
    ] {
        let rules = found(&format!("{NOTES}{POLICY}{sql}"));
        if !rules.is_empty() {
            reported.push(format!("{what}: {rules:?}"));
        }
    }
    assert!(reported.is_empty(), "{}", reported.join("\n"));
}
