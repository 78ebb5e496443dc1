//! A column that one statement assigns twice.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::finding::Message;
use crate::statement::{Assignment, Change, Merged, Written};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-column-assignment",
    summary: "a statement assigns a column twice",
    page: include_str!("duplicate_column_assignment.md"),
    aliases: &[
        "ban-duplicate-column-assignments",
        "banDuplicateColumnAssignments",
    ],
    group: Group::Hygiene,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Option<SpannedMessage> {
    let clauses = context.statement.clauses.iter();
    let mut lists = clauses.flat_map(|clause| lists(&clause.change));
    let (twice, sqlstate) = lists.find_map(|(list, sqlstate)| Some((twice(&list)?, sqlstate)))?;
    let message = Message::new(
        format!("this statement assigns the column {} twice", twice.column),
        format!("PostgreSQL refuses the statement when it runs: {sqlstate}"),
        "keep the intended assignment and remove the other",
    );
    Some((twice.span.clone(), message))
}

/// The lists of columns, each with the error that PostgreSQL returns for a column that is listed twice.
fn lists(change: &Change) -> Vec<(Vec<&Written>, &'static str)> {
    let set = |set| (assigned(set), "syntax error (42601)");
    match change {
        Change::Update(update) => vec![set(&update.set)],
        Change::Insert(insert) => {
            let updates = insert
                .on_conflict
                .as_ref()
                .and_then(|one| one.update.as_ref());
            let mut lists = vec![(insert.columns.iter().collect(), "duplicate column (42701)")];
            lists.extend(updates.map(|(updates, _)| set(updates)));
            lists
        }
        Change::Merge(merge) => {
            let actions = merge
                .actions
                .iter()
                .filter_map(|action| match &action.merged {
                    Merged::Update(updates) => Some(set(updates)),
                    Merged::Insert { columns, .. } => {
                        Some((columns.iter().collect(), "duplicate column (42701)"))
                    }
                    Merged::Nothing | Merged::Delete => None,
                });
            actions.collect()
        }
        _ => Vec::new(),
    }
}

fn assigned(set: &[Assignment]) -> Vec<&Written> {
    set.iter().flat_map(|one| &one.columns).collect()
}

/// The second assignment of the same column. Parts of a column may be assigned one by one.
fn twice<'a>(list: &[&'a Written]) -> Option<&'a Written> {
    let mut rest = list.iter().enumerate();
    let is_second = |(at, written): &(usize, &&'a Written)| {
        let mut before = list.iter().take(*at);
        before.any(|other| other.column == written.column && (other.whole || written.whole))
    };
    rest.find(is_second).map(|(_, written)| *written)
}
