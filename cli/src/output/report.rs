//! JSON documents about a database: status, a run, a checked ledger. Keys are only ever added.

use onward::{
    Applied, Drift, Head, MigrationStatus, Pending, Report, State, Status, Verified, Version,
    Waiting,
};
use serde::Serialize;

use super::FORMAT_VERSION;

#[derive(Serialize)]
pub(crate) struct HeadJson {
    seq: i64,
    chain: String,
}

impl HeadJson {
    fn new(head: Head) -> Self {
        Self {
            seq: head.seq,
            chain: head.chain.to_string(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct StatusJson<'a> {
    format_version: u8,
    schema: &'a str,
    folder: &'a str,
    current: bool,
    standby: bool,
    ledger: Option<HeadJson>,
    tampered: Option<String>,
    migrations: Vec<MigrationJson<'a>>,
    drift: Vec<DriftJson>,
    superseded_seeds: &'a [&'static str],
    beyond: Vec<&'a str>,
    oldest_binary: Option<String>,
    /// Why policies do not hold the role that has logged in.
    privileged: Option<String>,
}

impl<'a> StatusJson<'a> {
    pub(crate) fn new(status: &'a Status) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            schema: status.schema(),
            folder: status.folder(),
            current: status.is_current(),
            standby: status.is_standby(),
            ledger: status.head().map(HeadJson::new),
            tampered: status.tampering().map(ToString::to_string),
            migrations: status.migrations().iter().map(MigrationJson::new).collect(),
            drift: status.drift().iter().map(DriftJson::new).collect(),
            superseded_seeds: status.superseded_seeds(),
            beyond: status.beyond().map(|(_, name)| name).collect(),
            oldest_binary: status.oldest_binary().map(|oldest| oldest.to_string()),
            privileged: status.privileged().map(ToString::to_string),
        }
    }
}

#[derive(Serialize)]
struct MigrationJson<'a> {
    version: String,
    category: &'static str,
    name: &'a str,
    state: &'static str,
    /// The data migrations that it waits for.
    waits_for: Vec<String>,
    applied_at: Option<&'a str>,
    applied_by: Option<&'a str>,
    duration_ms: Option<u128>,
}

impl<'a> MigrationJson<'a> {
    fn new(standing: &'a MigrationStatus) -> Self {
        let applied = match &standing.state {
            State::Applied { at, by, duration } => Some((at, by, duration)),
            _ => None,
        };
        Self {
            version: standing.version.to_string(),
            category: standing.version.category().as_str(),
            name: standing.name,
            state: standing.state.as_str(),
            waits_for: match &standing.state {
                State::Waiting { missing } => versions(missing),
                _ => Vec::new(),
            },
            applied_at: applied.map(|(at, _, _)| at.as_str()),
            applied_by: applied.map(|(_, by, _)| by.as_str()),
            duration_ms: applied.map(|(_, _, duration)| duration.as_millis()),
        }
    }
}

#[derive(Serialize)]
struct DriftJson {
    version: String,
    kind: &'static str,
    message: String,
}

impl DriftJson {
    fn new(drift: &Drift) -> Self {
        Self {
            version: drift.version().to_string(),
            kind: drift.as_str(),
            message: drift.to_string(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct ReportJson<'a> {
    format_version: u8,
    schema: &'a str,
    applied: Vec<AppliedJson<'a>>,
    pending_data: Vec<&'a str>,
    waiting: Vec<WaitingJson>,
    waited_ms: u128,
    oldest_binary: Option<String>,
    ledger: HeadJson,
}

impl<'a> ReportJson<'a> {
    pub(crate) fn new(report: &'a Report) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            schema: report.schema(),
            applied: report.applied().iter().map(AppliedJson::new).collect(),
            pending_data: names(report.pending_data()),
            waiting: report.waiting().iter().map(WaitingJson::new).collect(),
            waited_ms: report.waited().as_millis(),
            oldest_binary: report.oldest_binary().map(|oldest| oldest.to_string()),
            ledger: HeadJson::new(report.head()),
        }
    }
}

#[derive(Serialize)]
struct WaitingJson {
    version: String,
    name: &'static str,
    waits_for: Vec<String>,
}

impl WaitingJson {
    fn new(waiting: &Waiting) -> Self {
        Self {
            version: waiting.version.to_string(),
            name: waiting.name,
            waits_for: versions(&waiting.missing),
        }
    }
}

fn versions(all: &[Version]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn names(pending: &[Pending]) -> Vec<&str> {
    pending.iter().map(|pending| pending.name).collect()
}

#[derive(Serialize)]
pub(crate) struct AppliedJson<'a> {
    version: String,
    name: &'a str,
    duration_ms: u128,
}

impl<'a> AppliedJson<'a> {
    pub(crate) fn new(applied: &'a Applied) -> Self {
        Self {
            version: applied.version.to_string(),
            name: applied.name,
            duration_ms: applied.duration.as_millis(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct VerifiedJson<'a> {
    format_version: u8,
    schema: &'a str,
    tampered: Option<String>,
    writers: &'a [String],
    ledger: HeadJson,
}

impl<'a> VerifiedJson<'a> {
    pub(crate) fn new(verified: &'a Verified) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            schema: verified.schema(),
            tampered: verified.tampering().map(ToString::to_string),
            writers: verified.writers(),
            ledger: HeadJson::new(verified.head()),
        }
    }
}
