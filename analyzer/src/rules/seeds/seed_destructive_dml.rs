//! Seeds that delete, or write rows that they do not name.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::intake::file_name::Category;
use crate::rules::facts::rows::names_rows;
use crate::statement::{Change, Merged, Name};

pub(super) static RULE: Rule = Rule {
    id: "seed-destructive-dml",
    summary: "a seed deletes rows, or updates rows that it does not name by their key",
    page: include_str!("seed_destructive_dml.md"),
    aliases: &[],
    group: Group::Seeds,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: DENY,
        data: NEVER,
    },
    check: Check::Parts(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let here = context.clause.span.clone();
    match context.change() {
        // A DELETE without a WHERE has a rule of its own.
        Change::Delete(delete) if !delete.choice.is_everything() => {
            vec![(here, deletes(context, "DELETE", &delete.table))]
        }
        Change::Truncate { table, .. } => vec![(here, deletes(context, "TRUNCATE", table))],
        Change::Update(update) if !update.choice.is_everything() => {
            let table = context.schema.relation(&update.table);
            let condition = update.choice.condition.as_ref();
            let is_named = table.is_none_or(|table| names_rows(table, condition, |_| true));
            let is_one = is_named || update.choice.current_of;
            let found = (!is_one).then(|| (here, updates(context, &update.table)));
            found.into_iter().collect()
        }
        Change::Merge(merge) => {
            let actions = merge.actions.iter().filter(|action| match action.merged {
                Merged::Delete => true,
                Merged::Update(_) => action.by_source,
                Merged::Nothing | Merged::Insert { .. } => false,
            });
            let found = actions.map(|action| {
                let message = deletes(context, "MERGE", &merge.table);
                (action.span.clone(), message)
            });
            found.collect()
        }
        _ => Vec::new(),
    }
}

fn deletes(context: &Context<'_>, word: &str, table: &Name) -> Message {
    let version = context.next(Category::Data);
    Message::new(
        format!("this {word} removes rows of {table} in a seed"),
        "a seed runs when a service starts. The running release may still use the rows, and rows that users have \
         added or changed are lost",
        format!(
            "mark the rows as retired in a separate column, or delete them in a data migration, \
             `{version}_{}.sql`",
            table.name
        ),
    )
}

fn updates(context: &Context<'_>, table: &Name) -> Message {
    let version = context.next(Category::Data);
    Message::new(
        format!("this UPDATE does not name the rows of {table} by their key"),
        "a seed owns only the rows that it has written itself. Other matching rows belong to users, and the UPDATE \
         may lock any number of them while the service starts",
        format!(
            "compare the columns of a unique key with `=` or `IN`, or change the rows in a data \
             migration, `{version}_{}.sql`",
            table.name
        ),
    )
}
