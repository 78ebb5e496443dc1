//! Dispatches each change to its effect, with the effects that are the same for all kinds of objects.

use super::LockMode::{
    self, AccessExclusive, AccessShare, ShareRowExclusive, ShareUpdateExclusive,
};
use super::builder::{EffectBuilder, name_of};
use super::lock_levels::{self, Lockable};
use super::rows::Depth;
use super::types::Move;
use crate::schema::{Distribution, Moves, Relation, TypeKind};
use crate::statement::{
    Attribute, Change, Command, DomainAction, Name, ObjectKind, Parameter, ReindexTarget,
    SequenceOwner,
};

impl<'a> EffectBuilder<'a> {
    pub(super) fn change(&mut self, change: &Change) {
        if self.statement.if_exists && self.alters_what_is_missing(change) {
            return;
        }
        match change {
            Change::CreateTable(create) => self.create_table(change, create),
            Change::CreateIndex(create) => self.create_index(change, create),
            Change::CreateView(create) => self.create_view(create),
            Change::CreateRoutine(create) => {
                let in_sql = create.language.as_deref().unwrap_or("sql") == "sql";
                if let Some(body) = create.body.as_ref().filter(|_| in_sql) {
                    self.understand(&body.statements);
                }
                self.uses(Depth::Rewritten);
            }
            Change::CreateTrigger(create) => self.create_trigger(create),
            Change::CreatePolicy(policy) | Change::AlterPolicy(policy) => {
                self.lock(&policy.table, AccessExclusive);
                self.uses(Depth::Parsed);
            }
            Change::CreateSequence { owner, .. } => self.sequence_owner(owner.as_ref()),
            Change::Create { kind, name, of, .. } => self.create(*kind, name, of.as_ref()),
            Change::AddColumn { table, column, .. } => self.add_column(change, table, column),
            Change::DropColumn {
                table,
                column,
                cascade,
                ..
            } => {
                if *cascade {
                    self.drop_dependents(ObjectKind::Column, table, Some(column));
                }
                self.drop_column(table, column);
            }
            Change::ColumnType {
                table,
                column,
                data_type,
                collation,
                using,
            } => self.column_type(table, column, data_type, collation.as_ref(), using.as_ref()),
            Change::SetNotNull { table, column } => self.set_not_null(table, column),
            Change::DropNotNull { table, .. } => self.lock_family(table, AccessExclusive),
            Change::AlterColumn {
                table,
                column,
                action,
            } => self.alter_column(table, column, action),
            Change::AddConstraint { table, constraint } => {
                self.add_constraint(change, table, constraint);
            }
            Change::ValidateConstraint { table, constraint } => self.validate(table, constraint),
            Change::AlterTable { table, action, .. } => self.alter_table(change, table, action),
            Change::AlterDomain { domain, action } => match action {
                DomainAction::SetNotNull => self.check_domain(domain),
                DomainAction::SetDefault(_)
                | DomainAction::DropDefault
                | DomainAction::DropNotNull => {}
            },
            Change::AlterSequence {
                name,
                options,
                owner,
            } => self.alter_sequence(name, options, owner.as_ref()),
            Change::SetAttribute {
                name,
                attribute,
                new,
                cascade: true,
            } => self.set_attribute(name, attribute, *new),
            Change::Owner { kind, name, .. } => self.give_away(*kind, name),
            Change::Grant(_) => self.grant(),
            Change::SetSchema { kind, name, .. } => self.set_schema(*kind, name),
            Change::Rename {
                kind, name, part, ..
            } => self.rename(*kind, name, part.as_deref()),
            Change::Drop { .. } => self.drop(change),
            Change::Comment { kind, name, .. } => {
                let is_of_domain = *kind == ObjectKind::Constraint && self.is_domain(name);
                if let Some(mode) = lock_levels::of_comment(*kind).filter(|_| !is_of_domain) {
                    self.lock_named(*kind, name, mode);
                }
            }
            Change::Truncate {
                table,
                restart,
                cascade,
            } => self.truncate(table, *restart, *cascade),
            Change::AlterPublication { .. } => self.publish(),
            Change::Insert(insert) => self.change_rows(&insert.table, change),
            Change::Update(update) => self.change_rows(&update.table, change),
            Change::Delete(delete) => self.change_rows(&delete.table, change),
            Change::Merge(merge) => self.change_rows(&merge.table, change),
            Change::Query => {
                self.uses(Depth::Planned);
                self.calls_code();
            }
            Change::RefreshView { view, concurrently } => self.refresh(view, *concurrently),
            Change::Lock { table, mode } => self.lock_table(table, *mode),
            Change::Other {
                command, object, ..
            } => self.other(*command, object.as_ref()),
            Change::CreateType { .. }
            | Change::CreateDomain { .. }
            | Change::AddEnumValue { .. }
            | Change::SetAttribute { .. }
            | Change::AlterRoutine { .. }
            | Change::Set { .. }
            | Change::TransactionControl { .. }
            | Change::Psql { .. }
            | Change::CopyFromStdin
            | Change::Do { .. } => {}
            Change::Opaque { .. } | Change::Unknown { .. } => self.is_opaque(),
        }
    }

    /// A query that calls a function of the module, or one of unknown origin, runs code that is not
    /// analyzed.
    fn calls_code(&mut self) {
        for call in &self.statement.calls {
            match self.schema.distribution(call) {
                Some(distribution) => self.distributes(&distribution),
                None if call.is_built_in() => {}
                None => self.is_opaque(),
            }
        }
    }

    /// Citus locks the table and its partitions, and copies their rows (its sources, `commands/`).
    fn distributes(&mut self, distribution: &Distribution<'_>) {
        for table in &distribution.tables {
            for member in self.family(&table.name) {
                self.lock(&member.name, distribution.lock);
                match distribution.moves {
                    Moves::Nothing => {}
                    Moves::Copies => self.scan(member),
                    Moves::Replaces => self.rewrite(member),
                }
            }
        }
    }

    /// `ALTER ... IF EXISTS` of an object that certainly does not exist does nothing.
    fn alters_what_is_missing(&self, change: &Change) -> bool {
        let is_drop = matches!(change, Change::Drop { part: None, .. });
        let altered = lock_levels::named(change).first().copied();
        let known = |name: &Name| {
            self.schema.table_of_index(name).is_some() || self.schema.sequence(name).is_some()
        };
        !is_drop
            && altered.is_some_and(|name| {
                self.is_missing(ObjectKind::Table, name, None)
                    && self.schema.relation(name).is_none()
                    && !known(name)
            })
    }

    /// A lock on an object by its kind, for a name that the model does not know.
    fn lock_named(&mut self, kind: ObjectKind, name: &Name, mode: LockMode) {
        match lock_levels::lockable(kind) {
            Some(Lockable::Index) => self.lock_index(name, mode),
            Some(Lockable::Relation | Lockable::Column | Lockable::Part) => self.lock(name, mode),
            None => {}
        }
    }

    fn create(&mut self, kind: ObjectKind, name: &Name, of: Option<&Name>) {
        if kind == ObjectKind::Rule {
            self.lock(name, AccessExclusive);
            self.uses(Depth::Parsed);
        } else if kind == ObjectKind::Publication {
            self.publish();
        } else if let Some(table) = of {
            self.lock(table, ShareUpdateExclusive);
        }
    }

    fn publish(&mut self) {
        let uses = self.statement.uses.iter();
        for table in uses.map(|one| one.relation.clone()).collect::<Vec<_>>() {
            self.lock_table(&table, ShareUpdateExclusive);
        }
    }

    /// A table with all partitions and inheriting tables.
    fn lock_table(&mut self, table: &Name, mode: LockMode) {
        self.lock(table, mode);
        for member in self.schema.with_children(table) {
            self.lock(&member.name, mode);
        }
        if let Some(relation) = self.schema.relation(table) {
            self.below(relation, |effect, name| effect.lock_table(name, mode));
        }
    }

    /// All options except `OWNED BY` give a sequence a new file.
    fn alter_sequence(
        &mut self,
        name: &Name,
        options: &[Parameter],
        owner: Option<&SequenceOwner>,
    ) {
        self.lock(name, ShareRowExclusive);
        if !options.is_empty() {
            self.rewrite_alone(name);
        }
        self.sequence_owner(owner);
    }

    /// The table of `OWNED BY table.column`.
    fn sequence_owner(&mut self, owner: Option<&SequenceOwner>) {
        if let Some(SequenceOwner::Column { table, .. }) = owner {
            self.lock(table, AccessShare);
        }
    }

    /// An attribute of a composite type, with the tables of that type.
    fn set_attribute(&mut self, name: &Name, attribute: &Attribute, new: bool) {
        let known = self.schema.type_of(name).map(|known| &known.kind);
        let old = match known {
            Some(TypeKind::Composite(attributes)) => {
                let mut attributes = attributes.iter();
                attributes.find(|one| one.name == attribute.name)
            }
            Some(TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Other) | None => None,
        };
        let rewrites = !new
            && old.is_none_or(|old| {
                let change = Move {
                    column: &attribute.name,
                    from: &old.data_type,
                    to: &attribute.data_type,
                    using: None,
                    schema: self.schema,
                };
                change.rewrites()
            });
        for table in self.typed(name) {
            self.lock(&table.name, AccessExclusive);
            if rewrites {
                self.rewrite(table);
            }
        }
    }

    /// The tables of a composite type.
    pub(super) fn typed(&self, name: &Name) -> Vec<&'a Relation> {
        let relations = self.schema.relations();
        relations
            .filter(|one| one.of_type.as_ref() == Some(name))
            .collect()
    }

    /// `OWNER TO`: the indexes and sequences of a table get the new owner too.
    fn give_away(&mut self, kind: ObjectKind, name: &Name) {
        self.lock_named(kind, name, AccessExclusive);
        if lock_levels::lockable(kind) == Some(Lockable::Relation)
            && let Some(relation) = self.schema.relation(name)
        {
            self.lock_indexes(relation, AccessExclusive);
            self.lock_owned(relation);
        }
    }

    fn set_schema(&mut self, kind: ObjectKind, name: &Name) {
        self.lock_named(kind, name, AccessExclusive);
        if lock_levels::lockable(kind) == Some(Lockable::Relation)
            && let Some(relation) = self.schema.relation(name)
        {
            self.lock_owned(relation);
        }
    }

    fn lock_owned(&mut self, relation: &Relation) {
        for (sequence, _) in self.owned(relation, None) {
            self.lock(&sequence, AccessExclusive);
        }
    }

    fn rename(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>) {
        let is_index = self.schema.table_of_index(name).is_some();
        if kind == ObjectKind::Attribute {
            for table in self.typed(name) {
                self.lock(&table.name, AccessExclusive);
            }
        }
        match lock_levels::lockable(kind) {
            Some(Lockable::Index) => self.lock_index(name, ShareUpdateExclusive),
            // Only `ALTER INDEX` knows before it looks up the name that a weaker lock is enough.
            Some(Lockable::Relation) if is_index => self.lock_index(name, AccessExclusive),
            Some(Lockable::Relation) => self.lock(name, AccessExclusive),
            Some(Lockable::Column) => self.lock_family(name, AccessExclusive),
            Some(Lockable::Part) => self.rename_part(kind, name, part.unwrap_or_default()),
            None => {}
        }
    }

    fn rename_part(&mut self, kind: ObjectKind, table: &Name, part: &str) {
        if self.is_domain(table) {
            return;
        }
        if kind == ObjectKind::Trigger {
            return self.lock_trigger(table, part);
        }
        self.lock(table, AccessExclusive);
        for member in self.schema.with_children(table) {
            let is_constraint = kind == ObjectKind::Constraint;
            let mut constraints = member.constraints.iter().filter(|_| is_constraint);
            if let Some(constraint) = constraints.find(|one| one.name == part) {
                self.lock(&member.name, AccessExclusive);
                if constraint.kind.is_indexed() {
                    for index in member.indexes.iter().filter(|index| index.name == part) {
                        self.lock_index(&name_of(member, index), ShareUpdateExclusive);
                    }
                }
            }
        }
    }

    /// `GRANT` and `REVOKE` on relations that are named.
    fn grant(&mut self) {
        if self.major() >= 18 {
            let uses = self.statement.uses.iter();
            for table in uses.map(|one| one.relation.clone()).collect::<Vec<_>>() {
                self.lock(&table, AccessShare);
            }
        }
    }

    /// Commands without a change of their own: maintenance, publications, cursors.
    fn other(&mut self, command: Command, object: Option<&Name>) {
        if let Some((table, index)) = lock_levels::of_maintenance(command) {
            return self.maintain(command, object, table, index);
        }
        match command {
            Command::Reindex { target, .. } => {
                let schema = object.filter(|_| target == ReindexTarget::Schema);
                self.reindex_all(schema.map(|schema| schema.name.as_str()));
            }
            Command::CopyTo(_) => {
                if let Some(table) = object.filter(|name| !name.name.is_empty()) {
                    self.lock(table, AccessShare);
                }
                self.uses(Depth::Planned);
            }
            Command::Explain | Command::Declare { .. } => self.uses(Depth::Planned),
            Command::Create(ObjectKind::Statistics) | Command::SecurityLabel => {
                if let Some(object) = object.filter(|name| self.schema.relation(name).is_some()) {
                    self.lock(object, ShareUpdateExclusive);
                }
            }
            Command::Create(_)
            | Command::Alter(_)
            | Command::AlterTablesTablespace
            | Command::AlterSystem
            | Command::ImportForeignSchema
            | Command::DropOwned
            | Command::ReassignOwned
            | Command::Fetch
            | Command::Move
            | Command::Close
            | Command::Show
            | Command::Deallocate
            | Command::Discard
            | Command::Listen
            | Command::Unlisten
            | Command::Notify
            | Command::Load
            | Command::Checkpoint
            | Command::Analyze
            | Command::Vacuum { .. }
            | Command::Cluster => {}
        }
    }
}
