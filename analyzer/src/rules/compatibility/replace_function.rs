//! Functions that do something else for old callers.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "replace-function",
    summary: "a function that old code calls is replaced or altered",
    page: include_str!("replace_function.md"),
    aliases: &[
        "ban-replace-view-function",
        "ban-alter-function-options",
        "function-volatility-change",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (kind, name, verb) = match context.change() {
        Change::CreateRoutine(create) if create.or_replace => {
            let inputs = create
                .parameters
                .iter()
                .filter(|parameter| !parameter.is_output());
            let inputs: Vec<_> = inputs.map(|parameter| &parameter.data_type).collect();
            let mut known = context.schema.routines(&create.routine).iter();
            // Other arguments make another function, beside the old one.
            let old = known.find(|old| old.parameters.iter().eq(inputs.iter().copied()))?;
            if old.origin.file == context.file {
                return None;
            }
            let kind = match create.procedure {
                true => ObjectKind::Procedure,
                false => ObjectKind::Function,
            };
            (kind, &create.routine, "replaces")
        }
        Change::AlterRoutine { kind, name, .. } => (*kind, name, "alters"),
        Change::Create {
            kind: kind @ ObjectKind::Aggregate,
            name,
            guarded: true,
            ..
        } if !context.schema.routines(name).is_empty() => (*kind, name, "replaces"),
        _ => return None,
    };
    if context.is_new(kind, name, None) {
        return None;
    }
    let message = Message::new(
        format!("this {verb} the {kind} {name}"),
        "nothing is locked, and every caller gets the new one from its next statement on: the \
         serving release, triggers, defaults, policies and indexes that call it",
        format!(
            "make the new one under another name, such as {name}_v2, and let the next release call \
             it; if old callers are meant to get it too, say so: `-- onward: allow \
             replace-function because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(kind, name, None)))
}
