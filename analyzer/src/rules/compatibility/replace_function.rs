//! Functions that change what they do for old callers.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "replace-function",
    summary: "replaces or alters a function that old code calls",
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
    check: Check::Of(
        &[
            Subject::AlterRoutine,
            Subject::Create,
            Subject::CreateRoutine,
        ],
        &Check::Clause(check),
    ),
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
            // With other arguments it is a second function, beside the old one.
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
        format!("{verb} the {kind} {name}"),
        "locks nothing; every caller uses the new definition from its next statement on: the \
         running release, and triggers, defaults, policies and indexes that call it",
        format!(
            "create the new {kind} under another name, such as {name}_v2, and let the next release \
             call that; if old callers should use the new definition too, allow this: `-- onward: \
             allow replace-function because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(kind, name, None)))
}
