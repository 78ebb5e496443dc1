//! The queries of `[data] healthy` are resolved with the schema that all files leave.

use onward_analyzer::source::Module;
use onward_analyzer::{analyze, settings};

const FILES: [(&str, &str); 4] = [
    (
        "001_queue.sql",
        "CREATE TABLE app.queue (id bigint PRIMARY KEY, state text NOT NULL, old text);\n\
         CREATE VIEW app.waiting AS SELECT id FROM app.queue WHERE state = 'waiting';",
    ),
    (
        "002_calm.sql",
        "CREATE FUNCTION app.is_calm() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp\n\
         AS 'SELECT true';",
    ),
    (
        "100_drop_queue_old.sql",
        "-- onward: breaks the release that reads old\nALTER TABLE app.queue DROP COLUMN old;",
    ),
    (
        "DM001_queue_state.sql",
        "-- onward: batch 100 by id\nUPDATE app.queue SET state = 'done' WHERE state = '';",
    ),
];

/// The findings about `onward.toml`, with the text at their places.
fn found(query: &str) -> Vec<(String, String)> {
    let toml = format!("[data]\nhealthy = [\"SELECT true\", \"{query}\"]\n");
    let mut module = Module::in_memory("app", FILES);
    module.settings = settings::read(&toml).expect("the settings are right");
    let analysis = analyze(module);
    let about = analysis.findings.iter();
    let about = about.map(|finding| {
        assert_eq!(finding.rule, "settings", "{finding:?}");
        let place = finding.place.span.clone().and_then(|span| toml.get(span));
        (
            finding.message.what.clone(),
            place.unwrap_or_default().to_owned(),
        )
    });
    about.collect()
}

#[test]
fn a_name_that_does_not_exist_is_an_error_at_its_query() {
    for (query, what) in [
        ("SELECT count(*) < 10 FROM app.queu", "app.queu"),
        ("SELECT count(*) < 10 FROM queu", "queu"),
        (
            "SELECT count(*) < 10 FROM app.queue WHERE stat = 'waiting'",
            "`stat`",
        ),
        (
            "SELECT count(*) < 10 FROM app.queue q WHERE p.state = ''",
            "`p`",
        ),
        (
            "SELECT NOT EXISTS (SELECT FROM app.queue WHERE old = '')",
            "`old`",
        ),
        ("SELECT app.is_clam()", "is_clam"),
        (
            "SELECT count(*) < 10 FROM pg_stat_activityy",
            "pg_stat_activityy",
        ),
        (
            "SELECT count(*) FROM app.queue",
            "returns bigint, not boolean",
        ),
        ("SELECT true, false FROM app.queue", "returns 2 columns"),
    ] {
        let found = found(query);
        let [(message, place)] = found.as_slice() else {
            panic!("{query}: {found:?}");
        };
        assert!(message.contains(what), "{query}: {message}");
        assert_eq!(place, &format!("\"{query}\""));
    }
}

#[test]
fn what_exists_and_what_is_not_known_here_is_silent() {
    for query in [
        "SELECT count(*) < 10 FROM app.queue WHERE state = 'waiting'",
        "SELECT count(*) < 10 FROM queue",
        "SELECT count(*) < 10 FROM waiting WHERE id > 3",
        "SELECT app.is_calm()",
        "SELECT is_calm()",
        "SELECT count(*) < 100 FROM pg_stat_activity WHERE state = 'active'",
        "SELECT pg_is_in_recovery() IS FALSE",
        "SELECT count(*) < 10 FROM other.jobs WHERE nothing_known = 1",
        "SELECT other.is_calm(1)",
        "SELECT is_open FROM other.gate",
    ] {
        let found = found(query);
        assert!(found.is_empty(), "{query}: {found:?}");
    }
}
