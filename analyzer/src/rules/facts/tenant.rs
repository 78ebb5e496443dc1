//! Tables of tenants: which a file creates or changes, and what its policies prove.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::check::context::FileContext;
use crate::check::rule::SpannedMessage;
use crate::finding::Message;
use crate::intake::settings::Tenancy;
use crate::schema::{Origin, Part, Relation, Routine};
use crate::statement::{Change, Clause, Name, ObjectKind, Policy, PolicyCommand, Statement};
use crate::tenancy::{COMMANDS, Judge, Verdict, holds_tenants};
use crate::text::quote::quote_ident;

/// A table of tenants, with the place of the file that decides what is found about it.
pub(in crate::rules) struct TenantTable<'a> {
    pub(in crate::rules) tenancy: &'a Tenancy,
    pub(in crate::rules) table: &'a Relation,
    pub(in crate::rules) span: Range<usize>,
}

impl TenantTable<'_> {
    /// Where a part of the table is created, if this file does that.
    pub(in crate::rules) fn place(&self, around: &FileContext<'_>, of: &Origin) -> Range<usize> {
        match of.file == around.file {
            true => of.span.clone(),
            false => self.span.clone(),
        }
    }
}

/// Every clause of the file, also those in `DO` blocks.
fn clauses<'a>(around: &FileContext<'a>) -> Vec<&'a Clause> {
    let mut waiting: Vec<&Statement> = around.statements.iter().rev().collect();
    let mut found = Vec::new();
    while let Some(statement) = waiting.pop() {
        for clause in &statement.clauses {
            found.push(clause);
            if let Change::Do { body, .. } = &clause.change {
                waiting.extend(body.statements.iter().rev());
            }
        }
    }
    found
}

/// The tables of tenants that the file creates, or changes in a way that decides. A partition has what its
/// partitioned table has, and is left out.
pub(in crate::rules) fn tenant_tables<'a>(
    around: &FileContext<'a>,
    decides: impl Fn(&Change) -> bool,
) -> Vec<TenantTable<'a>> {
    let Some(tenancy) = &around.module.settings.tenancy else {
        return Vec::new();
    };
    let clauses = clauses(around);
    let tables = around.tables().filter(|table| {
        table.partition_of.is_none() && holds_tenants(around.schema, tenancy, table)
    });
    let placed = tables.filter_map(|table| {
        let is_new = table.origin.file == around.file;
        let mut about = clauses.iter().rev();
        let about = about
            .find(|clause| clause.change.table() == Some(&table.name) && decides(&clause.change));
        let own = is_new.then(|| table.origin.span.clone());
        let span = own.or_else(|| Some(about?.span.clone()))?;
        Some(TenantTable {
            tenancy,
            table,
            span,
        })
    });
    placed.collect()
}

/// The tables of tenants that the file creates, with their partitions.
pub(in crate::rules) fn new_tenant_tables<'a>(
    around: &FileContext<'a>,
) -> Vec<(&'a Tenancy, &'a Relation)> {
    let Some(tenancy) = &around.module.settings.tenancy else {
        return Vec::new();
    };
    let tables = around
        .tables()
        .filter(|table| table.origin.file == around.file)
        .filter(|table| holds_tenants(around.schema, tenancy, table));
    tables.map(|table| (tenancy, table)).collect()
}

/// A table of tenants, by its name.
pub(in crate::rules) fn tenant_table<'a>(
    around: &FileContext<'a>,
    name: &Name,
) -> Option<&'a Relation> {
    let tenancy = around.module.settings.tenancy.as_ref()?;
    let table = around.schema.relation(name);
    table.filter(|table| holds_tenants(around.schema, tenancy, table))
}

/// The tables of tenants that are reached through these relations: the tables themselves, and those that views of
/// the owner read.
pub(in crate::rules) fn tenant_tables_behind<'a>(
    around: &FileContext<'a>,
    names: &BTreeSet<Name>,
) -> Vec<&'a Relation> {
    let Some(tenancy) = &around.module.settings.tenancy else {
        return Vec::new();
    };
    let named = names.iter().filter_map(|name| around.schema.relation(name));
    let mut waiting: Vec<&Relation> = named.collect();
    let mut found: Vec<&Relation> = Vec::new();
    let mut seen = BTreeSet::new();
    while let Some(relation) = waiting.pop().filter(|relation| seen.insert(relation.id)) {
        if holds_tenants(around.schema, tenancy, relation) {
            found.push(relation);
        }
        let read = relation
            .reads
            .iter()
            .filter_map(|read| around.schema.by_id(read.id?));
        waiting.extend(read);
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// Whether the policies of all of these tables are also asked for their owner, and apply to every role.
pub(in crate::rules) fn are_forced(tables: &[&Relation]) -> bool {
    let is_of_all =
        |roles: &[String]| roles.is_empty() || roles.iter().any(|role| role == "public");
    tables.iter().all(|table| {
        let mut policies = table.policies.iter();
        table.row_security
            && table.forced_row_security
            && policies.all(|policy| is_of_all(&policy.definition.roles))
    })
}

/// The routines that the file creates or alters, as they are at its end, each with its last place.
pub(in crate::rules) fn changed_routines<'a>(
    around: &FileContext<'a>,
) -> Vec<(&'a Name, &'a [Routine], Range<usize>)> {
    let mut found: Vec<(&Name, &[Routine], Range<usize>)> = Vec::new();
    for clause in clauses(around) {
        let (Change::CreateRoutine(_) | Change::AlterRoutine { .. }) = &clause.change else {
            continue;
        };
        let Some(name) = routine(&clause.change) else {
            continue;
        };
        found.retain(|(known, ..)| *known != name);
        found.push((name, around.schema.routines(name), clause.span.clone()));
    }
    found
}

fn routine(change: &Change) -> Option<&Name> {
    match change {
        Change::CreateRoutine(create) => Some(&create.routine),
        Change::AlterRoutine { name, .. } => Some(name),
        _ => None,
    }
}

/// A policy that the file decides, with the verdicts on its commands.
pub(in crate::rules) struct JudgedPolicy<'a> {
    pub(in crate::rules) tenancy: &'a Tenancy,
    pub(in crate::rules) table: &'a Relation,
    pub(in crate::rules) policy: &'a Part<Policy>,
    pub(in crate::rules) verdicts: Vec<(PolicyCommand, Verdict)>,
    span: Range<usize>,
}

/// What a rule says of the [policies that are judged](judged_policies), each at its place.
pub(in crate::rules) fn of_judged_policies(
    around: &FileContext<'_>,
    message: fn(&FileContext<'_>, &JudgedPolicy<'_>) -> Option<Message>,
) -> Vec<SpannedMessage> {
    let policies = judged_policies(around).into_iter();
    policies
        .filter_map(|judged| Some((judged.span.clone(), message(around, &judged)?)))
        .collect()
}

/// The policies of tables of tenants that the file creates or alters, and those that it leaves with another
/// meaning: it replaces a function that they call, or drops a policy beside them.
fn judged_policies<'a>(around: &FileContext<'a>) -> Vec<JudgedPolicy<'a>> {
    let Some(tenancy) = &around.module.settings.tenancy else {
        return Vec::new();
    };
    let judge = Judge::new(around.schema, tenancy);
    let clauses = clauses(around);
    let mut found = Vec::new();
    for table in around.schema.relations() {
        if table.policies.is_empty() || !holds_tenants(around.schema, tenancy, table) {
            continue;
        }
        for policy in &table.policies {
            let mut last = clauses.iter().rev();
            let last = last.find(|clause| decides(&clause.change, table, policy));
            let Some(span) = last.map(|clause| clause.span.clone()) else {
                continue;
            };
            let verdicts = COMMANDS.map(|command| {
                let verdict = judge.of_policy(table, policy, command);
                (command, verdict)
            });
            found.push(JudgedPolicy {
                tenancy,
                table,
                policy,
                verdicts: verdicts.to_vec(),
                span,
            });
        }
    }
    found
}

fn decides(change: &Change, table: &Relation, policy: &Part<Policy>) -> bool {
    match change {
        Change::CreatePolicy(one) | Change::AlterPolicy(one) => {
            one.table == table.name && one.policy == policy.name
        }
        Change::Drop {
            kind: ObjectKind::Policy,
            name,
            ..
        } => *name == table.name,
        change => routine(change).is_some_and(|name| {
            let mut uses = policy.uses.iter();
            uses.any(|uses| uses.routines.contains(name))
        }),
    }
}

/// `SELECT, UPDATE and DELETE`.
pub(in crate::rules) fn commands(commands: &[PolicyCommand]) -> String {
    let words: Vec<String> = commands.iter().map(ToString::to_string).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// The condition that confines a session to its tenant. Citus refuses a policy with a `SELECT`.
pub(in crate::rules) fn isolation(around: &FileContext<'_>, tenancy: &Tenancy) -> String {
    let setting = tenancy.setting.replace('\'', "''");
    let value = format!(
        "NULLIF(current_setting('{setting}', true), '')::{}",
        tenancy.data_type
    );
    let column = quote_ident(&tenancy.column);
    match around.module.settings.citus {
        Some(_) => format!("{column} = {value}"),
        None => format!("{column} = (SELECT {value})"),
    }
}

/// How a table is declared that is the same for all tenants.
pub(in crate::rules) fn declared_global(table: &Name) -> String {
    format!("declare it in `onward.toml` below `[tenancy.global]`: `\"{table}\" = \"<reason>\"`")
}
