//! What a statement needs from PostgreSQL: locks, work on rows and indexes, and whether it may run in
//! a transaction.
//!
//! Everything here was measured on PostgreSQL 15 to 18 with `pg_locks`, `pg_relation_filenode()` and
//! the server's own messages; `tests/effects/` holds the measurement and compares each form with it.

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
use crate::statement::{Call, Change, Expression, Name, Statement};

use builder::EffectBuilder;

/// What a statement does to the relations that are there before it.
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
    /// The strongest lock on each table, view and sequence, in the order of names.
    ///
    /// Rows count as if they were there: an `INSERT` locks the tables of its foreign keys. Not
    /// known are locks of functions and triggers that it calls.
    pub locks: Vec<Lock>,
    /// The strongest lock on each index.
    pub index_locks: Vec<Lock>,
    /// What gets a new file: tables, the indexes that are built again with them, sequences.
    pub rewrites: Vec<Name>,
    /// The tables of which every row is looked at.
    pub scans: Vec<Name>,
    /// The foreign keys of which every row is looked up in the other table.
    pub joins: Vec<Join>,
    /// The indexes that are built, for the first time or again.
    pub builds: Vec<Name>,
    /// Whether it runs code that is not looked into, which may do anything else.
    pub opaque: bool,
    /// Whether it may run in a transaction.
    pub mode: Mode,
}

/// A foreign key whose rows are all looked up, which reads both tables.
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
    /// The table that has it.
    pub table: Name,
    /// The table that it points to.
    pub parent: Name,
}

/// The effect of one thing that a statement does, on the schema just before it, in a major version of
/// PostgreSQL.
///
/// The names of indexes that are built are those that PostgreSQL will make up.
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

/// The effect of a whole statement, that of a `DO` block with all that it runs.
///
/// The strongest lock wins; the rows of a table that is rewritten are checked while it is.
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

/// The effects on several majors; one is enough where the version makes no difference.
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
    let mut clauses: Vec<&Change> = statement.clauses.iter().map(|one| &one.change).collect();
    // The passes of `ALTER TABLE`.
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
                schema.subset(names)
            });
            next.apply_change(change);
            after = Some(next);
        }
    }
    let depends_on_version = total.depends_on_version();
    let mut effect = total.finish(mode(&statement.clauses));
    // An index that the statement creates itself is not in use.
    let builds = &effect.builds;
    effect.index_locks.retain(|lock| {
        schema.table_of_index(&lock.relation).is_some() || !builds.contains(&lock.relation)
    });
    (effect, depends_on_version)
}

/// The call that gives an expression a value of its own in each row, if one does.
pub(crate) fn volatile_call<'a>(expression: &'a Expression, schema: &Schema) -> Option<&'a Call> {
    volatility::volatile_call(expression, schema)
}

/// The statements of a `DO` block, each on what those before it have created.
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
