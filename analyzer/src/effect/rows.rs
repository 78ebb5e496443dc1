//! The locks of queries and of changes to rows.

use super::LockMode::{self, AccessShare, RowExclusive, RowShare};
use super::builder::EffectBuilder;
use crate::schema::{self, Relation};
use crate::statement::{
    Change, ColumnValue, How, Insert, Name, Overriding, ReferentialAction, Rows, Statement,
};

/// How far PostgreSQL processes a query.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// It looks up the names.
    Parsed,
    /// It also looks up what the views read.
    Rewritten,
    /// It also plans: the indexes, partitions and inheriting tables of all these.
    Planned,
}

impl EffectBuilder<'_> {
    /// The relations that the queries of a statement use.
    pub(super) fn uses(&mut self, depth: Depth) {
        self.uses_of(self.statement, depth);
    }

    pub(super) fn uses_of(&mut self, statement: &Statement, depth: Depth) {
        for one in &statement.uses {
            match one.how {
                How::Reads => self.read(&one.relation, AccessShare, depth),
                How::LocksRows => self.read(&one.relation, RowShare, depth),
                How::Writes => self.lock(&one.relation, RowExclusive),
                How::Infers => {
                    if let Some(table) = self.schema.relation(&one.relation) {
                        self.lock_indexes(table, RowExclusive);
                    }
                }
                // A sequence is locked when `nextval` runs, not when it is named.
                How::Advances if depth == Depth::Planned => self.lock(&one.relation, RowExclusive),
                How::Advances => {}
            }
        }
    }

    /// A relation in a query, with its partitions and inheriting tables, and for a view the relations
    /// that it reads.
    pub(super) fn read(&mut self, name: &Name, mode: LockMode, depth: Depth) {
        self.lock(name, mode);
        let Some(relation) = self.schema.relation(name) else {
            return;
        };
        if depth >= Depth::Rewritten {
            self.below(relation, |effect, name| effect.read(name, mode, depth));
        }
        if depth == Depth::Planned {
            for member in self.schema.with_children(name) {
                self.lock(&member.name, mode);
                self.plan_indexes(member, mode);
            }
        }
    }

    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`: the table, and the tables on both sides of its foreign
    /// keys.
    pub(super) fn change_rows(&mut self, table: &Name, change: &Change) {
        let is_insert = matches!(change, Change::Insert(_));
        self.uses(Depth::Planned);
        match is_insert {
            true => {
                self.lock(table, RowExclusive);
                for member in self.schema.with_children(table) {
                    self.lock(&member.name, RowExclusive);
                }
            }
            false => self.read(table, RowExclusive, Depth::Planned),
        }
        let Some(relation) = self.schema.relation(table) else {
            return;
        };
        // A change to a view changes the table that the view reads.
        self.below(relation, |effect, name| effect.change_rows(name, change));
        let old_rows = !is_insert;
        let written = written(change);
        let is_written = |columns: &[schema::ColumnId]| {
            written.as_ref().is_none_or(|written| {
                let names = columns
                    .iter()
                    .filter_map(|column| relation.name_of(*column));
                { names }.any(|name| written.contains(&name))
            })
        };
        if !matches!(change, Change::Delete(_)) {
            let keys = relation
                .constraints
                .iter()
                .filter(|key| is_written(&key.columns));
            let parents: Vec<Name> = keys.filter_map(|key| self.parent_of(key)).collect();
            for parent in parents {
                self.read(&parent, RowShare, Depth::Planned);
            }
            if !matches!(change, Change::Update(_)) {
                self.advance(relation, change);
            }
        }
        if old_rows {
            let deletes = !matches!(change, Change::Update(_));
            let pointed_at = self
                .schema
                .foreign_keys_to(table)
                .any(|(_, key)| match &key.kind {
                    schema::ConstraintKind::ForeignKey { parent_columns, .. } => {
                        deletes || is_written(parent_columns)
                    }
                    schema::ConstraintKind::Check { .. }
                    | schema::ConstraintKind::NotNull
                    | schema::ConstraintKind::PrimaryKey
                    | schema::ConstraintKind::Unique
                    | schema::ConstraintKind::Exclude(_) => false,
                });
            if pointed_at {
                self.follow(relation, deletes, &mut Vec::new());
            }
        }
    }

    /// The sequences behind the columns for which a new row gives no value.
    fn advance(&mut self, table: &Relation, change: &Change) {
        let given: Vec<&str> = if let Change::Insert(insert) = change {
            given(insert, table)
        } else {
            Vec::new()
        };
        let unnamed = |column: &schema::ColumnId| {
            let name = table.name_of(*column).unwrap_or_default();
            !given.contains(&name)
        };
        let mut advanced: Vec<Name> = Vec::new();
        for (sequence, column) in self.schema.sequences_of(&table.name) {
            if unnamed(&column) {
                advanced.push(sequence.clone());
            }
        }
        for column in table.columns.iter().filter(|column| unnamed(&column.id)) {
            if let ColumnValue::Default(value) = &column.value {
                advanced.extend(self.schema.sequences_in(value));
            }
        }
        for sequence in advanced {
            self.lock(&sequence, RowExclusive);
        }
    }

    /// The tables that reference the changed rows: PostgreSQL checks them, or changes them too.
    fn follow(&mut self, table: &Relation, deletes: bool, seen: &mut Vec<Name>) {
        if seen.contains(&table.name) {
            return;
        }
        seen.push(table.name.clone());
        for (child, key) in self.schema.foreign_keys_to(&table.name) {
            let action = match &key.kind {
                schema::ConstraintKind::ForeignKey {
                    on_delete,
                    on_update,
                    ..
                } => match deletes {
                    true => *on_delete,
                    false => *on_update,
                },
                schema::ConstraintKind::Check { .. }
                | schema::ConstraintKind::NotNull
                | schema::ConstraintKind::PrimaryKey
                | schema::ConstraintKind::Unique
                | schema::ConstraintKind::Exclude(_) => continue,
            };
            match action {
                ReferentialAction::NoAction | ReferentialAction::Restrict => {
                    self.read(&child.name, RowShare, Depth::Planned);
                }
                ReferentialAction::Cascade => {
                    self.read(&child.name, RowExclusive, Depth::Planned);
                    self.follow(child, deletes, seen);
                }
                ReferentialAction::SetNull | ReferentialAction::SetDefault => {
                    self.read(&child.name, RowExclusive, Depth::Planned);
                    self.follow(child, false, seen);
                }
            }
        }
    }

    /// With `CASCADE`, all tables that reference it are emptied too.
    pub(super) fn truncate(&mut self, table: &Name, restart: bool, cascade: bool) {
        let mut waiting = vec![table.clone()];
        let mut seen: Vec<Name> = Vec::new();
        while let Some(table) = waiting.pop() {
            if seen.contains(&table) {
                continue;
            }
            seen.push(table.clone());
            self.lock(&table, LockMode::AccessExclusive);
            let Some(relation) = self.schema.relation(&table) else {
                self.rewrite_alone(&table);
                continue;
            };
            self.rewrite(relation);
            if restart {
                for (sequence, _) in self.owned(relation, None) {
                    self.lock(&sequence, LockMode::AccessExclusive);
                    self.rewrite_alone(&sequence);
                }
            }
            for child in &relation.children {
                waiting.extend(self.schema.by_id(*child).map(|child| child.name.clone()));
            }
            if cascade {
                let keys = self.schema.foreign_keys_to(&table);
                waiting.extend(keys.map(|(child, _)| child.name.clone()));
            }
        }
    }

    pub(super) fn refresh(&mut self, view: &Name, concurrently: bool) {
        let mode = match concurrently {
            true => LockMode::Exclusive,
            false => LockMode::AccessExclusive,
        };
        self.lock(view, mode);
        let Some(relation) = self.schema.relation(view) else {
            if !concurrently {
                self.rewrite_alone(view);
            }
            return;
        };
        match concurrently {
            true => self.lock_indexes(relation, RowExclusive),
            false => self.rewrite(relation),
        }
        for read in &relation.reads {
            self.read(&self.now(read), AccessShare, Depth::Planned);
        }
    }

    /// PostgreSQL analyzes an SQL function when it is created: it locks the tables, but plans nothing.
    pub(super) fn understand(&mut self, body: &[Statement]) {
        for statement in body {
            for clause in &statement.clauses {
                let changed = clause.change.table().filter(|_| clause.change.is_dml());
                if let Some(table) = changed {
                    self.lock(table, RowExclusive);
                }
            }
            self.uses_of(statement, Depth::Rewritten);
        }
    }
}

/// The columns that an `UPDATE` writes: a foreign key is not checked if its columns do not change.
fn written(change: &Change) -> Option<Vec<&str>> {
    let Change::Update(update) = change else {
        return None;
    };
    let columns = update.set.iter().flat_map(|set| &set.columns);
    Some(columns.map(|written| written.column.as_str()).collect())
}

/// The columns for which every row gives a value of its own. `OVERRIDING USER VALUE` takes the sequence's
/// for an identity column.
fn given<'a>(insert: &'a Insert, table: &Relation) -> Vec<&'a str> {
    let is_default = |at: usize| match &insert.rows {
        Rows::Values(rows) => rows.iter().any(|row| {
            let value = row.get(at);
            value.is_some_and(|value| value.text.eq_ignore_ascii_case("default"))
        }),
        Rows::Query { .. } | Rows::Default | Rows::Copied => false,
    };
    let is_overridden = |name: &str| {
        let column = table.column(name);
        insert.overriding == Some(Overriding::User)
            && column.is_some_and(|column| matches!(column.value, ColumnValue::Identity(_)))
    };
    let columns = insert.columns.iter().enumerate();
    let given = columns.filter(|(at, one)| !is_default(*at) && !is_overridden(&one.column));
    given.map(|(_, one)| one.column.as_str()).collect()
}
