//! What a name can mean at a place: the sources of the query there, and of the queries around it.

use super::{Kind, Resolver, Shape, Why, has};
use crate::schema::{Answer, TypeKind};
use crate::statement::{Called, ColumnName, Name, ObjectKind, Value, ValueKind};
use crate::text::nearest::nearest;

/// Columns that every table has.
pub(crate) const SYSTEM_COLUMNS: [&str; 6] = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

/// A source under the name by which it can be seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    /// Its alias, or else its own name; `None` for a source that has none.
    pub(super) name: Option<String>,
    /// The table, if it has no alias: it can be named with its schema then.
    pub(super) table: Option<Name>,
    /// The table or view, whatever its name is here.
    pub(super) relation: Option<Name>,
    pub(super) shape: Shape,
    /// The sources inside of a join, which can be named too.
    pub(super) inner: Vec<Item>,
    /// Whether sources may be inside that were not read.
    pub(super) unread: bool,
}

/// The sources of one query.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    pub(super) items: Vec<Item>,
    /// Whether some values see only some of the sources, so that nothing is ambiguous for certain.
    pub(super) mixed: bool,
    /// Whether the query changes rows: from PostgreSQL 18 on, `old` and `new` are its rows.
    pub(super) changes: bool,
}

impl Level {
    pub(super) fn add(&mut self, item: Item) {
        self.items.push(item);
    }

    /// The level that a condition of a join sees.
    pub(super) fn of(items: impl IntoIterator<Item = Item>) -> Self {
        Self {
            items: items.into_iter().collect(),
            ..Self::default()
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.items.iter().any(|item| item.shape.hides())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &(Option<String>, Kind)> {
        self.items.iter().flat_map(|item| &item.shape.columns)
    }

    fn item(&self, matches: &dyn Fn(&Item) -> bool) -> Option<&Item> {
        let mut waiting: Vec<&Item> = self.items.iter().collect();
        while let Some(item) = waiting.pop() {
            if matches(item) {
                return Some(item);
            }
            waiting.extend(&item.inner);
        }
        None
    }

    fn is_unread(&self) -> bool {
        self.item(&|item| item.unread).is_some()
    }
}

/// What a name without a source in front stands for.
enum Found {
    One(Kind),
    Several,
}

impl Resolver<'_> {
    /// The source with this name that can be seen, the innermost.
    pub(super) fn item(&self, name: &str) -> Option<&Item> {
        let named = |item: &Item| item.name.as_deref() == Some(name);
        let mut levels = self.levels.iter().rev();
        levels.find_map(|level| level.item(&named))
    }

    /// Adds a level with the columns of one table, for expressions that belong to it.
    pub(crate) fn see(&mut self, name: Option<&Name>, shape: Shape) {
        let item = Item {
            name: name.map(|name| name.name.clone()),
            table: name.cloned(),
            shape,
            ..Item::default()
        };
        self.levels.push(Level::of([item]));
    }

    /// Adds a row that can be named: `NEW`, `OLD`.
    pub(crate) fn see_row(&mut self, name: &str, shape: Shape) {
        let item = Item {
            name: Some(name.to_owned()),
            shape,
            ..Item::default()
        };
        match self.levels.last_mut() {
            Some(level) => level.add(item),
            None => self.levels.push(Level::of([item])),
        }
    }

    /// For an action of a rule: `NEW` and `OLD` are rows of its table.
    pub(crate) fn of_rule(mut self, table: &Name) -> Self {
        let shape = self.schema.shape(table).unwrap_or_else(Shape::unknown);
        let row = |name: &str| Item {
            name: Some(name.to_owned()),
            shape: shape.clone(),
            ..Item::default()
        };
        let rows = Item {
            inner: vec![row("new"), row("old")],
            ..Item::default()
        };
        self.levels.push(Level::of([rows]));
        self
    }

    /// The type of what a name stands for.
    pub(super) fn column(&mut self, value: &Value, column: &ColumnName) -> Kind {
        let kind = match column.parts.as_slice() {
            [] => return self.field(value, column),
            [name] if column.all => self.row(value, name),
            [name] => self.plain(value, name),
            [of, name] if !column.all => self.qualified(value, of, name),
            [schema, of, name] if !column.all => {
                let table = Name {
                    schema: schema.clone(),
                    name: of.clone(),
                };
                self.with_schema(value, &table, name)
            }
            [..] => Kind::Unknown,
        };
        match column.is_part() || column.all {
            true => Kind::Unknown,
            false => kind,
        }
    }

    /// `(f(...)).x`: a column of the row that a function returns.
    fn field(&mut self, value: &Value, column: &ColumnName) -> Kind {
        if let ([whole], Some(field), false) =
            (column.inside.as_slice(), &column.field, column.element)
            && only_call(&column.inside).is_none()
        {
            return self.attribute(value, whole, field);
        }
        let (Some(called), Some(field), false) =
            (only_call(&column.inside), &column.field, column.element)
        else {
            return Kind::Unknown;
        };
        let Some(shape) = self.result(called).filter(|shape| !shape.hides()) else {
            return Kind::Unknown;
        };
        let mut columns = shape.columns.iter();
        let found = columns.find(|(name, _)| name.as_ref() == Some(field));
        if found.is_none() && shape.columns.len() > 1 && !self.is_of_rows(field) {
            let names = shape.columns.iter().flat_map(|(name, _)| name.as_deref());
            let why = Why::NoColumn {
                column: field.clone(),
                of: Some(called.name.clone()),
                guess: nearest(field, names).map(str::to_owned),
            };
            self.refuse(&value.span, why);
        }
        let kind = found.filter(|_| shape.columns.len() > 1);
        kind.map(|(_, kind)| kind.clone()).unwrap_or_default()
    }

    /// `(a).x` of a composite type.
    fn attribute(&mut self, value: &Value, whole: &Value, field: &str) -> Kind {
        if let ValueKind::Other(inside) = &whole.kind {
            return match inside.as_slice() {
                [only] => self.attribute(value, only, field),
                [..] => Kind::Unknown,
            };
        }
        let Kind::Of(data_type) = self.value(whole) else {
            return Kind::Unknown;
        };
        let name = Name {
            schema: data_type
                .schema
                .clone()
                .unwrap_or_else(|| self.schema.own.clone()),
            name: data_type.name.clone(),
        };
        let is_certain = self.schema.exists(ObjectKind::Type, &name, None) == Answer::Yes;
        let known = self.schema.type_of(&name).map(|known| &known.kind);
        let (Some(TypeKind::Composite(attributes)), true, false) = (
            known,
            is_certain && !data_type.is_built_in(),
            data_type.array,
        ) else {
            return Kind::Unknown;
        };
        if let Some(attribute) = attributes.iter().find(|one| one.name == field) {
            return Kind::Of(attribute.data_type.clone());
        }
        let names = attributes.iter().map(|one| one.name.as_str());
        let guess = nearest(field, names).map(str::to_owned);
        if !self.is_of_rows(field) {
            let why = Why::NoColumn {
                column: field.to_owned(),
                of: Some(name.to_string()),
                guess,
            };
            self.refuse(&value.span, why);
        }
        Kind::Unknown
    }

    /// `name.*`
    fn row(&mut self, value: &Value, name: &str) -> Kind {
        if self.item(name).is_none() && !self.may_be_row(name) {
            self.refuse(
                &value.span,
                Why::NoSource {
                    source: name.to_owned(),
                },
            );
        }
        Kind::Row
    }

    fn plain(&mut self, value: &Value, name: &str) -> Kind {
        match self.found(name) {
            Some(Found::One(kind)) => return kind,
            Some(Found::Several) => {
                let column = name.to_owned();
                self.refuse(&value.span, Why::Ambiguous { column });
                return Kind::Unknown;
            }
            None => {}
        }
        if let Some(kind) = self.parameter(name) {
            return kind;
        }
        if self.item(name).is_some() {
            return Kind::Row;
        }
        if !SYSTEM_COLUMNS.contains(&name) && !self.may_be_row(name) {
            let columns = self.levels.iter().flat_map(Level::all);
            let guess = nearest(name, columns.flat_map(|(name, _)| name.as_deref()));
            let why = Why::NoColumn {
                column: name.to_owned(),
                of: None,
                guess: guess.map(str::to_owned),
            };
            self.refuse(&value.span, why);
        }
        Kind::Unknown
    }

    /// The columns with this name on the innermost level that has or may have one.
    fn found(&self, name: &str) -> Option<Found> {
        let mut levels = self.levels.iter().rev();
        levels.find_map(|level| {
            let mut hits = level.all().filter(|(one, _)| one.as_deref() == Some(name));
            match (hits.next(), hits.next()) {
                (Some(_), Some(_)) if !level.mixed => Some(Found::Several),
                (Some((_, kind)), _) => Some(Found::One(kind.clone())),
                (None, _) => {
                    let may_have = level.is_open() || level.is_unread();
                    may_have.then_some(Found::One(Kind::Unknown))
                }
            }
        })
    }

    /// The rows before and after a change, which `RETURNING` can name from PostgreSQL 18 on.
    fn may_be_row(&self, name: &str) -> bool {
        let changes = self.levels.iter().any(|level| level.changes);
        let unread = self.levels.iter().any(Level::is_unread);
        unread
            || changes && matches!(name, "old" | "new")
            || self.levels.iter().any(|level| level.mixed)
    }

    fn parameter(&self, name: &str) -> Option<Kind> {
        let function = self.function?;
        let named = function.parameters.iter();
        let mut named = named.filter(|one| one.name.as_deref() == Some(name));
        let mut columns = function.returns_table.iter();
        named
            .next()
            .map(|one| Kind::Of(one.data_type.clone()))
            .or_else(|| {
                let column = columns.find(|one| one.name == name)?;
                Some(Kind::Of(column.data_type.clone()))
            })
    }

    fn qualified(&mut self, value: &Value, of: &str, name: &str) -> Kind {
        if let Some(item) = self.item(of) {
            let shape = &item.shape;
            let mut columns = shape
                .columns
                .iter()
                .filter(|(one, _)| one.as_deref() == Some(name));
            match (columns.next(), columns.next()) {
                (Some(_), Some(_)) => {
                    let column = name.to_owned();
                    self.refuse(&value.span, Why::Ambiguous { column });
                    return Kind::Unknown;
                }
                (Some((_, kind)), None) => return kind.clone(),
                (None, _) => {}
            }
            if shape.hides() || self.is_of_rows(name) {
                return Kind::Unknown;
            }
            let known = shape.columns.iter().flat_map(|(name, _)| name.as_deref());
            let why = Why::NoColumn {
                column: name.to_owned(),
                of: Some(of.to_owned()),
                guess: nearest(name, known).map(str::to_owned),
            };
            self.refuse(&value.span, why);
            return Kind::Unknown;
        }
        if let Some(function) = self.function {
            if function.routine.name == of {
                return self.parameter(name).unwrap_or_default();
            }
            if self.parameter(of).is_some() {
                return Kind::Unknown;
            }
        }
        if !self.may_be_row(of) {
            self.refuse(
                &value.span,
                Why::NoSource {
                    source: of.to_owned(),
                },
            );
        }
        Kind::Unknown
    }

    /// Whether `row.name` may be a system column, or a call of a function that takes a row.
    fn is_of_rows(&self, name: &str) -> bool {
        let own = self.schema.own_name(name);
        let absent = self.schema.exists(ObjectKind::Function, &own, None);
        SYSTEM_COLUMNS.contains(&name)
            || super::functions::TAKE_ANYTHING.contains(&name)
            || absent != crate::schema::Answer::No
    }

    fn with_schema(&mut self, value: &Value, table: &Name, name: &str) -> Kind {
        let is_table = |item: &Item| item.table.as_ref() == Some(table);
        let mut levels = self.levels.iter().rev();
        let found = levels.find_map(|level| level.item(&is_table));
        let Some(item) = found else {
            if !self.levels.iter().any(Level::is_unread) && table.schema == self.schema.own {
                self.refuse(
                    &value.span,
                    Why::NoSource {
                        source: table.to_string(),
                    },
                );
            }
            return Kind::Unknown;
        };
        let mut columns = item.shape.columns.iter();
        let kind = columns.find(|(one, _)| one.as_deref() == Some(name));
        let kind = kind.map(|(_, kind)| kind.clone());
        let hides = item.shape.hides();
        if kind.is_none() && !hides && !self.is_of_rows(name) {
            let why = Why::NoColumn {
                column: name.to_owned(),
                of: Some(table.to_string()),
                guess: None,
            };
            self.refuse(&value.span, why);
        }
        kind.unwrap_or_default()
    }
}

/// The call in the parentheses, if there is nothing else.
fn only_call(inside: &[Value]) -> Option<&Called> {
    let [only] = inside else { return None };
    if let ValueKind::Called(called) = &only.kind {
        return Some(called);
    }
    match &only.kind {
        ValueKind::Other(values) => only_call(values),
        _other => None,
    }
}

/// The columns of a join: those of `USING` once, and first.
pub(super) fn merged(left: &Shape, right: &Shape, using: &[String]) -> Shape {
    let first = using.iter().filter_map(|name| {
        let mut both = left.columns.iter().chain(&right.columns);
        both.find(|(one, _)| one.as_ref() == Some(name)).cloned()
    });
    let rest = left.columns.iter().chain(&right.columns);
    let is_rest =
        |one: &&(Option<String>, Kind)| one.0.as_ref().is_none_or(|name| !using.contains(name));
    Shape {
        columns: first.chain(rest.filter(is_rest).cloned()).collect(),
        open: left.open || right.open,
    }
}

/// The names that both sides of a `NATURAL` join have; `None` if that is not known.
pub(super) fn common(left: &Shape, right: &Shape) -> Option<Vec<String>> {
    if left.hides() || right.hides() {
        return None;
    }
    let names = left.columns.iter().flat_map(|(name, _)| name);
    Some(names.filter(|name| has(right, name)).cloned().collect())
}
