//! Rights on tables of tenants that no policy limits.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::tenant::tenant_table;
use crate::statement::{Change, Grant, Name, ObjectKind, Privileged};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "grant-beyond-policies",
    summary: "a GRANT gives a right on a table or sequence of tenants that no policy limits, or gives it to PUBLIC",
    page: include_str!("grant_beyond_policies.md"),
    aliases: &[],
    group: Group::Tenancy,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Grant], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    context.module.settings.tenancy.as_ref()?;
    let Change::Grant(grant) = context.change() else {
        return None;
    };
    if grant.revoke {
        return None;
    }
    let (kind, object) = reached(context, grant)?;
    match kind {
        ObjectKind::Sequence => of_sequence(grant, &object),
        _ => of_table(grant, &object),
    }
}

/// The kind of what is granted on, and the first object that is of tenants.
fn reached(context: &Context<'_>, grant: &Grant) -> Option<(ObjectKind, String)> {
    let own = &context.module.schema;
    let holds = |name: &Name| tenant_table(context, name).is_some();
    match &grant.on {
        Privileged::Objects { kind, names } => {
            let is_sequence = |name: &&Name| context.schema.sequence(name).is_some();
            let table = names.iter().find(|name| holds(name));
            let table = table.map(|name| (ObjectKind::Table, name.to_string()));
            let sequence = { names.iter().find(is_sequence) }
                .filter(|_| matches!(kind, ObjectKind::Sequence | ObjectKind::Table));
            table.or_else(|| Some((ObjectKind::Sequence, sequence?.to_string())))
        }
        Privileged::AllIn { schemas, kind } if schemas.contains(own) => match kind {
            ObjectKind::Table => {
                let mut relations = context.schema.relations();
                relations.find(|one| holds(&one.name))?;
                Some((*kind, format!("all tables of {own}")))
            }
            ObjectKind::Sequence => Some((*kind, format!("all sequences of {own}"))),
            _ => None,
        },
        Privileged::Future { schemas, kind } if schemas.is_empty() || schemas.contains(own) => {
            let is_told = matches!(kind, ObjectKind::Table | ObjectKind::Sequence);
            let word = if *kind == ObjectKind::Table {
                "tables"
            } else {
                "sequences"
            };
            is_told.then(|| (*kind, format!("later {word} of {own}")))
        }
        Privileged::AllIn { .. } | Privileged::Future { .. } | Privileged::Roles => None,
    }
}

fn gives(grant: &Grant, privilege: &str) -> bool {
    grant.privileges.is_empty() || grant.privileges.iter().any(|one| one == privilege)
}

fn who(grant: &Grant) -> String {
    let roles = grant.grantees.iter().map(|role| match role.as_str() {
        "public" => "PUBLIC".to_owned(),
        role => quote_ident(role),
    });
    roles.collect::<Vec<String>>().join(", ")
}

fn of_table(grant: &Grant, object: &str) -> Option<Message> {
    let who = who(grant);
    let beyond: Vec<&str> = { ["TRUNCATE", "REFERENCES"].into_iter() }
        .filter(|privilege| gives(grant, privilege))
        .collect();
    if !beyond.is_empty() {
        return Some(Message::new(
            format!("{who} gets {} on {object}", beyond.join(" and ")),
            "no policy limits these rights: TRUNCATE empties the table for all tenants, and a foreign key that a role \
             with REFERENCES creates tells which keys exist",
            "grant the rights that the service uses by name: SELECT, INSERT, UPDATE, DELETE",
        ));
    }
    let is_public = grant.grantees.iter().any(|role| role == "public");
    is_public.then(|| {
        Message::new(
            format!("every role of the database gets rights on {object}"),
            "PUBLIC includes roles of other services and roles that are created later; each of them sets the tenant of \
             its session itself",
            "grant to the role of the service by its name",
        )
    })
}

fn of_sequence(grant: &Grant, object: &str) -> Option<Message> {
    let told: Vec<&str> = { ["SELECT", "UPDATE"].into_iter() }
        .filter(|privilege| gives(grant, privilege))
        .collect();
    (!told.is_empty()).then(|| {
        Message::new(
            format!("{} gets {} on {object}", who(grant), told.join(" and ")),
            "all tenants share the numbers, and a sequence has no policies: SELECT shows how many the others have used, \
             and UPDATE lets one tenant set the number at which all go on",
            "grant USAGE, which is enough for nextval; an identity column needs no right at all",
        )
    })
}
