//! The names in a clause's queries, expressions and SQL bodies that PostgreSQL refuses.

use crate::check::context::{Context, Execution};
use crate::check::subject::Subjects;
use crate::schema::Answer;
use crate::schema::resolve::{Form, Path, Refused, Resolver, SYSTEM_COLUMNS, Seen, Why, places};
use crate::statement::{Body, Change, Clause, CreateRoutine, ObjectKind, Parameter, Statement};
use crate::text::nearest::nearest;

impl Context<'_> {
    /// The names that PostgreSQL refuses when the clause runs, in the order in which they are written.
    pub(crate) fn refused_names(&self) -> &[Refused] {
        self.refused.get_or_init(|| self.resolve())
    }

    fn resolve(&self) -> Vec<Refused> {
        let mut found = Vec::new();
        if self.runs == Execution::InRoutine || !self.subjects.meets(Subjects::NAMED) {
            return found;
        }
        let path = self.path();
        if self.is_first() && !self.statement.queries.is_empty() {
            found.extend(self.of_queries(path));
        }
        if let Change::Insert(_) | Change::Update(_) = self.change() {
            found.extend(self.of_written_view());
        }
        let others = self.statement.clauses.len() > 1;
        // All expressions of a new table see the same columns, of which there may be hundreds.
        let mut of_new: Option<Resolver<'_>> = None;
        for place in places(self.schema, self.change(), self.statement.of_domain) {
            let new = || Resolver::new(self.schema, path, self.min_pg).at(&place, others);
            let is_new = matches!(place.seen, Seen::New(_));
            let known = match is_new {
                true => of_new.take(),
                false => None,
            };
            let mut resolver = known.unwrap_or_else(new);
            match place.condition {
                Some(of) => resolver.condition(&place.expression.value, of),
                None => drop(resolver.value(&place.expression.value)),
            }
            match is_new {
                true => of_new = Some(resolver),
                false => found.extend(resolver.refused()),
            }
        }
        found.extend(of_new.into_iter().flat_map(Resolver::refused));
        if let Change::CreateView(create) = self.change() {
            let shape = self.schema.shape_of(create);
            found.extend(shape.twice().map(|column| Refused {
                span: self.clause.span.clone(),
                why: Why::Twice { column },
            }));
            let (named, columns) = (create.columns.len(), shape.columns.len());
            if !shape.open && named > columns {
                let form = Form {
                    what: format!(
                        "{} has {named} column names for {columns} columns",
                        create.view
                    ),
                    refused: "CREATE VIEW specifies more column names than columns (42601)",
                    help: "write a name for each column of the query, or none",
                };
                let span = self.clause.span.clone();
                let why = Why::Form(Box::new(form));
                found.push(Refused { span, why });
            }
        }
        if let Change::CreateRoutine(create) = self.change() {
            found.extend(self.of_body(create, path));
        }
        found
    }

    /// The queries of the statement. In a block, a name can also be a variable of PL/pgSQL.
    fn of_queries(&self, path: Path) -> Vec<Refused> {
        let rows = match self.change() {
            Change::Create { name, .. } => Some(name),
            _ => None,
        };
        let found = self.statement.queries.iter().flat_map(|query| {
            let mut resolver = Resolver::new(self.schema, path, self.min_pg);
            if let Some(table) = rows {
                resolver = resolver.of_rule(table);
            }
            resolver.query(query);
            resolver.refused()
        });
        let in_block = self.runs == Execution::InDoBlock;
        found
            .filter(|one| !in_block || self.is_certain_in_block(&one.why))
            .collect()
    }

    /// Whether PostgreSQL refuses this also where a name can be a variable, and the statement is reached.
    fn is_certain_in_block(&self, why: &Why) -> bool {
        if matches!(why, Why::Newer { .. }) {
            return true;
        }
        let Some(variables) = &self.statement.variables else {
            return false;
        };
        match why {
            Why::NoColumn { column, of, .. } => {
                let of = of.iter();
                of.chain([column]).all(|word| !variables.contains(word))
            }
            Why::NoSource { source } => !variables.contains(source),
            Why::Ambiguous { .. } => false,
            Why::NoRelation { .. }
            | Why::Twice { .. }
            | Why::NoFunction { .. }
            | Why::NoArity { .. }
            | Why::NoType { .. }
            | Why::NoValue { .. }
            | Why::Outside { .. }
            | Why::Form(_)
            | Why::Newer { .. } => true,
        }
    }

    /// PostgreSQL reads the body of a function in SQL when it is created.
    fn of_body(&self, create: &CreateRoutine, path: Path) -> Vec<Refused> {
        let language = create.language.as_deref().unwrap_or("sql");
        let Some(body) = create.body.as_ref().filter(|_| language == "sql") else {
            return self.of_value(create, path_of(&create.settings, path, &self.module.schema));
        };
        let is_read = create.resolved || !self.skips_bodies();
        if !is_read || creates(body) {
            return Vec::new();
        }
        let path = path_of(&create.settings, path, &self.module.schema);
        let written = body.statements.iter().flat_map(|inner| &inner.clauses);
        let written = written.filter(|clause| path != Path::Unknown && clause.change.is_dml());
        let written = written.flat_map(|clause| self.unwritable(clause));
        let found = body.statements.iter().flat_map(|inner| {
            let queries = inner.queries.iter();
            queries.flat_map(|query| {
                let resolver = Resolver::new(self.schema, path, self.min_pg);
                let mut resolver = resolver.of_function(create);
                resolver.query(query);
                resolver.refused()
            })
        });
        written
            .chain(found)
            .chain(self.of_value(create, path))
            .collect()
    }

    /// The columns that a statement writes through a view that does not have them.
    pub(crate) fn of_written_view(&self) -> Vec<Refused> {
        let references = self.change().references().into_iter();
        let found = references.filter_map(|one| {
            let column = one.part?;
            let relation = self.schema.relation(&one.name)?;
            let shape = self
                .schema
                .shape(&one.name)
                .filter(|_| relation.kind == ObjectKind::View)?;
            let names = || shape.columns.iter().flat_map(|(name, _)| name.as_deref());
            let is_whole = !shape.open && shape.columns.iter().all(|(name, _)| name.is_some());
            (is_whole && !names().any(|name| name == column)).then(|| {
                let why = Why::NoColumn {
                    of: Some(one.name.to_string()),
                    guess: nearest(&column, names()).map(str::to_owned),
                    column,
                };
                let span = one.span.unwrap_or_else(|| self.clause.span.clone());
                Refused { span, why }
            })
        });
        found.collect()
    }

    /// The columns that a statement writes and its table does not have.
    fn unwritable(&self, clause: &Clause) -> Vec<Refused> {
        let references = clause.change.references().into_iter();
        let found = references.filter_map(|one| {
            let column = one.part.clone()?;
            let is_absent = self.schema.exists(one.kind, &one.name, Some(&column)) == Answer::No;
            let is_known = self.schema.relation(&one.name).is_some();
            (is_absent && is_known && !SYSTEM_COLUMNS.contains(&column.as_str())).then(|| {
                let guess = self.schema.guess(one.kind, &one.name, Some(&column));
                let why = Why::NoColumn {
                    column,
                    of: Some(one.name.to_string()),
                    guess,
                };
                let span = one.span.unwrap_or_else(|| clause.span.clone());
                Refused { span, why }
            })
        });
        found.collect()
    }

    /// `RETURN value`.
    fn of_value(&self, create: &CreateRoutine, path: Path) -> Vec<Refused> {
        let Some(value) = &create.returned else {
            return Vec::new();
        };
        let mut resolver = Resolver::new(self.schema, path, self.min_pg).of_function(create);
        resolver.value(value);
        resolver.refused()
    }

    /// Whether the file has switched the check of bodies off.
    pub(crate) fn skips_bodies(&self) -> bool {
        self.is_behind(self.settings.bodies)
    }

    /// Where names without a schema are looked for: the runner sets `search_path`, and a file may change it.
    pub(crate) fn path(&self) -> Path {
        match self.is_behind(self.settings.path) {
            true => Path::Unknown,
            false => Path::Own,
        }
    }

    fn is_behind(&self, place: Option<usize>) -> bool {
        place.is_some_and(|place| place < self.statement.span.start)
    }
}

/// Where the statements of a file first change a setting that decides how later ones are read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings {
    /// `search_path`.
    path: Option<usize>,
    /// `check_function_bodies`.
    bodies: Option<usize>,
}

impl Settings {
    pub(crate) fn of(statements: &[Statement]) -> Self {
        let first = |name: &str| {
            let place = statements.iter().find(|one| sets(one, name));
            place.map(|one| one.span.start)
        };
        Self {
            path: first("search_path"),
            bodies: first("check_function_bodies"),
        }
    }
}

fn sets(statement: &Statement, name: &str) -> bool {
    let calls = statement.calls.iter();
    let mut configs = calls.filter(|call| call.name == "set_config");
    let is_config = configs.any(|call| call.constant(0).is_none_or(|setting| setting == name));
    let mut clauses = statement.clauses.iter();
    is_config
        || clauses.any(|clause| matches!(&clause.change, Change::Set { setting, .. } if setting == name || setting == "all"))
}

/// A body that creates something, which its later statements may need, is not looked into.
fn creates(body: &Body) -> bool {
    let mut clauses = body.statements.iter().flat_map(|one| &one.clauses);
    clauses.any(|clause| clause.change.is_ddl() || matches!(clause.change, Change::Set { .. }))
}

/// The path of a routine with `SET search_path`, which its body is read with.
pub(crate) fn path_of(settings: &[Parameter], path: Path, own: &str) -> Path {
    let set = settings.iter().find(|one| one.name == "search_path");
    let Some(value) = set.map(|one| one.value.as_deref()) else {
        return path;
    };
    let Some(value) = value else { return path };
    let names = value
        .split(',')
        .map(|name| name.trim().trim_matches(['\'', '"']));
    let names: Vec<&str> = names
        .filter(|name| !["", "pg_catalog", "pg_temp"].contains(name))
        .collect();
    match names.as_slice() {
        [] => Path::Empty,
        [only] if *only == own => Path::Own,
        [..] => Path::Unknown,
    }
}
