//! New constraints that writes of old code may violate.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::rules::facts::write_restriction::{Outcome, Violated, violated};
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "new-write-restriction",
    summary: "adds a constraint or unique index that writes of old code may violate",
    page: include_str!("new_write_restriction.md"),
    aliases: &["ban-new-write-restriction", "MF101", "MF102", "ADD_UNIQUE"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: ALLOW,
        seed: NEVER,
        // A unique index that the worker builds: `-- onward: background`.
        data: WARN,
    },
    check: Check::Of(
        &[
            Subject::CreateIndex,
            Subject::AddConstraint,
            Subject::SetNotNull,
            Subject::AddColumn,
        ],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Violated {
        restriction,
        inserts,
        updates,
    } = violated(&context.around, context.change())?;
    let (table, what, error) = (restriction.table, &restriction.what, restriction.error);
    let (why, help) = match (inserts, updates) {
        (Outcome::Fails, _) => (
            format!(
                "the running release does not know the new column, so its INSERTs leave null or the \
                 default there, and that violates the constraint: from now on every INSERT fails: \
                 {error}"
            ),
            "give the column a default that satisfies the constraint; or add the column alone now, \
             deploy a release that writes it, fill the existing rows in a data migration, and add the \
             constraint after that"
                .to_owned(),
        ),
        (_, Outcome::Fails) => (
            format!(
                "the existing rows violate it: from now on every UPDATE of one of them fails, also \
                 those of the running release: {error}"
            ),
            "first fill the existing rows in a data migration, then add the constraint in a release \
             migration that begins with `-- onward: requires DM...`"
                .to_owned(),
        ),
        (Outcome::Passes | Outcome::Unclear, Outcome::Passes | Outcome::Unclear) => (
            format!(
                "{}; every INSERT and UPDATE is checked from now on, also \
                 those of the running release, and fails if it violates the new constraint: {error}",
                match restriction.is_checked_on_old_rows() {
                    true => "the index is built only if no existing rows have the same key",
                    false => "existing rows are not checked",
                }
            ),
            "first deploy a release that writes only valid rows; once that is the running release, \
             allow this: `-- onward: allow new-write-restriction because \"every release since 2.3 \
             writes ...\"`"
                .to_owned(),
        ),
    };
    let message = Message::new(
        format!("new writes to {table} must satisfy {what}"),
        why,
        help,
    );
    Some(
        message
            .severe(inserts == Outcome::Fails, Severity::Deny)
            .with_related(context.made(ObjectKind::Table, table, None)),
    )
}
