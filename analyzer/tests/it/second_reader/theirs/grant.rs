//! Privileges: which role may do what.

use sqlparser::ast::{
    Action, GrantObjects, Grantee, GranteeName, GranteesType, ObjectName, Privileges,
    RoleGrantOptionValue, Statement,
};

use super::names::{bare, described, ident, idents, name};
use crate::second_reader::lines::{flags, list};

pub(super) fn facts(statement: &Statement) -> Option<Vec<String>> {
    let line = match statement {
        Statement::Grant(grant) => format!(
            "grant {} {} to {}{}",
            privileges(&grant.privileges),
            grant.objects.as_ref().map(on).unwrap_or_default(),
            list(grant.grantees.iter().map(grantee)),
            flags([(grant.with_grant_option, "with option")])
        ),
        Statement::Revoke(revoke) => format!(
            "revoke {} {} from {}{}",
            privileges(&revoke.privileges),
            revoke.objects.as_ref().map(on).unwrap_or_default(),
            list(revoke.grantees.iter().map(grantee)),
            flags([(revoke.grant_option_for, "with option")])
        ),
        Statement::GrantRole(grant) => {
            let admin = grant.options.iter().any(|option| {
                ident(&option.name) == "admin" && option.value != RoleGrantOptionValue::False
            });
            format!(
                "grant {} roles to {}{}",
                list(idents(&grant.roles)),
                list(grant.grantees.iter().map(grantee)),
                flags([(admin, "with option")])
            )
        }
        Statement::RevokeRole(revoke) => {
            let option = revoke.option_for.as_ref().map(ident);
            format!(
                "revoke {} roles from {}{}",
                list(idents(&revoke.roles)),
                list(revoke.grantees.iter().map(grantee)),
                flags([(option.as_deref() == Some("admin"), "with option")])
            )
        }
        _ => return None,
    };
    Some(vec![line])
}

/// In upper case and without columns; empty means `ALL`.
fn privileges(privileges: &Privileges) -> String {
    let Privileges::Actions(actions) = privileges else {
        return "()".to_owned();
    };
    list(actions.iter().map(|action| match action {
        Action::Role { role } => bare(role),
        other => {
            let words = other.to_string();
            words.split(" (").next().unwrap_or_default().to_owned()
        }
    }))
}

fn on(objects: &GrantObjects) -> String {
    let named = |kind: &str, names: Vec<String>| format!("on {kind} {}", list(names));
    let names = |names: &[ObjectName]| names.iter().map(name).collect();
    let schemas = |names: &[ObjectName]| names.iter().map(bare).collect();
    match objects {
        GrantObjects::Tables(tables) | GrantObjects::Views(tables) => named("table", names(tables)),
        GrantObjects::Sequences(sequences) => named("sequence", names(sequences)),
        GrantObjects::Schemas(names) => named("schema", schemas(names)),
        GrantObjects::Databases(names) => named("database", schemas(names)),
        GrantObjects::Functions(functions) => {
            named("function", functions.iter().map(described).collect())
        }
        GrantObjects::Procedures(procedures) => {
            named("procedure", procedures.iter().map(described).collect())
        }
        GrantObjects::Routines(routines) => {
            named("routine", routines.iter().map(described).collect())
        }
        GrantObjects::AllTablesInSchema { schemas: names } => named("all TABLES", schemas(names)),
        GrantObjects::AllSequencesInSchema { schemas: names } => {
            named("all SEQUENCES", schemas(names))
        }
        GrantObjects::AllFunctionsInSchema { schemas: names } => {
            named("all FUNCTIONS", schemas(names))
        }
        GrantObjects::AllProceduresInSchema { schemas: names } => {
            named("all PROCEDURES", schemas(names))
        }
        GrantObjects::AllRoutinesInSchema { schemas: names } => {
            named("all ROUTINES", schemas(names))
        }
        other => format!("on ? {other}"),
    }
}

fn grantee(grantee: &Grantee) -> String {
    match (&grantee.grantee_type, &grantee.name) {
        (GranteesType::Public, _) => "public".to_owned(),
        (_, Some(GranteeName::ObjectName(role))) => bare(role),
        (_, other) => format!("? {other:?}"),
    }
}
