//! `DROP`: a line for each object.

use sqlparser::ast::{DropBehavior, ObjectType, ReferentialAction, Statement};

use super::alter::cascade;
use super::names::{bare, described, ident, idents, name};
use crate::second_reader::lines::flags;

pub(super) fn facts(statement: &Statement) -> Option<Vec<String>> {
    let behavior = |behavior: &Option<DropBehavior>| cascade(*behavior);
    match statement {
        Statement::Drop {
            object_type,
            if_exists,
            names,
            cascade,
            ..
        } => {
            let kind = match object_type {
                ObjectType::User | ObjectType::Group => "role".to_owned(),
                other => other.to_string().to_lowercase(),
            };
            let in_schema = !matches!(kind.as_str(), "schema" | "database" | "role");
            let names = names.iter().map(if in_schema { name } else { bare });
            each(&kind, names.collect(), *if_exists, (*cascade, "cascade"))
        }
        Statement::DropFunction(drop) => {
            let names = drop.func_desc.iter().map(described);
            each(
                "function",
                names.collect(),
                drop.if_exists,
                behavior(&drop.drop_behavior),
            )
        }
        Statement::DropProcedure {
            if_exists,
            proc_desc,
            drop_behavior,
        } => {
            let names = proc_desc.iter().map(described);
            each(
                "procedure",
                names.collect(),
                *if_exists,
                behavior(drop_behavior),
            )
        }
        Statement::DropDomain(drop) => {
            let names = vec![name(&drop.name)];
            each(
                "domain",
                names,
                drop.if_exists,
                behavior(&drop.drop_behavior),
            )
        }
        Statement::DropExtension(drop) => {
            let cascade = drop.cascade_or_restrict == Some(ReferentialAction::Cascade);
            each(
                "extension",
                idents(&drop.names),
                drop.if_exists,
                (cascade, "cascade"),
            )
        }
        other => of_table(other),
    }
}

/// The parts that belong to a table.
fn of_table(statement: &Statement) -> Option<Vec<String>> {
    let behavior = |behavior: &Option<DropBehavior>| cascade(*behavior);
    match statement {
        Statement::DropPolicy(drop) => {
            let policy = format!("{}.{}", name(&drop.table_name), ident(&drop.name));
            each(
                "policy",
                vec![policy],
                drop.if_exists,
                behavior(&drop.drop_behavior),
            )
        }
        Statement::DropRule(drop) => {
            let rule = format!("{}.{}", name(&drop.table_name), ident(&drop.name));
            each(
                "rule",
                vec![rule],
                drop.if_exists,
                behavior(&drop.drop_behavior),
            )
        }
        Statement::DropTrigger(drop) => {
            let table = drop.table_name.as_ref().map(name).unwrap_or_default();
            let trigger = format!("{table}.{}", bare(&drop.trigger_name));
            let cascade = drop.option == Some(ReferentialAction::Cascade);
            each(
                "trigger",
                vec![trigger],
                drop.if_exists,
                (cascade, "cascade"),
            )
        }
        _ => None,
    }
}

fn each(
    kind: &str,
    names: Vec<String>,
    if_exists: bool,
    cascade: (bool, &str),
) -> Option<Vec<String>> {
    let flags = flags([(if_exists, "if exists"), cascade]);
    let lines = names
        .iter()
        .map(|name| format!("drop {kind} {name}{flags}"));
    Some(lines.collect())
}
