//! Tables of tenants that no policy protects.

use crate::check::context::FileContext;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::intake::settings::Tenancy;
use crate::rules::facts::tenant::{declared_global, isolation, new_tenant_tables};
use crate::schema::Relation;
use crate::statement::ObjectKind;
use crate::statement::to_sql::quote_name;

pub(super) static RULE: Rule = Rule {
    id: "tenant-table-without-row-security",
    summary: "a file creates a table of tenants, and does not enable and force row-level security",
    page: include_str!("tenant_table_without_row_security.md"),
    aliases: &["rls_disabled_in_public"],
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
    let tables = new_tenant_tables(around).into_iter();
    tables
        .filter_map(|(tenancy, table)| {
            Some((table.origin.span.clone(), message(around, tenancy, table)?))
        })
        .collect()
}

fn message(around: &FileContext<'_>, tenancy: &Tenancy, table: &Relation) -> Option<Message> {
    let name = &table.name;
    let sql = quote_name(name);
    if table.kind == ObjectKind::ForeignTable {
        return Some(Message::new(
            format!("{name} is a foreign table, which cannot have row-level security"),
            "a role that may read it reads the rows of all tenants: PostgreSQL refuses policies for it, wrong object \
             type (42809)",
            format!(
                "read it in a job that fills a table with policies; or {}",
                declared_global(name)
            ),
        ));
    }
    let (missing, why) = match (table.row_security, table.forced_row_security) {
        (true, true) => return None,
        (false, false) => (
            vec!["ENABLE", "FORCE"],
            "no policy is asked: a role with SELECT reads the rows of all tenants",
        ),
        (false, true) => (
            vec!["ENABLE"],
            "FORCE without ENABLE does nothing: a role with SELECT reads the rows of all tenants",
        ),
        (true, false) => (
            vec!["FORCE"],
            "no policy is asked for the table's owner: a service that connects as the owner, and a view or a function \
             of the owner, read the rows of all tenants",
        ),
    };
    let is_child = !table.parents.is_empty();
    let why = match is_child {
        true => format!(
            "{why}. The policies of its parent are asked only for statements that name the parent"
        ),
        false => why.to_owned(),
    };
    let statements: Vec<String> = missing
        .iter()
        .map(|word| format!("`ALTER TABLE {sql} {word} ROW LEVEL SECURITY;`"))
        .collect();
    let rest = match (is_child, table.policies.is_empty()) {
        (true, _) => {
            ". Without a policy of its own it can be reached through its parent only".to_owned()
        }
        (false, true) => format!(", and a policy: USING ({})", isolation(around, tenancy)),
        (false, false) => String::new(),
    };
    Some(Message::new(
        format!(
            "{name} does not {} row-level security",
            missing.join(" and ").to_lowercase()
        ),
        why,
        format!(
            "write behind CREATE TABLE {}{rest}",
            statements.join(" and ")
        ),
    ))
}
