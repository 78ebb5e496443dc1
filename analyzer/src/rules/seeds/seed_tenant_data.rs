//! Rows of tenants among reference data.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, Merged};

pub(super) static RULE: Rule = Rule {
    id: "seed-tenant-data",
    summary: "a seed writes rows into a table of tenants",
    page: include_str!("seed_tenant_data.md"),
    aliases: &[],
    group: Group::Seeds,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: DENY,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let table = match context.change() {
        Change::Insert(insert) => &insert.table,
        Change::Merge(merge) => {
            let mut actions = merge.actions.iter();
            let inserts = actions.any(|action| matches!(action.merged, Merged::Insert { .. }));
            inserts.then_some(&merge.table)?
        }
        _ => return None,
    };
    let relation = context.schema.relation(table)?;
    let (what, why) = if relation.column("tenant_id").is_some() {
        (
            format!("{table} has a tenant_id: its rows belong to tenants"),
            "a seed is the same in every installation, and the tenants are not: rows that it writes \
             are somebody's, or nobody's",
        )
    } else if relation.row_security {
        (
            format!("{table} has row-level security"),
            "a seed runs without a tenant: with FORCE ROW LEVEL SECURITY the policies refuse its rows \
             with 42501, without it they are written past the policies",
        )
    } else {
        return None;
    };
    Some(Message::new(
        what,
        why,
        "seed a table of templates without tenants, and copy from it where a tenant is made",
    ))
}
