//! Roles and privileges.

use super::object::{self, alter};
use super::{Family, other, whole};
use crate::lower::Target;
use crate::lower::grammar::Node;
use crate::statement::{Change, Clause, How, ObjectKind, Use};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("role.grammar"),
    readers: &[
        ("create_role", object::create),
        ("alter_group", alter_role),
        ("alter_role_settings", alter_role),
        ("alter_role", alter_role),
        ("drop_role", object::drop),
        ("owned", owned),
        ("grant", privileges),
        ("revoke", privileges),
        ("alter_default_privileges", privileges),
        ("alter_large_object", |target, node| {
            alter(target, node, ObjectKind::LargeObject)
        }),
    ],
};

fn alter_role(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    alter(target, node, ObjectKind::Role)
}

/// `REASSIGN OWNED` and `DROP OWNED`.
fn owned(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let kind = match node.starts_with("DROP") {
        true => "drop-owned",
        false => "reassign-owned",
    };
    let change = Change::Other {
        kind: kind.to_owned(),
        object: node.child("role").map(|role| target.name(role)),
        outside_transaction: false,
        ddl: true,
    };
    whole(node, change)
}

fn privileges(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let on = node.child("privilege_target");
    let name = on.and_then(|on| on.children().next());
    vec![other(node, name.map(|name| target.name(name)))]
}

/// The tables and sequences whose privileges are granted or revoked by name.
pub(super) fn granted(target: Target<'_>, node: Node<'_>) -> Vec<Use> {
    let on = node.child("privilege_target").into_iter();
    // Types and their like have a word of their own.
    let named = on.filter(|on| !on.says("DOMAIN") && !on.says("TYPE"));
    let relations = named.flat_map(|on| on.all("any_name"));
    let uses = relations.map(|name| Use {
        relation: target.name(name),
        how: How::Reads,
    });
    uses.collect()
}
