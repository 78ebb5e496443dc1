//! Functions of Citus that copy the rows of a table that is in use.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule, SpannedMessage, WARN};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::schema::{Distribution, Moves, Relation};
use crate::statement::LockMode;

pub(super) static RULE: Rule = Rule {
    id: "distribute-used-table",
    summary: "a function of Citus copies the rows of an existing table to other servers, and writes wait until it ends",
    page: include_str!("distribute_used_table.md"),
    aliases: &[],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Call], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let runs = context.is_first()
        && context
            .statement
            .clauses
            .iter()
            .any(|clause| clause.change.runs_queries());
    let calls = context.statement.calls.iter().filter(|_| runs);
    let found = calls.filter_map(|call| {
        let distribution = context.schema.distribution(call)?;
        let message = refused(&call.name, &distribution)
            .or_else(|| copies(context, &call.name, &distribution));
        Some((call.span.clone(), message?))
    });
    found.collect()
}

fn refused(function: &str, distribution: &Distribution<'_>) -> Option<Message> {
    distribution.outside_transaction.then(|| {
        Message::new(
            format!("{function}() cannot run in a migration"),
            "it fails inside a transaction block: active SQL transaction (25001); writes go on while it copies, for which it \
             needs several transactions",
            "run it by hand once the release is deployed; or distribute the table in the file that creates it, while it is \
             empty",
        )
        .severe(true, Severity::Forbid)
    })
}

fn copies(
    context: &Context<'_>,
    function: &str,
    distribution: &Distribution<'_>,
) -> Option<Message> {
    if distribution.moves == Moves::Nothing {
        return None;
    }
    let in_use = distribution
        .tables
        .iter()
        .filter(|table| context.is_old_table(&table.name));
    let names: Vec<String> = in_use
        .map(|table: &&Relation| table.name.to_string())
        .collect();
    if names.is_empty() {
        return None;
    }
    let blocks_reads = distribution.lock == LockMode::AccessExclusive;
    let waits = if blocks_reads {
        "reads and writes"
    } else {
        "writes"
    };
    let names = names.join(", ");
    Some(Message::new(
        format!(
            "{function}() copies all rows of {names} under {}",
            distribution.lock
        ),
        format!("all {waits} wait until the copy ends and the migration commits"),
        "distribute a table in the file that creates it; a large one in use with create_distributed_table_concurrently(), by \
         hand",
    ))
}
