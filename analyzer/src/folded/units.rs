//! What is left of the statements: one unit for each object and each thing that is said about it.

use super::order::Unit;
use super::{Placed, plain, remains, table, written};
use crate::schema::{Relation, Schema, TypeKind};
use crate::statement::{
    Change, Clause, ColumnAction, CreateTable, Name, ObjectKind, Privileged, TableAction, TypeBody,
};
use crate::text::actions::containing;

/// By what a later statement finds an earlier one that it replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subject {
    kind: ObjectKind,
    name: Name,
    part: Option<String>,
}

/// Extensions bring types and functions that no text names with their schema.
const EXTENSIONS: u8 = 0;
const OBJECTS: u8 = 1;
/// What belongs to a table and may need other objects: foreign keys, triggers, policies.
const PARTS: u8 = 2;
const GRANTS: u8 = 3;
const COMMENTS: u8 = 4;

/// The units so far.
pub(super) struct Units<'a> {
    end: &'a Schema,
    units: Vec<(Subject, Unit)>,
}

impl<'a> Units<'a> {
    pub(super) fn of(all: &[Placed<'_>], end: &'a Schema) -> Self {
        let mut units = Self {
            end,
            units: Vec::new(),
        };
        for placed in all {
            for clause in &placed.statement.clauses {
                units.take(placed, clause);
            }
        }
        units
    }

    /// In the order of the files, without what no longer exists.
    pub(super) fn written(self) -> Vec<Unit> {
        let end = self.end;
        let is_left = |subject: &Subject| {
            let part = subject.part.as_deref();
            remains(end, subject.kind, &subject.name, part)
        };
        let units = self.units.into_iter();
        units
            .filter(|(subject, _)| is_left(subject))
            .map(|(_, unit)| unit)
            .collect()
    }

    fn take(&mut self, placed: &Placed<'_>, clause: &Clause) {
        let whole = plain(placed.text);
        match &clause.change {
            Change::CreateTable(create) => self.table(placed, clause, create),
            Change::CreateIndex(create) => {
                let Some((index, _)) = &create.index else {
                    return;
                };
                let name = Name {
                    schema: create.table.schema.clone(),
                    name: index.clone(),
                };
                self.create(ObjectKind::Index, &name, None, whole);
            }
            Change::CreateView(create) => self.create(ObjectKind::View, &create.view, None, whole),
            Change::CreateRoutine(create) => {
                let types = create
                    .parameters
                    .iter()
                    .map(|one| one.data_type.to_string());
                let types = types.collect::<Vec<_>>().join(",");
                self.routine(&create.routine, &types, whole);
            }
            Change::CreateTrigger(create) => {
                self.create(
                    ObjectKind::Trigger,
                    &create.table,
                    Some(&create.trigger),
                    whole,
                );
            }
            Change::CreateType { name, body } => self.new_type(name, body, whole),
            Change::CreateDomain { name, .. } => self.create(ObjectKind::Domain, name, None, whole),
            Change::CreateSequence { name, .. } => {
                self.create(ObjectKind::Sequence, name, None, whole)
            }
            Change::Create {
                kind, name, part, ..
            } => self.create(*kind, name, part.as_deref(), whole),
            change => self.alter(placed, clause, change, whole),
        }
    }

    /// What changes an object, and what is said about one.
    fn alter(&mut self, placed: &Placed<'_>, clause: &Clause, change: &Change, whole: String) {
        match change {
            Change::AlterDomain { domain, .. } => self.also(ObjectKind::Domain, domain, whole),
            Change::AddConstraint { table, .. } | Change::ValidateConstraint { table, .. }
                if self.end.relation(table).is_none() =>
            {
                self.also(ObjectKind::Domain, table, whole);
            }
            Change::AlterSequence { name, .. } => self.also(ObjectKind::Sequence, name, whole),
            Change::SetAttribute { name, .. } => self.also(ObjectKind::Type, name, whole),
            Change::AlterRoutine { kind, name, .. } => self.also(*kind, name, whole),
            Change::AlterPublication { name, .. } => {
                self.also(ObjectKind::Publication, name, whole)
            }
            Change::Drop {
                kind, name, part, ..
            } => self.forget(*kind, name, part.as_deref()),
            Change::Comment {
                kind, name, part, ..
            } => self.comment(*kind, name, part.as_deref(), whole),
            Change::Grant(grant) => {
                if let Privileged::Objects { kind, names } = &grant.on
                    && let Some(name) = names.first()
                {
                    self.push(GRANTS, *kind, name, None, whole);
                }
            }
            Change::AlterColumn {
                table,
                column,
                action,
            } => match action {
                ColumnAction::Statistics(_)
                | ColumnAction::Storage(_)
                | ColumnAction::Compression(_)
                | ColumnAction::SetParameters(_)
                | ColumnAction::ResetParameters(_) => {
                    let sql = alone(placed, clause, table);
                    self.push(PARTS, ObjectKind::Column, table, Some(column), sql);
                }
                ColumnAction::SetDefault(_)
                | ColumnAction::DropDefault
                | ColumnAction::SetExpression(_)
                | ColumnAction::DropExpression { .. }
                | ColumnAction::AddIdentity(_)
                | ColumnAction::SetIdentity { .. }
                | ColumnAction::DropIdentity { .. }
                | ColumnAction::Options => {}
            },
            Change::AlterTable {
                kind,
                table,
                action,
            } => self.action(placed, clause, (*kind, table), action),
            _ => {}
        }
    }

    fn action(
        &mut self,
        placed: &Placed<'_>,
        clause: &Clause,
        (kind, table): (ObjectKind, &Name),
        action: &TableAction,
    ) {
        let is_kept = matches!(
            action,
            TableAction::Trigger { .. }
                | TableAction::Rule { .. }
                | TableAction::ClusterOn(_)
                | TableAction::WithoutCluster
                | TableAction::SetParameters(_)
                | TableAction::ResetParameters(_)
                | TableAction::ReplicaIdentity(_)
                | TableAction::ColumnStatistics { .. }
        );
        if is_kept {
            let sql = alone(placed, clause, table);
            self.push(PARTS, kind, table, None, sql);
        }
    }

    /// The table as it is in the end, at the place where it is created.
    fn table(&mut self, placed: &Placed<'_>, clause: &Clause, create: &CreateTable) {
        let is_it = |relation: &&Relation| {
            relation.origin.file == placed.file && relation.origin.span == clause.span
        };
        let Some(relation) = self.end.relations().find(is_it) else {
            return;
        };
        let (kind, name) = (ObjectKind::Table, &relation.name);
        let sql = match &create.partition_of {
            Some(_) => placed.text.to_owned(),
            None => table::create(relation, create, self.end),
        };
        self.create(kind, name, None, sql);
        if create.partition_of.is_none() {
            for sql in table::constraints(relation, self.end) {
                self.push(PARTS, kind, name, None, sql);
            }
        }
        let policies = relation
            .policies
            .iter()
            .map(|policy| table::policy(&policy.definition));
        let security = table::row_security(relation).into_iter().chain(policies);
        for sql in security.collect::<Vec<_>>() {
            self.push(PARTS, kind, name, None, sql);
        }
    }

    fn new_type(&mut self, name: &Name, body: &TypeBody, whole: String) {
        let known = self.end.type_of(name);
        let sql = match (body, known.map(|known| &known.kind)) {
            (TypeBody::Enum(_), Some(TypeKind::Enum(labels))) => {
                table::labels(&written(name), labels)
            }
            _ => whole,
        };
        self.create(ObjectKind::Type, name, None, sql);
    }

    /// Overloads are objects of their own.
    fn routine(&mut self, name: &Name, types: &str, sql: String) {
        let of = format!("{}({types})", written(name));
        self.units.retain(|(_, unit)| unit.of.as_ref() != Some(&of));
        self.units.push((
            subject(ObjectKind::Function, name, None),
            Unit {
                phase: OBJECTS,
                sql,
                creates: Some(written(name)),
                of: Some(of),
            },
        ));
    }

    /// A definition, which replaces the one before it.
    fn create(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>, sql: String) {
        // What was said about the object before holds for the new definition too.
        let replaced = subject(kind, name, part);
        self.units
            .retain(|(one, unit)| *one != replaced || unit.of.is_none());
        let is_named = part.is_none();
        self.units.push((
            subject(kind, name, part),
            Unit {
                phase: match (kind, part) {
                    (ObjectKind::Extension, _) => EXTENSIONS,
                    (_, Some(_)) => PARTS,
                    (_, None) => OBJECTS,
                },
                sql,
                creates: is_named.then(|| written(name)),
                of: Some(written(name)),
            },
        ));
    }

    /// A change of what a statement before has created.
    fn also(&mut self, kind: ObjectKind, name: &Name, sql: String) {
        if self
            .units
            .iter()
            .any(|(_, unit)| unit.sql == sql && unit.of == Some(written(name)))
        {
            return;
        }
        self.units.push((
            subject(kind, name, None),
            Unit {
                phase: OBJECTS,
                sql,
                creates: None,
                of: Some(written(name)),
            },
        ));
    }

    fn push(&mut self, phase: u8, kind: ObjectKind, name: &Name, part: Option<&str>, sql: String) {
        self.units.push((
            subject(kind, name, part),
            Unit {
                phase,
                sql,
                creates: None,
                of: None,
            },
        ));
    }

    fn forget(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>) {
        let gone = subject(kind, name, part);
        let is_gone = |one: &Subject| *one == gone || part.is_none() && is_same_class(one, &gone);
        self.units.retain(|(one, _)| !is_gone(one));
    }

    /// The last comment counts.
    fn comment(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>, sql: String) {
        let about = subject(kind, name, part);
        self.units
            .retain(|(one, unit)| *one != about || unit.phase != COMMENTS);
        self.push(COMMENTS, kind, name, part, sql);
    }
}

fn subject(kind: ObjectKind, name: &Name, part: Option<&str>) -> Subject {
    Subject {
        kind,
        name: name.clone(),
        part: part.map(str::to_owned),
    }
}

/// Whether one of two kinds stands for the other: `DROP ROUTINE` of a function, a comment on a materialized view.
fn is_same_class(one: &Subject, other: &Subject) -> bool {
    let is_routine = |kind| {
        matches!(
            kind,
            ObjectKind::Function
                | ObjectKind::Procedure
                | ObjectKind::Routine
                | ObjectKind::Aggregate
        )
    };
    one.name == other.name
        && one.part.is_none()
        && (one.kind == other.kind || is_routine(one.kind) && is_routine(other.kind))
}

/// One action of an `ALTER TABLE` as a statement of its own.
fn alone(placed: &Placed<'_>, clause: &Clause, table: &Name) -> String {
    match placed.statement.clauses.len() {
        1 => placed.text.to_owned(),
        _ => {
            let at = clause
                .span
                .start
                .saturating_sub(placed.statement.span.start);
            let action = containing(placed.text, at).unwrap_or_default();
            format!("ALTER TABLE {} {action}", written(table))
        }
    }
}
