//! Views that show rows which policies hide.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::schema::{Relation, RelationId};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, CreateView, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "view-bypasses-row-security",
    summary: "a view reads a table with row-level security with the rights of the view's owner",
    page: include_str!("view_bypasses_row_security.md"),
    aliases: &[
        "security-definer-view",
        "security_definer_view",
        "materialized_view_in_api",
    ],
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
    for view in around.schema.relations() {
        let table = { view.view.as_deref() }
            .filter(|definition| !is_invoker(definition))
            .and_then(|_| protected(around, view));
        let placed = table.and_then(|table| {
            let place = place(around, view, table)?;
            Some((place, message(around, view, table)))
        });
        found.extend(placed);
    }
    found
}

/// Whether the view reads with the rights of the session that queries it.
fn is_invoker(view: &CreateView) -> bool {
    let mut parameters = view.parameters.iter();
    parameters.any(|one| {
        let value = one.value.as_deref().unwrap_or("true").trim_matches('\'');
        let value = value.to_ascii_lowercase();
        one.name == "security_invoker" && matches!(value.as_str(), "true" | "on" | "yes" | "1")
    })
}

/// The first table with row-level security that is read as the view's owner. A view that this view reads
/// is checked by itself: with `security_invoker` it reads as the session, whatever view is above it
/// (measured on PostgreSQL 15). Only a materialized view reads as its owner through all views.
fn protected<'a>(around: &FileContext<'a>, view: &'a Relation) -> Option<&'a Relation> {
    let mut seen: BTreeSet<RelationId> = BTreeSet::new();
    let mut waiting = vec![view];
    while let Some(reader) = waiting.pop() {
        for read in &reader.reads {
            let known = read.id.and_then(|id| around.schema.by_id(id));
            let Some(known) = known.filter(|known| seen.insert(known.id)) else {
                continue;
            };
            if known.row_security {
                return Some(known);
            }
            if view.kind == ObjectKind::MaterializedView && known.kind == ObjectKind::View {
                waiting.push(known);
            }
        }
    }
    None
}

/// Where this file creates the view, alters it, or switches the table's row-level security on.
fn place(around: &FileContext<'_>, view: &Relation, table: &Relation) -> Option<Range<usize>> {
    let clauses = around.statements.iter().flat_map(|one| &one.clauses);
    let mut clauses = clauses.filter(|clause| match &clause.change {
        Change::CreateView(create) => create.view == view.name,
        Change::AlterTable {
            table: name,
            action,
            ..
        } => match action {
            TableAction::EnableRowSecurity => *name == table.name,
            TableAction::SetParameters(_) | TableAction::ResetParameters(_) => *name == view.name,
            _ => false,
        },
        _ => false,
    });
    let last = clauses.next_back()?;
    Some(last.span.clone())
}

fn message(around: &FileContext<'_>, view: &Relation, table: &Relation) -> Message {
    let (name, table) = (&view.name, &table.name);
    let what = format!("{name} bypasses the row-level security of {table}");
    if view.kind == ObjectKind::MaterializedView {
        return Message::new(
            what,
            format!(
                "REFRESH reads {table} as the owner of {name}, and a materialized view cannot have \
                 policies: a role that may read {name} reads the rows of all tenants that the \
                 owner sees"
            ),
            "use a view WITH (security_invoker = true) instead, or a table with row-level security \
             and policies of its own that a job fills",
        );
    }
    let is_made_here = { around.statements.iter().flat_map(|one| &one.clauses) }
        .any(|clause| matches!(&clause.change, Change::CreateView(create) if create.view == *name));
    let way = match is_made_here {
        true => format!("write WITH (security_invoker = true) between {name} and AS"),
        false => format!(
            "add `ALTER VIEW {} SET (security_invoker = true);`",
            quote_name(name)
        ),
    };
    Message::new(
        what,
        format!(
            "a view reads {table} with the rights of the view's owner: policies do not apply to \
             the owner of the table without FORCE, and never to a superuser or a role with \
             BYPASSRLS; `TO role` is compared with the owner and not with the role that reads"
        ),
        format!("{way}, and grant SELECT on {table} to the roles that read the view"),
    )
}
