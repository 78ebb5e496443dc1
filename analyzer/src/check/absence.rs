//! Which of the objects that a clause names do not exist when it runs.

use std::collections::BTreeSet;

use crate::check::context::Context;

use crate::schema::Answer;
use crate::statement::references::ObjectRef;
use crate::statement::{Change, DataType, Name, ObjectKind, catalogued};

pub(crate) use crate::schema::resolve::SYSTEM_COLUMNS;

/// What the names of the ledger's tables begin with.
pub(crate) const LEDGER: &str = "schema_migration";

/// PostgreSQL's own trigger functions, which are written without their schema.
const BUILT_IN: [&str; 3] = [
    "suppress_redundant_updates_trigger",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
];

impl Context<'_> {
    /// Whether the object that the clause changes or drops certainly does not exist. The server refuses the
    /// clause, so advice about its locks or about the running release would contradict that.
    pub(crate) fn acts_on_absent(&self) -> bool {
        let absent = self.absent();
        !absent.is_empty() && self.change().targets().iter().any(|it| absent.contains(it))
    }

    /// Whether the clause changes nothing that other sessions could use: `IF EXISTS` certainly finds
    /// nothing to drop, or everything that it creates, changes or drops is the session's own.
    pub(crate) fn is_harmless(&self) -> bool {
        let is_temporary = |one: &ObjectRef| one.name.is_temporary();
        let is_own = match self.change() {
            Change::CreateRoutine(create) => create.routine.is_temporary(),
            _ if !self.created().iter().all(is_temporary) => false,
            change => {
                let acted = change.targets();
                let some = !acted.is_empty() || !self.created().is_empty();
                some && acted.iter().all(is_temporary)
            }
        };
        is_own || self.drops_nothing()
    }

    fn drops_nothing(&self) -> bool {
        let missing = |table: &Name| {
            self.schema
                .has_nothing_to_drop(ObjectKind::Table, table, None)
                && self.schema.kind_of(table).is_none()
        };
        if self.statement.if_exists && self.change().table().is_some_and(missing) {
            return true;
        }
        match self.change() {
            Change::Drop {
                kind,
                name,
                part,
                if_exists: true,
                ..
            } => self
                .schema
                .has_nothing_to_drop(*kind, name, part.as_deref()),
            Change::DropColumn {
                table,
                column,
                if_exists: true,
                ..
            } => self
                .schema
                .has_nothing_to_drop(ObjectKind::Column, table, Some(column)),
            _ => false,
        }
    }

    /// The objects that the clause names and that certainly do not exist when it runs. What `IF EXISTS`
    /// guards is left out, and the parts of what does not exist itself.
    pub(crate) fn absent(&self) -> &[ObjectRef] {
        self.absent.get_or_init(|| self.find_absent())
    }

    fn find_absent(&self) -> Vec<ObjectRef> {
        let mut found = Vec::new();
        if self.is_noop() || self.is_of_domain() {
            return found;
        }
        // Tables that do not exist, and names that are not a table, such as a domain's: nothing is known of
        // their parts.
        let mut without_parts = BTreeSet::new();
        for one in self.change().references() {
            if without_parts.contains(&one.name) || self.is_never_absent(&one) {
                continue;
            }
            if one.part.is_none() && self.schema.relation(&one.name).is_none() {
                without_parts.insert(one.name.clone());
            }
            let is_absent = self.is_absent(&one) && !self.is_created_beside(&one);
            found.extend(is_absent.then_some(one));
        }
        found
    }

    fn is_absent(&self, one: &ObjectRef) -> bool {
        let part = one.part.as_deref();
        // A whole name that something of another kind has is a question of its own.
        let is_taken = part.is_none() && self.schema.kind_of(&one.name).is_some();
        // What PostgreSQL itself has of these kinds cannot be dropped.
        let is_dropped = matches!(self.change(), Change::Drop { .. })
            && matches!(one.kind, ObjectKind::Collation | ObjectKind::Operator);
        !is_taken
            && (is_followed(one.kind) || is_dropped)
            && self.schema.exists(one.kind, &one.name, part) == Answer::No
    }

    /// Guarded, or of PostgreSQL's own.
    fn is_never_absent(&self, one: &ObjectRef) -> bool {
        let of_catalogue = one.name.name.starts_with("pg_") || BUILT_IN.contains(&&*one.name.name);
        let of_every_table = one.kind == ObjectKind::Column
            && one
                .part
                .as_deref()
                .is_some_and(|part| SYSTEM_COLUMNS.contains(&part) || part == one.name.name);
        // A GRANT may be on something of the catalogue, and on the ledger, which no file creates.
        let is_granted = matches!(self.change(), Change::Grant(_))
            && (catalogued::is_built_in(&one.name.name)
                || one.name.name.starts_with(LEDGER)
                || is_built_in(&one.name));
        // PostgreSQL generates names of statistics, which the model does not follow.
        let is_generated = one.kind == ObjectKind::Statistics && one.name.name.contains("_stat");
        one.guarded || is_generated || is_granted || of_catalogue || of_every_table
    }

    /// Whether another action of the statement creates this part: the actions have an order of their own.
    fn is_created_beside(&self, one: &ObjectRef) -> bool {
        let is_named = |created: &ObjectRef| created.name == one.name && created.part == one.part;
        one.part.is_some()
            && self
                .others()
                .any(|other| other.change.creates().iter().any(is_named))
    }

    /// Whether the statement does nothing because of its `IF EXISTS` or `IF NOT EXISTS`.
    fn is_noop(&self) -> bool {
        for one in self.created() {
            let exists = one.guarded
                && match &one.part {
                    Some(part) => self.schema.exists(one.kind, &one.name, Some(part)) != Answer::No,
                    None => self.schema.kind_of(&one.name).is_some(),
                };
            if exists {
                return true;
            }
        }
        let missing = |name: &Name| self.schema.kind_of(name).is_none();
        self.statement.if_exists && self.change().table().is_some_and(missing)
    }

    /// Whether this is about a domain's constraint: our words hold the domain where a table's name is.
    fn is_of_domain(&self) -> bool {
        let (Change::AddConstraint { table, .. }
        | Change::ValidateConstraint { table, .. }
        | Change::Drop {
            kind: ObjectKind::Constraint,
            name: table,
            ..
        }) = self.change()
        else {
            return false;
        };
        self.schema.type_of(table).is_some()
    }
}

/// Whether a type of this name is PostgreSQL's own.
fn is_built_in(name: &Name) -> bool {
    let data_type = DataType {
        name: name.name.clone(),
        ..DataType::default()
    };
    data_type.is_built_in()
}

/// Whether the model follows objects of this kind from the statement that creates them to their end.
const fn is_followed(kind: ObjectKind) -> bool {
    is_of_relations(kind)
        || matches!(
            kind,
            ObjectKind::Type
                | ObjectKind::Domain
                | ObjectKind::Function
                | ObjectKind::Procedure
                | ObjectKind::Routine
                | ObjectKind::Aggregate
                | ObjectKind::Column
                | ObjectKind::Constraint
                | ObjectKind::Trigger
                | ObjectKind::Policy
                | ObjectKind::Rule
                | ObjectKind::Statistics
        )
}

/// Whether objects of this kind share the names of tables.
pub(crate) const fn is_of_relations(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence
    )
}
