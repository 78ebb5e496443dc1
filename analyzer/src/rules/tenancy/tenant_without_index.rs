//! Tables whose rows of a tenant cannot be looked up.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::tenant::{TenantTable, tenant_tables};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "tenant-without-index",
    summary: "no index of a table begins with the tenant column, which every policy compares",
    page: include_str!("tenant_without_index.md"),
    aliases: &[],
    group: Group::Tenancy,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let tables = tenant_tables(around, decides).into_iter();
    tables
        .filter(|found| !is_indexed(found))
        .map(|found| (found.span.clone(), message(&found)))
        .collect()
}

fn decides(change: &Change) -> bool {
    matches!(
        change,
        Change::Drop {
            kind: ObjectKind::Constraint,
            ..
        }
    )
}

/// Whether there is nothing to say: a partial index does not help, because it lacks rows.
fn is_indexed(found: &TenantTable<'_>) -> bool {
    let table = found.table;
    let Some(column) = table.column(&found.tenancy.column) else {
        return true;
    };
    let is_foreign = table.kind == ObjectKind::ForeignTable;
    let mut indexes = table.indexes.iter();
    is_foreign
        || indexes.any(|index| {
            let first = index.keys.first().and_then(|key| key.column);
            first == Some(column.id) && index.predicate.is_none()
        })
}

fn message(found: &TenantTable<'_>) -> Message {
    let (table, column) = (&found.table.name, &found.tenancy.column);
    Message::new(
        format!("no index of {table} begins with {column}"),
        format!(
            "the policies compare {column} in every statement, and without such an index each of them reads the \
             rows of all tenants"
        ),
        format!(
            "begin the primary key with it: `PRIMARY KEY ({column}, ...)`; or create an index, in a new table without \
             CONCURRENTLY: `CREATE INDEX {}_{column}_idx ON {} ({});`",
            found.table.name.name,
            quote_name(table),
            quote_ident(column),
            column = column,
        ),
    )
}
