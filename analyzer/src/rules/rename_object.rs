//! New names for everything else.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::scope::Scope;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "rename-object",
    summary: "a type, function, schema, enum value, index, constraint or other object is renamed",
    page: include_str!("rename_object.md"),
    aliases: &["renaming-object", "rename_schema", "rename_enum_value"],
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
    let Change::Rename {
        kind,
        name,
        part,
        to,
    } = scope.change()
    else {
        return None;
    };
    let has_its_own_rule = matches!(
        kind,
        ObjectKind::Column | ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView
    );
    if has_its_own_rule || scope.is_new(*kind, name, part.as_deref()) || scope.is_new_table(name) {
        return None;
    }
    let old = part
        .as_ref()
        .map_or_else(|| kind.show(name), |part| format!("`{part}` of {name}"));
    Some(Message::new(
        format!("this renames the {kind} {old} to `{to}`"),
        "the release that still serves knows the old name: it calls it, casts to it, decodes it or \
         recognises an error by it",
        format!(
            "make a new one beside it; or, when no code says the old name any more, rename it in a \
             release migration, `{}_rename_{}.sql`",
            scope.next(crate::file_name::Category::Release),
            part.as_ref().unwrap_or(&name.name)
        ),
    ))
}
