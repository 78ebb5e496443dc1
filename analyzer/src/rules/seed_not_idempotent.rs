//! Seeds that cannot run twice.

use super::rows::growing;
use crate::finding::Message;
use crate::rule::{Check, FORBID, Group, Levels, NEVER, Placed, Rule};
use crate::scope::Scope;
use crate::statement::{Change, Merged};

pub(super) static RULE: Rule = Rule {
    id: "seed-not-idempotent",
    summary: "a seed does something else when it runs a second time",
    page: include_str!("seed_not_idempotent.md"),
    aliases: &[],
    group: Group::Seeds,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: FORBID,
        data: NEVER,
    },
    check: Check::Parts(check),
};

fn check(scope: &Scope<'_>) -> Vec<Placed> {
    let set = match scope.change() {
        Change::Insert(insert) if !insert.is_idempotent() => {
            let message = Message::new(
                format!("this INSERT into {} cannot run twice", insert.table),
                "a seed runs again whenever its text changes: rows would be doubled, or the start would \
                 fail with 23505",
                "end it with `ON CONFLICT (<key>) DO UPDATE SET ...` or `DO NOTHING`, or use MERGE",
            );
            return vec![(scope.clause.span.clone(), message)];
        }
        Change::Insert(insert) => {
            let conflict = insert.on_conflict.as_ref();
            let update = conflict.and_then(|conflict| conflict.update.as_ref());
            update.and_then(|(set, condition)| growing(set, condition.as_ref()))
        }
        Change::Update(update) => growing(&update.set, update.choice.condition.as_ref()),
        Change::Merge(merge) => merge.actions.iter().find_map(|action| match &action.merged {
            Merged::Update(set) => growing(set, None),
            Merged::Nothing | Merged::Delete | Merged::Insert { .. } => None,
        }),
        _ => None,
    };
    let found = set.map(|set| {
        let column = set.columns.first().map_or("", |written| written.column.as_str());
        let message = Message::new(
            format!("{column} is made from its own old value"),
            "a seed runs again whenever its text changes, and makes another value of it each time",
            "write the value that is meant as a constant",
        );
        (set.value.span.clone(), message)
    });
    found.into_iter().collect()
}
