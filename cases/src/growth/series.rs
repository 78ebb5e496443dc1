//! Many statements, each about one more of something.

use super::{COLUMNS, Kind, each, keyed, kind, startup, tables, wide};

/// How many seeds a module can have.
const SEEDS: usize = 999;

pub(super) const KINDS: &[Kind] = &[
    kind("tables", 8000, |n| {
        let tables = each(n, |at| {
            format!(
                "CREATE TABLE app.t{at} (id bigint PRIMARY KEY, t_id bigint REFERENCES app.t (id));\n\
                 CREATE INDEX t{at}_t_id ON app.t{at} (t_id);\n"
            )
        });
        startup(keyed() + &tables, String::new())
    }),
    kind("tables-with-narrow-keys", 8000, |n| {
        let tables = each(n, |at| {
            format!("CREATE TABLE app.t{at} (id integer PRIMARY KEY, a text);\n")
        });
        startup(tables, String::new())
    }),
    kind("partitions", 8000, |n| {
        let all = each(n, |at| {
            format!(
                "CREATE TABLE app.t{at} PARTITION OF app.t FOR VALUES FROM ({at}) TO ({});\n",
                at + 1
            )
        });
        startup(partitioned() + &all, String::new())
    }),
    kind("attached", 2000, |n| {
        let all = each(n, |at| {
            format!(
                "CREATE TABLE app.t{at} (id bigint PRIMARY KEY, a text);\n\
                 ALTER TABLE app.t ATTACH PARTITION app.t{at} FOR VALUES FROM ({at}) TO ({});\n",
                at + 1
            )
        });
        startup(partitioned() + &all, String::new())
    }),
    kind("attached-later", 2000, |n| {
        let tables = each(n, |at| {
            format!("CREATE TABLE app.t{at} (id bigint PRIMARY KEY, a text);\n")
        });
        let attached = each(n, |at| {
            format!(
                "ALTER TABLE app.t ATTACH PARTITION app.t{at} FOR VALUES FROM ({at}) TO ({});\n",
                at + 1
            )
        });
        startup(partitioned() + &tables, attached)
    }),
    kind("alters", 8000, |n| {
        let all = each(n, |at| {
            format!("ALTER TABLE app.t ALTER COLUMN a SET DEFAULT '{at}';\n")
        });
        startup(keyed() + &all, String::new())
    }),
    kind("inserts", 8000, |n| {
        vec![
            ("001_a.sql".to_owned(), keyed()),
            ("S001_a.sql".to_owned(), each(n, insert)),
        ]
    }),
    kind("seeds", 8000, |n| {
        let seeds = (0..n.min(SEEDS)).map(|seed| {
            let own = (seed..n).step_by(SEEDS).map(insert);
            (format!("S{:03}_a.sql", seed + 1), own.collect())
        });
        let mut files = startup(keyed(), String::new());
        files.extend(seeds);
        files
    }),
    kind("triggers", 2000, |n| {
        let function = "CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;\n";
        let all = each(n, |at| {
            format!(
                "CREATE TRIGGER g{at} BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.f();\n"
            )
        });
        startup(format!("{}{function}{all}", keyed()), String::new())
    }),
    kind("policies", 2000, |n| {
        let all = each(n, |at| {
            format!("CREATE POLICY q{at} ON app.t USING (id > {at});\n")
        });
        startup(
            format!(
                "{}ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;\n{all}",
                keyed()
            ),
            String::new(),
        )
    }),
    kind("views", 2000, |n| {
        let all = each(n, |at| {
            format!("CREATE VIEW app.v{at} AS SELECT id, a FROM app.t;\n")
        });
        startup(keyed() + &all, String::new())
    }),
    kind("views-in-a-chain", 500, |n| {
        let all = each(n, |at| {
            format!("CREATE VIEW app.v{} AS SELECT id FROM app.v{at};\n", at + 1)
        });
        let first = "CREATE VIEW app.v0 AS SELECT id FROM app.t;\n";
        startup(format!("{}{first}{all}", keyed()), String::new())
    }),
    kind("indexes", COLUMNS, |n| {
        let all = each(n, |at| format!("CREATE INDEX i{at} ON app.t (c{at});\n"));
        startup(wide(n) + &all, String::new())
    }),
    kind("columns", COLUMNS, |n| {
        let all = each(n, |at| {
            format!("ALTER TABLE app.t ADD COLUMN c{at} bigint;\n")
        });
        startup(keyed(), all)
    }),
    kind("comments", COLUMNS, |n| {
        let all = each(n, |at| format!("COMMENT ON COLUMN app.t.c{at} IS 'x';\n"));
        startup(wide(n) + &all, String::new())
    }),
    kind("grants", COLUMNS, |n| {
        let all = each(n, |at| format!("GRANT SELECT (c{at}) ON app.t TO app;\n"));
        startup(wide(n) + &all, String::new())
    }),
    kind("drops", 2000, |n| {
        startup(tables(n), each(n, |at| format!("DROP TABLE app.p{at};\n")))
    }),
    kind("allowances", 2000, |n| {
        let all = each(n, |at| {
            format!(
                "-- onward: allow drop-table because \"table {at} was never used\"\nDROP TABLE app.p{at};\n"
            )
        });
        startup(tables(n), all)
    }),
    kind("functions", 2000, |n| {
        let all = each(n, |at| {
            format!(
                "CREATE FUNCTION app.f{at}() RETURNS bigint LANGUAGE sql AS $$ SELECT max(id) FROM app.t $$;\n"
            )
        });
        startup(keyed() + &all, String::new())
    }),
];

fn partitioned() -> String {
    "CREATE TABLE app.t (id bigint PRIMARY KEY, a text) PARTITION BY RANGE (id);\n".to_owned()
}

fn insert(at: usize) -> String {
    format!("INSERT INTO app.t (id, a) VALUES ({at}, 'x') ON CONFLICT (id) DO NOTHING;\n")
}
