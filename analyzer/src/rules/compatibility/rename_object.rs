//! New names for everything else.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "rename-object",
    summary: "a type, function, schema, enum value, index, constraint or other object is renamed",
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
    check: Check::Clause(check),
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
        format!("this renames the {kind} {old} to `{to}`"),
        breaks(*kind),
        "",
    );
    let title = format!("rename_{}", part.as_ref().unwrap_or(&name.name));
    let sql = context.sql_from(context.statement.span.start);
    let message = context.by_an_operator(message, &title, &sql, &format!("code that says {old}"));
    let related = context.made(*kind, name, part.as_deref());
    Some(
        message
            .mild(is_only_mentioned, Severity::Warn)
            .with_related(related),
    )
}

/// What of old code breaks.
const fn breaks(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Schema => {
            "no table is locked, and every statement of the serving release fails with 42P01: all \
             names of the module are others, and the ledger of its migrations has moved too"
        }
        ObjectKind::EnumValue => {
            "no table is locked; INSERTs and comparisons of the serving release with the old label \
             fail with 22P02, and rows with the new one cannot be decoded: add a label beside it, \
             and copy the rows in a data migration"
        }
        ObjectKind::Type | ObjectKind::Domain => {
            "no table is locked; casts and parameters of the serving release that say the old name \
             fail with 42704"
        }
        ObjectKind::Attribute => {
            "(value).attribute in statements of the serving release fails with 42703, and clients \
             that decode by name find no such field"
        }
        ObjectKind::Function
        | ObjectKind::Procedure
        | ObjectKind::Routine
        | ObjectKind::Aggregate => {
            "no table is locked; calls of the serving release fail with 42883"
        }
        ObjectKind::Sequence => "every nextval() of the serving release fails with 42P01",
        ObjectKind::Index | ObjectKind::Constraint => {
            "code that recognises an error by this name, or says ON CONFLICT ON CONSTRAINT, does \
             so no longer; renaming a constraint takes ACCESS EXCLUSIVE on its table for a moment"
        }
        _ => {
            "the release that still serves knows the old name, and so may the migrations of its \
             next version; renaming a trigger or a policy takes ACCESS EXCLUSIVE on its table for \
             a moment"
        }
    }
}
