//! Resolves the names in queries and expressions as PostgreSQL does, and finds the types of values.
//!
//! What is not known from the files stays silent: a source whose columns are not known hides every name
//! that could be one of them, and a value of another schema's function has no type here.

mod candidates;
mod casts;
mod forms;
mod functions;
mod grouping;
mod json;
mod literals;
mod named;
mod operators;
mod parameters;
mod places;
mod scope;
mod sources;
mod typing;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(crate) use casts::{Fits, fits};
pub(crate) use forms::Form;
pub(crate) use literals::refusal;
pub(crate) use parameters::{Parameter, Parameters};
pub(crate) use places::{Seen, places};
pub(crate) use scope::SYSTEM_COLUMNS;

use self::scope::{Item, Level};
use super::Schema;
use crate::statement::{
    Branch, CreateRoutine, CreateView, DataType, Name, Query, Select, Selected, Value, ValueKind,
};

/// What is known of the type of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing.
    #[default]
    Unknown,
    /// A string or `NULL` without a type: it takes the one that is needed.
    Literal,
    /// The row of a source.
    Row,
    /// This type.
    Of(DataType),
}

impl Kind {
    pub(super) fn named(name: &str) -> Self {
        Self::Of(DataType {
            name: name.to_owned(),
            ..DataType::default()
        })
    }

    pub(super) fn is(&self, name: &str) -> bool {
        matches!(self, Self::Of(data_type) if data_type.schema.is_none() && !data_type.array && data_type.name == name)
    }
}

/// The columns of a source or of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The columns in order; a column whose name is not known has none.
    pub(crate) columns: Vec<(Option<String>, Kind)>,
    /// Whether there may be others.
    pub(crate) open: bool,
}

impl Shape {
    pub(super) fn unknown() -> Self {
        Self {
            columns: Vec::new(),
            open: true,
        }
    }

    /// The names that several columns have.
    pub(crate) fn twice(&self) -> impl Iterator<Item = String> {
        let mut seen = BTreeSet::new();
        let names = self.columns.iter().flat_map(|(name, _)| name);
        let twice: Vec<String> = names.filter(|name| !seen.insert(*name)).cloned().collect();
        twice.into_iter()
    }

    /// Whether a name that is not among the columns may be one.
    pub(crate) fn hides(&self) -> bool {
        self.open || self.columns.iter().any(|(name, _)| name.is_none())
    }
}

/// A name that PostgreSQL refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The byte range of the name in the file.
    pub(crate) span: Range<usize>,
    pub(crate) why: Why,
}

/// Why a name is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// No source has the column; with the source that is named before it, and a name that is close.
    NoColumn {
        column: String,
        of: Option<String>,
        guess: Option<String>,
    },
    /// Several sources have the column.
    Ambiguous { column: String },
    /// No source that can be seen there has this name.
    NoSource { source: String },
    /// Neither a table nor a view has this name.
    NoRelation { name: Name },
    /// Two columns of the result have this name.
    Twice { column: String },
    /// There is no function with this name; with one that is close.
    NoFunction { name: String, guess: Option<String> },
    /// No function of this name takes so many arguments.
    NoArity { name: String, arguments: usize },
    /// There is no type with this name; with one that is close.
    NoType { name: Name, guess: Option<String> },
    /// The string is not a value of the type.
    NoValue {
        text: String,
        data_type: DataType,
        words: &'static str,
    },
    /// The operator of an extension's type is in a schema that is not in the `search_path`.
    Outside {
        operator: String,
        data_type: DataType,
    },
    /// Names that exist are put together as PostgreSQL does not accept it.
    Form(Box<Form>),
    /// The function is newer than the oldest server.
    Newer { name: String, version: u8 },
}

/// Where names without a schema are looked for, besides `pg_catalog`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    /// In the module's schema.
    Own,
    /// Nowhere: `search_path` is empty.
    Empty,
    /// It is not known where.
    Unknown,
}

/// Resolves the names of one statement.
pub(crate) struct Resolver<'a> {
    schema: &'a Schema,
    path: Path,
    min_pg: u8,
    levels: Vec<Level>,
    /// The queries of `WITH` that can be seen, the innermost last.
    common: Vec<(String, Shape)>,
    /// The function whose body this is, with its parameters.
    function: Option<&'a CreateRoutine>,
    /// What is known of `$1` and the others; `None` where they are those of a function.
    parameters: Option<Parameters>,
    /// Whether the query is an operand of a `UNION`.
    combining: bool,
    /// The types of values that are assigned to columns, by their place; only with parameters.
    seen: BTreeMap<(usize, usize), Kind>,
    refused: Vec<Refused>,
}

impl<'a> Resolver<'a> {
    pub(crate) const fn new(schema: &'a Schema, path: Path, min_pg: u8) -> Self {
        Self {
            schema,
            path,
            min_pg,
            levels: Vec::new(),
            common: Vec::new(),
            function: None,
            parameters: None,
            combining: false,
            seen: BTreeMap::new(),
            refused: Vec::new(),
        }
    }

    /// For the body of a function, whose parameters can be named.
    pub(crate) const fn of_function(mut self, function: &'a CreateRoutine) -> Self {
        self.function = Some(function);
        self
    }

    /// The names that PostgreSQL refuses, in the order in which they are written.
    pub(crate) fn refused(mut self) -> Vec<Refused> {
        self.refused.sort_by_key(|one| one.span.start);
        self.refused.dedup();
        self.refused
    }

    fn refuse(&mut self, span: &Range<usize>, why: Why) {
        self.refused.push(Refused {
            span: span.clone(),
            why,
        });
    }

    /// The columns that a query returns.
    pub(crate) fn query(&mut self, query: &Query) -> Shape {
        let known = self.common.len();
        for common in &query.with {
            if query.recursive {
                self.common.push((common.name.clone(), Shape::unknown()));
            }
            let mut shape = self.recursive(query.recursive, common);
            for (name, column) in common.columns.iter().zip(&mut shape.columns) {
                column.0 = Some(name.clone());
            }
            shape.open |= common.grows;
            self.common.push((common.name.clone(), shape));
        }
        let mut shapes = Vec::new();
        let is_one = query.operands.len() == 1;
        let combining = self.combining;
        self.combining |= !is_one;
        for operand in &query.operands {
            let order = if is_one { query.order.as_slice() } else { &[] };
            shapes.push(self.operand(operand, order));
        }
        self.combining = combining;
        self.agree(query, &shapes);
        for limit in &query.limits {
            self.value(limit);
            self.limited(limit);
        }
        let shape = combined(shapes.into_iter());
        if !is_one {
            self.ordered(&query.order, &shape);
        }
        self.common.truncate(known);
        shape
    }

    /// A query of `WITH RECURSIVE` sees itself: its first operand decides the names of its columns.
    fn recursive(&mut self, recursive: bool, common: &crate::statement::Common) -> Shape {
        let [first, _, ..] = common.query.operands.as_slice() else {
            return self.query(&common.query);
        };
        if !recursive {
            return self.query(&common.query);
        }
        // What it refuses comes again with the whole.
        let refused = self.refused.len();
        let mut shape = self.operand(first, &[]);
        self.refused.truncate(refused);
        for (name, column) in common.columns.iter().zip(&mut shape.columns) {
            column.0 = Some(name.clone());
        }
        // The types are those of all operands together.
        for column in &mut shape.columns {
            column.1 = Kind::Unknown;
        }
        self.common.push((common.name.clone(), shape));
        self.query(&common.query)
    }

    /// `ORDER BY` of a `UNION` sees only the names of the result.
    fn ordered(&mut self, order: &[Value], shape: &Shape) {
        for value in order {
            let ValueKind::Column(column) = &value.kind else {
                continue;
            };
            let [name] = column.parts.as_slice() else {
                continue;
            };
            if !shape.hides() && !has(shape, name) {
                let why = Why::NoColumn {
                    column: name.clone(),
                    of: None,
                    guess: None,
                };
                self.refuse(&value.span, why);
            }
        }
    }

    fn operand(&mut self, operand: &Branch, order: &[Value]) -> Shape {
        match operand {
            Branch::Select(select) => self.select(select, order),
            Branch::Query(query) => self.query(query),
            Branch::Table(source) => self.source(source, &Level::default()).shape,
            Branch::Values(rows) => {
                let mut shapes = Vec::new();
                self.agree_in_length(rows);
                for row in rows {
                    let kinds: Vec<Kind> = row.iter().map(|value| self.value(value)).collect();
                    let names = (1..).map(|n| Some(format!("column{n}")));
                    shapes.push(Shape {
                        columns: names.zip(kinds).collect(),
                        open: false,
                    });
                }
                combined(shapes.into_iter())
            }
        }
    }

    fn select(&mut self, select: &Select, order: &[Value]) -> Shape {
        for query in &select.apart {
            self.query(query);
        }
        let mut level = Level {
            mixed: select.mixed,
            changes: select.changes,
            ..Level::default()
        };
        for source in &select.from {
            let item = self.source(source, &level);
            level.add(item);
        }
        self.levels.push(level);
        let shape = self.targets(&select.targets);
        for value in &select.filters {
            self.filter(value);
        }
        self.grouped(select);
        for value in &select.values {
            let kind = self.value(value);
            self.note(value, kind);
        }
        for value in select.groups.iter().chain(order) {
            let is_target = matches!(&value.kind, ValueKind::Column(column)
                if matches!(column.parts.as_slice(), [name] if has(&shape, name)));
            if !is_target {
                self.value(value);
            }
        }
        self.levels.pop();
        shape
    }

    fn targets(&mut self, targets: &[Selected]) -> Shape {
        let mut shape = Shape::default();
        for target in targets {
            let Some(value) = &target.value else {
                let level = self.levels.last();
                shape.open |= level.is_none_or(Level::is_open);
                shape
                    .columns
                    .extend(level.into_iter().flat_map(Level::all).cloned());
                continue;
            };
            if let ValueKind::Column(column) = &value.kind
                && column.all
            {
                self.value(value);
                let item = column.parts.last().and_then(|name| self.item(name));
                let of = item.map(|item: &Item| item.shape.clone());
                let of = of.unwrap_or_else(Shape::unknown);
                shape.open |= of.open;
                shape.columns.extend(of.columns);
                continue;
            }
            let kind = self.value(value);
            self.note(value, kind.clone());
            let kind = match kind {
                Kind::Literal => {
                    self.left(value);
                    Kind::named("text")
                }
                Kind::Row | Kind::Unknown => Kind::Unknown,
                Kind::Of(data_type) => Kind::Of(data_type),
            };
            let name = target.name.clone();
            let name = name.or_else(|| named::of(value).map(|(name, _)| name));
            shape.columns.push((name, kind));
        }
        shape
    }
}

fn has(shape: &Shape, name: &str) -> bool {
    let mut names = shape.columns.iter().flat_map(|(name, _)| name);
    names.any(|one| one == name)
}

/// The columns of a `UNION`: the names of the first operand, and the types on which all agree.
fn combined(mut shapes: impl Iterator<Item = Shape>) -> Shape {
    let Some(mut all) = shapes.next() else {
        return Shape::unknown();
    };
    for other in shapes {
        all.open |= other.open;
        for (mine, theirs) in all.columns.iter_mut().zip(other.columns) {
            if mine.1 != theirs.1 {
                mine.1 = Kind::Unknown;
            }
        }
    }
    all
}

impl Schema {
    /// The columns of a view, as they are when it is created.
    pub(crate) fn shape_of(&self, view: &CreateView) -> Shape {
        let ValueKind::Query(query) = &view.query.value.kind else {
            return Shape::unknown();
        };
        let mut shape = Resolver::new(self, Path::Own, u8::MAX).query(query);
        for (name, column) in view.columns.iter().zip(&mut shape.columns) {
            column.0 = Some(name.clone());
        }
        shape
    }
}
