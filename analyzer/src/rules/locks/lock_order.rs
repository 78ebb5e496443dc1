//! Files that lock the same tables in different orders.

use crate::check::context::Context;
use crate::check::held_locks::HeldLock;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::Name;

pub(super) static RULE: Rule = Rule {
    id: "lock-order",
    summary: "two files take strong locks on the same tables in opposite orders, which can deadlock",
    page: include_str!("lock_order.md"),
    aliases: &["ordering-table-locks"],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: WARN,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    if !context.starts_statement() || context.held.is_empty() {
        return None;
    }
    let takes = context.takes();
    let fresh = |new: &&HeldLock| {
        let had = context.held_on(&new.relation);
        let is_known = context
            .earlier
            .iter()
            .any(|held| held.on(&new.relation).is_some());
        is_known && !had.is_some_and(HeldLock::is_strong)
    };
    let pairs = takes.iter().filter(fresh).flat_map(|new| {
        let held = context.held.iter().filter(|held| held.is_strong());
        held.map(move |held| (held, new))
    });
    let (held, new, file, first) = pairs
        .filter_map(|(held, new)| {
            let (file, first) = reversed(context, &held.relation, &new.relation)?;
            Some((held, new, file, first))
        })
        .next()?;
    let message = Message::new(
        format!(
            "locks {} after {}, and an earlier file locks them in the opposite order",
            new.relation, held.relation
        ),
        "if both files run at the same time in two services, or one runs beside code that locks in the \
         opposite order, each session waits for a lock that the other holds, and one of them fails: \
         deadlock \
         detected (40P01)",
        format!(
            "lock {} before {} in this file too, or change each table in a file of its own",
            new.relation, held.relation
        ),
    );
    Some(message.with_related(context.taken(file, first)))
}

/// A lock on the second table in an earlier file that locks the first table after it.
fn reversed<'a>(
    context: &Context<'a>,
    first: &Name,
    second: &Name,
) -> Option<(usize, &'a HeldLock)> {
    context.earlier.iter().enumerate().find_map(|(file, held)| {
        let taken = held.on(second).filter(|taken| taken.is_strong())?;
        let _ = held.on(first).filter(|taken| taken.is_strong())?;
        let is_reversed = held.position(second) < held.position(first);
        is_reversed.then_some((file, taken))
    })
}
