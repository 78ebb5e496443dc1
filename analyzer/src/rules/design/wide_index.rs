//! Indexes over many columns.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "wide-index",
    summary: "an index over more than three columns that keeps nothing unique",
    page: include_str!("wide_index.md"),
    aliases: &["add_index_columns"],
    group: Group::Design,
    levels: Levels {
        startup: ALLOW,
        release: ALLOW,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateIndex(create) = context.change() else {
        return None;
    };
    let mut keys = create.keys.iter();
    let has_tenant = keys.any(|key| key.column.as_deref() == Some("tenant_id"));
    let most = if has_tenant { 4 } else { 3 };
    let count = create.keys.len();
    // The columns of a GIN or BRIN index are found in any order.
    if create.unique || count <= most || create.method != "btree" {
        return None;
    }
    Some(Message::new(
        format!("this index of {} has {count} columns", create.table),
        "a column helps only while those before it are compared with `=`: the last ones are rarely read \
         and always written, and an UPDATE of any of them cannot be HOT",
        "keep the columns that are compared with `=` and one for the range or the order; what is only \
         read belongs behind INCLUDE",
    ))
}
