//! Routines whose names are looked up in the caller's `search_path`.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::{Change, Name, Parameter};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "mutable-search-path",
    summary: "a routine without SET search_path looks up names in the search_path of its caller",
    page: include_str!("mutable_search_path.md"),
    aliases: &[
        "function-search-path-mutable",
        "function_search_path_mutable",
    ],
    group: Group::Tenancy,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(
        &[Subject::AlterRoutine, Subject::CreateRoutine],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (name, is_definer) = match context.change() {
        Change::CreateRoutine(create) => {
            let is_safe = is_set(&create.settings)
                || matches!(create.language.as_deref(), Some("c" | "internal"))
                || (create.resolved && !create.security_definer);
            (!is_safe).then_some((&create.routine, create.security_definer))?
        }
        Change::AlterRoutine {
            name,
            properties,
            settings,
            ..
        } => {
            let becomes_definer = properties.security_definer == Some(true);
            let [known] = context.schema.routines(name) else {
                return None;
            };
            let is_safe = !becomes_definer || is_set(settings) || is_set(&known.settings);
            (!is_safe).then_some((name, true))?
        }
        _ => return None,
    };
    if is_set_later(context, name) {
        return None;
    }
    let why = if is_definer {
        "the routine runs with the rights of its owner and looks up names in the search_path of \
         the session that calls it: a role that may create objects in a schema of that path, or \
         temporary objects, can make the owner run them"
    } else {
        "the routine looks up names, also of operators, in the search_path of the session that \
         calls it: with another setting of a role, a database or a pool they are other objects, or \
         the call fails: relation does not exist (42P01)"
    };
    let rights = if is_definer {
        " as SECURITY DEFINER"
    } else {
        ""
    };
    let own = quote_ident(&context.module.schema);
    let message = Message::new(
        format!("{name} runs{rights} without a search_path of its own"),
        why,
        format!(
            "write `SET search_path = ''` before the body, and `{own}.` in front of each name in \
             the body that is not built into PostgreSQL"
        ),
    );
    Some(message.mild(!is_definer, Severity::Warn))
}

fn is_set(settings: &[Parameter]) -> bool {
    settings.iter().any(|one| one.name == "search_path")
}

/// Whether a later statement of the file sets a path for the routine.
fn is_set_later(context: &Context<'_>, routine: &Name) -> bool {
    let later = { context.statements.iter() }
        .filter(|statement| statement.span.start >= context.statement.span.end);
    let mut clauses = later.flat_map(|statement| &statement.clauses);
    clauses.any(|clause| {
        matches!(
            &clause.change,
            Change::AlterRoutine { name, settings, .. } if name == routine && is_set(settings)
        )
    })
}
