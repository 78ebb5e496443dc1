//! Strong locks on several tables at once.

use crate::check::context::Context;
use crate::check::held_locks::HeldLock;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "wide-lock-window",
    summary: "a file takes strong locks on several tables in use",
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
    // Several foreign keys are told by a rule of their own.
    let is_other = |held: &&HeldLock| held.is_strong() && !(held.aside && new.aside);
    let held = context.held.iter().find(is_other)?;
    let message = Message::new(
        format!(
            "this locks {}, and the file holds a strong lock on {} already",
            new.relation, held.relation
        ),
        format!(
            "{} on {} is kept while this waits for {} on {}: the queries of both wait, and a service that \
             locks the two the other way round deadlocks with it",
            held.mode, held.relation, new.mode, new.relation
        ),
        "give each table in use a file of its own",
    );
    let suggested_files = match context.change() {
        // What a new table needs beside it would be left behind.
        Change::CreateTable(_) => Vec::new(),
        change => {
            let title = change.table().map_or("change", |table| table.name.as_str());
            let title = format!("{title}_change");
            context.fix(None, &[(&title, format!("{};", context.sql()))])
        }
    };
    Some(
        message
            .with_files(suggested_files)
            .with_related(context.taken(context.file, held)),
    )
}
