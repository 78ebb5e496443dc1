//! The measurement, as it is stored.

use serde_json::Value;

use super::{Modes, Names};

/// One form of a statement.
pub(crate) struct Form {
    pub(crate) id: String,
    pub(crate) setup: Vec<String>,
    pub(crate) statements: Vec<String>,
    pub(crate) probe: Probe,
    /// The results by major version.
    pub(crate) results: Vec<(u8, Measured)>,
}

/// How the locks were observed.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Probe {
    /// `txn`: by the session itself, before its transaction ended.
    InTransaction,
    /// `auto`: after the statement had finished.
    Autocommit,
    /// `conc`: by another session, while the statement waited.
    Beside,
}

/// What a server did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    /// The SQLSTATE of its error.
    pub(crate) refused: Option<String>,
    pub(crate) locks: Modes,
    pub(crate) index_locks: Modes,
    pub(crate) rewrites: Names,
    pub(crate) scans: Names,
    /// The foreign keys that were validated.
    pub(crate) joins: Names,
    pub(crate) builds: Names,
}

pub(crate) fn forms() -> Vec<Form> {
    let all: Value = serde_json::from_str(include_str!("lock_matrix.json")).expect("it is JSON");
    let base = texts(&all["base"]);
    let forms = all["forms"].as_array().expect("forms are a list");
    forms.iter().map(|one| form(&base, one)).collect()
}

fn form(base: &[String], one: &Value) -> Form {
    let mut setup = match one["base"].as_bool() {
        Some(true) => base.to_vec(),
        Some(false) | None => Vec::new(),
    };
    setup.extend(texts(&one["setup"]));
    let results = one["results"].as_array().expect("results are a list");
    let results = results.iter().flat_map(|result| {
        let majors = result["majors"].as_array().expect("majors are a list");
        let majors = majors.iter().filter_map(Value::as_u64);
        let measured = measured(result);
        majors.map(move |major| {
            (
                u8::try_from(major).expect("a major is small"),
                measured.clone(),
            )
        })
    });
    Form {
        id: text(&one["id"]),
        setup,
        statements: texts(&one["statements"]),
        probe: match one["probe"].as_str() {
            Some("conc") => Probe::Beside,
            Some("auto") => Probe::Autocommit,
            Some(_) | None => Probe::InTransaction,
        },
        results: results.collect(),
    }
}

fn measured(result: &Value) -> Measured {
    let set = |field: &str| -> Names { texts(&result[field]).into_iter().collect() };
    let qualified = |names: Names| -> Names {
        // The messages name no schema; all these objects are in the same one.
        names
            .into_iter()
            .map(|name| format!("app.{name}"))
            .collect()
    };
    let refused = result
        .get("error")
        .map(|_| match result["sqlstate"].as_str() {
            Some(code) => code.to_owned(),
            None => "none".to_owned(),
        });
    Measured {
        refused,
        locks: map(&result["locks"]),
        index_locks: map(&result["index_locks"]),
        rewrites: set("rewritten"),
        scans: qualified(set("scan")),
        joins: set("fk_validate"),
        builds: qualified(set("index_builds")),
    }
}

fn map(value: &Value) -> Modes {
    let object = value.as_object().into_iter().flatten();
    object
        .map(|(name, mode)| (name.clone(), text(mode)))
        .collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
