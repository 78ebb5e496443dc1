//! Ranges that read what earlier ranges have written.

use std::collections::BTreeSet;

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::plan::{Job, Ranges};
use crate::statement::{Assignment, Change, Merged, Name, Reread};

pub(super) static RULE: Rule = Rule {
    id: "data-reads-own-writes",
    summary: "a range reads what an earlier range has written",
    page: include_str!("data_reads_own_writes.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: DENY,
    },
    check: Check::Parts(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Some(Job::Ranges(ranges)) = context.data().map(|data| &data.job) else {
        return Vec::new();
    };
    let Some(cuts) = context.statement.cuts.as_ref() else {
        return Vec::new();
    };
    let found = cuts.rereads.iter().filter_map(|reread| {
        let what = depends(context.change(), reread, ranges)?;
        Some((reread.span.clone(), message(&reread.table, &what)))
    });
    found.collect()
}

/// What a place where the statement reads the table again sees of the change.
fn depends(change: &Change, reread: &Reread, ranges: &Ranges) -> Option<String> {
    match change {
        Change::Update(update) if update.table == reread.table => written(&update.set, reread),
        Change::Delete(delete) if delete.table == reread.table => {
            Some("which rows are still there".to_owned())
        }
        Change::Insert(insert) if insert.table == reread.table => {
            let walks_itself = ranges.table == insert.table;
            // A condition asks what is there already, which is what makes the statement repeatable.
            (walks_itself || reread.in_value).then(|| "which rows are there already".to_owned())
        }
        Change::Merge(merge) if merge.table == reread.table => {
            merge
                .actions
                .iter()
                .find_map(|action| match &action.merged {
                    Merged::Update(set) => written(set, reread),
                    Merged::Delete => Some("which rows are still there".to_owned()),
                    Merged::Insert { .. } => Some("which rows are there already".to_owned()),
                    Merged::Nothing => None,
                })
        }
        _ => None,
    }
}

/// The columns that are written and read.
fn written(set: &[Assignment], reread: &Reread) -> Option<String> {
    let columns = set.iter().flat_map(|one| &one.columns);
    let columns: BTreeSet<&str> = columns.map(|one| one.column.as_str()).collect();
    let read = |column: &&&str| reread.all || reread.columns.iter().any(|one| one == **column);
    let both: Vec<&str> = columns.iter().filter(read).copied().collect();
    (!both.is_empty()).then(|| both.join(", "))
}

fn message(table: &Name, what: &str) -> Message {
    Message::new(
        format!("each range reads from {table} what earlier ranges have changed: {what}"),
        "as a whole, the statement would see the rows as they are before it. In ranges, each batch commits, and the \
         later ones see its changes, so that the result depends on the size of the batches",
        "write the new values into a column or table that the statement does not read. Or allow this, if the result \
         is the same in any order",
    )
}
