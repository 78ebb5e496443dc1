//! Rows that belong to tenants in a seed.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Merged};

pub(super) static RULE: Rule = Rule {
    id: "seed-tenant-data",
    summary: "a seed writes rows into a table that belongs to tenants",
    page: include_str!("seed_tenant_data.md"),
    aliases: &[],
    group: Group::Seeds,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: DENY,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Insert, Subject::Merge], &Check::Clause(check)),
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
            format!("this seed writes rows of {table}, which has a column tenant_id"),
            "rows with a tenant_id belong to tenants. A seed is the same in every installation, but each \
             installation has its own tenants, so the rows would belong to the wrong tenant or to none",
        )
    } else if relation.row_security {
        (
            format!("this seed writes rows of {table}, which has row-level security"),
            "a seed runs without a tenant. With FORCE ROW LEVEL SECURITY the policies refuse its rows: permission \
             denied (42501). Without it the rows bypass the policies",
        )
    } else {
        return None;
    };
    Some(Message::new(
        what,
        why,
        "seed a table of templates without tenants, and copy the rows when a tenant is created",
    ))
}
