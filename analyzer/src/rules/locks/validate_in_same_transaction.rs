//! Validations while the file holds a strong lock.

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::effect::LockMode;
use crate::finding::Message;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "validate-in-same-transaction",
    summary: "VALIDATE CONSTRAINT while the file holds a strong lock on the table, which it keeps \
              during the scan",
    page: include_str!("validate_in_same_transaction.md"),
    aliases: &[
        "requireSeparateConstraintValidation",
        "banNotValidValidateSameTransaction",
        "constraint-validated-in-same-transaction",
        "validate_foreign_key",
        "validate_check_constraint",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::ValidateConstraint], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::ValidateConstraint { table, constraint } = context.change() else {
        return None;
    };
    if context.runs != Execution::TopLevel || !context.is_old_table(table) {
        return None;
    }
    let held = context.held_on(table).filter(|held| held.is_strong());
    let (mode, related) = match held {
        Some(held) => (held.mode, context.taken(context.file, held)),
        None => (
            beside(context, table)?,
            context.made(ObjectKind::Table, table, None),
        ),
    };
    let waits = match mode {
        LockMode::AccessExclusive => "reads and writes of the table are blocked",
        _ => "writes to the table are blocked",
    };
    let validate = format!(
        "ALTER TABLE {} VALIDATE CONSTRAINT {};",
        quote_name(table),
        quote_ident(constraint)
    );
    let message = Message::new(
        format!("validates {constraint} while the file holds {mode} on {table}"),
        format!(
            "VALIDATE CONSTRAINT alone allows writes while it scans the table, but the file keeps its \
             {mode} until its transaction ends: {waits} until all rows are checked"
        ),
        "validate the constraint in the next file",
    );
    let suggested_files = context.fix(None, &[(format!("validate_{constraint}"), validate)]);
    Some(message.with_files(suggested_files).with_related(related))
}

/// The strong lock that another action of the same `ALTER TABLE` takes.
fn beside(context: &Context<'_>, table: &Name) -> Option<LockMode> {
    if context.statement.clauses.len() < 2 {
        return None;
    }
    let effect = context.effects();
    let mut modes = effect
        .locks
        .iter()
        .filter(|lock| lock.relation == *table)
        .map(|lock| lock.mode);
    modes.find(|mode| *mode >= LockMode::ShareRowExclusive)
}
