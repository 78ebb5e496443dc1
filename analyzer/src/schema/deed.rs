//! What a call does: what the bodies of the module's routines do, followed through the routines that they
//! call.

use std::collections::BTreeSet;

use super::Schema;
use super::extension::{Brought, bringing, changing};
use crate::statement::{Body, Call, Change, Command, CreateRoutine, Name, Persistence, Statement};

/// What happens when a routine is called, in the order of how much may change.
///
/// ```
/// use onward_analyzer::schema::Deed;
///
/// assert!(Deed::Reads < Deed::ChangesSchema);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// It reads at most.
    Reads,
    /// It changes rows.
    ChangesRows,
    /// It changes the schema, or locks or empties a table.
    ChangesSchema,
    /// It runs a text that it puts together, or its body is in a language that is not analyzed.
    RunsText,
    /// No file creates it, and no known extension brings it.
    Unknown,
}

impl Schema {
    /// What a call does, with the routines that it calls, each looked at once.
    pub(crate) fn deed(&self, call: &Call) -> Deed {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![call];
        let mut worst = Deed::Reads;
        while let Some(call) = waiting.pop() {
            let name = self.called(call);
            let routines = self.routines(&name);
            if routines.is_empty() || call.is_built_in() {
                worst = worst.max(self.deed_of_other(call, &name));
            } else if seen.insert(name) {
                worst = routines.iter().map(|one| one.deed).fold(worst, Deed::max);
                waiting.extend(routines.iter().flat_map(|one| &one.calls));
            }
        }
        worst
    }

    /// What a function does that no file creates.
    fn deed_of_other(&self, call: &Call, name: &Name) -> Deed {
        if call.is_built_in() || self.type_of(name).is_some() {
            Deed::Reads
        } else if changing(&call.name).is_some() {
            Deed::ChangesSchema
        } else if bringing(Brought::Function, &call.name).is_empty() {
            Deed::Unknown
        } else {
            Deed::Reads
        }
    }

    /// The name of the called function, in the module's schema if none is written.
    pub(crate) fn called(&self, call: &Call) -> Name {
        self.routine_name(call.schema.as_deref(), &call.name)
    }
}

impl Change {
    /// Whether the statement's queries run at once, and with them the functions that they call.
    pub(crate) fn runs_queries(&self) -> bool {
        match self {
            Self::CreateTable(create) => create.from_query,
            Self::CreateView(create) => create.materialized && create.with_data,
            Self::Other { command, .. } => {
                matches!(command, Command::CopyTo(_) | Command::Declare { .. })
            }
            change => change.is_dml() || matches!(change, Self::Query),
        }
    }
}

/// What a new routine does by itself, and what it calls. An aggregate has no body of its own, and neither has
/// a function in `internal`, which is one of PostgreSQL's.
pub(super) fn of_routine(create: &CreateRoutine) -> (Deed, Vec<Call>) {
    let is_internal = create.language.as_deref() == Some("internal");
    match &create.body {
        Some(body) => of_body(body),
        None if is_internal || create.value.is_some() => (Deed::Reads, Vec::new()),
        None => (Deed::RunsText, Vec::new()),
    }
}

fn of_body(body: &Body) -> (Deed, Vec<Call>) {
    let statements = all(&body.statements);
    let clauses = statements.iter().flat_map(|one| &one.clauses);
    let changes: Vec<&Change> = clauses.map(|clause| &clause.change).collect();
    let temporary: Vec<&Name> = changes.iter().filter_map(|one| temporary(one)).collect();
    let is_temporary = |change: &&&Change| {
        let table = change.table();
        table.is_some_and(|table| temporary.contains(&table))
    };
    let lasting = changes.iter().filter(|change| !is_temporary(change));
    let deed = lasting.map(|change| of_change(change)).max();
    let calls = statements.iter().flat_map(|one| &one.calls);
    let calls = calls.filter(|call| !call.is_built_in()).cloned().collect();
    (deed.unwrap_or(Deed::Reads), calls)
}

fn temporary(change: &Change) -> Option<&Name> {
    let Change::CreateTable(create) = change else {
        return None;
    };
    (create.persistence == Persistence::Temporary).then_some(&create.table)
}

fn of_change(change: &Change) -> Deed {
    let notifies = matches!(
        change,
        Change::Other {
            command: Command::Notify,
            ..
        }
    );
    if matches!(change, Change::Opaque { .. } | Change::Unknown { .. }) {
        Deed::RunsText
    } else if matches!(change, Change::Truncate { .. } | Change::Lock { .. })
        || change.is_ddl() && !notifies
    {
        Deed::ChangesSchema
    } else if change.is_dml() {
        Deed::ChangesRows
    } else {
        Deed::Reads
    }
}

/// The statements, with those of nested blocks.
pub(super) fn all(statements: &[Statement]) -> Vec<&Statement> {
    let mut found = Vec::new();
    let mut waiting: Vec<&Statement> = statements.iter().collect();
    while let Some(statement) = waiting.pop() {
        found.push(statement);
        for clause in &statement.clauses {
            if let Change::Do { body, .. } = &clause.change {
                waiting.extend(&body.statements);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deed(files: &str, call: &str) -> Deed {
        let schema = Schema::after("app", &[files]);
        let text = format!("SELECT {call}()");
        let statement = crate::lower::lower(
            &text,
            &crate::text::split::split(&text).statements[0],
            "app",
        );
        schema.deed(&statement.calls[0])
    }

    #[test]
    fn a_call_does_what_the_bodies_do() {
        let body = |language: &str, text: &str| {
            format!("CREATE FUNCTION app.f() RETURNS void LANGUAGE {language} AS $$ {text} $$;")
        };
        for (language, text, expected) in [
            ("sql", "SELECT 1", Deed::Reads),
            ("sql", "SELECT count(*) FROM app.t", Deed::Reads),
            ("sql", "DELETE FROM app.t", Deed::ChangesRows),
            ("sql", "TRUNCATE app.t", Deed::ChangesSchema),
            (
                "plpgsql",
                "BEGIN DROP TABLE app.t; END",
                Deed::ChangesSchema,
            ),
            (
                "plpgsql",
                "BEGIN CREATE TEMP TABLE x AS SELECT 1; DROP TABLE x; END",
                Deed::Reads,
            ),
            (
                "plpgsql",
                "BEGIN EXECUTE format('x %s', 1); END",
                Deed::RunsText,
            ),
            ("plpgsql", "BEGIN NOTIFY a; END", Deed::Reads),
            ("plpgsql", "BEGIN PERFORM app.f(); END", Deed::Reads),
            ("plpgsql", "BEGIN PERFORM app.other(); END", Deed::Unknown),
            (
                "plpgsql",
                "BEGIN PERFORM create_hypertable('app.t', 'at'); END",
                Deed::ChangesSchema,
            ),
            ("plpython3u", "pass", Deed::RunsText),
        ] {
            assert_eq!(deed(&body(language, text), "app.f"), expected, "{text}");
        }
        let two = "CREATE FUNCTION app.g() RETURNS void LANGUAGE sql AS 'DROP TABLE app.t'; \
                   CREATE FUNCTION app.f() RETURNS void LANGUAGE sql AS 'SELECT app.g()';";
        assert_eq!(deed(two, "app.f"), Deed::ChangesSchema);
        assert_eq!(deed("", "now"), Deed::Reads);
        assert_eq!(deed("", "pg_catalog.now"), Deed::Reads);
        assert_eq!(deed("", "public.uuid_generate_v4"), Deed::Reads);
        assert_eq!(
            deed("", "pg_catalog.create_reference_table"),
            Deed::ChangesSchema
        );
        assert_eq!(deed("", "partman.create_parent"), Deed::Unknown);
        assert_eq!(deed("CREATE DOMAIN app.d AS int;", "app.d"), Deed::Reads);
    }
}
