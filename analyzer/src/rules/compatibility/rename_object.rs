//! All other objects that get a new name.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "rename-object",
    summary: "renames a type, function, schema, enum value, index, constraint or other object",
    page: include_str!("rename_object.md"),
    aliases: &[
        "renaming-object",
        "rename_schema",
        "rename_enum_value",
        "unsafe_rename_enum_value",
        "rename-schema",
        "RenameSchemaCheck",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Rename], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Rename {
        kind,
        name,
        part,
        to,
    } = context.change()
    else {
        return None;
    };
    let has_its_own_rule = matches!(
        kind,
        ObjectKind::Column
            | ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Role
            | ObjectKind::Database
            | ObjectKind::Tablespace
    );
    if has_its_own_rule
        || context.is_new(*kind, name, part.as_deref())
        || context.is_new_relation(name)
    {
        return None;
    }
    let old = part
        .as_ref()
        .map_or_else(|| kind.show(name), |part| format!("`{part}` of {name}"));
    let is_only_mentioned = matches!(kind, ObjectKind::Index | ObjectKind::Constraint);
    let message = Message::new(
        format!("renames the {kind} {old} to `{to}`"),
        breaks(*kind),
        "",
    );
    let title = format!("rename_{}", part.as_ref().unwrap_or(&name.name));
    let sql = context.sql_from(context.statement.span.start);
    let message = context.by_an_operator(message, &title, &sql, &format!("code that uses {old}"));
    let related = context.made(*kind, name, part.as_deref());
    Some(
        message
            .mild(is_only_mentioned, Severity::Warn)
            .with_related(related),
    )
}

/// Which statements of old code fail.
const fn breaks(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Schema => {
            "locks no table; every statement of the running release fails: relation does not exist \
             (42P01), because every name in the module changes, and the ledger of its migrations \
             is renamed with it"
        }
        ObjectKind::EnumValue => {
            "locks no table; INSERTs and comparisons of the running release with the old label \
             fail: invalid input value for enum (22P02), and it cannot decode rows with the new \
             label; instead add a second label, and copy the rows in a data migration"
        }
        ObjectKind::Type | ObjectKind::Domain => {
            "locks no table; casts and parameters of the running release that use the old name \
             fail: type does not exist (42704)"
        }
        ObjectKind::Attribute => {
            "`(value).attribute` in statements of the running release fails: column does not exist \
             (42703), and clients that decode by name do not find the field"
        }
        ObjectKind::Function
        | ObjectKind::Procedure
        | ObjectKind::Routine
        | ObjectKind::Aggregate => {
            "locks no table; calls by the running release fail: function does not exist (42883)"
        }
        ObjectKind::Sequence => {
            "every nextval() of the running release fails: relation does not exist (42P01)"
        }
        ObjectKind::Index | ObjectKind::Constraint => {
            "code that recognises an error by this name, or uses it in ON CONFLICT ON CONSTRAINT, \
             stops working; renaming a constraint takes ACCESS EXCLUSIVE on its table for a moment"
        }
        _ => {
            "the running release may use the old name, and so may the migrations of its next \
             version; renaming a trigger or a policy takes ACCESS EXCLUSIVE on its table for a \
             moment"
        }
    }
}
