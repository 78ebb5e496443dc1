//! Measures how long it takes to check a long history:
//! `cargo run -p onward-analyzer --example check_many -- 5000`.
//!
//! The files are generated. Each creates a table with a key, a check, an index and a foreign key to an
//! earlier table; some add columns, checks, views, policies and functions, some drop and rename. The
//! history has one file for each number, although the numbers of a real module end at 999.

#![expect(clippy::print_stdout, reason = "it prints what it has measured")]

use std::env;
use std::fmt::Write as _;
use std::time::Instant;

use onward_analyzer::analyze;
use onward_analyzer::file_name::{Category, Version};
use onward_analyzer::source::{Module, Source};

fn main() {
    let files = env::args().nth(1).and_then(|number| number.parse().ok());
    let files: u16 = files.unwrap_or(1000);
    let mut module = Module::in_memory("app", []);
    module.sources = (1..=files).map(source).collect();
    let texts = module.sources.iter();
    module.texts = texts
        .map(|file| (file.path.clone(), file.text.clone()))
        .collect();
    let bytes: usize = module.texts.values().map(String::len).sum();
    let start = Instant::now();
    let analysis = analyze(module);
    let took = start.elapsed();
    println!(
        "{files} files, {bytes} bytes, {} relations, {} findings, {} of them errors: {took:?}",
        analysis.schema.relations().count(),
        analysis.findings.len(),
        analysis
            .findings
            .iter()
            .filter(|one| one.severity.is_error())
            .count(),
    );
    for finding in analysis
        .findings
        .iter()
        .filter(|one| one.severity.is_error())
        .take(3)
    {
        println!(
            "{}: {} in {}",
            finding.rule, finding.message.what, finding.place.path
        );
    }
}

fn source(number: u16) -> Source {
    let name = format!("{number:03}_file.sql");
    Source {
        version: Version {
            category: Category::Startup,
            number,
        },
        path: format!("migrations/app/{name}"),
        name,
        text: text(number),
    }
}

fn text(n: u16) -> String {
    let parent = n.saturating_sub(n % 7 + 1);
    let mut sql = format!(
        "-- Table {n} of the history.
CREATE TABLE app.items_{n} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    state text NOT NULL DEFAULT 'new',
    made_at timestamptz NOT NULL DEFAULT now(),
    parent_id bigint,
    UNIQUE (tenant_id, name)
);
CREATE INDEX items_{n}_parent_id_idx ON app.items_{n} (parent_id);
"
    );
    if parent > 0 {
        let _ = writeln!(
            sql,
            "ALTER TABLE app.items_{n} ADD CONSTRAINT items_{n}_parent_id_fkey
    FOREIGN KEY (parent_id) REFERENCES app.items_{parent} (id) NOT VALID;"
        );
    }
    let extra = match n % 9 {
        1 => format!("ALTER TABLE app.items_{n} ADD COLUMN note text, ADD COLUMN size bigint CHECK (size > 0);\n"),
        2 => format!("CREATE VIEW app.names_{n} AS SELECT id, name FROM app.items_{n};\n"),
        3 => format!(
            "ALTER TABLE app.items_{n} ENABLE ROW LEVEL SECURITY;
CREATE POLICY items_{n}_tenant ON app.items_{n}
    USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid));\n"
        ),
        4 => format!(
            "CREATE FUNCTION app.touch_{n}() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    new.made_at := now();
    RETURN new;
END
$$;
CREATE TRIGGER items_{n}_touch BEFORE UPDATE ON app.items_{n}
    FOR EACH ROW EXECUTE FUNCTION app.touch_{n}();\n"
        ),
        5 => format!("CREATE TABLE app.gone_{n} (id bigint PRIMARY KEY); DROP TABLE app.gone_{n};\n"),
        6 => format!(
            "ALTER TABLE app.items_{n} RENAME COLUMN name TO title;
ALTER TABLE app.items_{n} RENAME TO things_{n}; ALTER TABLE app.things_{n} RENAME TO items_{n};\n"
        ),
        7 => format!("CREATE TYPE app.kind_{n} AS ENUM ('a', 'b'); COMMENT ON TABLE app.items_{n} IS 'one more';\n"),
        8 => format!("ALTER TABLE app.items_{n} ADD COLUMN old text; ALTER TABLE app.items_{n} DROP COLUMN old;\n"),
        _ => String::new(),
    };
    sql + &extra
}
