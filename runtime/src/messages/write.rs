//! The messages that write, and the functions that every ledger has for them.
//!
//! A write is a claim, the migration itself, and the record. Where the ledger has the functions of this
//! version, claim and record are a call each; elsewhere the same text is sent as a block.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::first_look::summary;
use super::group_commit::Commit;
use super::locks::{conflicting_locks, in_turn, wanted_locks};
use super::read::{EVENT_CHECK, genesis, tables};
use super::{COMMIT, Frame, Limits, begin, milliseconds};
use crate::ledger::durability::Durability;
use crate::ledger::entry::LedgerEvent;
use crate::ledger::head::Head;
use crate::ledger::task::Task;
use crate::plan::Plan;
use crate::plan::checksum::Checksum;
use crate::plan::version::Category;
use crate::sql::{Fragment, fill};

/// A line that a message adds to the ledger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) event: LedgerEvent,
    pub(crate) task: &'a Task,
    pub(crate) attempt: i32,
    /// The text that the attempt began with; an edit may have changed the file since.
    pub(crate) checksum: Checksum,
}

/// One line and what belongs to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Write<'a> {
    pub(crate) line: Line<'a>,
    pub(crate) body: &'a str,
}

type Fragments<'a> = Vec<(&'static str, Fragment<'a>)>;

/// The parameters of the two functions, in their order.
const CLAIM: [&str; 8] = [
    "high", "low", "name", "seq", "chain", "run", "locks", "probe",
];
const RECORD: [&str; 10] = [
    "event",
    "category",
    "version",
    "file",
    "attempt",
    "checksum",
    "digest",
    "build",
    "run",
    "compatible_from",
];

/// The whole message: lock, then for each line compare-and-swap, body and line, then commit and
/// receipt. `head` is the ledger's when it was read, and `ahead` the lines that are in flight since.
pub(crate) fn write(
    frame: &Frame<'_>,
    limits: Limits,
    commit: Commit,
    head: Head,
    ahead: usize,
    writes: &[Write<'_>],
) -> String {
    let category = writes
        .first()
        .map(|write| write.line.task.version.category());
    let batch = frame
        .batch
        .filter(|batch| category.is_some_and(|category| batch.mark.covers(category)));
    let run = batch.map_or(frame.run.to_owned(), |batch| batch.mark.sign(frame.run));
    let sign = commit.durability().sign(&run);
    let first = head
        .seq
        .saturating_add(i64::try_from(ahead).unwrap_or(i64::MAX));
    let mut message = begin(frame, limits);
    let mut seq = first;
    for write in writes {
        message.push_str(&claim(frame, limits, head, seq, *write));
        message.push_str(&locks_first(limits, *write));
        message.push_str(write.body);
        message.push_str(&record(frame, &sign, write.line));
        seq = seq.saturating_add(1);
    }
    if commit == Commit::Last && frame.has_summary {
        message.push_str(include_str!("../sql/plain_path.sql"));
        message.push_str(&summary(frame.plan));
    }
    message.push_str(match commit.durability() {
        Durability::Flushed => include_str!("../sql/flushed.sql"),
        Durability::Deferred => include_str!("../sql/deferred.sql"),
    });
    message.push_str(&fill(
        include_str!("../sql/receipt.sql"),
        &[
            ("commit", COMMIT),
            ("schema", Fragment::Identifier(frame.plan.schema())),
            ("role", Fragment::Trusted(frame.role)),
            ("seq", Fragment::Integer(first)),
            ("run", Fragment::Text(&sign)),
        ],
    ));
    message
}

fn claim(frame: &Frame<'_>, limits: Limits, head: Head, seq: i64, write: Write<'_>) -> String {
    let locks = wanted_locks(write.line.task.step.statements());
    let probe = limits
        .attempt
        .probe
        .filter(|_| !locks.is_empty() && !write.body.is_empty());
    let mut fragments = frame.lock();
    fragments.extend([
        ("schema", Fragment::Identifier(frame.plan.schema())),
        ("seq", Fragment::Integer(seq)),
        (
            "chain",
            match seq == head.seq {
                true => Fragment::Digest(head.chain),
                false => Fragment::Null,
            },
        ),
        ("run", Fragment::Text(frame.run)),
        (
            "locks",
            probe.map_or(Fragment::Null, |_| Fragment::Texts(&locks)),
        ),
        (
            "probe",
            probe.map_or(Fragment::Null, |probe| milliseconds(Some(probe))),
        ),
    ]);
    match frame.has_functions {
        true => fill(include_str!("../sql/call_claim.sql"), &fragments),
        false => block(&claim_with(&fragments)),
    }
}

/// Takes the locks before the first statement, when taking them with the statements has ended in deadlocks.
fn locks_first(limits: Limits, write: Write<'_>) -> String {
    let turn = limits.attempt.turn;
    if turn == 0 || write.body.is_empty() {
        return String::new();
    }
    let locks = in_turn(write.line.task.step.statements(), turn);
    fill(
        include_str!("../sql/locks_first.sql"),
        &[("locks", Fragment::Texts(&locks))],
    )
}

fn record(frame: &Frame<'_>, sign: &str, line: Line<'_>) -> String {
    let version = line.task.version.to_string();
    let compatible_from = frame
        .batch
        .filter(|_| line.task.version.category() == Category::Release)
        .map(|batch| batch.oldest.to_string())
        .unwrap_or_default();
    let fragments = [
        ("schema", Fragment::Identifier(frame.plan.schema())),
        ("event", Fragment::Text(line.event.as_str())),
        (
            "category",
            Fragment::Text(line.task.version.category().as_str()),
        ),
        ("version", Fragment::Text(&version)),
        ("file", Fragment::Text(line.task.name)),
        ("attempt", Fragment::Integer(line.attempt.into())),
        ("checksum", Fragment::Digest(line.checksum)),
        ("digest", Fragment::Digest(frame.plan.digest())),
        (
            "build",
            Fragment::Text(frame.because.unwrap_or(frame.plan.build())),
        ),
        ("run", Fragment::Text(sign)),
        ("compatible_from", Fragment::Text(&compatible_from)),
    ];
    match frame.has_functions {
        true => fill(include_str!("../sql/call_record.sql"), &fragments),
        false => [
            include_str!("../sql/plain_path.sql"),
            &record_with(&fragments),
        ]
        .concat(),
    }
}

fn claim_with(fragments: &[(&str, Fragment<'_>)]) -> String {
    let steps = [
        include_str!("../sql/unbounded.sql"),
        include_str!("../sql/guard.sql"),
        include_str!("../sql/untouched.sql"),
        include_str!("../sql/claim.sql"),
        include_str!("../sql/probe.sql"),
    ];
    let locks = fragments.iter().find(|(name, _)| *name == "locks");
    let conflicting = conflicting_locks(locks.map_or(Fragment::Null, |(_, locks)| *locks));
    let mut fragments = fragments.to_vec();
    fragments.push(("conflicting", Fragment::Trusted(&conflicting)));
    fill(&steps.concat(), &fragments)
}

fn record_with(fragments: &[(&str, Fragment<'_>)]) -> String {
    let mut fragments = fragments.to_vec();
    fragments.push(("link", Fragment::Trusted(include_str!("../sql/link.sql"))));
    fill(include_str!("../sql/record.sql"), &fragments)
}

/// Steps of PL/pgSQL as a statement.
pub(super) fn block(steps: &str) -> String {
    fill(
        include_str!("../sql/block.sql"),
        &[("steps", Fragment::Trusted(steps))],
    )
}

/// What the two functions hold, as the server keeps it.
fn bodies(plan: &Plan) -> [String; 2] {
    let body = |steps: String| ["\nBEGIN\n", &steps, "END\n"].concat();
    let schema = ("schema", Fragment::Identifier(plan.schema()));
    let with = |parameters: &[&'static str], text: fn(&[(&str, Fragment<'_>)]) -> String| {
        let mut fragments: Fragments<'_> = vec![schema];
        let parameters = parameters.iter().zip(1..);
        fragments.extend(parameters.map(|(name, number)| (*name, Fragment::Parameter(number))));
        body(text(&fragments))
    };
    [with(&CLAIM, claim_with), with(&RECORD, record_with)]
}

/// The digest by which a look recognises the functions of this version.
pub(crate) fn functions(plan: &Plan) -> Checksum {
    let [claim, record] = bodies(plan);
    let mut hash = Sha256::new();
    hash.update("schema_migration_claim(integer, integer, text, bigint, text, text, text, text)");
    hash.update(claim);
    hash.update(
        "schema_migration_record(text, text, text, text, integer, text, text, text, text, text)",
    );
    hash.update(record);
    Checksum(hash.finalize().into())
}

/// Creates the ledger, and asks whether it must be read: what it holds is known.
pub(crate) fn bootstrap(frame: &Frame<'_>, limits: Limits) -> String {
    let created = create(frame, limits, &super::objects(frame.plan), "");
    created + include_str!("../sql/created.sql")
}

/// Creates the ledger of a schema that another tool has filled, with these lines and why they are there, and reads it.
pub(crate) fn adopt(frame: &Frame<'_>, limits: Limits, lines: &[Line<'_>], why: &str) -> String {
    let created = &Frame {
        has_functions: true,
        because: Some(why),
        ..frame.clone()
    };
    let head = first_head(frame.plan);
    let sign = Durability::Flushed.sign(frame.run);
    let lines = (head.seq..).zip(lines).map(|(seq, line)| {
        let (line, body) = (*line, "");
        let claimed = claim(created, limits, head, seq, Write { line, body });
        claimed + &record(created, &sign, line)
    });
    let lines: String = lines.collect();
    let created = create(frame, limits, include_str!("../sql/no_objects.sql"), &lines);
    created + &super::read(frame.plan, frame.role, "")
}

/// The head of a ledger without lines.
pub(crate) fn first_head(plan: &Plan) -> Head {
    Head {
        seq: 0,
        chain: Checksum(Sha256::digest(genesis(plan)).into()),
    }
}

/// `objects` is the query for what must not be there before.
fn create(frame: &Frame<'_>, limits: Limits, objects: &str, lines: &str) -> String {
    let schema = frame.plan.schema();
    let genesis = genesis(frame.plan);
    let [claim, record] = bodies(frame.plan);
    let functions = fill(
        include_str!("../sql/functions.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("claim", Fragment::Trusted(&claim)),
            ("record", Fragment::Trusted(&record)),
        ],
    );
    // As the functions of a ledger name its tables.
    let schema_name = [("schema", Fragment::Identifier(schema))];
    let own = fill("{{schema}}.schema_migration_", &schema_name);
    let flushed = [lines, include_str!("../sql/flushed.sql")].concat();
    let body = fill(
        include_str!("../sql/bootstrap.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("quoted", Fragment::NameText(&[schema])),
            ("objects", Fragment::Trusted(objects)),
            ("name", Fragment::Text(schema)),
            ("genesis", Fragment::Text(&genesis)),
            ("own", Fragment::Text(&own)),
            (
                "append_only",
                Fragment::Trusted(include_str!("../sql/append_only.sql")),
            ),
            (
                "forward",
                Fragment::Trusted(include_str!("../sql/forward.sql")),
            ),
            ("functions", Fragment::Trusted(&functions)),
            ("once", Fragment::Trusted(&once(frame.plan))),
            ("history", Fragment::Trusted(&history(frame.plan))),
            ("flushed", Fragment::Trusted(&flushed)),
            ("commit", COMMIT),
        ],
    );
    guarded(frame, limits) + &body
}

/// The index that keeps a version from being done twice.
fn once(plan: &Plan) -> String {
    let schema = [("schema", Fragment::Identifier(plan.schema()))];
    fill(include_str!("../sql/once.sql"), &schema)
}

/// The view for people.
fn history(plan: &Plan) -> String {
    let schema = [("schema", Fragment::Identifier(plan.schema()))];
    fill(include_str!("../sql/history_view.sql"), &schema)
}

/// The settings and the lock; a message that begins with this ends with [`COMMIT`].
pub(super) fn guarded(frame: &Frame<'_>, limits: Limits) -> String {
    let steps = [
        include_str!("../sql/unbounded.sql"),
        include_str!("../sql/guard.sql"),
    ];
    let guard = block(&fill(&steps.concat(), &frame.lock()));
    [begin(frame, limits), guard].concat()
}

/// The body of a line whose event an earlier version of onward did not know.
pub(crate) fn renew_ledger(plan: &Plan) -> String {
    let [log, _] = tables(plan);
    fill(
        include_str!("../sql/renew_ledger.sql"),
        &[
            ("schema", Fragment::Identifier(plan.schema())),
            ("once", Fragment::Trusted(&once(plan))),
            ("history", Fragment::Trusted(&history(plan))),
            ("log", Fragment::NameText(&log)),
            ("quoted_check", Fragment::Text(EVENT_CHECK)),
            ("event_check", Fragment::Trusted(EVENT_CHECK)),
        ],
    )
}

/// Makes everything durable that is visible. Takes no lock.
pub(crate) fn flush(statement_timeout: Option<Duration>) -> String {
    fill(
        include_str!("../sql/flush.sql"),
        &[
            ("statement_timeout", milliseconds(statement_timeout)),
            (
                "flushed",
                Fragment::Trusted(include_str!("../sql/flushed.sql")),
            ),
        ],
    )
}
