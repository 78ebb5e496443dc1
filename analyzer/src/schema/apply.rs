//! Folds changes into the schema, one clause at a time.

use super::{Origin, Part, Relation, Schema, TypeKind, Uses};
use crate::statement::{
    Attribute, Change, Clause, Command, Constraint, ConstraintKind, CreateTrigger, DataType,
    Definition, Firing, Name, ObjectKind, Parameter, Policy, TableAction, Triggers,
};

impl Schema {
    /// Applies a clause of the file with this index.
    ///
    /// A change that PostgreSQL would refuse, because an object exists already or does not exist, changes
    /// nothing, just as with `IF NOT EXISTS` and `IF EXISTS`.
    ///
    /// ```
    /// use onward_analyzer::schema::Schema;
    /// use onward_analyzer::statement::{Change, Clause, CreateTable, Name};
    ///
    /// let mut schema = Schema::new("auth");
    /// let table = Name { schema: "auth".into(), name: "users".into() };
    /// let create = CreateTable { table: table.clone(), ..CreateTable::default() };
    /// let change = Change::CreateTable(Box::new(create));
    /// schema.apply(0, &Clause { span: 0..8, change, arguments: None });
    /// assert!(schema.relation(&table).is_some());
    /// ```
    pub fn apply(&mut self, file: usize, clause: &Clause) {
        let span = clause.span.clone();
        let arguments = clause.arguments.as_deref();
        self.change(&clause.change, arguments, &Origin { file, span });
    }

    /// Applies a change that stands at this place; `arguments` are those by which it names a routine.
    pub(super) fn change(
        &mut self,
        change: &Change,
        arguments: Option<&[DataType]>,
        origin: &Origin,
    ) {
        match change {
            Change::CreateTable(create) => self.create_table(create, origin),
            Change::CreateIndex(create) => self.create_index(create, origin),
            Change::CreateView(create) => self.create_view(create, origin),
            Change::CreateRoutine(create) => self.create_routine(create, origin),
            Change::CreateTrigger(create) => self.create_trigger(create, origin),
            Change::CreatePolicy(policy) => {
                let uses = policy.reading.each_ref().map(|part| self.uses(part));
                self.note_users(&policy.table, &uses);
                if let Some(relation) = self.relation_mut(&policy.table) {
                    let policies = &mut relation.policies;
                    add_part(policies, &policy.policy, policy.clone(), uses, origin);
                }
            }
            Change::CreateType { name, body } => {
                self.create_type(name, TypeKind::from(body), origin);
            }
            Change::CreateDomain { name, column } => self.create_domain(name, column, origin),
            Change::CreateSequence { name, owner, .. } => {
                self.create_sequence(name, origin);
                self.own_sequence(name, owner.as_ref());
            }
            Change::Create {
                kind,
                name,
                part,
                of,
                definition,
                reading,
                ..
            } => {
                self.create(*kind, name, part.as_deref(), (reading, definition), origin);
                self.define(name, definition);
                if let Some(table) = of {
                    self.statistics.insert(name.clone(), table.clone());
                }
            }
            Change::AddColumn { table, column, .. } => self.add_column(table, column, origin),
            Change::DropColumn {
                table,
                column,
                cascade,
                ..
            } => self.drop(ObjectKind::Column, table, Some(column), *cascade, None),
            Change::ColumnType {
                table,
                column,
                data_type,
                collation,
                ..
            } => self.change_type(table, column, data_type, collation.as_ref()),
            Change::SetNotNull { table, column } => {
                self.change_column(table, column, |column| column.not_null = true);
            }
            Change::DropNotNull { table, column } => {
                self.change_column(table, column, |column| column.not_null = false);
            }
            Change::AlterColumn {
                table,
                column,
                action,
            } => self.alter_column(table, column, action, origin),
            Change::AddConstraint { table, constraint } => {
                self.constrain(table, constraint, origin);
            }
            Change::ValidateConstraint { table, constraint } => self.validate(table, constraint),
            Change::AlterTable { table, action, .. } => self.alter_table(table, action, origin),
            Change::AlterDomain { domain, action } => self.alter_domain(domain, action),
            Change::AlterSequence { name, owner, .. } => self.own_sequence(name, owner.as_ref()),
            Change::AddEnumValue {
                name,
                value,
                position,
                ..
            } => self.add_label(name, value, position.as_ref()),
            Change::SetAttribute {
                name,
                attribute,
                new,
                ..
            } => self.set_attribute(name, attribute, *new),
            Change::AlterPolicy(policy) => self.alter_policy(policy),
            Change::AlterRoutine {
                name,
                properties,
                settings,
                reset,
                ..
            } => self.alter_routine(name, *properties, settings, reset),
            Change::AlterPublication {
                name,
                action,
                publication,
            } => self.alter_publication(name, *action, publication),
            Change::SetSchema { kind, name, schema } => self.set_schema(*kind, name, schema),
            Change::Rename {
                kind,
                name,
                part,
                to,
            } => self.rename(*kind, name, part.as_deref(), to),
            Change::Drop {
                kind,
                name,
                part,
                cascade,
                ..
            } => {
                self.drop(*kind, name, part.as_deref(), *cascade, arguments);
            }
            Change::Opaque { .. } | Change::Unknown { .. } => {
                self.mark_all_uncertain(origin.clone())
            }
            Change::Other { command, .. } => {
                self.has_untracked_objects |= *command == Command::ImportForeignSchema;
            }
            Change::Grant(grant) => self.grant(grant),
            Change::Owner { .. }
            | Change::Comment { .. }
            | Change::Truncate { .. }
            | Change::Insert(_)
            | Change::Update(_)
            | Change::Delete(_)
            | Change::Merge(_)
            | Change::Query
            | Change::RefreshView { .. }
            | Change::Lock { .. }
            | Change::TransactionControl { .. }
            | Change::Psql { .. }
            | Change::CopyFromStdin => {}
            // After this, a name without a schema can mean another object.
            Change::Set { setting, value, .. } => {
                if setting == "search_path" && value.is_some() {
                    self.mark_all_uncertain(origin.clone());
                }
            }
            Change::Do { body, .. } => self.mark_branches_uncertain(body, origin),
        }
        if let Some(table) = change.table().filter(|_| change.is_ddl()) {
            self.name_not_nulls(table, origin);
        }
    }

    /// What the model keeps of an object beside its name.
    fn define(&mut self, name: &Name, definition: &Definition) {
        match definition {
            Definition::Extension { schema, cascade } => {
                self.create_extension(&name.name, schema.as_deref(), *cascade);
            }
            Definition::Publication(publication) => self.create_publication(name, publication),
            Definition::Named
            | Definition::Rule(_)
            | Definition::Cast { .. }
            | Definition::DefaultClass(_)
            | Definition::Aggregate(_) => {}
        }
    }

    fn create_trigger(&mut self, create: &CreateTrigger, origin: &Origin) {
        let Some(relation) = self.relation_mut(&create.table) else {
            return;
        };
        let mut columns = relation.ids(&create.columns);
        if let Some(condition) = &create.condition {
            columns.append(&mut relation.ids(&condition.columns));
        }
        let own = Uses {
            columns: columns.into_iter().collect(),
            ..Uses::default()
        };
        let uses = [own, Uses::default()];
        let named = |known: &&mut Part<CreateTrigger>| known.name == create.trigger;
        match relation.triggers.iter_mut().find(named) {
            Some(known) if create.or_replace => {
                known.definition = create.clone();
                known.uses = uses;
            }
            Some(_) => {}
            None => add_part(
                &mut relation.triggers,
                &create.trigger,
                create.clone(),
                uses,
                origin,
            ),
        }
    }

    /// Options that the statement names replace the old ones; the others stay.
    fn alter_policy(&mut self, change: &Policy) {
        let [using, check] = change.reading.each_ref().map(|part| self.uses(part));
        self.note_users(&change.table, &[using.clone(), check.clone()]);
        let relation = self.relation_mut(&change.table);
        let policies = relation.into_iter().flat_map(|r| &mut r.policies);
        for policy in policies.filter(|policy| policy.name == change.policy) {
            let definition = &mut policy.definition;
            if !change.roles.is_empty() {
                definition.roles.clone_from(&change.roles);
            }
            if change.using.is_some() {
                definition.using.clone_from(&change.using);
                policy.uses[0].clone_from(&using);
            }
            if change.check.is_some() {
                definition.check.clone_from(&change.check);
                policy.uses[1].clone_from(&check);
            }
        }
    }

    fn constrain(&mut self, table: &Name, constraint: &Constraint, origin: &Origin) {
        if let Some(domain) = self.domain_mut(table) {
            match constraint.kind {
                ConstraintKind::NotNull { .. } => domain.not_null = true,
                ConstraintKind::Check(_)
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Exclude { .. } => self.constrain_domain(table, constraint),
            }
        } else if let Some(id) = self.id(table) {
            self.add_constraint(id, constraint, false, origin);
        }
    }

    fn set_attribute(&mut self, name: &Name, attribute: &Attribute, new: bool) {
        let Some(attributes) = self.attributes_mut(name) else {
            return;
        };
        match attributes.iter_mut().find(|one| one.name == attribute.name) {
            Some(known) if !new => *known = attribute.clone(),
            None if new => attributes.push(attribute.clone()),
            Some(_) | None => {}
        }
    }

    fn alter_table(&mut self, table: &Name, action: &TableAction, origin: &Origin) {
        match action {
            TableAction::AlterConstraint {
                constraint,
                attributes,
            } => self.alter_constraint(table, constraint, attributes),
            TableAction::AttachPartition { partition, bound } => {
                self.attach(table, partition, bound.as_ref(), origin);
                self.attach_index(table);
            }
            TableAction::DetachPartition { partition, .. } => self.detach(table, partition),
            TableAction::Inherit(parent) => {
                if let Some(id) = self.id(table) {
                    self.inherit(id, parent);
                }
            }
            TableAction::NoInherit(parent) => self.detach(parent, table),
            TableAction::EnableRowSecurity => {
                self.set_relation(table, |relation| relation.row_security = true);
            }
            TableAction::DisableRowSecurity => {
                self.set_relation(table, |relation| relation.row_security = false);
            }
            TableAction::ForceRowSecurity => {
                self.set_relation(table, |relation| relation.forced_row_security = true);
            }
            TableAction::NoForceRowSecurity => {
                self.set_relation(table, |relation| relation.forced_row_security = false);
            }
            TableAction::SetLogged => self.set_relation(table, |relation| {
                relation.persistence = crate::statement::Persistence::Permanent;
            }),
            TableAction::SetUnlogged => self.set_relation(table, |relation| {
                relation.persistence = crate::statement::Persistence::Unlogged;
            }),
            TableAction::Trigger { triggers, firing } => {
                self.set_relation(table, |relation| {
                    fire(&mut relation.triggers, triggers, *firing)
                });
            }
            TableAction::Rule { rule, firing } => {
                let rule = &Triggers::One(rule.clone());
                self.set_relation(table, |relation| fire(&mut relation.rules, rule, *firing));
            }
            TableAction::SetParameters(set) => self.set_view_parameters(table, set, set),
            TableAction::ResetParameters(reset) => self.set_view_parameters(table, reset, &[]),
            TableAction::ReplicaIdentity(identity) => self.set_relation(table, |relation| {
                relation.replica_identity.clone_from(identity);
            }),
            TableAction::OfType(_)
            | TableAction::NotOfType
            | TableAction::ClusterOn(_)
            | TableAction::WithoutCluster
            | TableAction::WithoutOids
            | TableAction::SetAccessMethod(_)
            | TableAction::SetTablespace(_)
            | TableAction::Options
            | TableAction::ColumnStatistics { .. } => {}
        }
    }

    /// For a view, these options decide whose privileges its query uses; the model does not need those of
    /// a table.
    fn set_view_parameters(&mut self, view: &Name, gone: &[Parameter], new: &[Parameter]) {
        self.set_relation(view, |relation| {
            if let Some(view) = &mut relation.view {
                view.parameters
                    .retain(|old| gone.iter().all(|one| one.name != old.name));
                view.parameters.extend_from_slice(new);
            }
        });
    }

    fn set_relation(&mut self, table: &Name, set: impl Fn(&mut Relation)) {
        if let Some(relation) = self.relation_mut(table) {
            set(relation);
        }
    }
}

/// Adds a part, unless one with this name exists.
pub(super) fn add_part<T>(
    parts: &mut Vec<Part<T>>,
    name: &str,
    definition: T,
    uses: [Uses; 2],
    origin: &Origin,
) {
    if parts.iter().all(|part| part.name != name) {
        parts.push(Part {
            name: name.to_owned(),
            definition,
            firing: Firing::Enabled,
            uses,
            origin: origin.clone(),
        });
    }
}

/// `ENABLE` and `DISABLE` of triggers and rules. The triggers of constraints are not in the model.
fn fire<T>(parts: &mut [Part<T>], which: &Triggers, firing: Firing) {
    let meant = |name: &str| match which {
        Triggers::All | Triggers::User => true,
        Triggers::One(one) => one == name,
    };
    for part in parts.iter_mut().filter(|part| meant(&part.name)) {
        part.firing = firing;
    }
}
