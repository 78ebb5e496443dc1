//! What exists before a statement runs, folded over the files in the order in which they run.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::statement::{Change, Clause, Constraint, ConstraintKind, CreateTable, Name, ObjectKind};

/// Where something was first made.
///
/// ```
/// # use onward_analyzer::schema::Origin;
/// let origin = Origin { file: 0, span: 13..23 };
/// assert_eq!(origin.file, 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The index of the file.
    pub file: usize,
    /// The bytes of the clause.
    pub span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    kind: ObjectKind,
    name: Name,
    /// A column or constraint of the table `name`.
    part: Option<String>,
}

/// A proof that some columns hold no null: a `CHECK` whose terms say so.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Proof {
    columns: Vec<String>,
    valid: bool,
}

/// The objects that the history has made so far.
///
/// ```
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::statement::{Name, ObjectKind};
///
/// let users = Name { schema: "auth".into(), name: "users".into() };
/// assert!(Schema::default().origin(ObjectKind::Table, &users, None).is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    objects: BTreeMap<Key, Origin>,
    proofs: BTreeMap<(Name, String), Proof>,
}

impl Schema {
    /// Where an object, or a column or constraint (`part`) of a table, was made.
    #[must_use]
    pub fn origin(&self, kind: ObjectKind, name: &Name, part: Option<&str>) -> Option<&Origin> {
        self.objects.get(&Key {
            kind: family(kind),
            name: name.clone(),
            part: part.map(str::to_owned),
        })
    }

    /// Whether a valid `CHECK` says that the column holds no null.
    #[must_use]
    pub fn proves_not_null(&self, table: &Name, column: &str) -> bool {
        self.proofs.iter().any(|((of, _), proof)| {
            of == table && proof.valid && proof.columns.iter().any(|c| c == column)
        })
    }

    /// The schema after the clause; `file` is the index of its file.
    pub fn apply(&mut self, file: usize, clause: &Clause) {
        let origin = Origin {
            file,
            span: clause.span.clone(),
        };
        match &clause.change {
            Change::CreateTable(create) => {
                if self
                    .origin(ObjectKind::Table, &create.table, None)
                    .is_none()
                {
                    self.create_table(create, &origin);
                }
            }
            Change::CreateView(create) => {
                let kind = match create.materialized {
                    true => ObjectKind::MaterializedView,
                    false => ObjectKind::View,
                };
                self.add(kind, &create.view, None, &origin);
            }
            Change::CreateRoutine(create) => {
                self.add(ObjectKind::Function, &create.routine, None, &origin);
            }
            Change::CreateTrigger(create) => {
                let part = Some(create.trigger.as_str());
                self.add(ObjectKind::Trigger, &create.table, part, &origin);
            }
            Change::CreatePolicy(policy) => {
                let part = Some(policy.policy.as_str());
                self.add(ObjectKind::Policy, &policy.table, part, &origin);
            }
            Change::CreateType { name, .. } => self.add(ObjectKind::Type, name, None, &origin),
            Change::CreateDomain { name, .. } => self.add(ObjectKind::Domain, name, None, &origin),
            Change::CreateSequence { name, .. } => {
                self.add(ObjectKind::Sequence, name, None, &origin);
            }
            Change::Create {
                kind, name, part, ..
            } => self.add(*kind, name, part.as_deref(), &origin),
            Change::CreateIndex(create) => {
                if let Some((index, _)) = &create.index {
                    let name = Name {
                        schema: create.table.schema.clone(),
                        name: index.clone(),
                    };
                    self.add(ObjectKind::Index, &name, None, &origin);
                }
            }
            Change::AddColumn { table, column, .. } => {
                self.add(ObjectKind::Column, table, Some(&column.name), &origin);
                for constraint in &column.constraints {
                    self.add_constraint(table, constraint, &origin);
                }
            }
            Change::AddConstraint { table, constraint } => {
                self.add_constraint(table, constraint, &origin);
            }
            Change::ValidateConstraint { table, constraint } => {
                if let Some(proof) = self.proofs.get_mut(&(table.clone(), constraint.clone())) {
                    proof.valid = true;
                }
            }
            Change::DropColumn { table, column, .. } => {
                self.remove(ObjectKind::Column, table, Some(column));
            }
            Change::Drop {
                kind, name, part, ..
            } => self.remove(*kind, name, part.as_deref()),
            Change::Rename {
                kind,
                name,
                part,
                to,
            } => {
                self.rename(*kind, name, part.as_deref(), to);
            }
            Change::ColumnType { .. }
            | Change::SetNotNull { .. }
            | Change::DropNotNull { .. }
            | Change::AlterColumn { .. }
            | Change::AlterTable { .. }
            | Change::AlterDomain { .. }
            | Change::AlterSequence { .. }
            | Change::AddEnumValue { .. }
            | Change::SetAttribute { .. }
            | Change::AlterPolicy(_)
            | Change::AlterRoutine { .. }
            | Change::Owner { .. }
            | Change::SetSchema { .. }
            | Change::Comment { .. }
            | Change::Truncate { .. }
            | Change::Insert { .. }
            | Change::Update { .. }
            | Change::Delete { .. }
            | Change::Merge { .. }
            | Change::Query
            | Change::RefreshView { .. }
            | Change::Lock { .. }
            | Change::Set { .. }
            | Change::TransactionControl { .. }
            | Change::Psql { .. }
            | Change::CopyFromStdin
            | Change::Do { .. }
            | Change::Opaque { .. }
            | Change::Other { .. }
            | Change::Unknown { .. } => {}
        }
    }

    fn create_table(&mut self, create: &CreateTable, origin: &Origin) {
        let table = &create.table;
        self.add(ObjectKind::Table, table, None, origin);
        for column in &create.columns {
            let origin = Origin {
                file: origin.file,
                span: column.span.clone(),
            };
            self.add(ObjectKind::Column, table, Some(&column.name), &origin);
        }
        let inside = create.columns.iter().flat_map(|column| &column.constraints);
        for constraint in inside.chain(&create.constraints) {
            self.add_constraint(table, constraint, origin);
        }
    }

    fn add(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>, origin: &Origin) {
        let key = Key {
            kind: family(kind),
            name: name.clone(),
            part: part.map(str::to_owned),
        };
        self.objects.entry(key).or_insert_with(|| origin.clone());
    }

    fn add_constraint(&mut self, table: &Name, constraint: &Constraint, origin: &Origin) {
        let Some(name) = &constraint.name else { return };
        self.add(ObjectKind::Constraint, table, Some(name), origin);
        if let ConstraintKind::Check(expression) = &constraint.kind {
            let proof = Proof {
                columns: expression.not_null.clone(),
                valid: !constraint.not_valid && constraint.enforced,
            };
            self.proofs.insert((table.clone(), name.clone()), proof);
        }
    }

    fn remove(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>) {
        let kind = family(kind);
        self.objects.retain(|key, _| {
            let whole = part.is_none() && (key.kind == kind || key.part.is_some());
            let this = key.kind == kind && key.part.as_deref() == part;
            key.name != *name || !(whole || this)
        });
        self.proofs.retain(|(table, constraint), proof| {
            let column =
                kind == ObjectKind::Column && proof.columns.iter().any(|c| Some(&**c) == part);
            let dropped = kind == ObjectKind::Constraint && Some(&**constraint) == part;
            table != name || !(column || dropped || part.is_none())
        });
    }

    fn rename(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>, to: &str) {
        let kind = family(kind);
        let objects = std::mem::take(&mut self.objects);
        self.objects = objects
            .into_iter()
            .map(|(mut key, origin)| {
                if key.name == *name && part.is_none() && (key.kind == kind || key.part.is_some()) {
                    to.clone_into(&mut key.name.name);
                } else if key.name == *name && key.kind == kind && key.part.as_deref() == part {
                    key.part = Some(to.to_owned());
                }
                (key, origin)
            })
            .collect();
        let proofs = std::mem::take(&mut self.proofs);
        self.proofs = proofs
            .into_iter()
            .map(|((mut table, mut constraint), mut proof)| {
                if table == *name {
                    match (kind, part) {
                        (_, None) => to.clone_into(&mut table.name),
                        (ObjectKind::Constraint, Some(old)) if constraint == old => {
                            to.clone_into(&mut constraint);
                        }
                        (ObjectKind::Column, Some(old)) => proof
                            .columns
                            .iter_mut()
                            .filter(|column| *column == old)
                            .for_each(|column| to.clone_into(column)),
                        (_, Some(_)) => {}
                    }
                }
                ((table, constraint), proof)
            })
            .collect();
    }
}

/// The kinds that share one space of names in PostgreSQL: `DROP TYPE` drops a domain too.
const fn family(kind: ObjectKind) -> ObjectKind {
    match kind {
        ObjectKind::Domain => ObjectKind::Type,
        ObjectKind::Procedure | ObjectKind::Aggregate | ObjectKind::Routine => ObjectKind::Function,
        ObjectKind::ForeignTable => ObjectKind::Table,
        kind => kind,
    }
}
