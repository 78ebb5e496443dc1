//! Roles and privileges.

use super::clause::whole;
use super::family::Family;
use super::object::{self, alter};
use super::parts::with_arguments;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target};
use crate::statement::{Change, Clause, Command, Grant, How, ObjectKind, Privileged, Spelled, Use};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("role.grammar"),
    readers: &[
        (Syntax::CreateRole, object::create),
        (Syntax::AlterGroup, alter_role),
        (Syntax::AlterRoleSettings, alter_role),
        (Syntax::AlterRole, alter_role),
        (Syntax::DropRole, object::drop),
        (Syntax::Owned, owned),
        (Syntax::Grant, privileges),
        (Syntax::Revoke, privileges),
        (Syntax::AlterDefaultPrivileges, privileges),
        (Syntax::AlterLargeObject, |target, node| {
            alter(target, node, ObjectKind::LargeObject)
        }),
    ],
};

fn alter_role(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    alter(target, node, ObjectKind::Role)
}

/// `REASSIGN OWNED` and `DROP OWNED`.
fn owned(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let command = match node.starts_with("DROP") {
        true => Command::DropOwned,
        false => Command::ReassignOwned,
    };
    let change = Change::Other {
        command,
        object: node.child(Syntax::Role).map(|role| target.name(role)),
        outside_transaction: false,
        ddl: true,
    };
    whole(node, change)
}

/// `GRANT`, `REVOKE` and `ALTER DEFAULT PRIVILEGES`.
fn privileges(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let Some(on) = granted_on(target, node) else {
        return Vec::new();
    };
    let named = match on {
        Privileged::Roles => node.all(Syntax::GrantedRole).map(name::word).collect(),
        Privileged::Objects { .. } | Privileged::AllIn { .. } | Privileged::Future { .. } => {
            let privileges = node.all(Syntax::Privilege).map(privilege);
            privileges.collect()
        }
    };
    let grant = Grant {
        revoke: node.says("REVOKE"),
        privileges: named,
        columns: node
            .all(Syntax::Privilege)
            .flat_map(|privilege| name::words(privilege, Syntax::Name))
            .collect(),
        on,
        grantees: node.all(Syntax::Grantee).map(name::word).collect(),
        option: ["GRANT OPTION", "ADMIN OPTION", "ADMIN TRUE"]
            .into_iter()
            .any(|words| node.says(words))
            || node.says("REVOKE") && node.says("OPTION FOR"),
    };
    let clauses = whole(node, Change::Grant(Box::new(grant)));
    match node.child(Syntax::PrivilegeTarget) {
        Some(on) => with_arguments(on, clauses),
        None => clauses,
    }
}

fn granted_on(target: Target<'_>, node: Node<'_>) -> Option<Privileged> {
    if let Some(on) = node.child(Syntax::PrivilegeTarget) {
        return privileged(target, on);
    }
    if !node.is(Syntax::AlterDefaultPrivileges) {
        return Some(Privileged::Roles);
    }
    Some(Privileged::Future {
        schemas: name::words(node, Syntax::Name),
        kind: plural(&node.child(Syntax::DefaultTarget)?.phrase())?,
    })
}

/// The kind of object for `TABLES` and the like.
fn plural(words: &str) -> Option<ObjectKind> {
    Spelled::spelled(words.strip_suffix('S')?)
}

/// The privileges in upper case, without columns.
fn privilege(node: Node<'_>) -> String {
    let phrase = node.phrase();
    let end = phrase.find('(').unwrap_or(phrase.len());
    phrase[..end].trim().to_ascii_uppercase()
}

fn privileged(target: Target<'_>, on: Node<'_>) -> Option<Privileged> {
    if on.starts_with("ALL") {
        let kind = on.words().nth(1)?.text().to_ascii_uppercase();
        return Some(Privileged::AllIn {
            schemas: name::words(on, Syntax::Name),
            kind: plural(&kind)?,
        });
    }
    let kinds = [
        ("FOREIGN DATA WRAPPER", ObjectKind::ForeignDataWrapper),
        ("FOREIGN SERVER", ObjectKind::Server),
        ("LARGE OBJECT", ObjectKind::LargeObject),
        ("FUNCTION", ObjectKind::Function),
        ("PROCEDURE", ObjectKind::Procedure),
        ("ROUTINE", ObjectKind::Routine),
        ("DATABASE", ObjectKind::Database),
        ("LANGUAGE", ObjectKind::Language),
        ("SCHEMA", ObjectKind::Schema),
        ("TABLESPACE", ObjectKind::Tablespace),
        ("DOMAIN", ObjectKind::Domain),
        ("TYPE", ObjectKind::Type),
        ("SEQUENCE", ObjectKind::Sequence),
    ];
    let found = kinds.into_iter().find(|(words, _)| on.opens_with(words));
    let names = on.children().filter(|child| {
        matches!(
            child.syntax(),
            Syntax::AnyName | Syntax::Name | Syntax::FuncName
        )
    });
    Some(Privileged::Objects {
        kind: found.map_or(ObjectKind::Table, |(_, kind)| kind),
        names: names.map(|name| target.name(name)).collect(),
    })
}

/// The tables and sequences on which privileges are granted or revoked by name.
pub(super) fn granted(target: Target<'_>, node: Node<'_>) -> Vec<Use> {
    let on = node.child(Syntax::PrivilegeTarget).into_iter();
    // Types and their like have a word of their own.
    let named = on.filter(|on| {
        let others = ["DOMAIN", "TYPE", "FUNCTION", "PROCEDURE", "ROUTINE"];
        !others.iter().any(|words| on.opens_with(words))
    });
    let relations = named.flat_map(|on| on.all(Syntax::AnyName));
    let uses = relations.map(|name| Use {
        relation: target.name(name),
        how: How::Reads,
    });
    uses.collect()
}
