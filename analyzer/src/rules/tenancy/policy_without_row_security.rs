//! Policies of tables that do not enforce them, and the reverse.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
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
    let later = OnceCell::new();
    let later = || later.get_or_init(|| Later::of(around));
    tables
        .filter_map(|table| {
            without_security(around, table, later).or_else(|| without_policy(table, later))
        })
        .collect()
}

fn without_security<'a>(
    around: &FileContext<'_>,
    table: &Relation,
    later: impl Fn() -> &'a Later<'a>,
) -> Option<SpannedMessage> {
    let first = table
        .policies
        .iter()
        .find(|one| one.origin.file == around.file)?;
    if table.row_security || later().has(&later().secured, &table.name) {
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
fn without_policy<'a>(
    table: &Relation,
    later: impl Fn() -> &'a Later<'a>,
) -> Option<SpannedMessage> {
    let is_closed = table.row_security && table.policies.is_empty();
    if !is_closed || later().has(&later().with_policies, &table.name) {
        return None;
    }
    let span = later().secured_here.get(&table.name)?.clone();
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

fn is_enabling(clause: &Clause) -> bool {
    matches!(
        clause.change,
        Change::AlterTable {
            action: TableAction::EnableRowSecurity,
            ..
        }
    )
}

/// What the file and those that run after it do with tables, looked up once for all tables.
struct Later<'a> {
    /// Where the file enables row-level security.
    secured_here: BTreeMap<&'a Name, Range<usize>>,
    secured: BTreeSet<&'a Name>,
    with_policies: BTreeSet<&'a Name>,
    /// Whether there is code that is not read and may do so too.
    is_open: bool,
}

impl<'a> Later<'a> {
    fn of(around: &FileContext<'a>) -> Self {
        let clauses = around.statements.iter().flat_map(|one| &one.clauses);
        let secured_here = clauses.filter(|clause| is_enabling(clause));
        let secured_here = secured_here
            .filter_map(|clause| Some((clause.change.table()?, clause.span.clone())))
            // Of several, the first counts.
            .rev();
        let mut later = Self {
            secured_here: secured_here.collect(),
            secured: BTreeSet::new(),
            with_policies: BTreeSet::new(),
            is_open: false,
        };
        let statements = around.later.iter().flat_map(|file| &file.statements);
        let mut waiting: Vec<&Statement> = statements.collect();
        while let Some(statement) = waiting.pop() {
            for clause in &statement.clauses {
                let table = clause.change.table();
                match &clause.change {
                    Change::Opaque { .. } | Change::Unknown { .. } => later.is_open = true,
                    Change::CreatePolicy(_) => later.with_policies.extend(table),
                    Change::Do { body, .. } => waiting.extend(&body.statements),
                    _ if is_enabling(clause) => later.secured.extend(table),
                    _ => {}
                }
            }
        }
        later
    }

    fn has(&self, tables: &BTreeSet<&Name>, table: &Name) -> bool {
        self.is_open || tables.contains(table)
    }
}
