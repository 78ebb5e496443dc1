//! Published tables whose changed rows a subscriber cannot identify.

use std::collections::BTreeSet;

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::rules::facts::refused_write;
use crate::schema::{Refusal, Refused, Schema};
use crate::statement::{
    Change, Constraint, ConstraintKind, Definition, Name, ObjectKind, ReplicaIdentity, TableAction,
};

pub(super) static RULE: Rule = Rule {
    id: "published-without-identity",
    summary: "a published table has no replica identity, or one that its filter or column list does not cover: UPDATE \
              and DELETE fail",
    page: include_str!("published_without_identity.md"),
    aliases: &[],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let is_published = context.schema.publications().next().is_some();
    if !is_published && !is_about_publication(context.change()) {
        return None;
    }
    let refused = newly_refused(context);
    let (table, first) = refused.first()?;
    let writes = refused_write::writes(first);
    let named: Vec<String> = refused
        .iter()
        .take(3)
        .map(|(name, _)| name.to_string())
        .collect();
    let more = match refused.len().saturating_sub(named.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = Message::new(
        format!(
            "the publication {} publishes {}{more}, and {}",
            first.publication,
            named.join(", "),
            refused_write::why(first)
        ),
        format!(
            "every {writes} of {} fails from now on, also those of the running release: {}",
            first.table,
            refused_write::code(first)
        ),
        help(first),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}

fn help(refused: &Refused) -> String {
    let table = &refused.table;
    match &refused.why {
        Refusal::NoIdentity => format!(
            "give {table} a primary key before, or `ALTER TABLE {table} REPLICA IDENTITY FULL`, which writes the whole old \
             row to the WAL; or publish only what needs no identity: `WITH (publish = 'insert, truncate')`"
        ),
        Refusal::Filter(column) => format!(
            "filter by columns of the primary key only, or make `{column}` part of the replica identity: `ALTER TABLE \
             {table} REPLICA IDENTITY USING INDEX`, with a unique index that contains it; or publish only inserts"
        ),
        Refusal::Columns(Some(column)) => format!("add `{column}` to the list of columns"),
        Refusal::Columns(None) => {
            "remove the list of columns, or set REPLICA IDENTITY to a key that the list contains"
                .to_owned()
        }
    }
}

/// The tables whose writes fail after the clause and not before, except those that the rest of the file mends.
fn newly_refused(context: &Context<'_>) -> Vec<(Name, Refused)> {
    let (after, tables) = outcome(context);
    let refused = tables.into_iter().filter_map(|table| {
        let before = context.schema.refused_writes(&table);
        let known = context.schema.relation(&table);
        let certain = known.is_none_or(|one| context.schema.is_certain(&table, &one.origin));
        let refused = after.as_ref()?.refused_writes(&table)?;
        let is_new = before.is_none_or(|before| before.why != refused.why);
        (is_new && certain && !is_mended(context, &table, &refused)).then_some((table, refused))
    });
    refused.collect()
}

/// The schema after the clause, or the part that it changes, and the tables to look at.
fn outcome(context: &Context<'_>) -> (Option<Schema>, Vec<Name>) {
    let change = context.change();
    if is_about_publication(change) {
        let mut after = context.schema.clone();
        after.apply_change(change);
        let tables = after.relations().filter(|one| one.partition_of.is_none());
        let tables = tables.map(|one| one.name.clone()).collect();
        return (Some(after), tables);
    }
    if !change.is_ddl() {
        return (None, Vec::new());
    }
    let names: BTreeSet<Name> = change.names();
    let mut after = context.schema.subset(names.iter());
    after.apply_change(change);
    let is_table = |name: &Name| after.relation(name).is_some();
    let tables = names.into_iter().filter(is_table).collect();
    (Some(after), tables)
}

fn is_about_publication(change: &Change) -> bool {
    matches!(
        change,
        Change::AlterPublication { .. }
            | Change::Create {
                definition: Definition::Publication(_),
                ..
            }
    )
}

/// Whether a later statement of the file gives the table an identity, drops it or changes the publication.
fn is_mended(context: &Context<'_>, table: &Name, refused: &Refused) -> bool {
    let behind = context.statement.span.end;
    let later = context
        .statements
        .iter()
        .filter(|one| one.span.start >= behind);
    let same = context.others().map(|clause| &clause.change);
    let later = later
        .flat_map(|one| &one.clauses)
        .map(|clause| &clause.change);
    let is_key = |constraint: &Constraint| matches!(constraint.kind, ConstraintKind::PrimaryKey(_));
    let mut all = later.chain(same);
    all.any(|change| match change {
        Change::AddConstraint {
            table: of,
            constraint,
        } => *of == *table && is_key(constraint),
        Change::AlterTable {
            table: of,
            action: TableAction::ReplicaIdentity(identity),
            ..
        } => *of == *table && *identity != ReplicaIdentity::Nothing,
        Change::AddColumn {
            table: of, column, ..
        } => *of == *table && column.constraints.iter().any(is_key),
        Change::Drop {
            kind,
            name,
            part: None,
            ..
        } => {
            name == table && kind.is_of_table()
                || *kind == ObjectKind::Publication && name.name == refused.publication
        }
        Change::AlterPublication { name, .. } => name.name == refused.publication,
        _ => false,
    })
}
