//! Restrictions that old code may run into.

use crate::file_name::{Category, version_of};
use crate::finding::{Message, Remedy};
use crate::lower::lower;
use crate::rule::{ALLOW, Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::scope::Scope;
use crate::split::split;
use crate::statement::{Change, ConstraintKind, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "new-write-restriction",
    summary: "writes of old code are checked against something new",
    page: include_str!("new_write_restriction.md"),
    aliases: &["ban-new-write-restriction", "MF101", "MF102", "ADD_UNIQUE"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: ALLOW,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (table, columns, what, code) = restriction(scope.change())?;
    let is_new = |column: &&str| scope.is_new(ObjectKind::Column, table, Some(column));
    let only_new = !columns.is_empty() && columns.iter().all(is_new);
    let is_new_domain = scope.is_new(ObjectKind::Domain, table, None);
    if scope.is_new_table(table) || is_new_domain || only_new {
        return None;
    }
    let message = Message::new(
        format!("writes to {table} have to fulfil {what} from now on"),
        format!(
            "old rows are not looked at, but every INSERT and UPDATE is, at once: where the \
             serving release writes what does not fit, it fails with {code}"
        ),
        "ship a release first that writes only what fits; when it is the one that serves, say so: \
         `-- onward: allow new-write-restriction because \"every release since 2.3 writes ...\"`",
    );
    Some(message.with_related(scope.made(ObjectKind::Table, table, None)))
}

/// The same message with a way out that says what it assumes: above each statement of a startup
/// migration that restricts writes stands the allowance, for the reader to agree to.
pub(super) fn vouched(message: Message, schema: &str) -> Message {
    let remedies = message.remedies.into_iter().map(|remedy| {
        let version = version_of(&remedy.file);
        let is_startup = version.is_some_and(|version| version.category == Category::Startup);
        match is_startup && !remedy.sql.contains(RULE.id) {
            true => Remedy {
                sql: with_allowances(&remedy.sql, schema),
                ..remedy
            },
            false => remedy,
        }
    });
    Message {
        remedies: remedies.collect(),
        ..message
    }
}

fn with_allowances(sql: &str, schema: &str) -> String {
    let mut vouched = String::with_capacity(sql.len());
    let mut end = 0;
    let mut made: Vec<(Name, Option<String>)> = Vec::new();
    for raw in &split(sql).statements {
        let statement = lower(sql, raw, schema);
        let changes = statement.clauses.iter().map(|clause| &clause.change);
        for change in changes.clone() {
            match change {
                Change::CreateTable(create) => made.push((create.table.clone(), None)),
                Change::AddColumn { table, column, .. } => {
                    made.push((table.clone(), Some(column.name.clone())));
                }
                _ => {}
            }
        }
        let restricts = |change: &Change| {
            let Some((table, columns, _, _)) = restriction(change) else {
                return false;
            };
            let is_new = |part: Option<&str>| {
                let mut made = made.iter();
                made.any(|(name, new)| name == table && new.as_deref() == part)
            };
            let only_new = !columns.is_empty() && columns.iter().all(|one| is_new(Some(one)));
            !is_new(None) && !only_new
        };
        if changes.clone().any(restricts) {
            vouched += sql.get(end..raw.span.start).unwrap_or_default();
            vouched += ALLOWANCE;
            end = raw.span.start;
        }
    }
    vouched + sql.get(end..).unwrap_or_default()
}

const ALLOWANCE: &str = "-- onward: allow new-write-restriction because \"what the serving release \
                         writes fits already\"\n";

/// The table, the columns that are restricted, the words for it and the error of a write.
fn restriction(change: &Change) -> Option<(&Name, Vec<&str>, String, &'static str)> {
    let strings = |columns: &'_ [String]| {
        columns
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match change {
        Change::CreateIndex(create) if create.unique && create.concurrently => {
            let columns = create.keys.iter().flat_map(|key| &key.expression.columns);
            let columns: Vec<&str> = columns.map(String::as_str).collect();
            let what = format!("a unique index over ({})", columns.join(", "));
            Some((&create.table, columns, what, "23505"))
        }
        Change::AddConstraint { table, constraint }
            if constraint.not_valid && constraint.enforced =>
        {
            match &constraint.kind {
                ConstraintKind::Check(expression) => {
                    let columns = expression.columns.iter().map(String::as_str);
                    let what = format!("CHECK ({expression})");
                    Some((table, columns.collect(), what, "23514"))
                }
                ConstraintKind::ForeignKey(key) => {
                    let columns = key.columns.iter().map(String::as_str);
                    let what = format!(
                        "the foreign key ({}) to {}",
                        strings(&key.columns),
                        key.parent
                    );
                    Some((table, columns.collect(), what, "23503"))
                }
                ConstraintKind::NotNull { column } => Some((
                    table,
                    vec![column],
                    format!("NOT NULL of {column}"),
                    "23502",
                )),
                ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Exclude { .. } => None,
            }
        }
        _ => None,
    }
}
