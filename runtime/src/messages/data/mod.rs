//! The messages of data migrations: what is read and written beside the ledger.

mod building;
mod range;
mod tenants;

pub(crate) use self::building::building;
use self::range::{Range, assign, declare, listed};
pub(crate) use self::tenants::{UNLISTED, unlisted, whole};
use super::{COMMIT, Frame, Limits, begin};
use crate::ledger::data::{Progress, State};
use crate::ledger::task::Task;
use crate::plan::version::Version;
use crate::plan::{Job, Plan, Ranges};
use crate::sql::{Fragment, fill};

/// How many batches of a data migration are kept for people to look at.
const KEPT_BATCHES: i64 = 1000;

/// A data migration, as its messages name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) frame: &'a Frame<'a>,
    pub(crate) limits: Limits,
    pub(crate) task: &'a Task,
    pub(crate) progress: &'a Progress,
    /// Which worker it is.
    pub(crate) worker: &'a str,
}

type Fragments<'a> = Vec<(&'static str, Fragment<'a>)>;

/// The steps of PL/pgSQL that refuse progress which no run has created.
fn own_progress(plan: &Plan, mode: &'static str) -> String {
    let schema = plan.schema();
    let table = |name| [schema, name];
    fill(
        include_str!("../../sql/data/own_progress.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("mode", Fragment::Trusted(mode)),
            ("log", Fragment::NameText(&table("schema_migration_log"))),
            (
                "progress",
                Fragment::NameText(&table("schema_migration_progress")),
            ),
            (
                "batch",
                Fragment::NameText(&table("schema_migration_batch")),
            ),
            (
                "skipped",
                Fragment::NameText(&table("schema_migration_skipped")),
            ),
        ],
    )
}

/// Asks for the lock of the module's data migrations, which is none that a run waits for.
pub(crate) fn lead(plan: &Plan) -> String {
    let (high, low) = plan.lock();
    let name = [plan.schema(), "/data"].concat();
    fill(
        include_str!("../../sql/lead.sql"),
        &[
            ("high", Fragment::Integer(high.into())),
            ("low", Fragment::Integer(low.wrapping_add(1).into())),
            ("name", Fragment::Text(&name)),
        ],
    )
}

/// Asks how far the data migrations are, behind a look at the ledger.
pub(crate) fn look(plan: &Plan) -> String {
    fill(
        include_str!("../../sql/data/look.sql"),
        &[
            (
                "own_progress",
                Fragment::Trusted(&own_progress(plan, "ACCESS SHARE")),
            ),
            ("schema", Fragment::Identifier(plan.schema())),
        ],
    )
}

/// The same behind a write, which has asked whose the tables are.
fn receipt(frame: &Frame<'_>) -> String {
    let look = include_str!("../../sql/data/look.sql");
    let select = look
        .split_once("$onward$;")
        .map_or(look, |(_, select)| select);
    let select = fill(
        select,
        &[("schema", Fragment::Identifier(frame.plan.schema()))],
    );
    [
        "SET LOCAL search_path = pg_catalog, pg_temp;\n",
        frame.role,
        &select,
    ]
    .concat()
}

/// The body of the line that says that a data migration has begun.
pub(crate) fn begin_body(
    frame: &Frame<'_>,
    task: &Task,
    ranges: Option<&Ranges>,
    state: State,
    size: u32,
    worker: &str,
) -> String {
    let version = task.version.to_string();
    let table = ranges.map(|ranges| [ranges.table.schema, ranges.table.name]);
    fill(
        include_str!("../../sql/data/begin.sql"),
        &[
            (
                "own_progress",
                Fragment::Trusted(&own_progress(frame.plan, "ROW EXCLUSIVE")),
            ),
            ("schema", Fragment::Identifier(frame.plan.schema())),
            (
                "table",
                table
                    .as_ref()
                    .map_or(Fragment::Text("onward.none"), |table| {
                        Fragment::NameText(table)
                    }),
            ),
            ("version", Fragment::Text(&version)),
            ("checksum", Fragment::Digest(task.checksum)),
            ("state", Fragment::Text(state.as_str())),
            ("size", Fragment::Integer(size.into())),
            ("worker", Fragment::Text(worker)),
        ],
    )
}

/// The body of the line that says that it is done.
pub(crate) fn done_body(target: &Target<'_>) -> String {
    target.fill(include_str!("../../sql/data/done.sql"), &[])
}

/// Begins a pass over the table.
pub(crate) fn pass(target: &Target<'_>, ranges: &Ranges, size: u32) -> String {
    target.write(
        include_str!("../../sql/data/pass.sql"),
        &[
            (
                "goal",
                Fragment::Trusted(&range::goal(target.frame.plan.schema(), ranges)),
            ),
            ("size", Fragment::Integer(size.into())),
        ],
    )
}

/// Runs the statement on the next range.
pub(crate) fn batch(target: &Target<'_>, ranges: &Ranges, size: u32) -> String {
    let range = target.range(ranges, size);
    target.write(
        include_str!("../../sql/data/batch.sql"),
        &[
            ("declare", Fragment::Trusted(&range.declare)),
            ("range", Fragment::Trusted(&range.find)),
            ("run", Fragment::Trusted(&range.run)),
            (
                "advance",
                Fragment::Trusted(&target.advance(size, range.looked)),
            ),
        ],
    )
}

/// Runs a statement that limits itself.
pub(crate) fn repeat(target: &Target<'_>, statement: &str) -> String {
    let run = range::run(target.frame.plan.schema(), statement, "");
    target.write(
        include_str!("../../sql/data/batch.sql"),
        &[
            ("declare", Fragment::Trusted("")),
            ("range", Fragment::Trusted("")),
            ("run", Fragment::Trusted(&run)),
            ("advance", Fragment::Trusted(&target.advance(0, None))),
        ],
    )
}

/// Asks for the key of the row behind the cursor. Changes nothing.
pub(crate) fn next_key(target: &Target<'_>, ranges: &Ranges) -> String {
    let range = target.range(ranges, 1);
    target.fill_with_begin(
        include_str!("../../sql/data/next_key.sql"),
        &[
            ("declare", Fragment::Trusted(&range.declare)),
            ("range", Fragment::Trusted(&range.find)),
        ],
    )
}

/// Leaves out the row behind the cursor.
pub(crate) fn skip(
    target: &Target<'_>,
    ranges: &Ranges,
    sqlstate: &str,
    object: Option<&str>,
) -> String {
    let range = target.range(ranges, 1);
    target.write(
        include_str!("../../sql/data/skip.sql"),
        &[
            ("declare", Fragment::Trusted(&range.declare)),
            ("range", Fragment::Trusted(&range.find)),
            ("sqlstate", Fragment::Text(sqlstate)),
            ("object", object.map_or(Fragment::Null, Fragment::Text)),
            ("advance", Fragment::Trusted(&target.advance(1, None))),
        ],
    )
}

/// Runs the statement on one of the rows that were left out.
pub(crate) fn again(target: &Target<'_>, ranges: &Ranges) -> String {
    let using = [" USING ", &listed("upper", ranges.keys)].concat();
    let schema = target.frame.plan.schema();
    let run = range::run(schema, &ranges.statement_of_row(), &using);
    let run = target.fill(
        include_str!("../../sql/data/again_run.sql"),
        &[
            ("run", Fragment::Trusted(&run)),
            ("advance", Fragment::Trusted(&target.advance(0, None))),
        ],
    );
    again_with(target, ranges, &run)
}

/// Leaves that row out again.
pub(crate) fn skip_again(
    target: &Target<'_>,
    ranges: &Ranges,
    sqlstate: &str,
    object: Option<&str>,
) -> String {
    let skip = target.fill(
        include_str!("../../sql/data/again_skip.sql"),
        &[
            ("sqlstate", Fragment::Text(sqlstate)),
            ("object", object.map_or(Fragment::Null, Fragment::Text)),
            ("advance", Fragment::Trusted(&target.advance(0, None))),
        ],
    );
    again_with(target, ranges, &skip)
}

fn again_with(target: &Target<'_>, ranges: &Ranges, work: &str) -> String {
    let keys = ranges.keys;
    target.write(
        include_str!("../../sql/data/again.sql"),
        &[
            ("declare", Fragment::Trusted(&declare("upper", keys))),
            ("upper", Fragment::Trusted(&assign("upper", "upto", keys))),
            (
                "enter",
                Fragment::Trusted(&tenants::enter(ranges, "upto ->> 0")),
            ),
            ("work", Fragment::Trusted(work)),
            ("leave", Fragment::Trusted(&tenants::leave(ranges))),
        ],
    )
}

/// Begins again: with the text that the plan has, from the first row.
pub(crate) fn restart(frame: &Frame<'_>, limits: Limits, task: &Task) -> String {
    let version = task.version.to_string();
    let message = fill(
        include_str!("../../sql/data/restart.sql"),
        &[
            ("begin", Fragment::Trusted(&begin(frame, limits))),
            (
                "own_progress",
                Fragment::Trusted(&own_progress(frame.plan, "ROW EXCLUSIVE")),
            ),
            ("schema", Fragment::Identifier(frame.plan.schema())),
            ("version", Fragment::Text(&version)),
            ("checksum", Fragment::Digest(task.checksum)),
            ("commit", COMMIT),
        ],
    );
    [message, receipt(frame)].concat()
}

/// Asks for the newest batches, and for the rows that were left out.
pub(crate) fn history(plan: &Plan, role: &str, version: Version, most: u32) -> String {
    fill(
        include_str!("../../sql/data/history.sql"),
        &[
            ("role", Fragment::Trusted(role)),
            (
                "own_progress",
                Fragment::Trusted(&own_progress(plan, "ACCESS SHARE")),
            ),
            ("schema", Fragment::Identifier(plan.schema())),
            ("version", Fragment::Text(&version.to_string())),
            ("most", Fragment::Integer(most.into())),
        ],
    )
}

/// Opens a batch of code; the transaction is the driver's.
pub(crate) fn open_code(target: &Target<'_>) -> String {
    let begin = begin(target.frame, target.limits);
    let open = target.fill(include_str!("../../sql/data/open_code.sql"), &[]);
    [
        &*begin,
        &open,
        &fill(
            "SET LOCAL search_path = {{schema}}, pg_temp;\n",
            &[("schema", Fragment::Identifier(target.frame.plan.schema()))],
        ),
    ]
    .concat()
}

/// Moves the cursor behind a batch of code; [`with_cursor`] says where to.
pub(crate) fn close_code(target: &Target<'_>, size: u32) -> String {
    let advance = target.advance(size, None);
    target.fill(
        include_str!("../../sql/data/close_code.sql"),
        &[("advance", Fragment::Trusted(&advance))],
    )
}

/// The message that moves the cursor.
pub(crate) fn with_cursor(close: &str, cursor: Option<&str>, rows: u64) -> String {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    fill(
        close,
        &[
            ("cursor", cursor.map_or(Fragment::Null, Fragment::Code)),
            ("rows", Fragment::Integer(rows)),
        ],
    )
}

/// Says that the worker lives, where no session can keep a lock.
pub(crate) fn beat(target: &Target<'_>) -> String {
    target.write(include_str!("../../sql/data/beat.sql"), &[])
}

/// Asks whether a row is left.
pub(crate) fn unfinished(frame: &Frame<'_>, limits: Limits, job: &Job, query: &str) -> String {
    if let Job::Ranges(ranges) = job
        && let Some(tenants) = &ranges.tenants
    {
        return tenants::unfinished(frame, limits, ranges, tenants, query);
    }
    let is_left = fill(
        include_str!("../../sql/data/is_left.sql"),
        &[("query", Fragment::Trusted(query))],
    );
    fill(
        include_str!("../../sql/data/unfinished.sql"),
        &[
            ("begin", Fragment::Trusted(&begin(frame, limits))),
            ("schema", Fragment::Identifier(frame.plan.schema())),
            ("is_left", Fragment::Trusted(&is_left)),
        ],
    )
}

/// What is set together with a state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Also {
    Nothing,
    /// How fast it goes.
    Speed(f64),
    /// The rows that were left out are tried again.
    TakeAgain,
}

/// Sets the state, when it is one of `from`.
pub(crate) fn set_state(
    frame: &Frame<'_>,
    limits: Limits,
    task: &Task,
    from: &[State],
    state: State,
    reason: Option<&str>,
    also: Also,
) -> String {
    let version = task.version.to_string();
    let from: Vec<_> = from.iter().map(|state| state.as_str().to_owned()).collect();
    let speed = match also {
        Also::Speed(speed) => speed.to_string(),
        Also::Nothing | Also::TakeAgain => String::new(),
    };
    let (before, also) = match also {
        Also::Nothing => ("", ""),
        Also::Speed(_) => ("", ", speed = {{speed}}::numeric"),
        Also::TakeAgain => (
            "  UPDATE {{schema}}.schema_migration_skipped SET sqlstate = '' WHERE version = {{version}};\n",
            ", skipped = 0",
        ),
    };
    let holes = [
        ("schema", Fragment::Identifier(frame.plan.schema())),
        ("version", Fragment::Text(&version)),
        ("speed", Fragment::Text(&speed)),
    ];
    let (before, also) = (fill(before, &holes), fill(also, &holes));
    let message = fill(
        include_str!("../../sql/data/state.sql"),
        &[
            ("begin", Fragment::Trusted(&begin(frame, limits))),
            (
                "own_progress",
                Fragment::Trusted(&own_progress(frame.plan, "ROW EXCLUSIVE")),
            ),
            ("schema", Fragment::Identifier(frame.plan.schema())),
            ("state", Fragment::Text(state.as_str())),
            ("reason", reason.map_or(Fragment::Null, Fragment::Text)),
            ("before", Fragment::Trusted(&before)),
            ("also", Fragment::Trusted(&also)),
            ("version", Fragment::Text(&version)),
            ("from", Fragment::Texts(&from)),
            ("checksum", Fragment::Digest(task.checksum)),
            ("commit", COMMIT),
        ],
    );
    [message, receipt(frame)].concat()
}

impl<'a> Target<'a> {
    /// A message that writes, with the progress that it has made.
    fn write(&self, text: &str, more: &[(&'static str, Fragment<'_>)]) -> String {
        [&*self.fill_with_begin(text, more), &receipt(self.frame)].concat()
    }

    fn fill_with_begin(&self, text: &str, more: &[(&'static str, Fragment<'_>)]) -> String {
        let begin = begin(self.frame, self.limits);
        let mut all = vec![("begin", Fragment::Trusted(&begin)), ("commit", COMMIT)];
        all.extend(more);
        self.fill(text, &all)
    }

    fn fill(&self, text: &str, more: &[(&'static str, Fragment<'_>)]) -> String {
        let version = self.task.version.to_string();
        let claim = self.claim();
        let mut all: Fragments<'_> = vec![
            ("claim", Fragment::Trusted(&claim)),
            ("schema", Fragment::Identifier(self.frame.plan.schema())),
            ("version", Fragment::Text(&version)),
        ];
        all.extend(more);
        fill(text, &all)
    }

    fn claim(&self) -> String {
        let version = self.task.version.to_string();
        let batches = i64::try_from(self.progress.batches).unwrap_or(i64::MAX);
        fill(
            include_str!("../../sql/data/claim.sql"),
            &[
                (
                    "own_progress",
                    Fragment::Trusted(&own_progress(self.frame.plan, "ROW EXCLUSIVE")),
                ),
                ("schema", Fragment::Identifier(self.frame.plan.schema())),
                ("worker", Fragment::Text(self.worker)),
                ("version", Fragment::Text(&version)),
                ("checksum", Fragment::Digest(self.task.checksum)),
                ("pass", Fragment::Integer(self.progress.pass.into())),
                ("batches", Fragment::Integer(batches)),
            ],
        )
    }

    fn range(&self, ranges: &Ranges, size: u32) -> Range {
        Range::new(self.frame.plan.schema(), ranges, self.progress, size)
    }

    /// Moves the cursor, by so many rows of the table.
    fn advance(&self, size: u32, looked: Option<&str>) -> String {
        let version = self.task.version.to_string();
        let size = Fragment::Integer(size.into());
        fill(
            include_str!("../../sql/data/advance.sql"),
            &[
                ("schema", Fragment::Identifier(self.frame.plan.schema())),
                ("version", Fragment::Text(&version)),
                ("worker", Fragment::Text(self.worker)),
                ("kept", Fragment::Integer(KEPT_BATCHES)),
                ("size", size),
                ("looked", looked.map_or(size, Fragment::Trusted)),
            ],
        )
    }
}
