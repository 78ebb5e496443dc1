//! Foreign keys that a row of one tenant can hold on a row of another.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::tenant::{TenantTable, tenant_table, tenant_tables};
use crate::schema::{Constraint, ConstraintKind, Relation};
use crate::statement::{Change, ReferentialAction};

pub(super) static RULE: Rule = Rule {
    id: "foreign-key-across-tenants",
    summary: "a foreign key between tables of tenants does not compare the tenant",
    page: include_str!("foreign_key_across_tenants.md"),
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
    let mut found = Vec::new();
    for child in tenant_tables(around, decides) {
        let keys = child.table.constraints.iter();
        for key in keys.filter(|key| key.origin.file == around.file) {
            if let Some(message) = across(around, &child, key) {
                found.push((child.place(around, &key.origin), message));
            }
        }
    }
    found
}

fn decides(change: &Change) -> bool {
    matches!(
        change,
        Change::AddConstraint { .. } | Change::AddColumn { .. }
    )
}

fn across(around: &FileContext<'_>, child: &TenantTable<'_>, key: &Constraint) -> Option<Message> {
    let ConstraintKind::ForeignKey {
        parent,
        parent_columns,
        on_delete,
        on_update,
        ..
    } = &key.kind
    else {
        return None;
    };
    let parent = parent.id.and_then(|id| around.schema.by_id(id))?;
    let parent = tenant_table(around, &parent.name)?;
    let column = &child.tenancy.column;
    let own = child.table.column(column)?.id;
    let theirs = parent.column(column)?.id;
    let pairs = key.columns.iter().zip(parent_columns);
    let is_same_tenant = pairs
        .clone()
        .any(|(one, other)| (*one, *other) == (own, theirs));
    // The columns of a parent that the files do not create are not known.
    if is_same_tenant || parent_columns.len() != key.columns.len() {
        return None;
    }
    let named = |relation: &Relation, id| relation.name_of(id).unwrap_or_default().to_owned();
    let mut from: Vec<String> = key
        .columns
        .iter()
        .map(|id| named(child.table, *id))
        .collect();
    let mut to: Vec<String> = parent_columns.iter().map(|id| named(parent, *id)).collect();
    from.retain(|one| one != column);
    to.retain(|one| one != column);
    let (table, parent) = (&child.table.name, &parent.name);
    Some(Message::new(
        format!("a row of {table} can reference a row of {parent} of another tenant"),
        format!(
            "PostgreSQL checks `{}` without policies: a tenant that inserts an id of {parent} sees by the error \
             (23503) whether another tenant has it, and {}",
            key.name,
            consequence(*on_delete, *on_update)
        ),
        format!(
            "compare the tenant too: FOREIGN KEY ({column}, {}) REFERENCES {parent} ({column}, {}), with a unique key \
             of {parent} over these columns",
            from.join(", "),
            to.join(", ")
        ),
    ))
}

/// What a tenant does to the rows of another (measured on PostgreSQL 15 and 18).
fn consequence(on_delete: ReferentialAction, on_update: ReferentialAction) -> &'static str {
    match (on_delete, on_update) {
        (ReferentialAction::Cascade, _) => {
            "a tenant that deletes its own row deletes the rows of other tenants that reference it"
        }
        (ReferentialAction::SetNull | ReferentialAction::SetDefault, _) => {
            "a tenant that deletes its own row changes the rows of other tenants that reference it"
        }
        (
            ReferentialAction::NoAction | ReferentialAction::Restrict,
            ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault,
        ) => {
            "a tenant that changes its own key changes the rows of other tenants that reference it"
        }
        (
            ReferentialAction::NoAction | ReferentialAction::Restrict,
            ReferentialAction::NoAction | ReferentialAction::Restrict,
        ) => "its row then prevents the other tenant from deleting its own",
    }
}
