//! Transaction control inside the transaction of the runner.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "transaction-control",
    summary: "a migration contains BEGIN, COMMIT or ROLLBACK",
    page: include_str!("transaction_control.md"),
    aliases: &[
        "transaction-nesting",
        "ban-uncommitted-transaction",
        "transactionNesting",
        "banUncommittedTransaction",
    ],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Always(&Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::TransactionControl { command } = context.change() else {
        return None;
    };
    if command.is_of_savepoint() {
        return None;
    }
    Some(Message::new(
        format!("a migration must not contain {command}"),
        "the runner applies each file in one transaction together with its ledger entry. A COMMIT in the file \
         would make half of it durable without a record",
        "remove the statement. For two transactions write two files",
    ))
}
