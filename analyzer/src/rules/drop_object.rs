//! Other objects that old code still relies on.

use crate::finding::{Message, Severity};
use crate::rule::{Check, Levels, Rule, Scope};
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-object",
    summary: "a trigger, policy, rule, constraint, extension, role or other object is dropped",
    page: include_str!("drop_object.md"),
    aliases: &["ban-drop-trigger", "ban-drop-constraint", "CD101"],
    levels: Levels {
        startup: Severity::Deny,
        ..Levels::NONE
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::Drop {
        kind, name, part, ..
    } = scope.change()
    else {
        return None;
    };
    let has_its_own_rule = match kind {
        ObjectKind::Aggregate
        | ObjectKind::Column
        | ObjectKind::Domain
        | ObjectKind::Function
        | ObjectKind::Index
        | ObjectKind::MaterializedView
        | ObjectKind::Procedure
        | ObjectKind::Schema
        | ObjectKind::Sequence
        | ObjectKind::Table
        | ObjectKind::Type
        | ObjectKind::View => true,
        ObjectKind::Attribute
        | ObjectKind::Collation
        | ObjectKind::Constraint
        | ObjectKind::Database
        | ObjectKind::EnumValue
        | ObjectKind::Extension
        | ObjectKind::Operator
        | ObjectKind::Policy
        | ObjectKind::Role
        | ObjectKind::Rule
        | ObjectKind::Trigger
        | ObjectKind::Other => false,
    };
    if has_its_own_rule || scope.is_new_table(name) {
        return None;
    }
    let object = part
        .as_ref()
        .map_or_else(|| name.to_string(), |part| format!("`{part}` of {name}"));
    Some(Message::new(
        format!("this drops the {kind} {object}"),
        "the release that still serves was written with it in place; dropping a trigger, policy, rule \
         or constraint takes ACCESS EXCLUSIVE on its table",
        scope.to_release(&format!("drop_{}", part.as_ref().unwrap_or(&name.name))),
    ))
}
