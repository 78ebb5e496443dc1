//! What queries and changes of rows lock.

use super::LockMode::{self, AccessShare, RowExclusive, RowShare};
use super::constraint::parent_of;
use super::work::Work;
use crate::schema::{self, Relation};
use crate::statement::{Change, How, Name, ObjectKind, ReferentialAction, Statement};

impl Work<'_> {
    /// The relations of the statement's queries; their indexes too, if the queries are planned.
    pub(super) fn uses(&mut self, planned: bool) {
        self.uses_of(self.statement, planned);
    }

    pub(super) fn uses_of(&mut self, statement: &Statement, planned: bool) {
        for one in &statement.uses {
            match one.how {
                How::Reads => self.read(&one.relation, AccessShare, planned),
                How::LocksRows => self.read(&one.relation, RowShare, planned),
                How::Infers => {
                    if let Some(table) = self.schema.relation(&one.relation) {
                        self.lock_indexes(table, RowExclusive);
                    }
                }
                // A sequence is locked when it is advanced, not when it is named.
                How::Advances if planned => self.lock(&one.relation, RowExclusive),
                How::Advances => {}
            }
        }
    }

    /// A relation in a query, with its partitions and heirs, and what is below a view.
    pub(super) fn read(&mut self, name: &Name, mode: LockMode, planned: bool) {
        self.lock(name, mode);
        let Some(relation) = self.schema.relation(name) else {
            return;
        };
        if relation.kind == ObjectKind::View && planned {
            for below in &relation.reads {
                self.read(&below.name, mode, planned);
            }
        }
        if planned {
            for member in self.schema.with_children(name) {
                self.lock(&member.name, mode);
                self.lock_indexes(member, mode);
            }
        }
    }

    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`: the table, and the tables of foreign keys on both sides.
    pub(super) fn change_rows(&mut self, table: &Name, change: &Change) {
        let planned = !matches!(change, Change::Insert(_));
        match planned {
            true => self.read(table, RowExclusive, true),
            false => {
                self.lock(table, RowExclusive);
                for member in self.schema.with_children(table) {
                    self.lock(&member.name, RowExclusive);
                }
            }
        }
        self.uses(true);
        let Some(relation) = self.schema.relation(table) else {
            return;
        };
        let old_rows = !matches!(change, Change::Insert(_));
        if !matches!(change, Change::Delete(_)) {
            for parent in relation.constraints.iter().filter_map(parent_of) {
                self.read(&parent, RowShare, true);
            }
        }
        if old_rows {
            let deletes = !matches!(change, Change::Update(_));
            self.follow(relation, deletes, &mut Vec::new());
        }
    }

    /// The tables that point to rows that change: they are asked, or change with them.
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
                    self.read(&child.name, RowShare, true);
                }
                ReferentialAction::Cascade => {
                    self.read(&child.name, RowExclusive, true);
                    self.follow(child, deletes, seen);
                }
                ReferentialAction::SetNull | ReferentialAction::SetDefault => {
                    self.read(&child.name, RowExclusive, true);
                    self.follow(child, false, seen);
                }
            }
        }
    }

    /// With `CASCADE` all that points to it is emptied as well.
    pub(super) fn truncate(&mut self, table: &Name, cascade: bool) {
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
            self.read(&read.name, AccessShare, true);
        }
    }

    /// An SQL function is understood when it is made: its tables are locked, and nothing is planned.
    pub(super) fn understand(&mut self, body: &[Statement]) {
        for statement in body {
            for clause in &statement.clauses {
                let changed = clause.change.table().filter(|_| clause.change.is_dml());
                if let Some(table) = changed {
                    self.lock(table, RowExclusive);
                }
            }
            self.uses_of(statement, false);
        }
    }
}
