//! Many actions in one `ALTER TABLE`, or many columns and constraints in one `CREATE TABLE`.

use super::{COLUMNS, Files, Kind, each, kind, list, startup, tables, wide};

// A wide table of 1600 columns has room for no further one.
pub(super) const KINDS: &[Kind] = &[
    kind("add-foreign-key", COLUMNS, |n| {
        let parent = "CREATE TABLE app.p (id bigint PRIMARY KEY);\n";
        altered(n, parent, |at| {
            format!("ADD FOREIGN KEY (c{at}) REFERENCES app.p (id)")
        })
    }),
    kind("add-foreign-keys-to-many", COLUMNS, |n| {
        altered(n, &tables(n), |at| {
            format!("ADD CONSTRAINT k{at} FOREIGN KEY (c{at}) REFERENCES app.p{at} (id)")
        })
    }),
    kind("add-foreign-key-not-valid", COLUMNS, |n| {
        let parent = "CREATE TABLE app.p (id bigint PRIMARY KEY);\n";
        altered(n, parent, |at| {
            format!("ADD FOREIGN KEY (c{at}) REFERENCES app.p (id) NOT VALID")
        })
    }),
    kind("add-unique", COLUMNS, |n| {
        altered(n, "", |at| format!("ADD UNIQUE (c{at})"))
    }),
    kind("add-check", COLUMNS, |n| {
        altered(n, "", |at| format!("ADD CHECK (c{at} > 0)"))
    }),
    kind("add-check-not-valid", COLUMNS, |n| {
        altered(n, "", |at| {
            format!("ADD CONSTRAINT k{at} CHECK (c{at} > 0) NOT VALID")
        })
    }),
    kind("add-column", COLUMNS, |n| {
        let actions = actions(n, |at| format!("ADD COLUMN c{at} bigint"));
        let table = "CREATE TABLE app.t (\n  id bigint PRIMARY KEY\n);\n".to_owned();
        startup(table, actions)
    }),
    kind("add-column-not-null", COLUMNS, |n| {
        let actions = actions(n, |at| format!("ADD COLUMN c{at} bigint NOT NULL"));
        let table = "CREATE TABLE app.t (\n  id bigint PRIMARY KEY\n);\n".to_owned();
        startup(table, actions)
    }),
    kind("type", COLUMNS, |n| {
        altered(n, "", |at| format!("ALTER COLUMN c{at} TYPE integer"))
    }),
    // Only of a table with a key are the files written that replace a column.
    kind("type-in-table-with-key", COLUMNS, |n| {
        let table = format!("{}ALTER TABLE app.t ADD PRIMARY KEY (c0);\n", wide(n));
        let types = actions(n, |at| format!("ALTER COLUMN c{at} TYPE integer"));
        startup(table, types)
    }),
    kind("not-null", COLUMNS, |n| {
        altered(n, "", |at| format!("ALTER COLUMN c{at} SET NOT NULL"))
    }),
    kind("default", COLUMNS, |n| {
        altered(n, "", |at| format!("ALTER COLUMN c{at} SET DEFAULT {at}"))
    }),
    kind("drop-column", COLUMNS, |n| {
        altered(n, "", |at| format!("DROP COLUMN c{at}"))
    }),
    kind("drop-constraint", COLUMNS, |n| {
        let drops = actions(n, |at| format!("DROP CONSTRAINT k{at}"));
        startup(checked(n), drops)
    }),
    kind("validate", COLUMNS, |n| {
        let wide = wide(n);
        let added = actions(n, |at| {
            format!("ADD CONSTRAINT k{at} CHECK (c{at} > 0) NOT VALID")
        });
        let valid = actions(n, |at| format!("VALIDATE CONSTRAINT k{at}"));
        startup(format!("{wide}{added}"), valid)
    }),
    kind("create-columns", COLUMNS, |n| {
        startup(wide(n), String::new())
    }),
    kind("create-foreign-keys", COLUMNS, |n| {
        let parent = "CREATE TABLE app.p (id bigint PRIMARY KEY);\n".to_owned();
        created(n, parent, |at| {
            format!("c{at} bigint REFERENCES app.p (id)")
        })
    }),
    kind("create-foreign-keys-to-many", COLUMNS, |n| {
        created(n, tables(n), |at| {
            format!("c{at} bigint REFERENCES app.p{at} (id)")
        })
    }),
    kind("create-uniques", COLUMNS, |n| {
        created(n, String::new(), |at| format!("c{at} bigint UNIQUE"))
    }),
    kind("create-checks", COLUMNS, |n| {
        startup(checked(n), String::new())
    }),
    kind("create-table-constraints", COLUMNS, |n| {
        let columns = list(n, ",\n  ", |at| format!("c{at} bigint"));
        let keys = each(n, |at| {
            format!(",\n  CONSTRAINT k{at} FOREIGN KEY (c{at}) REFERENCES app.p{at} (id)")
        });
        startup(
            tables(n),
            format!("CREATE TABLE app.t (\n  {columns}{keys}\n);\n"),
        )
    }),
];

/// `app.t` with columns in one file, and one statement of actions on it in the next.
fn altered(length: usize, before: &str, action: impl Fn(usize) -> String) -> Files {
    startup(format!("{before}{}", wide(length)), actions(length, action))
}

fn actions(length: usize, action: impl Fn(usize) -> String) -> String {
    format!("ALTER TABLE app.t\n  {};\n", list(length, ",\n  ", action))
}

fn created(length: usize, before: String, column: impl Fn(usize) -> String) -> Files {
    let columns = list(length, ",\n  ", column);
    let table = format!("CREATE TABLE app.t (\n  {columns}\n);\n");
    startup(before, table)
}

/// `app.t`, where each column has a named check.
fn checked(length: usize) -> String {
    let columns = list(length, ",\n  ", |at| {
        format!("c{at} bigint CONSTRAINT k{at} CHECK (c{at} > 0)")
    });
    format!("CREATE TABLE app.t (\n  {columns}\n);\n")
}
