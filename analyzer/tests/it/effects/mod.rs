//! The effects of statements, compared with what real servers did.
//!
//! `lock_matrix.json` is a measurement on PostgreSQL 15 to 18, with one form of a statement in a line.
//! Each statement ran in a transaction, and these were recorded: `pg_locks` of its backend,
//! `pg_relation_filenode()` before and after, and the messages of level DEBUG1. A statement that cannot
//! run in a transaction ran beside a session for which it had to wait, and a third session observed the
//! locks during the wait (`conc`).

pub(crate) mod measured;
mod proofs;
mod several;
mod total;
mod unknown;

use std::collections::{BTreeMap, BTreeSet};

use measured::{Form, Measured, Probe};
use onward_analyzer::effect::effects;
use onward_analyzer::schema::Schema;
use onward_analyzer::statement::Name;
use total::Total;

use crate::one;

/// The forms that the server refuses for a reason that has nothing to do with locks: the SQLSTATE, and
/// the reason.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "0A000: a view, policy, trigger or generated column uses the column",
        &[
            "alter-type-view-dependency",
            "alter-type-policy-dependency",
            "alter-type-trigger-dependency",
            "alter-type-generated-dep",
        ],
    ),
    (
        "0A000: a column uses the composite type",
        &["alter-type-alter-attribute-used"],
    ),
    (
        "0A000: a foreign key points to the table",
        &["truncate-referenced-no-cascade"],
    ),
    (
        "0A000: not of a partitioned table, not of two at once",
        &[
            "create-index-concurrently-partitioned",
            "drop-index-concurrently-two",
        ],
    ),
    (
        "23502: the rows have no value",
        &["add-column-not-null-no-default-nonempty"],
    ),
    (
        "2BP01: something depends on it",
        &[
            "drop-column-view-dependency",
            "drop-type-used",
            "drop-function-used-by-trigger",
            "drop-index-concurrently-constraint",
        ],
    ),
    (
        "2D000: a transaction that is not the block's own cannot be ended in it",
        &["do-block-commit-in-txn"],
    ),
    (
        "42809: not before PostgreSQL 18",
        &["add-fk-partitioned-not-valid"],
    ),
    (
        "42P16: the definition contradicts what is there",
        &[
            "create-or-replace-view-drop-col",
            "drop-column-partition-key",
        ],
    ),
    (
        "55000: something that it needs is missing, or in its way",
        &[
            "detach-partition-concurrently-with-default",
            "refresh-matview-concurrently-no-unique",
        ],
    ),
    (
        "55P04: a label is of no use before its transaction ends",
        &[
            "enum-add-value-use-same-txn",
            "enum-add-value-new-type-use-same-txn",
        ],
    ),
    // The server did not let the measurement's other session lock a materialized view.
    (
        "none: it was not measured",
        &["create-index-on-matview-conc"],
    ),
];

/// The forms that depend on the session's `TimeZone`, which no file sets: in UTC the rows stay as they
/// are. The effect is that of all other zones.
const UNKNOWABLE: &[&str] = &[
    "alter-type-timestamp-timestamptz-utc",
    "alter-type-timestamptz-timestamp-utc",
];

/// The forms that scan a table without a message at DEBUG1. The server's own counters show the scan, in
/// `tests/tests/claims/effects`.
const SILENT: &[(&str, &str)] = &[
    ("create-table-partition-of-with-default", "app.pd"),
    ("alter-domain-add-constraint", "app.t"),
    ("alter-domain-validate", "app.t"),
    ("alter-domain-set-not-null", "app.t"),
];

/// The statement ran outside of a transaction block and had finished before the locks were observed.
const OVER: &[&str] = &["do-block-commit", "call-proc-commit"];

fn predicted(form: &Form, major: u8) -> Total {
    let mut files: Vec<&str> = form.setup.iter().map(String::as_str).collect();
    let before = Schema::after("app", &files);
    let mut total = Total::default();
    for statement in &form.statements {
        let schema = Schema::after("app", &files);
        let lowered = one::statement(statement);
        let is_old =
            |name: &Name| schema.relation(name).is_none() || before.relation(name).is_some();
        total.add(effects(&lowered, &schema, major), is_old);
        files.push(statement);
    }
    total
}

#[test]
fn every_form_has_the_measured_effect_on_every_major_version() {
    let forms = measured::forms();
    let mut wrong = Vec::new();
    let mut equal = 0;
    for form in &forms {
        for (major, measured) in &form.results {
            let predicted = predicted(form, *major);
            let differences = match (&measured.refused, form.probe) {
                (Some(code), _) => refused(form, code, &predicted),
                (None, Probe::InTransaction) => compare(form, &predicted, measured),
                (None, Probe::Beside) => look(&predicted, measured, &seen(&forms, form)),
                (None, Probe::Autocommit) => over(form, measured),
            };
            equal += usize::from(differences.is_empty());
            wrong.extend(
                differences
                    .iter()
                    .map(|one| format!("{} on {major}: {one}", form.id)),
            );
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!((forms.len(), equal), (352, 1358));
}

#[test]
fn every_exception_is_in_the_measurement() {
    let forms = measured::forms();
    let refused = REFUSED.iter().flat_map(|(_, ids)| *ids);
    let silent = SILENT.iter().map(|(id, _)| id);
    for id in refused.chain(UNKNOWABLE).chain(silent).chain(OVER) {
        assert!(forms.iter().any(|form| form.id == *id), "{id}");
    }
}

fn refused(form: &Form, code: &str, predicted: &Total) -> Vec<String> {
    let is_listed = REFUSED
        .iter()
        .any(|(why, ids)| why.starts_with(&format!("{code}:")) && ids.contains(&form.id.as_str()));
    let is_so = match code {
        "25001" => predicted.outside,
        _ => is_listed,
    };
    let problem = || format!("refused with {code}");
    (!is_so).then(problem).into_iter().collect()
}

/// Everything was observed: the prediction must not have too little or too much.
fn compare(form: &Form, predicted: &Total, measured: &Measured) -> Vec<String> {
    let id = form.id.as_str();
    if UNKNOWABLE.contains(&id) {
        let differs = predicted.rewrites != measured.rewrites;
        let problem = || "it is known after all".to_owned();
        return (!differs).then(problem).into_iter().collect();
    }
    let silent = SILENT.iter().filter(|(known, _)| *known == id);
    let mut scans = measured.scans.clone();
    scans.extend(silent.map(|(_, table)| (*table).to_owned()));
    let mut problems = Vec::new();
    let mut ask = |what: &str, predicted: String, measured: String| {
        if predicted != measured {
            problems.push(format!("{what}: {predicted} instead of {measured}"));
        }
    };
    ask("locks", show(&predicted.locks), show(&measured.locks));
    ask(
        "index locks",
        show(&predicted.index_locks),
        show(&measured.index_locks),
    );
    ask(
        "rewrites",
        show(&predicted.rewrites),
        show(&measured.rewrites),
    );
    ask("scans", show(&predicted.scans), show(&scans));
    ask("joins", show(&predicted.joins), show(&measured.joins));
    ask("builds", show(&predicted.builds), show(&measured.builds));
    ask("outside", show(&predicted.outside), show(&false));
    problems
}

/// An observation shows the locks at one moment. It must contain no lock that is not predicted, and each
/// predicted lock must be in some observation.
fn look(predicted: &Total, measured: &Measured, seen: &Measured) -> Vec<String> {
    let mut problems = Vec::new();
    for (what, predicted, measured, seen) in [
        ("locks", &predicted.locks, &measured.locks, &seen.locks),
        (
            "index locks",
            &predicted.index_locks,
            &measured.index_locks,
            &seen.index_locks,
        ),
    ] {
        if measured
            .iter()
            .any(|(name, mode)| predicted.get(name) != Some(mode))
            || predicted != seen
        {
            problems.push(format!(
                "{what}: {predicted:?} instead of {measured:?}, {seen:?}"
            ));
        }
    }
    if predicted.rewrites != measured.rewrites {
        problems.push(format!("rewrites: {:?}", predicted.rewrites));
    }
    if !predicted.outside {
        problems.push("it runs in a transaction".to_owned());
    }
    problems
}

/// All observations of the same statement together.
fn seen(forms: &[Form], form: &Form) -> Measured {
    let mut seen = Measured::default();
    let same = |other: &&Form| other.statements == form.statements && other.probe == Probe::Beside;
    for (_, measured) in forms.iter().filter(same).flat_map(|form| &form.results) {
        seen.locks.extend(measured.locks.clone());
        seen.index_locks.extend(measured.index_locks.clone());
    }
    seen
}

fn over(form: &Form, measured: &Measured) -> Vec<String> {
    let nothing = measured.locks.is_empty() && measured.index_locks.is_empty();
    let is_so = nothing && OVER.contains(&form.id.as_str());
    let problem = || "it was not over".to_owned();
    (!is_so).then(problem).into_iter().collect()
}

fn show(what: &impl std::fmt::Debug) -> String {
    format!("{what:?}")
}

/// A name, by the mode that it is locked in.
type Modes = BTreeMap<String, String>;

/// The names, in order.
type Names = BTreeSet<String>;
