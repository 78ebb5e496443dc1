//! Scratch databases on each major version: `verify --schema`, `rehearse` and `squash`, with the seven modules and a folder
//! that has one of every kind of object.

use onward_pg::{Major, Server};

use crate::Outcome;
use crate::support::{Folder, MODULES, onward_on};

const WIDE: &[(&str, &str)] = &[
    ("wide/onward.toml", onward_tests::UNJUDGED),
    (
        "wide/001_types.sql",
        "CREATE TYPE wide.mood AS ENUM ('fine', 'so so');
CREATE TYPE wide.place AS (x int, y int);
CREATE TYPE wide.span AS RANGE (subtype = numeric);
CREATE DOMAIN wide.amount AS numeric(10, 2) DEFAULT 0 NOT NULL CONSTRAINT positive CHECK (VALUE >= 0);
CREATE SEQUENCE wide.numbers AS int INCREMENT 2 START 7 CACHE 3;
",
    ),
    (
        "wide/002_tables.sql",
        "CREATE TABLE wide.people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE \"C\" NOT NULL,
    mood wide.mood DEFAULT 'fine',
    at wide.place,
    paid wide.amount,
    tags text[] NOT NULL DEFAULT '{}',
    low text GENERATED ALWAYS AS (lower(name)) STORED,
    n int DEFAULT nextval('wide.numbers'),
    CONSTRAINT people_name CHECK (name <> '') NO INHERIT,
    UNIQUE NULLS NOT DISTINCT (mood, n)
);
CREATE TABLE wide.stays (
    room int,
    during int4range,
    guest bigint REFERENCES wide.people ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    EXCLUDE USING gist (during WITH &&) WHERE (room > 0)
);
CREATE TABLE wide.\"Odd Name\" (\"a b\" int) INHERITS (wide.stays);
CREATE UNLOGGED TABLE wide.cache (key text PRIMARY KEY, value jsonb) WITH (fillfactor = 70);
CREATE TABLE wide.events (id bigint NOT NULL, at timestamptz NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE wide.events_2024 PARTITION OF wide.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (kind);
CREATE TABLE wide.events_2024_a PARTITION OF wide.events_2024 FOR VALUES IN ('a', NULL);
CREATE TABLE wide.events_rest PARTITION OF wide.events DEFAULT;
",
    ),
    (
        "wide/003_more.sql",
        "CREATE INDEX people_low ON wide.people (lower(name) DESC NULLS LAST, id) INCLUDE (mood) WHERE n > 0;
CREATE INDEX people_tags ON wide.people USING gin (tags);
CREATE INDEX events_at ON wide.events USING brin (at);
CREATE STATISTICS wide.people_stats (ndistinct, dependencies) ON mood, n FROM wide.people;
CREATE VIEW wide.fine WITH (security_barrier) AS SELECT id, name FROM wide.people WHERE mood = 'fine' WITH CHECK OPTION;
CREATE MATERIALIZED VIEW wide.counts AS SELECT mood, count(*) AS n FROM wide.people GROUP BY mood;
CREATE UNIQUE INDEX counts_mood ON wide.counts (mood);
CREATE FUNCTION wide.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := coalesce(NEW.n, 0); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE OF n ON wide.people FOR EACH ROW WHEN (NEW.n IS NULL) EXECUTE FUNCTION wide.touch();
CREATE PROCEDURE wide.nothing(IN a int DEFAULT 1) LANGUAGE sql AS 'SELECT a';
CREATE RULE quiet AS ON DELETE TO wide.cache DO INSTEAD NOTHING;
ALTER TABLE wide.people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON wide.people AS RESTRICTIVE FOR UPDATE USING (id > 0) WITH CHECK (id > 1);
ALTER TABLE wide.people ADD CONSTRAINT people_n CHECK (n > -1) NOT VALID;
COMMENT ON TABLE wide.people IS 'Who there is';
",
    ),
];

async fn on(major: Major) -> Outcome {
    let server = Server::of(major).await?;
    assert_eq!(server.major(), major);
    let database = server.database().await?;
    let folder = Folder::new(WIDE)?;
    let wide = folder.root().join("wide").display().to_string();
    let all: Vec<&str> = MODULES.iter().copied().chain([wide.as_str()]).collect();
    onward_on(&database, &[&["up"], &all[..]].concat())
        .await?
        .with(0);
    onward_on(&database, &[&["verify", "--schema"], &all[..]].concat())
        .await?
        .with(0)
        .says(&["auth: as its ", "wide: as its 3 migrations left it"]);
    let client = database.connect().await?;
    for (change, line) in [
        (
            "ALTER TABLE wide.people ALTER mood SET DEFAULT 'so so'",
            "different: column wide.people.mood: default is 'so so'::wide.mood; by the files it is 'fine'::wide.mood",
        ),
        (
            "DROP INDEX wide.people_tags",
            "missing: index wide.people_tags",
        ),
        (
            "CREATE TABLE wide.events_2025 PARTITION OF wide.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
            "extra: table wide.events_2025",
        ),
        (
            "ALTER DOMAIN wide.amount DROP CONSTRAINT positive",
            "missing: constraint positive on wide.amount",
        ),
        (
            "ALTER TYPE wide.mood ADD VALUE 'bad'",
            "different: type wide.mood: ",
        ),
    ] {
        client.batch_execute(change).await?;
        onward_on(&database, &["verify", "--schema", &wide])
            .await?
            .with(1)
            .says(&[line]);
    }
    drop(client);

    // Two databases of its own, equal down to the comments.
    let squash = ["squash", &wide, "--through", "003"];
    onward_on(&database, &squash)
        .await?
        .with(0)
        .says(&["Two databases, with and without it, are equal."]);
    let fresh = server.database().await?;
    onward_on(&fresh, &["up", &wide]).await?.with(0);
    let next = "ALTER TABLE wide.people ADD COLUMN late int;\n";
    std::fs::write(folder.root().join("wide/004_late.sql"), next)?;
    onward_on(&fresh, &["rehearse", &wide])
        .await?
        .with(0)
        .says(&["004_late.sql", "the copy is dropped"]);
    Ok(())
}

#[tokio::test]
async fn postgresql_15() -> Outcome {
    on(Major::V15).await
}

#[tokio::test]
async fn postgresql_16() -> Outcome {
    on(Major::V16).await
}

#[tokio::test]
async fn postgresql_17() -> Outcome {
    on(Major::V17).await
}

#[tokio::test]
async fn postgresql_18() -> Outcome {
    on(Major::V18).await
}
