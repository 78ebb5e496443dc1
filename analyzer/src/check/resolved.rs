//! The names in a clause's queries, expressions and SQL bodies that PostgreSQL refuses.

use crate::check::context::{Context, Execution};
use crate::schema::resolve::{Path, Refused, Resolver, Why, places};
use crate::statement::{Body, Change, CreateRoutine, Parameter, Statement};

impl Context<'_> {
    /// The names that PostgreSQL refuses when the clause runs, in the order in which they are written.
    pub(crate) fn refused_names(&self) -> &[Refused] {
        self.refused.get_or_init(|| self.resolve())
    }

    fn resolve(&self) -> Vec<Refused> {
        let mut found = Vec::new();
        if self.runs == Execution::InRoutine {
            return found;
        }
        let path = self.path();
        if self.is_first() && !self.statement.queries.is_empty() {
            found.extend(self.of_queries(path));
        }
        let others = self.statement.clauses.len() > 1;
        for place in places(self.schema, self.change(), self.statement.of_domain) {
            let mut resolver = Resolver::new(self.schema, path, self.min_pg).at(place.seen, others);
            resolver.value(&place.expression.value);
            found.extend(resolver.refused());
        }
        if let Change::CreateView(create) = self.change() {
            let shape = self.schema.shape_of(create);
            found.extend(shape.twice().map(|column| Refused {
                span: self.clause.span.clone(),
                why: Why::Twice { column },
            }));
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
        let is_newer = |one: &Refused| matches!(one.why, Why::Newer { .. });
        let in_block = self.runs == Execution::InDoBlock;
        found.filter(|one| !in_block || is_newer(one)).collect()
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
        let found = body.statements.iter().flat_map(|inner| {
            let queries = inner.queries.iter();
            queries.flat_map(|query| {
                let resolver = Resolver::new(self.schema, path, self.min_pg);
                let mut resolver = resolver.of_function(create);
                resolver.query(query);
                resolver.refused()
            })
        });
        found.chain(self.of_value(create, path)).collect()
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
