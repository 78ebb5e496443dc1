//! Indexes on many columns.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "wide-index",
    summary: "an index on more than three columns that is not unique",
    page: include_str!("wide_index.md"),
    aliases: &["add_index_columns"],
    group: Group::Design,
    levels: Levels {
        startup: ALLOW,
        release: ALLOW,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::CreateIndex], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateIndex(create) = context.change() else {
        return None;
    };
    let mut keys = create.keys.iter();
    let has_tenant = keys.any(|key| key.column.as_deref() == Some("tenant_id"));
    let most = if has_tenant { 4 } else { 3 };
    let count = create.keys.len();
    // A GIN or BRIN index can be searched by any of its columns.
    if create.unique || count <= most || create.method != "btree" {
        return None;
    }
    Some(Message::new(
        format!("creates an index on {} with {count} columns", create.table),
        "a column of a b-tree helps a query only if all columns before it are compared with `=`: the last \
         columns are rarely used but always written, and an UPDATE of any of them cannot be HOT",
        "keep the columns that queries compare with `=`, and one for a range or the order; move columns \
         that are only read to INCLUDE",
    ))
}
