//! The types of `$1` and the others in a query that a program sends: the first use that needs a type decides, as with
//! PostgreSQL.

use std::collections::BTreeMap;

use super::candidates;
use super::{Kind, Resolver, Why, refusal};
use crate::schema::TypeKind;
use crate::statement::{
    Assignment, Called, Change, CreateRoutine, DataType, Expression, Insert, Merged, Name,
    Operator, Rows, Test, Value, ValueKind, Written,
};

/// What is known of one parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// Its type, as far as it is certain.
    pub(crate) kind: Kind,
    /// Whether a result of the query is this parameter, which makes it `text` if nothing else says what it is.
    is_left: bool,
    /// How often it is looked at.
    uses: usize,
    /// How often it is only asked whether it is null.
    asked: usize,
}

/// The parameters of a query by their number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameters(BTreeMap<u32, Parameter>);

impl Parameters {
    /// The parameters with their types when the whole query is read.
    pub(crate) fn ended(self) -> BTreeMap<u32, Parameter> {
        let each = self.0.into_iter().map(|(number, one)| {
            let kind = match (&one.kind, one.is_left) {
                (Kind::Of(_), _) => one.kind.clone(),
                (Kind::Literal | Kind::Unknown | Kind::Row, true) => Kind::named("text"),
                (Kind::Literal | Kind::Unknown | Kind::Row, false) => Kind::Unknown,
            };
            (number, Parameter { kind, ..one })
        });
        each.collect()
    }
}

impl Parameter {
    /// Whether nothing says what type it has: PostgreSQL refuses that.
    pub(crate) fn has_no_type(&self, written: usize) -> bool {
        self.kind == Kind::Unknown && self.uses == written && self.asked == written
    }
}

impl Resolver<'_> {
    /// For a query whose parameters are values that a program sends.
    pub(crate) fn with_parameters(mut self) -> Self {
        self.parameters = Some(Parameters::default());
        self
    }

    /// Whether the statement is one that a program sends.
    pub(super) const fn sends(&self) -> bool {
        self.parameters.is_some()
    }

    /// What is known of the parameters.
    pub(crate) fn parameters(&mut self) -> Parameters {
        self.parameters.take().unwrap_or_default()
    }

    /// The type of a parameter: until it is known, that of a string without one.
    pub(super) fn parameter_kind(&mut self, number: u32) -> Kind {
        let Some(Parameters(all)) = &mut self.parameters else {
            return Kind::Unknown;
        };
        let one = all.entry(number).or_default();
        one.uses += 1;
        match &one.kind {
            Kind::Of(data_type) => Kind::Of(data_type.clone()),
            Kind::Unknown | Kind::Literal | Kind::Row => Kind::Literal,
        }
    }

    fn open(&mut self, value: &Value) -> Option<&mut Parameter> {
        let ValueKind::Parameter(number) = &value.kind else {
            return None;
        };
        let Parameters(all) = self.parameters.as_mut()?;
        let one = all.entry(*number).or_default();
        (!matches!(one.kind, Kind::Of(_))).then_some(one)
    }

    /// Where the value is a parameter without a type, it has this one from here on.
    pub(crate) fn settle(&mut self, value: &Value, kind: &Kind) {
        let kind = match kind {
            Kind::Of(data_type) if !data_type.name.is_empty() => kind.clone(),
            Kind::Of(_) | Kind::Unknown | Kind::Row => return,
            Kind::Literal => Kind::named("text"),
        };
        if let Some(one) = self.open(value) {
            one.kind = kind;
        }
    }

    /// `ROW ($1, $2)::address`: the attributes have their types in order.
    pub(super) fn settle_fields(&mut self, value: &Value, data_type: &DataType) {
        let ValueKind::Called(called) = &value.kind else {
            return;
        };
        if self.parameters.is_none() || !called.special || called.name != "row" {
            return;
        }
        let name = Name {
            schema: data_type
                .schema
                .clone()
                .unwrap_or_else(|| self.schema.own.clone()),
            name: data_type.name.clone(),
        };
        let Some(TypeKind::Composite(attributes)) = self.schema.type_of(&name).map(|one| &one.kind)
        else {
            return;
        };
        for (value, attribute) in called.arguments.iter().zip(attributes) {
            self.settle(value, &Kind::Of(attribute.data_type.clone()));
        }
    }

    /// Keeps the type of a value that may be assigned to a column.
    pub(super) fn note(&mut self, value: &Value, kind: Kind) {
        if self.parameters.is_some() && !value.span.is_empty() {
            self.seen.insert((value.span.start, value.span.end), kind);
        }
    }

    /// A result of the query that nothing gives a type.
    pub(super) fn left(&mut self, value: &Value) {
        // The operands of a `UNION` decide together.
        if self.combining {
            return;
        }
        if let Some(one) = self.open(value) {
            one.is_left = true;
        }
    }

    /// A parameter beside an operator takes the type that the operator has for it.
    pub(super) fn beside_operator(
        &mut self,
        operator: &Operator,
        left: (Option<&Value>, Option<&Kind>),
        right: (&Value, &Kind),
    ) {
        if self.parameters.is_none() || operator.schema.is_some() {
            return;
        }
        let (Some(value), Some(kind)) = left else {
            return;
        };
        if let (Kind::Literal, Some(list)) = (kind, any_of(right.0)) {
            if let Kind::Of(array) = self.value(list)
                && array.array
            {
                let element = Kind::Of(DataType {
                    array: false,
                    ..array
                });
                let found = self.type_beside(operator, [&Kind::Literal, &element]);
                self.settle(value, &found.unwrap_or_default());
            }
            return;
        }
        if let (ValueKind::Other(lefts), ValueKind::Other(rights)) = (&value.kind, &right.0.kind) {
            self.rows(operator, lefts, rights);
            return;
        }
        if let (Kind::Of(_), Some(list)) = (kind, any_of(right.0)) {
            let element = self.type_beside(operator, [kind, &Kind::Literal]);
            if let Some(Kind::Of(element)) = element {
                let list_type = DataType {
                    array: true,
                    modifiers: Vec::new(),
                    ..element
                };
                self.settle(list, &Kind::Of(list_type));
            }
            return;
        }
        match (kind, right.1) {
            (Kind::Literal, Kind::Of(_)) => {
                if let Some(found) = self.type_beside(operator, [&Kind::Literal, right.1]) {
                    self.settle(value, &found);
                }
            }
            (Kind::Of(_), Kind::Literal) => {
                if let Some(found) = self.type_beside(operator, [kind, &Kind::Literal]) {
                    self.settle(right.0, &found);
                }
            }
            // Both are strings to PostgreSQL.
            (Kind::Literal, Kind::Literal) if operator.compares() || operator.name == "||" => {
                self.settle(value, &Kind::Literal);
                self.settle(right.0, &Kind::Literal);
            }
            (_, _) => {}
        }
    }

    /// `(a, b) = ($1, $2)`.
    fn rows(&mut self, operator: &Operator, lefts: &[Value], rights: &[Value]) {
        if lefts.len() != rights.len() || !operator.compares() {
            return;
        }
        for (left, right) in lefts.iter().zip(rights) {
            let kinds = [self.value(left), self.value(right)];
            let [one, two] = &kinds;
            self.beside_operator(operator, (Some(left), Some(one)), (right, two));
        }
    }

    fn type_beside(&self, operator: &Operator, kinds: [&Kind; 2]) -> Option<Kind> {
        let name = match operator.name.as_str() {
            "!=" => "<>",
            name => name,
        };
        candidates::beside(self.schema, name, kinds)
    }

    /// What `AND`, `IS DISTINCT FROM` and the other tests need.
    pub(super) fn tested(&mut self, test: Test, values: &[Value], kinds: &[Kind]) {
        match test {
            Test::And | Test::Or | Test::Not | Test::Truth { .. } => {
                for value in values {
                    self.settle(value, &Kind::named("boolean"));
                }
            }
            Test::Null { .. } => {
                for value in values {
                    if let Some(one) = self.open(value) {
                        one.asked += 1;
                    }
                }
            }
            Test::Distinct { .. } => self.equal(&values.iter().collect::<Vec<_>>(), kinds),
            Test::Other => {}
        }
    }

    /// Two values that are compared: `NULLIF`, `IS DISTINCT FROM`.
    pub(super) fn equal(&mut self, values: &[&Value], kinds: &[Kind]) {
        if let ([first, second], [one, two]) = (values, kinds) {
            let operator = Operator {
                schema: None,
                name: "=".to_owned(),
            };
            self.beside_operator(&operator, (Some(first), Some(one)), (second, two));
        }
    }

    /// The arguments of a function of PostgreSQL's own.
    pub(super) fn passed(&mut self, called: &Called, kinds: &[Kind]) {
        if self.parameters.is_none() || called.open {
            return;
        }
        let found = candidates::arguments(self.schema, &called.name, kinds);
        for (value, kind) in called.arguments.iter().zip(found) {
            let Some(kind) = kind else { continue };
            self.settle(value, &kind);
            if let (Kind::Of(data_type), ValueKind::Text(text)) = (&kind, &value.kind)
                && let Some(words) = refusal(self.schema, data_type, text)
            {
                let (text, data_type) = (text.clone(), data_type.clone());
                let why = Why::NoValue {
                    text,
                    data_type,
                    words,
                };
                self.refuse(&value.span, why);
            }
        }
        if let ("array_append" | "array_remove", Some(Kind::Of(array))) =
            (called.name.as_str(), kinds.first())
        {
            let element = DataType {
                array: false,
                modifiers: Vec::new(),
                ..array.clone()
            };
            for value in called.arguments.iter().skip(1) {
                self.settle(value, &Kind::Of(element.clone()));
            }
        }
    }

    /// The arguments of the module's only function of its name.
    pub(super) fn passed_own(&mut self, called: &Called, function: &CreateRoutine) {
        if self.parameters.is_none() || called.open {
            return;
        }
        let inputs = function.parameters.iter().filter(|one| !one.is_output());
        for (value, parameter) in called.arguments.iter().zip(inputs) {
            if !parameter.data_type.name.starts_with("any") {
                self.settle(value, &Kind::Of(parameter.data_type.clone()));
            }
        }
    }
}

impl Resolver<'_> {
    /// Parameters that a statement writes into columns have the types of these, if nothing in the values says otherwise.
    pub(crate) fn written(&mut self, change: &Change) {
        match change {
            Change::Insert(insert) => self.inserted(insert),
            Change::Update(update) => self.assigned(&update.table, &update.set),
            Change::Merge(merge) => {
                for action in &merge.actions {
                    match &action.merged {
                        Merged::Update(set) => self.assigned(&merge.table, set),
                        Merged::Insert { columns, values } => {
                            self.of_row(&merge.table, columns, values);
                        }
                        Merged::Nothing | Merged::Delete => {}
                    }
                }
            }
            _other => {}
        }
    }

    fn inserted(&mut self, insert: &Insert) {
        match &insert.rows {
            Rows::Values(rows) => {
                for row in rows {
                    self.of_row(&insert.table, &insert.columns, row);
                }
            }
            Rows::Query {
                targets: Some(targets),
                ..
            } => self.of_row(&insert.table, &insert.columns, targets),
            Rows::Query { targets: None, .. } | Rows::Default | Rows::Copied => {}
        }
        let conflict = insert.on_conflict.as_ref();
        if let Some((set, _)) = conflict.and_then(|one| one.update.as_ref()) {
            self.assigned(&insert.table, set);
        }
    }

    fn of_row(&mut self, table: &Name, columns: &[Written], values: &[Expression]) {
        for (at, value) in values.iter().enumerate() {
            let kind = match (columns.is_empty(), columns.get(at)) {
                (true, _) => self.nth(table, at),
                (false, Some(column)) => self.of_column(table, column),
                (false, None) => Kind::Unknown,
            };
            self.settle(&value.value, &kind);
            if let Some(column) = columns.get(at) {
                self.fits_column(&value.value, (table, column), &kind);
            }
        }
    }

    fn assigned(&mut self, table: &Name, set: &[Assignment]) {
        for assignment in set {
            let value = &assignment.value.value;
            match (assignment.columns.as_slice(), &value.kind) {
                ([column], _) => {
                    let kind = self.of_column(table, column);
                    self.settle(value, &kind);
                    if let Kind::Of(data_type) = &kind {
                        self.settle_fields(value, data_type);
                    }
                    self.fits_column(value, (table, column), &kind);
                }
                (columns, ValueKind::Other(values)) if columns.len() == values.len() => {
                    for (column, value) in columns.iter().zip(values) {
                        let kind = self.of_column(table, column);
                        self.settle(value, &kind);
                    }
                }
                (
                    [_, _, ..],
                    ValueKind::Parameter(_)
                    | ValueKind::Text(_)
                    | ValueKind::Number(_)
                    | ValueKind::Null,
                ) if self.parameters.is_some() => self.form(
                    &value.span,
                    "several columns are set to one value".to_owned(),
                    "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression (0A000)",
                    "write as many values as columns: `SET (a, b) = ($1, $2)`",
                ),
                (_, _) => {}
            }
        }
    }

    /// A value of another type than its column's, where PostgreSQL does not convert the one into the other.
    fn fits_column(&mut self, value: &Value, column: (&Name, &Written), kind: &Kind) {
        let seen = self.seen.get(&(value.span.start, value.span.end));
        let (Kind::Of(wanted), Some(Kind::Of(given))) = (kind, seen) else {
            return;
        };
        if super::fits(self.schema, given, wanted) == super::Fits::No {
            let what = format!(
                "{}.{} is {wanted}, and its new value is {given}",
                column.0, column.1.column
            );
            self.form(
                &value.span,
                what,
                "the expression has another type than the column (42804)",
                "cast the value to the type of the column",
            );
        }
    }

    fn of_column(&self, table: &Name, column: &Written) -> Kind {
        let shape = self.schema.shape(table).filter(|_| column.whole);
        let columns = shape.into_iter().flat_map(|shape| shape.columns);
        let mut named = columns.filter(|(name, _)| name.as_ref() == Some(&column.column));
        typed(named.next().map(|(_, kind)| kind))
    }

    fn nth(&self, table: &Name, at: usize) -> Kind {
        let shape = self.schema.shape(table).filter(|shape| !shape.hides());
        typed(shape.and_then(|shape| shape.columns.into_iter().nth(at).map(|(_, kind)| kind)))
    }
}

/// The type of a column, if it is known.
fn typed(kind: Option<Kind>) -> Kind {
    match kind {
        Some(Kind::Of(data_type)) => Kind::Of(data_type),
        Some(Kind::Literal | Kind::Row | Kind::Unknown) | None => Kind::Unknown,
    }
}

/// The list in `= ANY ($1)`.
fn any_of(value: &Value) -> Option<&Value> {
    match &value.kind {
        ValueKind::Called(called) if called.special && called.name == "any" => called
            .arguments
            .first()
            .filter(|_| called.arguments.len() == 1),
        _other => None,
    }
}
