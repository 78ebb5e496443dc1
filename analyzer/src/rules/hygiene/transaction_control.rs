//! Transaction control inside the transaction of the runner.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
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
    check: Check::Always(&Check::Of(
        &[Subject::Set, Subject::TransactionControl],
        &Check::Clause(check),
    )),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let command = match context.change() {
        Change::TransactionControl { command } if !command.is_of_savepoint() => command,
        Change::Set { setting, .. } if setting == "transaction" => return Some(too_late()),
        _ => return None,
    };
    Some(Message::new(
        format!("a migration must not contain {command}"),
        "the runner applies each file in one transaction together with its ledger entry. A COMMIT in the file \
         would make half of it durable without a record",
        "remove the statement. For two transactions write two files",
    ))
}

fn too_late() -> Message {
    Message::new(
        "a migration must not contain SET TRANSACTION",
        "the runner's own queries come first in the transaction, and then PostgreSQL does not change its isolation any \
         more: active SQL transaction (25001)",
        "remove the statement: the module's lock keeps other migrations away",
    )
}
