//! Tables: `IF EXISTS` and the like, persistence, partitions, settings.

use super::hold;

#[test]
fn tables_keep_their_facts() {
    hold(&[
        (
            "ALTER TABLE IF EXISTS ONLY t ADD a int",
            &["if_exists: true", "only: true"],
        ),
        (
            "ALTER TABLE t ADD IF NOT EXISTS a int",
            &["if_not_exists: true", "if_exists: false"],
        ),
        (
            "ALTER TABLE t DROP IF EXISTS a CASCADE",
            &["DropColumn", "if_exists: true, cascade: true"],
        ),
        (
            "DROP TABLE IF EXISTS t CASCADE",
            &["kind: Table", "cascade: true", "if_exists: true"],
        ),
        (
            "DROP INDEX CONCURRENTLY i",
            &["kind: Index", "concurrently: true"],
        ),
        (
            "CREATE UNLOGGED TABLE t (a int) WITH (fillfactor = 70, toast.autovacuum_enabled = off)",
            &[
                "persistence: Unlogged",
                r#"name: "fillfactor", value: Some("70")"#,
                r#"name: "toast.autovacuum_enabled", value: Some("off")"#,
            ],
        ),
        (
            "CREATE TEMP TABLE t (a int) ON COMMIT DELETE ROWS",
            &["Temporary", "Some(DeleteRows)"],
        ),
        (
            "CREATE TABLE t (LIKE s.u INCLUDING ALL EXCLUDING INDEXES) INHERITS (v)",
            &[
                r#"(Name { schema: "s", name: "u" }, [Comments, Compression, Constraints, Defaults, Generated, Identity, Statistics, Storage])"#,
                r#"inherits: [Name { schema: "app", name: "v" }]"#,
            ],
        ),
        (
            "CREATE TABLE t (a int) PARTITION BY RANGE (a, lower(b) COLLATE \"C\")",
            &[
                "strategy: Range",
                r#"keys: ["a", "lower(b) COLLATE \"C\""]"#,
            ],
        ),
        (
            "CREATE TABLE t PARTITION OF p FOR VALUES FROM (1, MINVALUE) TO (2, MAXVALUE)",
            &[r#"name: "p" }, Range { from: "1, MINVALUE", to: "2, MAXVALUE" }"#],
        ),
        (
            "CREATE TABLE t PARTITION OF p FOR VALUES IN (1, NULL)",
            &[r#"In("1, NULL")"#],
        ),
        (
            "CREATE TABLE t PARTITION OF p FOR VALUES WITH (MODULUS 4, REMAINDER 1)",
            &[r#"Hash("MODULUS 4, REMAINDER 1")"#],
        ),
        ("CREATE TABLE t PARTITION OF p DEFAULT", &["Default))"]),
        (
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
            &["mode: Concurrently"],
        ),
        (
            "ALTER TABLE t SET (fillfactor = 70)",
            &["SetParameters", "fillfactor"],
        ),
        (
            "ALTER TABLE t DISABLE TRIGGER ALL",
            &["triggers: All, firing: Disabled"],
        ),
        (
            "ALTER TABLE t ENABLE ALWAYS TRIGGER g",
            &[r#"One("g"), firing: Always"#],
        ),
        (
            "ALTER TABLE t REPLICA IDENTITY FULL",
            &["ReplicaIdentity(Full)"],
        ),
        (
            "SELECT 1 INTO UNLOGGED t",
            &["CreateTable", "Unlogged", "from_query: true"],
        ),
        ("TRUNCATE t CASCADE", &["cascade: true"]),
        ("LOCK t IN SHARE MODE", &["mode: Share"]),
        ("LOCK t", &["mode: AccessExclusive"]),
    ]);
}

/// Each setting is a value of its own, and none is taken for another.
#[test]
fn a_setting_of_a_table_is_not_taken_for_another_one() {
    hold(&[
        (
            "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
            &["action: EnableRowSecurity"],
        ),
        (
            "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
            &["action: DisableRowSecurity"],
        ),
        (
            "ALTER TABLE t FORCE ROW LEVEL SECURITY",
            &["action: ForceRowSecurity"],
        ),
        (
            "ALTER TABLE t NO FORCE ROW LEVEL SECURITY",
            &["action: NoForceRowSecurity"],
        ),
        (
            "ALTER TABLE t SET WITHOUT CLUSTER",
            &["action: WithoutCluster"],
        ),
        ("ALTER TABLE t SET WITHOUT OIDS", &["action: WithoutOids"]),
        ("ALTER TABLE t SET LOGGED", &["action: SetLogged"]),
        ("ALTER TABLE t SET UNLOGGED", &["action: SetUnlogged"]),
        (
            "ALTER TABLE t SET ACCESS METHOD heap",
            &[r#"action: SetAccessMethod(Some("heap"))"#],
        ),
        (
            "ALTER TABLE t SET ACCESS METHOD DEFAULT",
            &["action: SetAccessMethod(None)"],
        ),
        (
            "ALTER TABLE t SET TABLESPACE x",
            &[r#"action: SetTablespace("x")"#],
        ),
        ("ALTER TABLE t CLUSTER ON i", &[r#"action: ClusterOn("i")"#]),
        ("ALTER TABLE t INHERIT u", &["action: Inherit("]),
        ("ALTER TABLE t NO INHERIT u", &["action: NoInherit("]),
        ("ALTER TABLE t OF y", &["action: OfType("]),
        ("ALTER TABLE t NOT OF", &["action: NotOfType"]),
        (
            "ALTER TABLE t REPLICA IDENTITY NOTHING",
            &["action: ReplicaIdentity(Nothing)"],
        ),
        (
            "ALTER TABLE t REPLICA IDENTITY FULL",
            &["action: ReplicaIdentity(Full)"],
        ),
        (
            "ALTER TABLE t REPLICA IDENTITY DEFAULT",
            &["action: ReplicaIdentity(Default)"],
        ),
        (
            "ALTER TABLE t REPLICA IDENTITY USING INDEX i",
            &[r#"action: ReplicaIdentity(Index("i"))"#],
        ),
        (
            "ALTER TABLE t ALTER a RESTART",
            &["SetIdentity { always: None"],
        ),
        (
            "ALTER TABLE t ALTER a SET GENERATED ALWAYS",
            &["SetIdentity { always: Some(true)"],
        ),
        (
            "ALTER TABLE t ALTER a SET GENERATED BY DEFAULT SET CACHE 5",
            &["SetIdentity { always: Some(false), options: [Parameter"],
        ),
        (
            "ALTER TABLE t ALTER a SET STATISTICS DEFAULT",
            &["Statistics(None)"],
        ),
        (
            "ALTER TABLE t ALTER a RESET (n_distinct)",
            &["ResetParameters("],
        ),
    ]);
}
