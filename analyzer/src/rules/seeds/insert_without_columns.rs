//! INSERT without a list of columns.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Merged, Name, Rows};

pub(super) static RULE: Rule = Rule {
    id: "insert-without-columns",
    summary: "an INSERT in a seed does not name its columns",
    page: include_str!("insert_without_columns.md"),
    aliases: &["seed-explicit-columns"],
    group: Group::Seeds,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: DENY,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Insert, Subject::Merge], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    match context.change() {
        Change::Insert(insert) if insert.columns.is_empty() && insert.rows != Rows::Default => {
            vec![(context.clause.span.clone(), message(context, &insert.table))]
        }
        Change::Merge(merge) => {
            let nameless = merge.actions.iter().filter(|action| {
                matches!(&action.merged, Merged::Insert { columns, values }
                    if columns.is_empty() && !values.is_empty())
            });
            let found =
                nameless.map(|action| (action.span.clone(), message(context, &merge.table)));
            found.collect()
        }
        _ => Vec::new(),
    }
}

fn message(context: &Context<'_>, table: &Name) -> Message {
    let columns = context.schema.relation(table).map(|table| {
        let names = table.columns.iter().map(|column| column.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    });
    let columns = columns.filter(|columns| !columns.is_empty());
    Message::new(
        format!("this INSERT into {table} does not name its columns"),
        "a seed runs again with every change of its text. If a later migration has added or dropped a column by \
         then, the values go into the wrong columns, or the start fails: too many values (42601)",
        format!(
            "name the columns: `INSERT INTO {table} ({}) ...`",
            columns.as_deref().unwrap_or("<columns>")
        ),
    )
}
