//! What is proved, what leaks and what is not known, policy by policy.

use onward_analyzer::statement::PolicyCommand;
use onward_analyzer::tenancy::{COMMANDS, Verdict, judged};
use onward_cases::policies::{CONDITIONS, TENANT};

use super::{NOTES, required};

fn verdict(sql: &str, table: &str, command: PolicyCommand) -> Verdict {
    let analysis = required(sql);
    let tables = judged(&analysis.schema, &analysis.module);
    let found = tables.iter().find(|one| one.table.name == table);
    let at = COMMANDS.iter().position(|one| *one == command);
    let verdicts = found.map(|one| one.verdicts.to_vec()).unwrap_or_default();
    verdicts[at.expect("a command of the matrix")].clone()
}

/// The verdict about SELECT on `app.notes`, with this condition.
fn of_condition(before: &str, condition: &str) -> Verdict {
    let sql = format!("{before}{NOTES}CREATE POLICY p ON app.notes USING ({condition});");
    verdict(&sql, "notes", PolicyCommand::Select)
}

#[track_caller]
fn assert_words(before: &str, cases: &[(&str, &str)]) {
    for (condition, word) in cases {
        let condition = condition.replace("$T", TENANT);
        let verdict = of_condition(before, &condition);
        assert_eq!(verdict.word(), *word, "{condition}: {verdict:?}");
    }
}

#[test]
fn each_condition_has_the_verdict_that_a_server_shows() {
    assert_words("", CONDITIONS);
}

#[test]
fn the_leak_names_the_situation_that_shows_it() {
    let shown = |condition: &str| match of_condition("", &condition.replace("$T", TENANT)) {
        Verdict::Leak { shown_by, .. } => shown_by,
        other => panic!("{condition}: {other:?}"),
    };
    assert_eq!(shown("true"), "tenant 1 reads rows of tenant 2");
    assert_eq!(
        shown("current_setting('app.tenant_id', true) IS NULL OR tenant_id = $T"),
        "a session that never set app.tenant_id reads rows of tenant 2"
    );
    assert_eq!(
        shown("current_setting('app.tenant_id', true) = '' OR tenant_id = $T"),
        "a reused connection, on which app.tenant_id is '' and not null, reads rows of tenant 2"
    );
    assert_eq!(
        shown("tenant_id = $T OR is_public"),
        "tenant 1 reads rows of tenant 2, where `is_public`"
    );
}

#[test]
fn helper_functions_of_the_history_are_read() {
    let helper = |volatility: &str, body: &str| {
        format!(
            "CREATE FUNCTION app.tenant() RETURNS uuid LANGUAGE sql {volatility} SET search_path = '' AS $$ {body} $$;\n"
        )
    };
    let select = format!("SELECT {TENANT}");
    assert_words(
        &helper("STABLE", &select),
        &[
            ("tenant_id = app.tenant()", "PROVEN"),
            ("tenant_id = (SELECT app.tenant())", "PROVEN"),
            ("tenant_id = tenant()", "PROVEN"),
            ("app.tenant() IS NULL OR tenant_id = app.tenant()", "LEAK"),
        ],
    );
    assert_words(
        &helper("IMMUTABLE", &select),
        &[("tenant_id = app.tenant()", "LEAK")],
    );
    let own = format!(
        "CREATE FUNCTION app.is_own(tenant uuid) RETURNS boolean LANGUAGE sql STABLE RETURN tenant = {TENANT};\n"
    );
    assert_words(
        &own,
        &[
            ("app.is_own(tenant_id)", "PROVEN"),
            ("NOT app.is_own(tenant_id)", "LEAK"),
        ],
    );
    let setter = helper("STABLE SET app.tenant_id = 'a'", &select);
    assert_words(&setter, &[("tenant_id = app.tenant()", "UNVERIFIED")]);
    let plpgsql = "CREATE FUNCTION app.tenant() RETURNS uuid LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN NULL; END $$;\n";
    assert_words(plpgsql, &[("tenant_id = app.tenant()", "UNVERIFIED")]);
}

#[test]
fn a_membership_is_as_good_as_its_table() {
    let members = |rest: &str| {
        format!(
            "CREATE TABLE app.members (tenant_id uuid NOT NULL, user_id uuid, PRIMARY KEY (tenant_id, user_id));\n{rest}\n"
        )
    };
    let closed = format!(
        "ALTER TABLE app.members ENABLE ROW LEVEL SECURITY;
         CREATE POLICY own ON app.members USING (tenant_id = {TENANT});
         GRANT INSERT ON app.members TO service;"
    );
    let by_user = "user_id = current_setting('app.user_id', true)::uuid";
    let listed = format!("tenant_id IN (SELECT tenant_id FROM app.members WHERE {by_user})");
    let exists = format!(
        "EXISTS (SELECT 1 FROM app.members m WHERE m.tenant_id = notes.tenant_id AND m.{by_user})"
    );
    let joined = format!(
        "EXISTS (SELECT FROM app.users u JOIN app.members m ON m.user_id = u.id WHERE m.tenant_id = notes.tenant_id AND m.{by_user})"
    );
    let users = "CREATE TABLE app.users (id uuid PRIMARY KEY);";
    for (rest, word) in [(closed.as_str(), "PROVEN"), ("", "UNVERIFIED")] {
        assert_words(&format!("{users}{}", members(rest)), &[(&joined, word)]);
    }
    for (rest, word) in [
        (closed.as_str(), "PROVEN"),
        ("", "UNVERIFIED"),
        ("GRANT INSERT ON app.members TO service;", "LEAK"),
        ("GRANT SELECT ON app.members TO service;", "UNVERIFIED"),
        ("GRANT ALL ON ALL TABLES IN SCHEMA app TO service;", "LEAK"),
        (
            "GRANT INSERT, UPDATE ON app.members TO service; REVOKE ALL ON app.members FROM service;",
            "UNVERIFIED",
        ),
    ] {
        assert_words(&members(rest), &[(&listed, word), (&exists, word)]);
    }
    assert_words(
        &members(""),
        &[
            (
                "EXISTS (SELECT FROM app.members m WHERE m.tenant_id = $T AND m.tenant_id = notes.tenant_id)",
                "PROVEN",
            ),
            (
                "tenant_id = (SELECT m.tenant_id FROM app.members m WHERE m.tenant_id = $T)",
                "PROVEN",
            ),
            (
                "NOT EXISTS (SELECT FROM app.members m WHERE m.tenant_id = notes.tenant_id)",
                "LEAK",
            ),
            (
                "EXISTS (SELECT FROM app.notes n WHERE n.id = notes.id)",
                "UNVERIFIED",
            ),
        ],
    );
}

#[test]
fn policies_of_a_table_are_joined_as_postgresql_joins_them() {
    let own = format!("tenant_id = {TENANT}");
    for (policies, command, word) in [
        // Without a policy the command is closed.
        (String::new(), PolicyCommand::Select, "PROVEN"),
        (
            format!("CREATE POLICY p ON app.notes USING ({own});"),
            PolicyCommand::Insert,
            "PROVEN",
        ),
        (
            format!("CREATE POLICY p ON app.notes FOR UPDATE USING ({own});"),
            PolicyCommand::Update,
            "PROVEN",
        ),
        (
            format!("CREATE POLICY p ON app.notes USING ({own}) WITH CHECK (true);"),
            PolicyCommand::Insert,
            "LEAK",
        ),
        (
            format!("CREATE POLICY p ON app.notes USING ({own}) WITH CHECK (true);"),
            PolicyCommand::Update,
            "LEAK",
        ),
        (
            format!("CREATE POLICY p ON app.notes USING ({own}) WITH CHECK (true);"),
            PolicyCommand::Delete,
            "PROVEN",
        ),
        (
            format!(
                "CREATE POLICY p ON app.notes USING ({own}); CREATE POLICY q ON app.notes FOR SELECT USING (is_public);"
            ),
            PolicyCommand::Select,
            "LEAK",
        ),
        (
            format!(
                "CREATE POLICY p ON app.notes USING ({own}); CREATE POLICY q ON app.notes FOR SELECT USING (is_public);"
            ),
            PolicyCommand::Delete,
            "PROVEN",
        ),
        (
            format!(
                "CREATE POLICY p ON app.notes USING (true); CREATE POLICY q ON app.notes AS RESTRICTIVE USING ({own});"
            ),
            PolicyCommand::Select,
            "PROVEN",
        ),
        (
            format!(
                "CREATE POLICY p ON app.notes USING (true); CREATE POLICY q ON app.notes AS RESTRICTIVE TO a USING ({own});"
            ),
            PolicyCommand::Select,
            "LEAK",
        ),
        (
            format!(
                "CREATE POLICY p ON app.notes TO a USING (true); CREATE POLICY q ON app.notes AS RESTRICTIVE TO a, b USING ({own});"
            ),
            PolicyCommand::Select,
            "PROVEN",
        ),
        (
            format!(
                "CREATE POLICY p ON app.notes USING (true); CREATE POLICY q ON app.notes AS RESTRICTIVE FOR SELECT USING ({own});"
            ),
            PolicyCommand::Delete,
            "LEAK",
        ),
        (
            format!(
                "CREATE POLICY p ON app.notes USING (true); ALTER POLICY p ON app.notes USING ({own});"
            ),
            PolicyCommand::Select,
            "PROVEN",
        ),
    ] {
        let verdict = verdict(&format!("{NOTES}{policies}"), "notes", command);
        assert_eq!(verdict.word(), word, "{policies}: {command}: {verdict:?}");
    }
}

#[test]
fn the_table_decides_before_its_policies() {
    let policy = format!("CREATE POLICY p ON app.notes USING (tenant_id = {TENANT});");
    let all = format!("{NOTES}{policy}");
    let off = all.replace("ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY");
    assert_eq!(verdict(&off, "notes", PolicyCommand::Select).word(), "LEAK");
    let unforced = all.replace("FORCE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY");
    assert_eq!(
        verdict(&unforced, "notes", PolicyCommand::Select).word(),
        "LEAK"
    );
    let or_null =
        format!("CREATE POLICY p ON app.notes USING (tenant_id = {TENANT} OR tenant_id IS NULL);");
    assert_eq!(
        verdict(&format!("{NOTES}{or_null}"), "notes", PolicyCommand::Select).word(),
        "PROVEN"
    );
    let nullable = format!("{NOTES}{or_null}")
        .replace("tenant_id uuid NOT NULL", "tenant_id uuid")
        .replace("PRIMARY KEY (tenant_id, id)", "PRIMARY KEY (id)");
    assert_eq!(
        verdict(&nullable, "notes", PolicyCommand::Select).word(),
        "LEAK"
    );
    // The empty text is a tenant of its own, which a reused connection has.
    let text = |check: &str| {
        format!("{NOTES}CREATE POLICY p ON app.notes USING (tenant_id = current_setting('app.tenant_id', true));")
            .replace("tenant_id uuid NOT NULL", &format!("tenant_id text NOT NULL{check}"))
    };
    assert_eq!(
        verdict(&text(""), "notes", PolicyCommand::Select).word(),
        "LEAK"
    );
    let checked = text(" CHECK (tenant_id <> '')");
    assert_eq!(
        verdict(&checked, "notes", PolicyCommand::Select).word(),
        "PROVEN"
    );
}
