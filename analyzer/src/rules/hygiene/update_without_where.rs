//! UPDATE of every row.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::effect::volatile_call;
use crate::finding::{Message, SuggestedFile};
use crate::intake::file_name::Category;
use crate::rules::facts::rows::changing;
use crate::statement::{Assignment, Change, Update};

pub(super) static RULE: Rule = Rule {
    id: "update-without-where",
    summary: "an UPDATE of every row of a table",
    page: include_str!("update_without_where.md"),
    aliases: &["ban-update-without-where", "banUpdateWithoutWhere"],
    group: Group::Hygiene,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: DENY,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Update], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Update(update) = context.change() else {
        return None;
    };
    let table = &update.table;
    if !update.choice.is_everything() || context.is_new_table(table) {
        return None;
    }
    let message = Message::new(
        format!("this UPDATE writes every row of {table}"),
        format!(
            "each row of {table} stays locked until the transaction ends, so other sessions that write one of them \
             wait. PostgreSQL writes a second version of every row, even if its values do not change"
        ),
        "add a WHERE that selects the rows that still need the change, and update them in batches in a data migration",
    );
    Some(message.with_files(batched(context, update).into_iter().collect()))
}

/// The same as a data migration, if the statement has only a table and values.
fn batched(context: &Context<'_>, update: &Update) -> Option<SuggestedFile> {
    // What differs from row to row or from run to run is never equal to what a row has.
    let is_stable = |set: &Assignment| {
        !set.value.text.eq_ignore_ascii_case("default")
            && volatile_call(&set.value, context.schema).is_none()
            && changing(context, &set.value).is_none()
            && set.value.outer == set.value.columns
    };
    let is_plain = update.alone
        && update
            .set
            .iter()
            .all(|set| !set.accumulates && set.columns.len() == 1 && is_stable(set));
    let differs: Vec<String> = update
        .set
        .iter()
        .flat_map(|set| set.columns.iter().map(move |column| (column, &set.value)))
        .map(|(column, value)| {
            let column = context.text(&column.span);
            format!("{column} IS DISTINCT FROM ({value})")
        })
        .collect();
    let sql = format!(
        "-- onward: batch 1000 by {}\n{}\nWHERE {};",
        context.batch_key(&update.table)?,
        context.sql(),
        differs.join("\n    OR ")
    );
    let file = match context.category() {
        Some(Category::Data) => context.file_name().to_owned(),
        _ => {
            let title = format!("update_{}", update.table.name);
            let files = context.suggested_files(&[(Category::Data, &title, sql)]);
            return files.into_iter().next().filter(|_| is_plain);
        }
    };
    is_plain.then_some(SuggestedFile { file, sql })
}
