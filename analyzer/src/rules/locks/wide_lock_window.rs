//! Strong locks on several tables in one file.

use crate::check::context::Context;
use crate::check::held_locks::HeldLock;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::finding::{Message, SuggestedFile};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "wide-lock-window",
    summary: "takes strong locks on several tables in use, which blocks all of them at once",
    page: include_str!("wide_lock_window.md"),
    aliases: &["avoid-wide-lock-window", "avoidWideLockWindow"],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    if !context.starts_statement() || !context.held.iter().any(HeldLock::is_strong) {
        return None;
    }
    let takes = context.takes();
    let new = takes.iter().find(|new| {
        let had = context.held_on(&new.relation);
        !had.is_some_and(HeldLock::is_strong)
    })?;
    // Several foreign keys are reported by a rule of their own.
    let is_other = |held: &&HeldLock| held.is_strong() && !(held.aside && new.aside);
    let held = context.held.iter().find(is_other)?;
    let message = Message::new(
        format!(
            "locks {} while the file already holds a strong lock on {}",
            new.relation, held.relation
        ),
        format!(
            "the file keeps {} on {} while this statement waits for {} on {}: queries that conflict \
             with these locks wait on both tables, and a service that locks the two in the opposite \
             order can deadlock with the \
             migration",
            held.mode, held.relation, new.mode, new.relation
        ),
        "change each table in use in a file of its own",
    );
    Some(
        message
            .with_files(suggested(context))
            .with_related(context.taken(context.file, held)),
    )
}

/// The statement in a file of its own, where it can be moved.
fn suggested(context: &Context<'_>) -> Vec<SuggestedFile> {
    let change = context.change();
    // Other statements here may need a new table.
    let is_needed = matches!(change, Change::CreateTable(_));
    // What copies a replaced column in both directions begins and ends at once.
    let declared = &context.read.declared;
    let is_series = !(declared.replace.is_empty() && declared.replace_ends.is_empty());
    if is_needed || is_series {
        return Vec::new();
    }
    let title = change.table().map_or("change", |table| table.name.as_str());
    let title = format!("{title}_change");
    context.fix(None, &[(title, format!("{};", context.sql()))])
}
