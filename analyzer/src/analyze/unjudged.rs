//! What was judged only in part, because the files do not say enough.

use crate::intake::file::File;
use crate::statement::{Change, Mentioned, OpaqueCommand, Statement};

/// How many statements were judged only in part, by the reason. A statement can have several.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let view = ("001_a.sql", "CREATE VIEW auth.a AS SELECT id FROM other.b;");
/// let analysis = analyze(Module::in_memory("auth", [view]));
/// assert_eq!(analysis.unjudged.foreign, 1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unjudged {
    /// Those that name objects of other schemas, of which nothing is known.
    pub foreign: usize,
    /// Those that run SQL that is put together when it runs, or call a procedure.
    pub dynamic: usize,
    /// Those with a body in a language that is not read.
    pub bodies: usize,
}

impl Unjudged {
    pub(super) fn of(own: &str, files: &[File]) -> Self {
        let mut all = Self::default();
        for statement in files.iter().flat_map(|file| &file.statements) {
            let one = Self::in_statement(own, statement);
            all.foreign += usize::from(one.foreign > 0);
            all.dynamic += usize::from(one.dynamic > 0);
            all.bodies += usize::from(one.bodies > 0);
        }
        all
    }

    fn in_statement(own: &str, statement: &Statement) -> Self {
        let known = [own, "pg_catalog", "information_schema", "pg_temp"];
        let named = statement.mentions.iter().filter(|one| {
            let is_object = !matches!(one.kind, Mentioned::Schema | Mentioned::Parent);
            let schema = one.schema.as_deref().filter(|_| is_object);
            schema.is_some_and(|schema| !known.contains(&schema))
        });
        let mut all = Self {
            foreign: named.count(),
            ..Self::default()
        };
        for clause in &statement.clauses {
            if let Change::Opaque { command } = &clause.change {
                let is_block = *command == OpaqueCommand::Do;
                all.bodies += usize::from(is_block);
                all.dynamic += usize::from(!is_block);
            }
            if let Change::CreateRoutine(create) = &clause.change {
                let is_read = create.resolved || create.body.is_some() || create.returned.is_some();
                all.bodies += usize::from(!is_read);
            }
            for inner in clause
                .change
                .body()
                .iter()
                .flat_map(|body| &body.statements)
            {
                let inner = Self::in_statement(own, inner);
                all.foreign += inner.foreign;
                all.dynamic += inner.dynamic;
                all.bodies += inner.bodies;
            }
        }
        all
    }
}
