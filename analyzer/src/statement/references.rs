//! The objects that must exist before a change.

use std::ops::Range;

use crate::statement::{
    Change, ColumnValue, Constraint, ConstraintKind, CreateTable, Definition, Grant, Name,
    ObjectKind, Privileged, Publication, ReplicaIdentity, SequenceOwner, TableAction, Triggers,
};

/// An object, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectRef {
    pub(crate) kind: ObjectKind,
    pub(crate) name: Name,
    /// The column, constraint, trigger, policy, label or attribute.
    pub(crate) part: Option<String>,
    /// Its byte range, if it is not that of the clause.
    pub(crate) span: Option<Range<usize>>,
    /// `IF EXISTS` or `IF NOT EXISTS`.
    pub(crate) guarded: bool,
}

impl ObjectRef {
    pub(crate) fn new(kind: ObjectKind, name: &Name) -> Self {
        Self {
            kind,
            name: name.clone(),
            part: None,
            span: None,
            guarded: false,
        }
    }

    pub(crate) fn part(kind: ObjectKind, name: &Name, part: &str) -> Self {
        Self {
            part: Some(part.to_owned()),
            ..Self::new(kind, name)
        }
    }

    pub(crate) fn at(self, span: &Range<usize>) -> Self {
        Self {
            span: (!span.is_empty()).then(|| span.clone()),
            ..self
        }
    }

    pub(crate) fn guarded(self, guarded: bool) -> Self {
        Self { guarded, ..self }
    }
}

pub(crate) fn table(name: &Name) -> ObjectRef {
    ObjectRef::new(ObjectKind::Table, name)
}

pub(crate) fn column(table: &Name, column: &str) -> ObjectRef {
    ObjectRef::part(ObjectKind::Column, table, column)
}

/// A column, and before it its table.
fn with_column(name: &Name, part: &str) -> Vec<ObjectRef> {
    vec![table(name), column(name, part)]
}

/// The columns of its own table that a constraint uses.
pub(crate) fn columns_of(constraint: &Constraint) -> Vec<&str> {
    let (names, others): (&[String], &[String]) = match &constraint.kind {
        ConstraintKind::Check(expression) => (&expression.outer, &[]),
        ConstraintKind::NotNull { column } => (std::slice::from_ref(column), &[]),
        ConstraintKind::ForeignKey(key) => (&key.columns, &key.set_columns),
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            (&key.columns, &key.include)
        }
        ConstraintKind::Exclude { predicate, .. } => match predicate {
            Some(filter) => (&filter.outer, &[]),
            None => (&[], &[]),
        },
    };
    let mut all = Vec::with_capacity(names.len() + others.len());
    for name in names {
        all.push(name.as_str());
    }
    for name in others {
        all.push(name.as_str());
    }
    all
}

/// What a constraint needs outside of its own table: the table and the columns that a foreign key references.
fn outside(constraint: &Constraint) -> Vec<ObjectRef> {
    let ConstraintKind::ForeignKey(key) = &constraint.kind else {
        return Vec::new();
    };
    let mut found = vec![table(&key.parent).at(&constraint.span)];
    for name in &key.parent_columns {
        found.push(column(&key.parent, name).at(&constraint.span));
    }
    found
}

/// What a new table needs beside itself.
fn beside(create: &CreateTable) -> Vec<ObjectRef> {
    let mut found = Vec::new();
    for (like, _) in &create.like {
        found.push(table(like));
    }
    let parent = create.partition_of.iter().map(|(of, _)| of);
    for other in create.inherits.iter().chain(parent).chain(&create.reads) {
        found.push(table(other));
    }
    if let Some(name) = &create.of_type {
        found.push(ObjectRef::new(ObjectKind::Type, name));
    }
    for column in &create.columns {
        for constraint in &column.constraints {
            found.append(&mut outside(constraint));
        }
    }
    for constraint in &create.constraints {
        found.append(&mut outside(constraint));
    }
    found.retain(|need| need.name != create.table);
    found
}

/// The tables of a publication, each with the columns of its list and of its filter.
fn published(publication: &Publication) -> Vec<ObjectRef> {
    let tables = publication.tables.iter().flat_map(|one| {
        let filtered = one.filter.iter().flat_map(|filter| &filter.outer);
        let columns = one.columns.iter().chain(filtered);
        let columns = columns.map(|name| column(&one.table, name).at(&one.span));
        [table(&one.table).at(&one.span)].into_iter().chain(columns)
    });
    tables.collect()
}

/// The column of `OWNED BY`.
fn owning(owner: Option<&SequenceOwner>) -> Vec<ObjectRef> {
    match owner {
        Some(SequenceOwner::Column { table, column }) => with_column(table, column),
        Some(SequenceOwner::None) | None => Vec::new(),
    }
}

pub(crate) fn index_of(table: &Name, index: &str) -> ObjectRef {
    let (schema, name) = (table.schema.clone(), index.to_owned());
    ObjectRef::new(ObjectKind::Index, &Name { schema, name })
}

fn action(of: &Name, action: &TableAction) -> Vec<ObjectRef> {
    let mut references = vec![table(of)];
    match action {
        TableAction::AlterConstraint { constraint, .. } => {
            references.push(ObjectRef::part(ObjectKind::Constraint, of, constraint));
        }
        // For an index, the objects that are attached are indexes too.
        TableAction::AttachPartition {
            partition: other, ..
        }
        | TableAction::DetachPartition {
            partition: other, ..
        }
        | TableAction::Inherit(other)
        | TableAction::NoInherit(other) => references.push(table(other)),
        TableAction::OfType(other) => references.push(ObjectRef::new(ObjectKind::Type, other)),
        TableAction::Trigger {
            triggers: Triggers::One(trigger),
            ..
        } => references.push(ObjectRef::part(ObjectKind::Trigger, of, trigger)),
        TableAction::Rule { rule, .. } => {
            references.push(ObjectRef::part(ObjectKind::Rule, of, rule))
        }
        TableAction::ClusterOn(index)
        | TableAction::ReplicaIdentity(ReplicaIdentity::Index(index)) => {
            references.push(index_of(of, index));
        }
        TableAction::Trigger { .. }
        | TableAction::ReplicaIdentity(_)
        | TableAction::NotOfType
        | TableAction::EnableRowSecurity
        | TableAction::DisableRowSecurity
        | TableAction::ForceRowSecurity
        | TableAction::NoForceRowSecurity
        | TableAction::WithoutCluster
        | TableAction::WithoutOids
        | TableAction::SetLogged
        | TableAction::SetUnlogged
        | TableAction::SetAccessMethod(_)
        | TableAction::SetTablespace(_)
        | TableAction::SetParameters(_)
        | TableAction::ResetParameters(_)
        | TableAction::Options
        | TableAction::ColumnStatistics { .. } => {}
    }
    references
}

/// A part with its table or type before it, or the object itself.
pub(crate) fn object(kind: ObjectKind, name: &Name, part: Option<&str>) -> Vec<ObjectRef> {
    let whole = match kind {
        ObjectKind::EnumValue | ObjectKind::Attribute => ObjectKind::Type,
        kind if kind.is_of_table() && part.is_some() => ObjectKind::Table,
        kind => kind,
    };
    let part = part.map(|part| ObjectRef::part(kind, name, part));
    [ObjectRef::new(whole, name)]
        .into_iter()
        .chain(part)
        .collect()
}

/// The objects of a `GRANT` or `REVOKE`, and the columns of its only table.
fn granted(grant: &Grant) -> Vec<ObjectRef> {
    let Privileged::Objects { kind, names } = &grant.on else {
        return Vec::new();
    };
    let objects = names.iter().map(|name| ObjectRef::new(*kind, name));
    let columns = grant.columns.iter().flat_map(|part| {
        let of = names.first().filter(|_| names.len() == 1);
        of.map(|of| column(of, part))
    });
    objects.chain(columns).collect()
}

impl Change {
    /// The objects that must exist, each before its parts. Columns that the statement itself creates are
    /// left out, and types: see [`Change::types`].
    pub(crate) fn references(&self) -> Vec<ObjectRef> {
        match self {
            Self::CreateTable(create) => beside(create),
            Self::CreateIndex(create) => {
                let mut found = vec![table(&create.table).at(&create.table_span)];
                let mut needs = |names: &[String]| {
                    for name in names {
                        found.push(column(&create.table, name));
                    }
                };
                for key in &create.keys {
                    needs(&key.expression.outer);
                }
                needs(&create.include);
                if let Some(filter) = &create.predicate {
                    needs(&filter.outer);
                }
                found
            }
            Self::CreateView(create) => create.reads.iter().map(table).collect(),
            Self::CreateTrigger(create) => {
                let condition = create.condition.iter().flat_map(|when| &when.outer);
                let named = create.columns.iter().chain(condition);
                let columns = named.filter(|name| !matches!(name.as_str(), "new" | "old"));
                let columns = columns.map(|name| column(&create.table, name));
                let function = ObjectRef::new(ObjectKind::Function, &create.function);
                let from = create.from.iter().map(table);
                [table(&create.table), function]
                    .into_iter()
                    .chain(from)
                    .chain(columns)
                    .collect()
            }
            Self::CreatePolicy(policy) | Self::AlterPolicy(policy) => {
                let expressions = policy.using.iter().chain(&policy.check);
                let columns = expressions.flat_map(|expression| {
                    let names = expression.outer.iter();
                    names.map(|name| column(&policy.table, name).at(&expression.span))
                });
                let altered = matches!(self, Self::AlterPolicy(_));
                let old = ObjectRef::part(ObjectKind::Policy, &policy.table, &policy.policy);
                [table(&policy.table)]
                    .into_iter()
                    .chain(altered.then_some(old))
                    .chain(columns)
                    .collect()
            }
            Self::Create {
                kind: ObjectKind::Rule,
                name,
                ..
            } => vec![table(name)],
            Self::Create {
                definition: Definition::Publication(publication),
                ..
            }
            | Self::AlterPublication { publication, .. } => published(publication),
            Self::AddColumn {
                table: of, column, ..
            } => {
                let generated = match &column.value {
                    ColumnValue::Generated { expression, .. } => expression.outer.as_slice(),
                    ColumnValue::None
                    | ColumnValue::Default(_)
                    | ColumnValue::Serial
                    | ColumnValue::Identity(_) => &[],
                };
                let named = column.constraints.iter().flat_map(columns_of);
                let named = named.chain(generated.iter().map(String::as_str));
                let named = named.filter(|name| *name != column.name);
                let columns = named.map(|name| ObjectRef::part(ObjectKind::Column, of, name));
                let parents = column.constraints.iter().flat_map(outside);
                let own = |one: &ObjectRef| one.part.as_deref() == Some(&column.name);
                let parents = parents.filter(|one| one.name != *of || !own(one));
                [table(of)]
                    .into_iter()
                    .chain(columns)
                    .chain(parents)
                    .collect()
            }
            Self::DropColumn {
                table: of,
                column: part,
                if_exists,
                ..
            } => vec![table(of), column(of, part).guarded(*if_exists)],
            Self::ColumnType { table, column, .. }
            | Self::SetNotNull { table, column }
            | Self::DropNotNull { table, column }
            | Self::AlterColumn { table, column, .. } => with_column(table, column),
            Self::AddConstraint {
                table: of,
                constraint,
            } => {
                let columns = columns_of(constraint).into_iter();
                let index = match &constraint.kind {
                    ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                        key.using_index.as_deref()
                    }
                    ConstraintKind::Check(_)
                    | ConstraintKind::NotNull { .. }
                    | ConstraintKind::ForeignKey(_)
                    | ConstraintKind::Exclude { .. } => None,
                };
                [table(of)]
                    .into_iter()
                    .chain(columns.map(|name| column(of, name)))
                    .chain(index.map(|index| index_of(of, index)))
                    .chain(outside(constraint))
                    .collect()
            }
            Self::ValidateConstraint {
                table: of,
                constraint,
            } => {
                vec![
                    table(of),
                    ObjectRef::part(ObjectKind::Constraint, of, constraint),
                ]
            }
            Self::AlterTable {
                table,
                action: does,
                ..
            } => action(table, does),
            Self::AlterDomain { domain, .. } => vec![ObjectRef::new(ObjectKind::Domain, domain)],
            Self::AlterSequence { name, owner, .. } => {
                let own = ObjectRef::new(ObjectKind::Sequence, name);
                [own].into_iter().chain(owning(owner.as_ref())).collect()
            }
            Self::CreateSequence { owner, .. } => owning(owner.as_ref()),
            Self::AddEnumValue { name, .. } => vec![ObjectRef::new(ObjectKind::Type, name)],
            Self::SetAttribute {
                name,
                attribute,
                new,
                ..
            } => {
                let part = Some(attribute.name.as_str()).filter(|_| !new);
                object(ObjectKind::Attribute, name, part)
            }
            Self::AlterRoutine { kind, name, .. } => vec![ObjectRef::new(*kind, name)],
            Self::Owner { kind, name, .. } | Self::SetSchema { kind, name, .. } => {
                object(*kind, name, None)
            }
            Self::Rename {
                kind, name, part, ..
            }
            | Self::Comment {
                kind, name, part, ..
            } => object(*kind, name, part.as_deref()),
            Self::Drop {
                kind,
                name,
                part,
                if_exists,
                ..
            } => {
                let mut references = object(*kind, name, part.as_deref());
                if let Some(last) = references.last_mut() {
                    last.guarded = *if_exists;
                }
                references
            }
            Self::Insert(insert) => {
                let of = &insert.table;
                let columns = insert
                    .columns
                    .iter()
                    .map(|one| column(of, &one.column).at(&one.span));
                let conflict = insert.on_conflict.as_ref();
                let keys = conflict.into_iter().flat_map(|conflict| &conflict.keys);
                let keys = keys.filter_map(|key| {
                    let span = &key.expression.span;
                    Some(column(of, key.column.as_ref()?).at(span))
                });
                let update = conflict.and_then(|conflict| conflict.update.as_ref());
                let set = update.into_iter().flat_map(|(set, _)| set);
                let set = set.flat_map(|set| &set.columns);
                let set = set.map(|one| column(of, &one.column).at(&one.span));
                let columns = columns.chain(keys).chain(set);
                [table(of)].into_iter().chain(columns).collect()
            }
            Self::Update(update) => {
                let of = &update.table;
                let written = update.set.iter().flat_map(|set| &set.columns);
                let columns = written.map(|one| column(of, &one.column).at(&one.span));
                [table(of)].into_iter().chain(columns).collect()
            }
            Self::Delete(delete) => vec![table(&delete.table)],
            Self::Merge(merge) => vec![table(&merge.table)],
            Self::Truncate { table: of, .. }
            | Self::Lock { table: of, .. }
            | Self::RefreshView { view: of, .. } => vec![table(of)],
            Self::CreateRoutine(_)
            | Self::CreateType { .. }
            | Self::CreateDomain { .. }
            | Self::Create { .. }
            | Self::Query
            | Self::Set { .. }
            | Self::TransactionControl { .. }
            | Self::Psql { .. }
            | Self::CopyFromStdin
            | Self::Do { .. }
            | Self::Opaque { .. }
            | Self::Other { .. }
            | Self::Unknown { .. } => Vec::new(),
            Self::Grant(grant) => granted(grant),
        }
    }
}
