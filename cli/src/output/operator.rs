//! JSON documents about what an operator said to a ledger. Keys are only ever added.

use onward::operator::{Doubt, Holder, Recorded};
use serde_json::{Value, json};

use super::FORMAT_VERSION;

/// Lines that were added.
pub(crate) fn recorded(recorded: &Recorded) -> Value {
    json!({
        "format_version": FORMAT_VERSION,
        "schema": recorded.schema,
        "name": recorded.name,
        "recorded": recorded.what,
        "ledger": { "seq": recorded.head.seq, "chain": recorded.head.chain.to_string() },
    })
}

/// An attempt without an end.
pub(crate) fn doubt(doubt: &Doubt) -> Value {
    let running = doubt.running.iter().map(|session| {
        json!({
            "pid": session.pid,
            "application_name": session.application_name,
            "ms": session.age.as_millis(),
        })
    });
    json!({
        "format_version": FORMAT_VERSION,
        "schema": doubt.schema,
        "name": doubt.name,
        "attempt": doubt.attempt,
        "started_at": doubt.at,
        "started_by": doubt.by,
        "sign": doubt.sign.as_str(),
        "running": running.collect::<Vec<_>>(),
        "invalid_indexes": doubt.invalid_indexes,
        "recorded": Value::Null,
    })
}

/// A session that holds a lock of a module.
pub(crate) fn holder(holder: &Holder) -> Value {
    json!({
        "pid": holder.pid,
        "lock": holder.lock,
        "application_name": holder.application_name,
        "role": holder.role,
        "client": holder.client,
        "since": holder.since,
        "state": holder.state,
        "state_ms": holder.state_age.map(|age| age.as_millis()),
        "statement": holder.statement,
    })
}
