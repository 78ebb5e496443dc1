//! Tables whose rows do not name their tenant.

use crate::check::context::FileContext;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::tenant::{TenantTable, declared_global, tenant_tables};
use crate::statement::{Change, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "table-without-tenant",
    summary: "a table has no tenant column, or one that can be null or has another type",
    page: include_str!("table_without_tenant.md"),
    aliases: &[],
    group: Group::Tenancy,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let tables = tenant_tables(around, decides);
    tables
        .iter()
        .filter_map(|table| Some((table.span.clone(), about(table)?)))
        .collect()
}

fn decides(change: &Change) -> bool {
    matches!(
        change,
        Change::DropColumn { .. }
            | Change::ColumnType { .. }
            | Change::DropNotNull { .. }
            | Change::Rename {
                kind: ObjectKind::Column,
                ..
            }
    )
}

fn about(found: &TenantTable<'_>) -> Option<Message> {
    let (table, tenancy) = (found.table, found.tenancy);
    let (name, column) = (&table.name, &tenancy.column);
    let data_type = &tenancy.data_type;
    let definition = format!("`{} {data_type} NOT NULL`", quote_ident(column));
    let known = table.column(column);
    let Some(known) = known else {
        return table.columns_known.then(|| {
            Message::new(
                format!("{name} has no column {column}"),
                "tenancy is required for this module: no policy can tell whose a row is, so each tenant sees all \
                 rows or none",
                format!(
                    "add {definition} to the table; or, if its rows are the same for every tenant, {}",
                    declared_global(name)
                ),
            )
        });
    };
    let other = known.data_type.as_ref();
    let other = other.filter(|data_type| !tenancy.is_type(data_type));
    if let Some(other) = other {
        return Some(Message::new(
            format!("{name}.{column} has the type {other} and not {data_type}"),
            format!(
                "policies and composite foreign keys compare {column} with the setting {} and with other tables: \
                 with another type PostgreSQL refuses that, or compares casts without an index",
                tenancy.setting
            ),
            format!(
                "write {definition}; if all tables of the module have this type, set `type = \"{other}\"` below \
                 `[tenancy]`"
            ),
        ));
    }
    (!table.is_surely_not_null(column)).then(|| {
        Message::new(
            format!("{name}.{column} can be null"),
            "a row whose tenant is null belongs to no tenant: the policies hide it from all of them, and unique and \
             foreign keys over the column do not check it",
            format!("write {definition}"),
        )
    })
}
