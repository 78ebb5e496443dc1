//! The sources of a query: what is in `FROM`.

use super::scope::{Item, Level, common, merged};
use super::{Kind, Path, Resolver, Shape, Why};
use crate::schema::{Answer, Relation, TypeKind};
use crate::statement::scope::PG_TEMP;
use crate::statement::{
    Called, DataType, Matched, Name, ObjectKind, ParameterMode, Source, SourceKind, Value,
    ValueKind,
};

/// Functions of `pg_catalog` that return rows of one column, which has the name of its source.
const OF_ONE_COLUMN: [&str; 6] = [
    "generate_series",
    "generate_subscripts",
    "json_object_keys",
    "jsonb_object_keys",
    "regexp_split_to_table",
    "string_to_table",
];

impl Resolver<'_> {
    /// A source, which sees those to the left of it if it is `LATERAL` or a function.
    pub(super) fn source(&mut self, source: &Source, left: &Level) -> Item {
        let mut item = match &source.kind {
            SourceKind::Relation { schema, name } => self.relation(source, schema.as_deref(), name),
            SourceKind::Query(query) => {
                let shape = self.beside(left, source.lateral, |this| this.query(query));
                Item {
                    shape,
                    ..Item::default()
                }
            }
            SourceKind::Functions {
                calls,
                columns,
                ordinality,
            } => {
                self.beside(left, true, |this| {
                    for call in calls {
                        this.value(call);
                    }
                });
                let mut item = self.function(calls, source.alias.as_deref());
                if !columns.is_empty() {
                    let defined = columns.iter();
                    let defined =
                        defined.map(|(name, of)| (Some(name.clone()), Kind::Of(of.clone())));
                    item.shape = Shape {
                        columns: defined.collect(),
                        open: false,
                    };
                }
                if *ordinality {
                    let column = (Some("ordinality".to_owned()), Kind::named("bigint"));
                    item.shape.columns.push(column);
                }
                item
            }
            SourceKind::Join { sides, matched, .. } => self.join(sides, matched, left),
            SourceKind::Other(values) => {
                self.beside(left, true, |this| {
                    for value in values {
                        this.value(value);
                    }
                });
                Item {
                    shape: Shape::unknown(),
                    unread: source.alias.is_none(),
                    ..Item::default()
                }
            }
        };
        if let Some(alias) = &source.alias {
            item = Item {
                name: Some(alias.clone()),
                relation: item.relation,
                shape: item.shape,
                ..Item::default()
            };
            let open = item.shape.open && !source.columns.is_empty();
            for (at, name) in source.columns.iter().enumerate() {
                match item.shape.columns.get_mut(at) {
                    Some(column) => column.0 = Some(name.clone()),
                    None if open => item.shape.columns.push((Some(name.clone()), Kind::Unknown)),
                    None => {}
                }
            }
        }
        item
    }

    /// Runs a function with the sources on the left in sight, if it sees them.
    fn beside<T>(&mut self, left: &Level, sees: bool, run: impl FnOnce(&mut Self) -> T) -> T {
        if sees {
            self.levels.push(left.clone());
        }
        let found = run(self);
        if sees {
            self.levels.pop();
        }
        found
    }

    fn join(&mut self, sides: &(Source, Source), matched: &Matched, before: &Level) -> Item {
        let first = self.source(&sides.0, before);
        let mut level = before.clone();
        level.add(first.clone());
        let second = self.source(&sides.1, &level);
        let (left, right) = (&first.shape, &second.shape);
        let mut alias = None;
        let shape = match matched {
            Matched::On(condition) => {
                if let Some(condition) = condition {
                    let level = Level::of([first.clone(), second.clone()]);
                    self.levels.push(level);
                    self.condition(condition, "ON");
                    self.levels.pop();
                }
                merged(left, right, &[])
            }
            Matched::Using(columns, name) => {
                for (side, of) in [(left, &sides.0), (right, &sides.1)] {
                    self.each_is_there(side, of, columns);
                }
                alias.clone_from(name);
                merged(left, right, columns)
            }
            Matched::Natural => match common(left, right) {
                Some(both) => merged(left, right, &both),
                None => Shape::unknown(),
            },
        };
        let mut inner = vec![first, second];
        inner.extend(alias.map(|name| Item {
            name: Some(name),
            shape: Shape::unknown(),
            ..Item::default()
        }));
        Item {
            shape,
            inner,
            ..Item::default()
        }
    }

    /// The columns of `USING` are on both sides.
    fn each_is_there(&mut self, shape: &Shape, of: &Source, columns: &[String]) {
        for column in columns {
            if !shape.hides() && !super::has(shape, column) {
                let why = Why::NoColumn {
                    column: column.clone(),
                    of: of.alias.clone(),
                    guess: None,
                };
                self.refuse(&of.span, why);
            }
        }
    }

    fn relation(&mut self, source: &Source, schema: Option<&str>, written: &str) -> Item {
        let mut item = Item {
            name: Some(written.to_owned()),
            shape: Shape::unknown(),
            ..Item::default()
        };
        if schema.is_none() {
            let mut common = self.common.iter().rev();
            if let Some((_, shape)) = common.find(|(name, _)| name == written) {
                item.shape = shape.clone();
                return item;
            }
        }
        let name = match (schema, self.path) {
            (Some(schema), _) => Name {
                schema: schema.to_owned(),
                name: written.to_owned(),
            },
            // Temporary objects are found first, whatever the path.
            (None, _) if self.schema.kind_of(&temporary(written)).is_some() => temporary(written),
            (None, Path::Own) => self.schema.own_name(written),
            (None, Path::Empty) => {
                let name = Name {
                    schema: "\"\"".to_owned(),
                    name: written.to_owned(),
                };
                self.refuse(&source.span, Why::NoRelation { name });
                return item;
            }
            (None, Path::Unknown) => return item,
        };
        item.table = Some(name.clone());
        item.relation = Some(name.clone());
        match self.schema.shape(&name) {
            Some(shape) => item.shape = shape,
            None => {
                let is_taken = self.schema.kind_of(&name).is_some();
                let exists = self.schema.exists(ObjectKind::Table, &name, None);
                if !is_taken && exists == Answer::No {
                    self.refuse(&source.span, Why::NoRelation { name });
                }
            }
        }
        item
    }
}

impl Resolver<'_> {
    /// A function in `FROM`.
    fn function(&self, calls: &[Value], alias: Option<&str>) -> Item {
        let mut item = function(calls, alias);
        let [
            Value {
                kind: ValueKind::Called(called),
                ..
            },
        ] = calls
        else {
            return item;
        };
        if let Some(mut shape) = self.result(called) {
            // The only column of a function without a name for it has the name of its source.
            if let [(name @ None, _)] = shape.columns.as_mut_slice() {
                *name = Some(alias.unwrap_or(&called.name).to_owned());
            }
            item.shape = shape;
        }
        item
    }

    /// The columns that a function of the module returns, if it is the only one of its name.
    pub(super) fn result(&self, called: &Called) -> Option<Shape> {
        let name = match (&called.schema, self.path) {
            (Some(schema), _) => Name {
                schema: schema.clone(),
                name: called.name.clone(),
            },
            (None, Path::Own) => self.schema.own_name(&called.name),
            (None, Path::Empty | Path::Unknown) => return None,
        };
        let [routine] = self.schema.routines(&name) else {
            return None;
        };
        let is_certain = self.schema.exists(ObjectKind::Function, &name, None) == Answer::Yes;
        let created = routine.created.as_deref().filter(|_| is_certain)?;
        let of = |name: &Option<String>, of: &DataType| (name.clone(), Kind::Of(of.clone()));
        let outputs = created.parameters.iter();
        let outputs = outputs
            .filter(|one| matches!(one.mode, Some(ParameterMode::Out | ParameterMode::InOut)));
        let outputs = outputs.map(|one| of(&one.name, &one.data_type));
        let table = created.returns_table.iter();
        let table = table.map(|one| of(&Some(one.name.clone()), &one.data_type));
        let columns: Vec<_> = outputs.chain(table).collect();
        let has_names = columns.len() < 2 || columns.iter().all(|(name, _)| name.is_some());
        if !columns.is_empty() {
            let is_plain = |kind: &Kind| matches!(kind, Kind::Of(one) if is_plain(one));
            let all = columns.iter().all(|(_, kind)| is_plain(kind));
            return (has_names && all).then_some(Shape {
                columns,
                open: false,
            });
        }
        let returns = created.returns.as_ref().filter(|it| is_plain(it))?;
        if returns.is_built_in() || returns.array {
            let returns = DataType {
                set: false,
                modifiers: Vec::new(),
                ..returns.clone()
            };
            return Some(Shape {
                columns: vec![(None, Kind::Of(returns))],
                open: false,
            });
        }
        let own = Name {
            schema: returns
                .schema
                .clone()
                .unwrap_or_else(|| self.schema.own.clone()),
            name: returns.name.clone(),
        };
        if self.schema.relation(&own).is_some() {
            return self.schema.shape(&own);
        }
        let known = self.schema.type_of(&own)?;
        let TypeKind::Composite(attributes) = &known.kind else {
            return None;
        };
        let is_certain = self.schema.exists(ObjectKind::Type, &own, None) == Answer::Yes;
        let columns = attributes.iter();
        let columns = columns.map(|one| of(&Some(one.name.clone()), &one.data_type));
        is_certain.then(|| Shape {
            columns: columns.collect(),
            open: false,
        })
    }
}

/// Whether the type is the same in each call.
fn is_plain(data_type: &DataType) -> bool {
    let name = data_type.name.as_str();
    let pseudo = ["record", "void", "trigger", "event_trigger", "internal"];
    !name.starts_with("any") && !name.contains('%') && !pseudo.contains(&name)
}

fn temporary(written: &str) -> Name {
    Name {
        schema: PG_TEMP.to_owned(),
        name: written.to_owned(),
    }
}

/// A function in `FROM`.
fn function(calls: &[Value], alias: Option<&str>) -> Item {
    let mut item = Item {
        shape: Shape::unknown(),
        ..Item::default()
    };
    let [
        Value {
            kind: ValueKind::Called(called),
            ..
        },
    ] = calls
    else {
        item.unread = alias.is_none();
        return item;
    };
    item.name = Some(called.name.clone());
    if called.schema.is_none() && OF_ONE_COLUMN.contains(&called.name.as_str()) {
        let name = alias.unwrap_or(&called.name).to_owned();
        item.shape = Shape {
            columns: vec![(Some(name), Kind::Unknown)],
            open: false,
        };
    }
    item
}

impl crate::schema::Schema {
    /// The columns of a table or view; `None` if there is no such relation, or if it may be another one.
    pub(crate) fn shape(&self, name: &Name) -> Option<Shape> {
        self.shape_with(name, |_| true)
    }

    /// The same with some of a table's columns.
    pub(super) fn shape_with(&self, name: &Name, wanted: impl Fn(&str) -> bool) -> Option<Shape> {
        let relation = self.relation(name)?;
        let columns = relation.columns.iter();
        let columns = columns.filter(|column| wanted(&column.name));
        let typed = columns.map(|column| (column.name.as_str(), column.data_type.as_ref()));
        Some(self.shape_over(relation, typed))
    }

    /// The columns of a view, or these of a table.
    pub(super) fn shape_over<'a>(
        &self,
        relation: &Relation,
        columns: impl Iterator<Item = (&'a str, Option<&'a DataType>)>,
    ) -> Shape {
        let name = &relation.name;
        if self.exists(relation.kind, name, None) != Answer::Yes {
            return Shape::unknown();
        }
        if let Some(shape) = &relation.shape {
            return shape.clone();
        }
        let kind =
            |data_type: Option<&DataType>| data_type.cloned().map_or(Kind::Unknown, Kind::Of);
        Shape {
            columns: columns
                .map(|(name, data_type)| (Some(name.to_owned()), kind(data_type)))
                .collect(),
            // A column that is not there is certainly not there.
            open: self.exists(ObjectKind::Column, name, Some("")) != Answer::No,
        }
    }
}
