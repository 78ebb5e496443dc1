//! The events of deferred triggers that wait for the end of the transaction.
//!
//! PostgreSQL queues an event for each changed row of a table with a deferred foreign key or constraint
//! trigger. While it waits, PostgreSQL refuses to change the table's definition: pending trigger events
//! (55006). Measured on PostgreSQL 15.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::schema::{ColumnId, Constraint, ConstraintKind, Part, Relation, RelationId, Schema};
use crate::statement::{
    Assignment, Change, Clause, CreateTrigger, Firing, Merged, ReferentialAction, Rows,
    TriggerEvent, TriggerTiming,
};

/// An event that waits.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// The table whose rows were changed.
    pub(crate) table: RelationId,
    /// The foreign key or the trigger that is deferred.
    pub(crate) constraint: String,
    /// The byte range of the clause that changed rows.
    pub(crate) span: Range<usize>,
    /// Whether the clause certainly changes a row.
    pub(crate) certain: bool,
}

/// The events that wait at a point of the file, and what `SET CONSTRAINTS` has set.
#[derive(Clone, Debug, Default)]
pub(crate) struct PendingEvents {
    pub(crate) waiting: Vec<Pending>,
    /// For all constraints, if it has been set.
    all: Option<bool>,
    /// For the constraints with these names, after `all`.
    named: BTreeMap<String, bool>,
}

/// What a clause does to rows of a table.
enum Event<'a> {
    Insert,
    Update(Vec<&'a str>),
    Delete,
}

impl PendingEvents {
    /// Records what a clause leaves waiting; `schema` is that just before it, and `certainly` says that it
    /// certainly runs.
    pub(crate) fn note(&mut self, clause: &Clause, certainly: bool, schema: &Schema) {
        let change = &clause.change;
        match change {
            Change::Set { setting, value, .. } if setting == "constraints" => {
                self.set(value.as_deref().unwrap_or_default());
            }
            Change::TransactionControl { .. } => *self = Self::default(),
            _ => {
                let events = events(change);
                let table = change.table().filter(|_| !events.is_empty());
                let Some(table) = table.and_then(|table| schema.relation(table)) else {
                    return;
                };
                for event in events {
                    let found = self.deferred(schema, table, &event);
                    self.waiting
                        .extend(found.into_iter().map(|constraint| Pending {
                            table: table.id,
                            constraint,
                            span: clause.span.clone(),
                            certain: certainly && is_certain(change, table),
                        }));
                }
            }
        }
    }

    /// `SET CONSTRAINTS ALL | names DEFERRED | IMMEDIATE`. What becomes immediate is checked at once.
    fn set(&mut self, value: &str) {
        let Some((names, mode)) = value.trim().rsplit_once(char::is_whitespace) else {
            return;
        };
        let deferred = mode.eq_ignore_ascii_case("DEFERRED");
        if names.trim().eq_ignore_ascii_case("ALL") {
            self.all = Some(deferred);
            self.named.clear();
            if !deferred {
                self.waiting.clear();
            }
            return;
        }
        for name in names.split(',') {
            let name = name.rsplit('.').next().unwrap_or_default().trim();
            let quoted = name
                .strip_prefix('"')
                .and_then(|name| name.strip_suffix('"'));
            let name = quoted.map_or_else(|| name.to_ascii_lowercase(), str::to_owned);
            if !deferred {
                self.waiting.retain(|event| event.constraint != name);
            }
            self.named.insert(name, deferred);
        }
    }

    fn is_deferred(&self, name: &str, deferrable: bool, initially: bool) -> bool {
        let set = self.named.get(name).copied().or(self.all);
        deferrable && set.unwrap_or(initially)
    }

    /// The deferred constraints of which the event is queued.
    fn deferred(&self, schema: &Schema, table: &Relation, event: &Event<'_>) -> Vec<String> {
        let is_on = |key: &&Constraint| {
            key.enforced && self.is_deferred(&key.name, key.deferrable, key.initially_deferred)
        };
        let own = table.constraints.iter().filter(is_on);
        let own = own.filter(|key| is_checked(table, key, event));
        let from = schema
            .foreign_keys_to(&table.name)
            .filter(|(_, key)| is_on(key));
        let from = from.filter(|(_, key)| is_searched(table, key, event));
        let names = own
            .chain(from.map(|(_, key)| key))
            .map(|key| key.name.clone());
        let triggers = table.triggers.iter().filter(|part| {
            let trigger = &part.definition;
            let fires = part.firing != Firing::Disabled && trigger.condition.is_none();
            let deferrable = trigger.constraint && trigger.deferrable;
            fires
                && self.is_deferred(&part.name, deferrable, trigger.initially_deferred)
                && is_fired(trigger, event)
        });
        names
            .chain(triggers.map(|part| part.name.clone()))
            .collect()
    }
}

/// Whether a foreign key of the table checks the row: an update checks it if the key changes.
fn is_checked(table: &Relation, key: &Constraint, event: &Event<'_>) -> bool {
    let is_foreign = matches!(key.kind, ConstraintKind::ForeignKey { .. });
    is_foreign
        && match event {
            Event::Insert => true,
            Event::Update(columns) => writes(table, columns, &key.columns),
            Event::Delete => false,
        }
}

/// Whether a foreign key searches for rows that reference the changed one. `CASCADE` and the like change
/// those at once.
fn is_searched(table: &Relation, key: &Constraint, event: &Event<'_>) -> bool {
    let ConstraintKind::ForeignKey {
        parent_columns,
        on_delete,
        on_update,
        ..
    } = &key.kind
    else {
        return false;
    };
    match event {
        Event::Insert => false,
        Event::Update(columns) => {
            *on_update == ReferentialAction::NoAction && writes(table, columns, parent_columns)
        }
        Event::Delete => *on_delete == ReferentialAction::NoAction,
    }
}

fn writes(table: &Relation, columns: &[&str], key: &[ColumnId]) -> bool {
    let mut written = columns.iter().filter_map(|name| table.column(name));
    written.any(|column| key.contains(&column.id))
}

fn is_fired(trigger: &CreateTrigger, event: &Event<'_>) -> bool {
    let on = |event| trigger.events.contains(&event);
    match event {
        Event::Insert => on(TriggerEvent::Insert),
        Event::Update(columns) => {
            let is_of = |name: &&str| trigger.columns.iter().any(|one| one == name);
            on(TriggerEvent::Update) && (trigger.columns.is_empty() || columns.iter().any(is_of))
        }
        Event::Delete => on(TriggerEvent::Delete),
    }
}

fn events(change: &Change) -> Vec<Event<'_>> {
    match change {
        Change::Insert(_) => vec![Event::Insert],
        Change::Update(update) => vec![Event::Update(written(&update.set))],
        Change::Delete(_) => vec![Event::Delete],
        Change::Merge(merge) => {
            let events = merge
                .actions
                .iter()
                .filter_map(|action| match &action.merged {
                    Merged::Insert { .. } => Some(Event::Insert),
                    Merged::Update(set) => Some(Event::Update(written(set))),
                    Merged::Delete => Some(Event::Delete),
                    Merged::Nothing => None,
                });
            events.collect()
        }
        _ => Vec::new(),
    }
}

fn written(set: &[Assignment]) -> Vec<&str> {
    let columns = set.iter().flat_map(|one| &one.columns);
    columns.map(|written| written.column.as_str()).collect()
}

/// Whether the clause changes a row for certain: `INSERT ... VALUES`, unless a trigger or a rule can skip
/// the row.
fn is_certain(change: &Change, table: &Relation) -> bool {
    let skips = |part: &Part<CreateTrigger>| part.definition.timing != TriggerTiming::After;
    let is_plain = table.rules.is_empty() && !table.triggers.iter().any(skips);
    match change {
        Change::Insert(insert) => match insert.rows {
            Rows::Default | Rows::Values(_) => is_plain && insert.on_conflict.is_none(),
            Rows::Query { .. } | Rows::Copied => false,
        },
        _ => false,
    }
}
