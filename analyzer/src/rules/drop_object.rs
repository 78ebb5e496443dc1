//! Other objects that old code still relies on.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::scope::Scope;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-object",
    summary: "a trigger, policy, rule, constraint, extension, role or other object is dropped",
    page: include_str!("drop_object.md"),
    aliases: &["ban-drop-trigger", "ban-drop-constraint", "CD101"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

/// The kinds whose loss has a rule of its own.
const HAVE_THEIR_OWN: [ObjectKind; 14] = [
    ObjectKind::Aggregate,
    ObjectKind::Column,
    ObjectKind::Domain,
    ObjectKind::ForeignTable,
    ObjectKind::Function,
    ObjectKind::Index,
    ObjectKind::MaterializedView,
    ObjectKind::Procedure,
    ObjectKind::Routine,
    ObjectKind::Schema,
    ObjectKind::Sequence,
    ObjectKind::Table,
    ObjectKind::Type,
    ObjectKind::View,
];

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (kind, name, part) = match scope.change() {
        Change::Drop {
            kind, name, part, ..
        } => (*kind, name, part.as_deref()),
        Change::Other { kind, .. } if kind.starts_with("drop-") => {
            let words = kind.to_uppercase().replace('-', " ");
            let title = kind.replace('-', "_");
            return Some(dropped(format!("this is a {words}"), &title, scope));
        }
        _ => return None,
    };
    if HAVE_THEIR_OWN.contains(&kind) || scope.is_new_table(name) || scope.is_new(kind, name, part)
    {
        return None;
    }
    let object = part.map_or_else(|| kind.show(name), |part| format!("`{part}` of {name}"));
    Some(dropped(
        format!("this drops the {kind} {object}"),
        &format!("drop_{}", part.unwrap_or(&name.name)),
        scope,
    ))
}

fn dropped(what: String, title: &str, scope: &Scope<'_>) -> Message {
    Message::new(
        what,
        "the release that still serves was written with it in place; dropping a trigger, policy, rule \
         or constraint takes ACCESS EXCLUSIVE on its table",
        scope.to_release(title),
    )
}
