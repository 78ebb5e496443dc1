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
    let (kind, name, part) = match scope.change() {
        Change::Drop {
            kind, name, part, ..
        } => (*kind, name, part.as_deref()),
        Change::Other { keywords, .. } if keywords.starts_with("DROP ") => {
            let title = keywords.to_lowercase().replace(' ', "_");
            return Some(dropped(format!("this is a {keywords}"), &title, scope));
        }
        _ => return None,
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
    if has_its_own_rule || scope.is_new_table(name) || scope.is_new(kind, name, part) {
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
