//! Transactions inside the transaction.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "transaction-control",
    summary: "BEGIN, COMMIT or ROLLBACK in a migration",
    page: include_str!("transaction_control.md"),
    aliases: &[
        "transaction-nesting",
        "ban-uncommitted-transaction",
        "transactionNesting",
        "banUncommittedTransaction",
    ],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::TransactionControl { command } = context.change() else {
        return None;
    };
    if command.is_of_savepoint() {
        return None;
    }
    Some(Message::new(
        format!("{command} has no place in a migration"),
        "the runner applies each file in one transaction together with its ledger entry; a COMMIT of \
         its own would make half of the file durable without a record",
        "remove the statement; to have two transactions, make two files",
    ))
}
