//! Tables that are filled by the statement that creates them.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Name, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "create-table-as-select",
    summary: "one statement creates a table or materialized view and fills it from a table in use",
    page: include_str!("create_table_as_select.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::CreateTable, Subject::CreateView],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (what, table, reads, is_view) = match context.change() {
        Change::CreateTable(create)
            if create.from_query
                && !create.without_data
                && create.persistence != Persistence::Temporary =>
        {
            ("table", &create.table, &create.reads, false)
        }
        Change::CreateView(create) if create.materialized && create.with_data => {
            ("materialized view", &create.view, &create.reads, true)
        }
        _ => return None,
    };
    let is_old = |name: &&Name| !context.is_new_table(name) && !name.name.starts_with("pg_");
    let old = reads.iter().find(is_old)?;
    let help = match is_view {
        true => format!(
            "create the view WITH NO DATA. Then let an operator fill it: write `REFRESH MATERIALIZED VIEW {table}` \
             in `{}_fill_{}.sql`",
            context.next(crate::intake::file_name::Category::Release),
            table.name
        ),
        false => format!(
            "write CREATE TABLE with types and keys. Then copy the rows in batches in a data migration, \
             `{}_fill_{}.sql`",
            context.next(crate::intake::file_name::Category::Data),
            table.name
        ),
    };
    Some(Message::new(
        format!("this creates the {what} {table} and fills it from {old} in one statement"),
        "the transaction lasts as long as the query. It keeps its locks for all that time, and vacuum cannot \
         remove dead rows. A table created from a query has no keys, no defaults and no row-level security",
        help,
    ))
}
