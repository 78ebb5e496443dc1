//! The expressions of a change, with what each can name and the type that its value has to fit.

use super::Shape;
use crate::schema::Schema;
use crate::statement::{
    Change, Column, ColumnAction, ColumnValue, Constraint, ConstraintKind, CreateTable, DataType,
    DomainAction, Expression, Name, ObjectKind, Policy,
};

/// What an expression can name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seen<'a> {
    /// No column.
    Nothing,
    /// A default: it may name no column at all, which `refused-expression` reports.
    Default,
    /// The columns of a table, and one that is added to it.
    Table(&'a Name, Option<&'a Column>),
    /// The columns of a table that the statement creates.
    New(&'a CreateTable),
    /// `NEW` and `OLD`.
    Rows(&'a Name),
    /// `VALUE`, which has the type of a domain.
    Domain(Option<&'a DataType>),
}

/// An expression at its place.
pub(crate) struct Place<'a> {
    pub(crate) expression: &'a Expression,
    pub(crate) seen: Seen<'a>,
    /// What its value is assigned to, and the type of that.
    pub(crate) target: Option<(String, DataType)>,
    /// The clause of which it is the condition.
    pub(crate) condition: Option<&'static str>,
}

fn place<'a>(expression: &'a Expression, seen: Seen<'a>) -> Place<'a> {
    Place {
        expression,
        seen,
        target: None,
        condition: None,
    }
}

fn condition<'a>(expression: &'a Expression, seen: Seen<'a>, of: &'static str) -> Place<'a> {
    Place {
        condition: Some(of),
        ..place(expression, seen)
    }
}

fn assigned<'a>(expression: &'a Expression, shown: String, data_type: &DataType) -> Place<'a> {
    Place {
        expression,
        seen: Seen::Default,
        target: Some((shown, data_type.clone())),
        condition: None,
    }
}

fn check(constraint: &Constraint) -> Option<&Expression> {
    match &constraint.kind {
        ConstraintKind::Check(expression) => Some(expression),
        ConstraintKind::Exclude { predicate, .. } => predicate.as_ref(),
        ConstraintKind::NotNull { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_) => None,
    }
}

fn of_column<'a>(table: &Name, column: &'a Column, seen: Seen<'a>) -> Vec<Place<'a>> {
    let shown = || format!("{table}.{}", column.name);
    let value = match &column.value {
        ColumnValue::Default(expression) => Some(assigned(expression, shown(), &column.data_type)),
        ColumnValue::Generated { expression, .. } => Some(Place {
            seen,
            ..assigned(expression, shown(), &column.data_type)
        }),
        ColumnValue::None | ColumnValue::Serial | ColumnValue::Identity(_) => None,
    };
    let checks = column.constraints.iter().filter_map(check);
    let checks = checks.map(|expression| condition(expression, seen, "CHECK"));
    value.into_iter().chain(checks).collect()
}

fn of_policy(policy: &Policy) -> Vec<Place<'_>> {
    let expressions = policy.using.iter().chain(&policy.check);
    let seen = Seen::Table(&policy.table, None);
    expressions
        .map(|expression| condition(expression, seen, "the policy"))
        .collect()
}

/// The expressions of a change; those in queries and in bodies are not among them.
pub(crate) fn places<'a>(schema: &Schema, change: &'a Change, of_domain: bool) -> Vec<Place<'a>> {
    let table_of = |table: &'a Name| match of_domain {
        true => Seen::Domain(None),
        false => Seen::Table(table, None),
    };
    match change {
        Change::CreateTable(create) => {
            let seen = Seen::New(create);
            let columns = create.columns.iter();
            let inside = columns.flat_map(|column| of_column(&create.table, column, seen));
            let outside = create.constraints.iter().filter_map(check);
            let outside = outside.map(|one| condition(one, seen, "CHECK"));
            inside.chain(outside).collect()
        }
        Change::CreateIndex(create) => {
            let keys = create.keys.iter().filter(|key| key.column.is_none());
            let seen = Seen::Table(&create.table, None);
            let keys = keys.map(|key| place(&key.expression, seen));
            let filter = create.predicate.iter();
            let filter = filter.map(|one| condition(one, seen, "WHERE"));
            keys.chain(filter).collect()
        }
        Change::CreateView(create) => vec![place(&create.query, Seen::Nothing)],
        Change::CreateTrigger(create) => {
            let conditions = create.condition.iter();
            conditions
                .map(|one| condition(one, Seen::Rows(&create.table), "WHEN"))
                .collect()
        }
        Change::CreatePolicy(policy) | Change::AlterPolicy(policy) => of_policy(policy),
        Change::CreateDomain { name, column } => {
            let mut places = of_column(name, column, Seen::Domain(Some(&column.data_type)));
            for place in &mut places {
                if let Some((shown, _)) = &mut place.target {
                    *shown = name.to_string();
                }
            }
            places
        }
        Change::AddColumn { table, column, .. } => {
            of_column(table, column, Seen::Table(table, Some(column)))
        }
        Change::ColumnType {
            table,
            column,
            data_type,
            using,
            ..
        } => {
            let shown = format!("{table}.{column}");
            let place = |one| Place {
                seen: Seen::Table(table, None),
                ..assigned(one, shown.clone(), data_type)
            };
            using.iter().map(place).collect()
        }
        Change::AlterColumn {
            table,
            column,
            action: ColumnAction::SetDefault(value),
        } => {
            let known = schema.column(table, column);
            let known = known.and_then(|known| known.data_type.as_ref());
            let shown = format!("{table}.{column}");
            match known.filter(|_| is_certain(schema, table, column)) {
                Some(data_type) => vec![assigned(value, shown, data_type)],
                None => vec![place(value, Seen::Default)],
            }
        }
        Change::AlterColumn {
            table,
            action: ColumnAction::SetExpression(value),
            ..
        } => vec![place(value, Seen::Table(table, None))],
        Change::AddConstraint { table, constraint } => {
            let seen = table_of(table);
            check(constraint)
                .into_iter()
                .map(|one| condition(one, seen, "CHECK"))
                .collect()
        }
        Change::AlterDomain {
            domain,
            action: DomainAction::SetDefault(value),
        } => {
            let data_type = DataType {
                schema: Some(domain.schema.clone()),
                name: domain.name.clone(),
                ..DataType::default()
            };
            vec![assigned(value, domain.to_string(), &data_type)]
        }
        Change::CreateRoutine(create) => {
            let parameters = create.parameters.iter();
            let defaults = parameters.filter_map(|one| {
                let name = one.name.as_deref().unwrap_or("parameter");
                let shown = format!("{name} of {}", create.routine);
                Some(assigned(one.default.as_ref()?, shown, &one.data_type))
            });
            defaults.collect()
        }
        Change::AlterColumn { .. }
        | Change::AlterDomain { .. }
        | Change::CreateType { .. }
        | Change::CreateSequence { .. }
        | Change::Create { .. }
        | Change::DropColumn { .. }
        | Change::SetNotNull { .. }
        | Change::DropNotNull { .. }
        | Change::ValidateConstraint { .. }
        | Change::AlterTable { .. }
        | Change::AlterSequence { .. }
        | Change::AddEnumValue { .. }
        | Change::SetAttribute { .. }
        | Change::AlterRoutine { .. }
        | Change::AlterPublication { .. }
        | Change::Owner { .. }
        | Change::Grant(_)
        | Change::SetSchema { .. }
        | Change::Rename { .. }
        | Change::Drop { .. }
        | Change::Comment { .. }
        | Change::Truncate { .. }
        | Change::Insert(_)
        | Change::Update(_)
        | Change::Delete(_)
        | Change::Merge(_)
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
        | Change::Unknown { .. } => Vec::new(),
    }
}

/// Whether the column certainly is the one that the files create.
pub(crate) fn is_certain(schema: &Schema, table: &Name, column: &str) -> bool {
    schema.exists(ObjectKind::Column, table, Some(column)) == crate::schema::Answer::Yes
}

impl<'a> super::Resolver<'a> {
    /// Lets the expression at a place see what it can name.
    pub(crate) fn at(self, place: &Place<'_>, others: bool) -> Self {
        // Other clauses of the statement may add columns, so that a name may be found there. The columns that the
        // expression does not name are left out: each of a thousand clauses would copy a thousand.
        let named = |column: &str| {
            let mut names = place.expression.columns.iter();
            !others || names.any(|name| name == column)
        };
        self.seeing(place.seen, others, named)
    }

    /// The same for all columns.
    pub(crate) fn seeing_all(self, seen: Seen<'_>, others: bool) -> Self {
        self.seeing(seen, others, |_| true)
    }

    /// Lets an expression see these columns of a table, which may be going to have them.
    pub(crate) fn seeing_columns<'c>(
        mut self,
        table: &Name,
        columns: impl Iterator<Item = (&'c str, Option<&'c DataType>)>,
    ) -> Self {
        let schema = self.schema;
        let relation = schema.relation(table);
        let shape = relation.map(|relation| schema.shape_over(relation, columns));
        self.see(Some(table), shape.unwrap_or_else(Shape::unknown));
        self
    }

    fn seeing(mut self, seen: Seen<'_>, others: bool, named: impl Fn(&str) -> bool) -> Self {
        let schema = self.schema;
        let of = |table: &Name| {
            let shape = schema.shape_with(table, &named);
            let mut shape = shape.unwrap_or_else(Shape::unknown);
            shape.open |= others;
            shape
        };
        match seen {
            Seen::Nothing => {}
            Seen::Default => {
                let columns = Vec::new();
                self.see(
                    None,
                    Shape {
                        columns,
                        open: true,
                    },
                );
            }
            Seen::Table(table, added) => {
                let mut shape = of(table);
                let added = added.map(typed);
                // With IF NOT EXISTS it may be there already.
                shape.columns.extend(added.filter(|(name, _)| {
                    name.as_ref()
                        .is_none_or(|name| schema.column(table, name).is_none())
                }));
                self.see(Some(table), shape);
            }
            Seen::New(create) => {
                let is_whole = create.like.is_empty()
                    && create.inherits.is_empty()
                    && create.partition_of.is_none()
                    && create.of_type.is_none()
                    && !create.from_query;
                let shape = Shape {
                    columns: create.columns.iter().map(typed).collect(),
                    open: !is_whole,
                };
                self.see(Some(&create.table), shape);
            }
            Seen::Rows(table) => {
                self.see_row("new", of(table));
                self.see_row("old", of(table));
            }
            Seen::Domain(data_type) => {
                let kind = data_type
                    .cloned()
                    .map_or(super::Kind::Unknown, super::Kind::Of);
                let columns = vec![(Some("value".to_owned()), kind)];
                self.see(
                    None,
                    Shape {
                        columns,
                        open: false,
                    },
                );
            }
        }
        self
    }
}

fn typed(column: &Column) -> (Option<String>, super::Kind) {
    let kind = super::Kind::Of(column.data_type.clone());
    (Some(column.name.clone()), kind)
}
