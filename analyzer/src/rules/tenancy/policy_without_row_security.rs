//! Policies of tables that do not enforce them, and the reverse.

use std::ops::Range;

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::{Message, Severity};
use crate::schema::Relation;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Clause, Name, ObjectKind, Statement, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "policy-without-row-security",
    summary: "a table has policies, and nothing enables row-level security for it",
    page: include_str!("policy_without_row_security.md"),
    aliases: &["policy_exists_rls_disabled"],
    group: Group::Tenancy,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let tables = around
        .tables()
        .filter(|table| table.kind == ObjectKind::Table)
        .filter_map(|table| around.existing(&table.name));
    tables
        .filter_map(|table| {
            without_security(around, table).or_else(|| without_policy(around, table))
        })
        .collect()
}

fn without_security(around: &FileContext<'_>, table: &Relation) -> Option<SpannedMessage> {
    let first = table
        .policies
        .iter()
        .find(|one| one.origin.file == around.file)?;
    if table.row_security || follows(around, &table.name, is_enabling) {
        return None;
    }
    let name = &table.name;
    let message = Message::new(
        format!(
            "the policy `{}` does nothing: row-level security of {name} is off",
            first.name
        ),
        "PostgreSQL stores policies and applies them only after ENABLE ROW LEVEL SECURITY. Until then every role with \
         SELECT reads all rows",
        format!(
            "write behind the policies: `ALTER TABLE {} ENABLE ROW LEVEL SECURITY;`",
            quote_name(name)
        ),
    );
    Some((first.origin.span.clone(), message))
}

/// The reverse: only a note, because it is the closed side.
fn without_policy(around: &FileContext<'_>, table: &Relation) -> Option<SpannedMessage> {
    let span = enabled_here(around, &table.name)?;
    let is_closed = table.row_security && table.policies.is_empty();
    if !is_closed || follows(around, &table.name, is_policy) {
        return None;
    }
    let message = Message::new(
        format!(
            "row-level security of {} is on, and it has no policy",
            table.name
        ),
        "only the owner and roles with BYPASSRLS read or write its rows; others read none, without an error",
        "create a policy, unless only the owner is to use the table",
    );
    Some((span, message.mild(true, Severity::Allow)))
}

fn enabled_here(around: &FileContext<'_>, table: &Name) -> Option<Range<usize>> {
    let mut clauses = around.statements.iter().flat_map(|one| &one.clauses);
    let clause = clauses.find(|clause| is_enabling(clause) && clause.change.table() == Some(table));
    clause.map(|clause| clause.span.clone())
}

fn is_enabling(clause: &Clause) -> bool {
    matches!(
        clause.change,
        Change::AlterTable {
            action: TableAction::EnableRowSecurity,
            ..
        }
    )
}

const fn is_policy(clause: &Clause) -> bool {
    matches!(clause.change, Change::CreatePolicy(_))
}

/// Whether a file that runs later does this with the table; code that is not read may do so too.
fn follows(around: &FileContext<'_>, table: &Name, wanted: fn(&Clause) -> bool) -> bool {
    let mut waiting: Vec<&Statement> = around
        .later
        .iter()
        .flat_map(|(file, _)| &file.statements)
        .collect();
    while let Some(statement) = waiting.pop() {
        for clause in &statement.clauses {
            let is_it = wanted(clause) && clause.change.table() == Some(table);
            if is_it
                || matches!(
                    clause.change,
                    Change::Opaque { .. } | Change::Unknown { .. }
                )
            {
                return true;
            }
            if let Change::Do { body, .. } = &clause.change {
                waiting.extend(&body.statements);
            }
        }
    }
    false
}
