//! Types, routines and sequences.

use std::sync::Arc;

use super::deed::{Deed, of_routine};
use super::{ColumnId, Origin, Reach, RelationId, Schema, Uses};
use crate::statement::{
    Aggregate, Attribute, Call, Column, ColumnValue, Constraint, CreateRoutine, DataType,
    DomainAction, Expression, Name, Parameter, RoutineProperties, SequenceOwner, TypeBody,
    ValuePosition, Volatility,
};

/// A type.
///
/// ```
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::statement::Name;
///
/// let schema = Schema::after("a", &["CREATE TYPE mood AS ENUM ('calm');", "ALTER TYPE mood ADD VALUE 'sad' BEFORE 'calm';"]);
/// let mood = schema.type_of(&Name { schema: "a".into(), name: "mood".into() });
/// assert_eq!(mood.map(|mood| mood.labels()), Some(&["sad".to_owned(), "calm".to_owned()][..]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// What the type consists of.
    pub kind: TypeKind,
    /// Where it was created.
    pub origin: Origin,
}

/// What a type consists of.
///
/// ```
/// use onward_analyzer::schema::TypeKind;
///
/// assert_ne!(TypeKind::Other, TypeKind::Enum(vec![]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// The labels, in order.
    Enum(Vec<String>),
    /// The attributes, in order.
    Composite(Vec<Attribute>),
    /// The domain as a column, with all its constraints by name.
    Domain(Box<Column>),
    /// A range, a base type, or only a name.
    Other,
}

impl Type {
    /// The labels of an enum type; empty for other types.
    ///
    /// ```
    /// # use onward_analyzer::schema::{Origin, Type, TypeKind};
    /// let other = Type { kind: TypeKind::Other, origin: Origin::default() };
    /// assert!(other.labels().is_empty());
    /// ```
    #[must_use]
    pub fn labels(&self) -> &[String] {
        match &self.kind {
            TypeKind::Enum(labels) => labels,
            TypeKind::Composite(_) | TypeKind::Domain(_) | TypeKind::Other => &[],
        }
    }

    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        match &self.kind {
            TypeKind::Composite(attributes) => attributes.iter().any(|one| one.name == name),
            TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Other => false,
        }
    }
}

/// A function or procedure.
///
/// ```
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::statement::{Name, Volatility};
///
/// let schema = Schema::after("a", &["CREATE FUNCTION f(int) RETURNS int STABLE RETURN 1;"]);
/// let f = schema.routines(&Name { schema: "a".into(), name: "f".into() });
/// assert_eq!(f[0].volatility, Volatility::Stable);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routine {
    /// The types by which PostgreSQL resolves a call: those of all parameters except `OUT`.
    pub parameters: Vec<DataType>,
    /// The volatility; `VOLATILE` if it is not written.
    pub volatility: Volatility,
    /// `LANGUAGE`; `sql` for a body in standard SQL.
    pub language: String,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `SET`.
    pub settings: Vec<Parameter>,
    /// The expression that the planner can inline in place of a call: the only expression of an SQL
    /// function.
    pub value: Option<Expression>,
    /// `LEAKPROOF`.
    pub leakproof: bool,
    /// The only expression of an SQL function, which is what a call returns, whether the planner inlines it or
    /// not.
    pub result: Option<Expression>,
    /// What its body does, without the routines that it calls.
    pub deed: Deed,
    /// What its body reads and changes, without the routines that it calls.
    pub reach: Reach,
    /// The calls in its body, except those of PostgreSQL's own functions.
    pub calls: Vec<Call>,
    /// `PROCEDURE`.
    pub procedure: bool,
    /// The types of its parameters and results, and what a body in standard SQL uses.
    pub uses: Uses,
    /// What it is, if it is an aggregate.
    pub(crate) aggregate: Option<Box<Aggregate>>,
    /// The statement that created it, or replaced it last, without its body.
    pub(crate) created: Option<Box<CreateRoutine>>,
    /// Where it was created.
    pub origin: Origin,
}

/// A sequence.
///
/// ```
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::statement::Name;
///
/// let schema = Schema::after("a", &["CREATE TABLE t (b serial);"]);
/// let name = Name { schema: "a".into(), name: "t_b_seq".into() };
/// assert!(schema.sequence(&name).is_some_and(|sequence| sequence.owner.is_some()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// The column that owns it: the sequence is dropped with this column.
    pub owner: Option<(RelationId, ColumnId)>,
    /// Where it was created.
    pub origin: Origin,
}

impl Schema {
    pub(super) fn create_type(&mut self, name: &Name, kind: TypeKind, origin: &Origin) {
        let composite = matches!(kind, TypeKind::Composite(_));
        // A second `CREATE TYPE` completes a shell type.
        let shell = |known: &Type| known.kind == TypeKind::Other;
        if self.types.get(name).is_some_and(|known| !shell(known)) {
            return;
        }
        if composite {
            self.classes.insert(name.clone(), super::Class::Composite);
        }
        let origin = origin.clone();
        Arc::make_mut(&mut self.types).insert(name.clone(), Type { kind, origin });
    }

    pub(super) fn create_domain(&mut self, name: &Name, column: &Column, origin: &Origin) {
        if self.types.contains_key(name) {
            return;
        }
        let bare = Column {
            constraints: Vec::new(),
            ..column.clone()
        };
        self.create_type(name, TypeKind::Domain(Box::new(bare)), origin);
        for constraint in &column.constraints {
            self.constrain_domain(name, constraint);
        }
    }

    pub(super) fn constrain_domain(&mut self, name: &Name, constraint: &Constraint) {
        let generated = match &constraint.name {
            Some(written) => written.clone(),
            None => self.choose_constraint_name(&name.schema, &name.name, "", "check"),
        };
        self.note_constraint(&name.schema, &generated);
        if let Some(domain) = self.domain_mut(name) {
            domain.constraints.push(Constraint {
                name: Some(generated),
                ..constraint.clone()
            });
        }
    }

    pub(super) fn domain_mut(&mut self, name: &Name) -> Option<&mut Column> {
        match &mut Arc::make_mut(&mut self.types).get_mut(name)?.kind {
            TypeKind::Domain(column) => Some(column),
            TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other => None,
        }
    }

    pub(super) fn alter_domain(&mut self, name: &Name, action: &DomainAction) {
        let Some(domain) = self.domain_mut(name) else {
            return;
        };
        match action {
            DomainAction::SetDefault(default) => {
                domain.value = ColumnValue::Default((**default).clone());
            }
            DomainAction::DropDefault => domain.value = ColumnValue::None,
            DomainAction::SetNotNull => domain.not_null = true,
            DomainAction::DropNotNull => domain.not_null = false,
        }
    }

    pub(super) fn labels_mut(&mut self, name: &Name) -> Option<&mut Vec<String>> {
        match &mut Arc::make_mut(&mut self.types).get_mut(name)?.kind {
            TypeKind::Enum(labels) => Some(labels),
            TypeKind::Composite(_) | TypeKind::Domain(_) | TypeKind::Other => None,
        }
    }

    pub(super) fn attributes_mut(&mut self, name: &Name) -> Option<&mut Vec<Attribute>> {
        match &mut Arc::make_mut(&mut self.types).get_mut(name)?.kind {
            TypeKind::Composite(attributes) => Some(attributes),
            TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Other => None,
        }
    }

    pub(super) fn add_label(&mut self, name: &Name, value: &str, position: Option<&ValuePosition>) {
        let Some(labels) = self.labels_mut(name) else {
            return;
        };
        if labels.iter().any(|label| label == value) {
            return;
        }
        let at = |label: &String| labels.iter().position(|known| known == label);
        let beside = position.and_then(|position| match position {
            ValuePosition::Before(label) => at(label),
            ValuePosition::After(label) => at(label).map(|at| at + 1),
        });
        labels.insert(beside.unwrap_or(labels.len()), value.to_owned());
    }

    pub(super) fn create_routine(&mut self, create: &CreateRoutine, origin: &Origin) {
        let inputs = create.parameters.iter().filter(|one| !one.is_output());
        let (deed, calls) = of_routine(create);
        let mut routine = Routine {
            parameters: inputs.map(|one| one.data_type.clone()).collect(),
            volatility: create.volatility.unwrap_or(Volatility::Volatile),
            language: create.language.clone().unwrap_or_else(|| "sql".to_owned()),
            security_definer: create.security_definer,
            settings: create.settings.clone(),
            leakproof: create.leakproof,
            result: result(create).cloned(),
            value: inlined(create),
            deed,
            reach: Reach::of(create),
            calls,
            procedure: create.procedure,
            uses: self.used_by(create),
            aggregate: None,
            created: Some(Box::new(CreateRoutine {
                body: None,
                value: None,
                ..create.clone()
            })),
            origin: origin.clone(),
        };
        let overloads = Arc::make_mut(&mut self.routines)
            .entry(create.routine.clone())
            .or_default();
        let same = overloads
            .iter_mut()
            .find(|one| one.parameters == routine.parameters);
        match same {
            Some(known) => {
                routine.origin = known.origin.clone();
                *known = routine;
            }
            None => overloads.push(routine),
        }
    }

    /// Rules take the statement that created a routine for that of a function or procedure; of an aggregate there is
    /// another one.
    pub(super) fn make_aggregate(&mut self, name: &Name, aggregate: Option<&Aggregate>) {
        let overloads = Arc::make_mut(&mut self.routines).get_mut(name);
        let types = aggregate.map(Aggregate::types).unwrap_or_default();
        for routine in overloads.into_iter().flatten() {
            if routine.parameters == types {
                routine.created = None;
                routine.aggregate = aggregate.cloned().map(Box::new);
            }
        }
    }

    fn used_by(&self, create: &CreateRoutine) -> Uses {
        let parameters = create.parameters.iter().map(|one| &one.data_type);
        let table = create.returns_table.iter().map(|one| &one.data_type);
        let types = parameters.chain(table).chain(&create.returns);
        let names: Vec<Name> = types.filter_map(|one| self.type_name(one)).collect();
        let mut uses = self.uses(&create.reading);
        uses.types.extend(names);
        uses
    }

    pub(super) fn alter_routine(
        &mut self,
        name: &Name,
        properties: RoutineProperties,
        settings: &[Parameter],
        reset: &[String],
    ) {
        // Without the argument types, it is not known which overload is meant.
        let Some([routine]) = Arc::make_mut(&mut self.routines)
            .get_mut(name)
            .map(Vec::as_mut_slice)
        else {
            return;
        };
        let RoutineProperties {
            volatility,
            security_definer,
            leakproof,
        } = properties;
        routine.volatility = volatility.unwrap_or(routine.volatility);
        routine.security_definer = security_definer.unwrap_or(routine.security_definer);
        routine.leakproof = leakproof.unwrap_or(routine.leakproof);
        let is_reset =
            |one: &Parameter| reset.iter().any(|name| *name == one.name || name == "all");
        let is_set = |one: &Parameter| settings.iter().any(|new| new.name == one.name);
        routine
            .settings
            .retain(|one| !is_reset(one) && !is_set(one));
        routine.settings.extend_from_slice(settings);
    }

    /// Of several routines of one name, only that with these arguments is dropped.
    pub(super) fn drop_routine(&mut self, name: &Name, arguments: Option<&[DataType]>) {
        let overloads = self.routines(name);
        let is_known = |one: &Routine| one.created.is_some() || one.aggregate.is_some();
        let is_known = overloads.iter().all(is_known);
        let at = arguments.map(|types| self.overload(name, types));
        match at {
            Some(Some(at)) if overloads.len() > 1 && is_known => {
                if let Some(known) = Arc::make_mut(&mut self.routines).get_mut(name) {
                    known.remove(at);
                }
            }
            // PostgreSQL refuses to drop what is not there.
            Some(None) if is_known => {}
            Some(_) | None if overloads.len() > 1 => self.mark_uncertain(name),
            Some(_) | None => {
                Arc::make_mut(&mut self.routines).remove(name);
            }
        }
    }

    /// Which of the routines of a name has these arguments. A procedure can also be named with its `OUT`
    /// parameters.
    pub(crate) fn overload(&self, name: &Name, arguments: &[DataType]) -> Option<usize> {
        let overloads = self.routines(name);
        let of_all = |one: &Routine| {
            let created = one.created.as_ref().filter(|created| created.procedure);
            created.is_some_and(|created| {
                let all = created.parameters.iter();
                let all: Vec<DataType> = all.map(|one| one.data_type.clone()).collect();
                self.are_same(&all, arguments)
            })
        };
        let is_it = |one: &Routine| self.are_same(&one.parameters, arguments) || of_all(one);
        overloads.iter().position(is_it)
    }

    /// Whether these are the same types, whatever their lengths.
    fn are_same(&self, one: &[DataType], other: &[DataType]) -> bool {
        let of = |data_type: &DataType| {
            let own = (!data_type.is_built_in()).then(|| self.own.clone());
            let schema = data_type.schema.clone().or(own);
            (schema, data_type.name.clone(), data_type.array)
        };
        one.len() == other.len()
            && one
                .iter()
                .zip(other)
                .all(|(one, other)| of(one) == of(other))
    }

    pub(super) fn create_sequence(&mut self, name: &Name, origin: &Origin) {
        if self.classes.contains_key(name) {
            return;
        }
        self.classes.insert(name.clone(), super::Class::Sequence);
        let sequence = Sequence {
            owner: None,
            origin: origin.clone(),
        };
        self.sequences.insert(name.clone(), sequence);
    }

    /// `OWNED BY table.column` or `NONE`.
    pub(super) fn own_sequence(&mut self, name: &Name, owner: Option<&SequenceOwner>) {
        let owner = match owner {
            None => return,
            Some(SequenceOwner::None) => None,
            Some(SequenceOwner::Column { table, column }) => {
                let table = self.relation(table);
                table.and_then(|table| Some((table.id, table.column(column)?.id)))
            }
        };
        if let Some((_, column)) = owner {
            self.note_sequence(column, name);
        }
        if let Some(sequence) = self.sequences.get_mut(name) {
            sequence.owner = owner;
        }
    }
}

/// The conditions are those of `inline_function()` in PostgreSQL's `clauses.c`.
fn inlined(create: &CreateRoutine) -> Option<Expression> {
    let in_sql = create.language.as_deref().unwrap_or("sql") == "sql";
    let is_set = create.returns.as_ref().is_none_or(|returns| returns.set);
    let is_plain = in_sql && !create.procedure && !create.security_definer && !is_set;
    let may_skip = create.strict && !create.parameters.is_empty();
    if !is_plain || may_skip || !create.settings.is_empty() {
        return None;
    }
    result(create).cloned()
}

/// The expression that a call of an SQL function returns.
fn result(create: &CreateRoutine) -> Option<&Expression> {
    if create.value.is_some() {
        return create.value.as_ref();
    }
    let in_sql = create.language.as_deref().unwrap_or("sql") == "sql";
    let [statement] = create
        .body
        .as_ref()
        .filter(|_| in_sql)?
        .statements
        .as_slice()
    else {
        return None;
    };
    statement.value.as_ref()
}

impl From<&TypeBody> for TypeKind {
    fn from(body: &TypeBody) -> Self {
        match body {
            TypeBody::Enum(labels) => Self::Enum(labels.clone()),
            TypeBody::Composite(attributes) => Self::Composite(attributes.clone()),
            TypeBody::Range(_) | TypeBody::Base(_) | TypeBody::Shell => Self::Other,
        }
    }
}
