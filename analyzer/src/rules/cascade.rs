//! Drops that take along what nobody named.

use super::falling::falling;
use crate::finding::{Message, Severity};
use crate::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::schema::Answer;
use crate::scope::Scope;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "cascade",
    summary: "CASCADE drops objects that the statement does not name",
    page: include_str!("cascade.md"),
    aliases: &["ban-cascade", "destructive-cascade"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (kind, name, part) = match scope.change() {
        Change::Drop {
            kind,
            name,
            part,
            cascade: true,
            ..
        } if *kind != ObjectKind::Attribute => (*kind, name, part.as_deref()),
        Change::DropColumn {
            table,
            column,
            cascade: true,
            ..
        } => (ObjectKind::Column, table, Some(column.as_str())),
        _ => return None,
    };
    if scope.is_new(kind, name, part) || part.is_some() && scope.is_new_relation(name) {
        return None;
    }
    let dropped = part.map_or_else(|| kind.show(name), |part| format!("{name}.{part}"));
    let falling = falling(scope.schema, scope.file, scope.clause);
    let is_known = is_followed(kind) && scope.schema.exists(kind, name, part) == Answer::Yes;
    let is_proven = is_known && falling.is_empty();
    let why = match (falling.is_empty(), is_proven) {
        (_, true) => "nothing in the history depends on it, so CASCADE drops nothing more; but an \
                      object that somebody makes before this runs would go without a word"
            .to_owned(),
        (true, false) => {
            "CASCADE drops whatever depends on it without naming it: views, foreign keys, \
             defaults, columns; the history does not tell what that is"
                .to_owned()
        }
        (false, _) => format!(
            "CASCADE also drops {}; each table among them is locked with ACCESS EXCLUSIVE, and the \
             serving release may use any of it",
            falling.join(", ")
        ),
    };
    let help = match falling.is_empty() {
        true => "leave CASCADE out: if something depends on it, PostgreSQL says what, with 2BP01, \
                 and changes nothing"
            .to_owned(),
        false => {
            "drop each of them by its name, in a release migration before this one, and leave \
             CASCADE out"
                .to_owned()
        }
    };
    let message = Message::new(
        format!("CASCADE drops more than the {kind} {dropped}"),
        why,
        help,
    );
    Some(message.mild(is_proven, Severity::Warn))
}

/// The kinds whose dependents the model follows all.
const fn is_followed(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Column
            | ObjectKind::Constraint
            | ObjectKind::Trigger
            | ObjectKind::Policy
    )
}
