//! What a statement does on the server: which locks it takes, which tables it scans or rewrites, which
//! indexes it builds, and whether it can run in a transaction.
//!
//! Everything here was measured on PostgreSQL 15 to 18 with `pg_locks`, `pg_relation_filenode()` and the
//! server's own messages. `tests/it/effects/` contains the measurement and compares each form with it.

mod builder;
mod column;
mod constraint;
mod drop;
mod lock;
mod lock_levels;
mod maintenance;
mod mode;
mod object;
mod proof;
mod relation;
mod rows;
mod types;
mod volatility;

use std::collections::BTreeSet;

pub use crate::statement::LockMode;
pub use lock::{Blocks, Lock};
pub use mode::{Mode, mode};

use crate::schema::Schema;
use crate::statement::{Call, Change, Clause, Expression, Name, Statement};

use builder::EffectBuilder;

/// The effect of a statement on the relations that exist before it.
///
/// ```
/// use onward_analyzer::effect::{LockMode, effects};
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::{lower::lower, split::split};
///
/// let schema = Schema::after("auth", &["CREATE TABLE users (id int PRIMARY KEY, name text);"]);
/// let text = "ALTER TABLE users ALTER name SET NOT NULL, ADD seen timestamptz DEFAULT now()";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let effect = effects(&statement, &schema, 15);
/// assert_eq!(effect.locks[0].to_string(), "ACCESS EXCLUSIVE on auth.users");
/// assert_eq!(effect.scans[0].to_string(), "auth.users");
/// assert!(effect.rewrites.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The strongest lock on each table, view and sequence, sorted by name.
    ///
    /// Tables are assumed to have rows: an `INSERT` locks the tables that its foreign keys reference.
    /// Locks taken by functions and triggers that it calls are not known.
    pub locks: Vec<Lock>,
    /// The strongest lock on each index.
    pub index_locks: Vec<Lock>,
    /// What gets a new file: tables, the indexes that are rebuilt with them, and sequences.
    pub rewrites: Vec<Name>,
    /// The tables that are scanned in full.
    pub scans: Vec<Name>,
    /// The foreign keys that are checked for every row.
    pub joins: Vec<Join>,
    /// The indexes that are built or rebuilt.
    pub builds: Vec<Name>,
    /// The existing tables whose rows are read for that.
    pub indexed: Vec<Name>,
    /// Whether it runs code that is not analyzed and may do anything else.
    pub opaque: bool,
    /// Whether it can run in a transaction.
    pub mode: Mode,
}

/// A foreign key that is checked for every row, which reads both tables.
///
/// ```
/// use onward_analyzer::effect::Join;
/// use onward_analyzer::statement::Name;
///
/// let name = |name: &str| Name { schema: "auth".into(), name: name.into() };
/// let join = Join { key: "fk".into(), table: name("logins"), parent: name("users") };
/// assert_eq!(join.parent.name, "users");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Join {
    /// The foreign key.
    pub key: String,
    /// The referencing table.
    pub table: Name,
    /// The referenced table.
    pub parent: Name,
}

/// The effect of one change, on the schema just before it, on one major version of PostgreSQL.
///
/// New indexes have the names that PostgreSQL will generate for them.
///
/// ```
/// use onward_analyzer::effect::effect;
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::{lower::lower, split::split};
///
/// let schema = Schema::after("auth", &["CREATE TABLE users (name text);"]);
/// let text = "CREATE INDEX ON users (name)";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let effect = effect(&statement.clauses[0].change, &statement, &schema, 18);
/// assert_eq!(effect.locks[0].to_string(), "SHARE on auth.users");
/// assert_eq!(effect.builds[0].to_string(), "auth.users_name_idx");
/// ```
#[must_use]
pub fn effect(change: &Change, statement: &Statement, schema: &Schema, major: u8) -> Effect {
    let mut builder = EffectBuilder::new(statement, schema, major);
    builder.change(change);
    builder.finish(mode::of(change))
}

/// The effect of a whole statement; for a `DO` block, of all that it runs.
///
/// For each relation the strongest lock counts. The rows of a table that is rewritten are checked during
/// the rewrite, not in a separate scan.
///
/// ```
/// use onward_analyzer::effect::effects;
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "INSERT INTO elsewhere.logins (id) VALUES (1)";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let effect = effects(&statement, &Schema::new("auth"), 15);
/// assert_eq!(effect.locks[0].to_string(), "ROW EXCLUSIVE on elsewhere.logins");
/// ```
#[must_use]
pub fn effects(statement: &Statement, schema: &Schema, major: u8) -> Effect {
    watched(statement, schema, major).0
}

/// The effects on several major versions; a single one if the version makes no difference.
pub(crate) fn effects_on(
    statement: &Statement,
    schema: &Schema,
    majors: impl Iterator<Item = u8>,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for major in majors {
        let (effect, depends_on_version) = watched(statement, schema, major);
        effects.push(effect);
        if !depends_on_version {
            break;
        }
    }
    effects
}

/// The effect, and whether it depends on the version.
fn watched(statement: &Statement, schema: &Schema, major: u8) -> (Effect, bool) {
    if let [Clause { change, .. }] = statement.clauses.as_slice()
        && !matches!(change, Change::Do { .. })
    {
        let mut alone = EffectBuilder::new(statement, schema, major);
        alone.change(change);
        return finish(alone, statement, schema);
    }
    let mut clauses: Vec<&Change> = statement.clauses.iter().map(|one| &one.change).collect();
    // The passes of `ALTER TABLE`, in their order.
    clauses.sort_by_key(|change| lock_levels::pass(change));
    let mut total = EffectBuilder::new(statement, schema, major);
    let mut after: Option<Schema> = None;
    for (at, change) in clauses.iter().enumerate() {
        let now = after.as_ref().unwrap_or(schema);
        let mut builder = EffectBuilder::new(statement, now, major);
        builder.change(change);
        total.merge(builder);
        if let Change::Do { body, .. } = change {
            block(&body.statements, now, major, &mut total);
        }
        if at + 1 < clauses.len() && change.is_ddl() {
            let mut next = after.take().unwrap_or_else(|| {
                let names = clauses.iter().flat_map(|change| lock_levels::named(change));
                // `CASCADE` can reach any table.
                match clauses.iter().any(|change| falls(change)) {
                    true => schema.clone(),
                    false => schema.subset(names),
                }
            });
            next.apply_change(change);
            after = Some(next);
        }
    }
    finish(total, statement, schema)
}

/// The effect of a statement, and whether it depends on the version.
fn finish(total: EffectBuilder<'_>, statement: &Statement, schema: &Schema) -> (Effect, bool) {
    let depends_on_version = total.depends_on_version();
    let mut effect = total.finish(mode(&statement.clauses));
    // An index that the statement itself creates is not in use by another session.
    let builds = &effect.builds;
    if !effect.index_locks.is_empty() {
        effect.index_locks.retain(|lock| {
            schema.table_of_index(&lock.relation).is_some() || !builds.contains(&lock.relation)
        });
    }
    (effect, depends_on_version)
}

const fn falls(change: &Change) -> bool {
    matches!(
        change,
        Change::Drop { cascade: true, .. } | Change::DropColumn { cascade: true, .. }
    )
}

/// The call because of which an expression is certainly not immutable.
pub(crate) fn mutable_call<'a>(expression: &'a Expression, schema: &Schema) -> Option<&'a Call> {
    volatility::mutable_call(expression, schema)
}

/// The call that gives an expression a different value in each row, if there is one.
pub(crate) fn volatile_call<'a>(expression: &'a Expression, schema: &Schema) -> Option<&'a Call> {
    volatility::volatile_call(expression, schema)
}

/// The statements of a `DO` block, each with the schema that the statements before it leave.
fn block(statements: &[Statement], schema: &Schema, major: u8, total: &mut EffectBuilder<'_>) {
    let mut after = (statements.len() > 1).then(|| schema.clone());
    let mut made = BTreeSet::new();
    for statement in statements {
        let now = after.as_ref().unwrap_or(schema);
        let (inner, depends_on_version) = watched(statement, now, major);
        let new = inner
            .builds
            .iter()
            .filter(|index| schema.table_of_index(index).is_none());
        let new: Vec<Name> = new.cloned().collect();
        total.include(inner, &made, depends_on_version);
        made.extend(new);
        if let Some(after) = &mut after {
            after.run_statement(statement);
            made.extend(
                statement
                    .clauses
                    .iter()
                    .filter_map(|one| lock_levels::made(&one.change)),
            );
        }
    }
}
