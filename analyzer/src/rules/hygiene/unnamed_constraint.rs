//! Constraints whose names have to be guessed.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::{Message, SuggestedFile};
use crate::rules::facts::plain_name::is_plain;
use crate::schema::generated_name;
use crate::statement::references::columns_of;
use crate::statement::{Change, ConstraintKind};

pub(super) static RULE: Rule = Rule {
    id: "unnamed-constraint",
    summary: "ADD CHECK, FOREIGN KEY, UNIQUE or EXCLUDE without a name",
    page: include_str!("unnamed_constraint.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::AddConstraint], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AddConstraint { table, constraint } = context.change() else {
        return None;
    };
    let label = match &constraint.kind {
        ConstraintKind::Check(_) => "check",
        ConstraintKind::ForeignKey(_) => "fkey",
        ConstraintKind::Unique(key) if key.using_index.is_none() => "key",
        ConstraintKind::Exclude { .. } => "excl",
        ConstraintKind::Unique(_)
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::NotNull { .. } => return None,
    };
    if constraint.name.is_some() {
        return None;
    }
    let word = constraint.kind.word();
    let name = match columns_of(constraint).as_slice() {
        [] => generated_name(&table.name, ["<what>"], label),
        columns => generated_name(&table.name, columns, label),
    };
    // The rest of the statement is this constraint, when it is the only clause.
    let is_alone = context.statement.clauses.len() == 1;
    // The fix of the rule about the lock names the constraint too.
    let locks = context.is_old_table(table) && !constraint.not_valid && constraint.enforced;
    let named = (is_alone && !locks && is_plain(&name)).then(|| SuggestedFile {
        file: context.file_name().to_owned(),
        sql: format!(
            "{} ADD CONSTRAINT {name} {};",
            context.alter(table),
            context.sql_from(constraint.span.start)
        ),
    });
    let message = Message::new(
        format!("this {word} constraint on {table} has no name"),
        "PostgreSQL generates a name, and a different one if that name is taken. A later file that validates or drops \
         the constraint, and code that maps its error to a message, have to guess the name",
        format!("name the constraint: `ADD CONSTRAINT {name} {word} ...`"),
    );
    Some(message.with_files(named.into_iter().collect()))
}
