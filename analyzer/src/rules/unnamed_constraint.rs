//! Constraints that nobody can name.

use crate::finding::Message;
use crate::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::scope::Scope;
use crate::statement::{Change, ConstraintKind};

pub(super) static RULE: Rule = Rule {
    id: "unnamed-constraint",
    summary: "ADD CHECK, FOREIGN KEY or UNIQUE without a name",
    page: include_str!("unnamed_constraint.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::AddConstraint { table, constraint } = scope.change() else {
        return None;
    };
    let is_named = constraint.name.is_some();
    let label = match &constraint.kind {
        ConstraintKind::Check(_) => "check",
        ConstraintKind::ForeignKey(_) => "fkey",
        ConstraintKind::Unique(key) if key.using_index.is_none() => "key",
        ConstraintKind::Exclude { .. } => "excl",
        ConstraintKind::Unique(_)
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::NotNull { .. } => return None,
    };
    let word = constraint.kind.word();
    (!is_named).then(|| {
        Message::new(
            format!("this {word} of {table} has no name"),
            "PostgreSQL makes one up, and another one where that is taken: a later file that validates or \
             drops it, and code that maps its error to a message, has to guess",
            format!(
                "name it: `ADD CONSTRAINT {}_<what>_{label} {word} ...`",
                table.name
            ),
        )
    })
}
