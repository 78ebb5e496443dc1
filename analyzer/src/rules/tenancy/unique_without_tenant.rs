//! Unique keys over the rows of all tenants.

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::tenant::{TenantTable, tenant_tables};
use crate::schema::{ColumnId, Index, Relation};
use crate::statement::{Change, ColumnValue};

pub(super) static RULE: Rule = Rule {
    id: "unique-without-tenant",
    summary: "a unique key of a table of tenants does not contain the tenant column",
    page: include_str!("unique_without_tenant.md"),
    aliases: &[],
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
    let mut found = Vec::new();
    for one in tenant_tables(around, decides) {
        let Some(tenant) = one.table.column(&one.tenancy.column) else {
            continue;
        };
        let keys = one.table.indexes.iter();
        let here = keys.filter(|index| index.origin.file == around.file);
        let told = here.filter(|index| tells(one.table, index, tenant.id));
        found.extend(told.map(|index| (one.place(around, &index.origin), message(&one, index))));
    }
    found
}

fn decides(change: &Change) -> bool {
    matches!(
        change,
        Change::CreateIndex(_) | Change::AddConstraint { .. } | Change::AddColumn { .. }
    )
}

/// Whether the key tells a tenant which values others have. A `uuid` cannot be guessed, and a value of `GENERATED
/// ALWAYS` cannot be chosen.
fn tells(table: &Relation, index: &Index, tenant: ColumnId) -> bool {
    let is_unguessable = |id: &ColumnId| {
        let mut columns = table.columns.iter();
        let column = columns.find(|column| column.id == *id);
        column.is_some_and(|column| {
            let is_uuid = { column.data_type.as_ref() }
                .is_some_and(|data_type| data_type.to_string() == "uuid");
            is_uuid || is_always(&column.value)
        })
    };
    let is_key = index.unique || is_exclusion(table, index);
    is_key && !index.columns.contains(&tenant) && !index.columns.iter().any(is_unguessable)
}

fn is_always(value: &ColumnValue) -> bool {
    match value {
        ColumnValue::Identity(identity) => identity.always,
        ColumnValue::None
        | ColumnValue::Default(_)
        | ColumnValue::Serial
        | ColumnValue::Generated { .. } => false,
    }
}

fn is_exclusion(table: &Relation, index: &Index) -> bool {
    let mut constraints = table.constraints.iter();
    constraints.any(|one| {
        matches!(one.kind, crate::schema::ConstraintKind::Exclude(_)) && one.name == index.name
    })
}

fn message(one: &TenantTable<'_>, index: &Index) -> Message {
    let (table, column, key) = (&one.table.name, &one.tenancy.column, &index.name);
    Message::new(
        format!("`{key}` of {table} is unique over all tenants"),
        "policies do not apply to the check of a key: a tenant that inserts a value of another tenant gets duplicate \
         key value violates unique constraint (23505), and so learns that the value exists, and cannot use it",
        format!(
            "put {column} first: ({column}, ...); if the value must be unique over all tenants, allow this"
        ),
    )
}
