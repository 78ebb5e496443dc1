//! Foreign keys between rows that are not on one server.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::rules::facts::citus::{Placed, placed};
use crate::schema::{Column, ColumnId, Constraint, ConstraintKind, Relation};
use crate::statement::{ColumnValue, Name, ReferentialAction};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "foreign-key-between-servers",
    summary: "a foreign key between tables whose rows Citus keeps on different servers, or an action of one that would \
              move rows",
    page: include_str!("foreign_key_between_servers.md"),
    aliases: &[],
    group: Group::Citus,
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
    for table in around.tables() {
        let Some(at) = placed(around, table) else {
            continue;
        };
        let keys = table.constraints.iter();
        for constraint in keys.filter(|one| one.origin.file == around.file) {
            let Some(key) = Key::of(around, table, at, constraint) else {
                continue;
            };
            let message = key
                .to_elsewhere()
                .or_else(|| key.moves_rows())
                .or_else(|| key.sets_number());
            found.extend(message.map(|message| (constraint.origin.span.clone(), message)));
        }
    }
    found
}

/// A foreign key, with where both of its tables are.
struct Key<'a> {
    table: &'a Relation,
    at: Placed,
    constraint: &'a Constraint,
    parent: &'a Name,
    /// `None` for a table that the files do not create.
    known_parent: Option<&'a Relation>,
    parent_at: Option<Placed>,
    parent_columns: &'a [ColumnId],
    actions: [ReferentialAction; 2],
    is_own: bool,
}

impl<'a> Key<'a> {
    fn of(
        around: &FileContext<'a>,
        table: &'a Relation,
        at: Placed,
        constraint: &'a Constraint,
    ) -> Option<Self> {
        let ConstraintKind::ForeignKey {
            parent,
            parent_columns,
            on_delete,
            on_update,
            ..
        } = &constraint.kind
        else {
            return None;
        };
        let known = parent.id.and_then(|id| around.schema.by_id(id));
        let parent = known.map_or(&parent.name, |known| &known.name);
        Some(Self {
            table,
            at,
            constraint,
            parent,
            known_parent: known,
            parent_at: known.and_then(|known| placed(around, known)),
            parent_columns,
            actions: [*on_delete, *on_update],
            is_own: around.schema.is_own(parent),
        })
    }

    /// The rows are not on the same server, or are not known to be.
    fn to_elsewhere(&self) -> Option<Message> {
        match (self.at, self.parent_at) {
            (Placed::Schema, _) => (!self.is_own).then(|| self.to_other_schema()),
            // The columns of a parent that the files do not create are not known, and neither is where it is.
            (_, None) => (self.is_own && self.known_parent.is_some()).then(|| {
                self.refused(
                    "which is on one server only",
                    "make it a reference table: create_reference_table()",
                )
            }),
            (Placed::Reference, Some(Placed::By(_))) => Some(self.refused(
                "whose rows are spread, while every server has all rows of this table",
                "spread this table by the same column, or drop the foreign key",
            )),
            (Placed::By(own), Some(Placed::By(theirs))) => self.across(own, theirs),
            (Placed::By(_) | Placed::Reference, Some(Placed::Reference | Placed::Schema)) => None,
        }
    }

    fn across(&self, own: ColumnId, theirs: ColumnId) -> Option<Message> {
        let parent = self.known_parent?;
        let pairs = self.constraint.columns.iter().zip(self.parent_columns);
        let is_same = pairs
            .clone()
            .any(|(one, other)| (*one, *other) == (own, theirs));
        let (mine, other) = (column(self.table, own)?, column(parent, theirs)?);
        if is_same && mine.data_type != other.data_type {
            return Some(self.refused(
                "whose distribution column has another type: equal values are on different servers",
                "give both columns the same type",
            ));
        }
        let is_known = self.parent_columns.len() == self.constraint.columns.len();
        (!is_same && is_known).then(|| {
            let (mine, other) = (quote_ident(&mine.name), quote_ident(&other.name));
            let help = format!(
                "compare the distribution column too: FOREIGN KEY ({mine}, ...) REFERENCES {} ({other}, ...)",
                self.parent
            );
            self.refused("without comparing the distribution column of both tables", &help)
        })
    }

    fn to_other_schema(&self) -> Message {
        let (key, parent) = (&self.constraint.name, self.parent);
        Message::new(
            format!("`{key}` of {} references {parent} of another schema", self.table.name),
            "Citus accepts that only for a reference table in a schema that is not distributed; each schema of a module is \
             on a server of its own",
            "keep the id without a foreign key, or make the table a reference table, and allow this with that as the reason",
        )
        .mild(true, Severity::Warn)
    }

    fn refused(&self, what: &str, help: &str) -> Message {
        let (key, table, parent) = (&self.constraint.name, &self.table.name, self.parent);
        Message::new(
            format!("`{key}` of {table} references {parent}, {what}"),
            "Citus refuses the foreign key (0A000): the server with the row would have to ask the others",
            help,
        )
    }

    /// An action that would write the distribution column.
    fn moves_rows(&self) -> Option<Message> {
        let Placed::By(own) = self.at else {
            return None;
        };
        if !self.constraint.columns.contains(&own) {
            return None;
        }
        let [on_delete, on_update] = self.actions;
        let action = match (on_delete, on_update) {
            (ReferentialAction::SetNull, _) => "ON DELETE SET NULL",
            (ReferentialAction::SetDefault, _) => "ON DELETE SET DEFAULT",
            (_, ReferentialAction::SetNull) => "ON UPDATE SET NULL",
            (_, ReferentialAction::SetDefault) => "ON UPDATE SET DEFAULT",
            (_, ReferentialAction::Cascade) => "ON UPDATE CASCADE",
            (
                ReferentialAction::NoAction
                | ReferentialAction::Restrict
                | ReferentialAction::Cascade,
                ReferentialAction::NoAction | ReferentialAction::Restrict,
            ) => return None,
        };
        let (key, table) = (&self.constraint.name, &self.table.name);
        let column = self.table.name_of(own).unwrap_or_default();
        Some(Message::new(
            format!(
                "`{key}` of {table} contains the distribution column {column} and has {action}"
            ),
            "Citus refuses the action (0A000), also with a list of columns: it never changes a distribution column, because \
             the row would have to move to another server",
            "use NO ACTION, RESTRICT or ON DELETE CASCADE, and set the other columns in the service",
        ))
    }

    /// `SET DEFAULT` of a column that gets its default from a sequence.
    fn sets_number(&self) -> Option<Message> {
        let sets = self.actions.contains(&ReferentialAction::SetDefault);
        let is_numbered = |id: &ColumnId| {
            column(self.table, *id).is_some_and(|column| match &column.value {
                ColumnValue::Serial => true,
                ColumnValue::Default(value) => {
                    value.calls.iter().any(|call| call.name == "nextval")
                }
                ColumnValue::None | ColumnValue::Identity(_) | ColumnValue::Generated { .. } => {
                    false
                }
            })
        };
        (sets && self.constraint.columns.iter().any(is_numbered)).then(|| {
            let (key, table) = (&self.constraint.name, &self.table.name);
            Message::new(
                format!("`{key}` of {table} has SET DEFAULT, and the default is from a sequence"),
                "Citus refuses the foreign key: the parts of the table on the servers have no such default",
                "use NO ACTION, RESTRICT or ON DELETE CASCADE",
            )
        })
    }
}

fn column(table: &Relation, id: ColumnId) -> Option<&Column> {
    table.columns.iter().find(|column| column.id == id)
}
