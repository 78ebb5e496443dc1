//! Asks the rules about a statement that a program sends: those that find what PostgreSQL certainly refuses.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::check::context::{Context, Execution, FileContext};
use crate::check::held_locks::HeldLocks;
use crate::check::parts::Parts;
use crate::check::resolved::Settings;
use crate::check::rule::{Check, Group, Rule, SpannedMessage};
use crate::check::subject::Subjects;
use crate::check::suggestion::Suggestion;
use crate::intake::directive::Declarations;
use crate::intake::file::File;
use crate::intake::module::{Module, Source};
use crate::rules;
use crate::schema::Schema;
use crate::schema::resolve::{Parameter, Path, Resolver, Shape};
use crate::statement::Statement;

/// Rules of other groups that find what PostgreSQL refuses in every statement.
const REFUSED: [&str; 8] = [
    "conflict-target-not-unique",
    "duplicate-column-assignment",
    "newer-postgresql",
    "unknown-object",
    "unknown-statement",
    "unsupported-on-version",
    "wrong-type",
    "operator-outside-search-path",
];

/// What is known of a statement that a program sends.
pub(crate) struct Sent {
    /// What PostgreSQL refuses, in the order of its text.
    pub(crate) refused: Vec<SpannedMessage>,
    /// The columns of its result.
    pub(crate) shape: Shape,
    /// Its parameters, by number.
    pub(crate) parameters: BTreeMap<u32, Parameter>,
}

/// Judges a statement on the schema that the files leave behind.
pub(crate) fn judge(module: &Module, schema: &Schema, text: &str, statement: Statement) -> Sent {
    let min_pg = module.settings.min_pg;
    let mut resolver = Resolver::new(schema, Path::Own, min_pg).with_parameters();
    let mut shape = Shape::default();
    for query in &statement.queries {
        shape = resolver.query(query);
    }
    for clause in &statement.clauses {
        resolver.written(&clause.change);
    }
    let parameters = resolver.parameters().ended();
    let names = resolver.refused();
    let file = File {
        statements: vec![statement],
        directives: Vec::new(),
        declared: Declarations::default(),
        questions: Vec::new(),
        ends_inside: None,
        problems: Vec::new(),
    };
    // The places of messages about earlier files are found by their index.
    let mut sources = module.sources.clone();
    let index = sources.len();
    sources.extend(module.sources.first().map(|first| Source {
        text: text.to_owned(),
        ..first.clone()
    }));
    let held = HeldLocks::default();
    let mut refused = Vec::new();
    for statement in &file.statements {
        for clause in &statement.clauses {
            let around = FileContext {
                file: index,
                module,
                sources: &sources,
                min_pg,
                read: &file,
                job: None,
                statements: &file.statements,
                suggested: &[],
                schema,
                held: &held,
                pending: &[],
                earlier: &[],
                before: &[],
                later: &[],
                effect: None,
                settings: Settings::default(),
                changed: OnceCell::new(),
            };
            let context = Context {
                around,
                statement,
                clause,
                subjects: Subjects::of(statement, &clause.change),
                parts: Parts::of(statement, clause, schema),
                runs: Execution::TopLevel,
                refused: OnceCell::new(),
                created: OnceCell::new(),
                absent: OnceCell::new(),
                suggestion: Suggestion::default(),
            };
            let mut found = names.clone();
            found.extend(context.of_written_view());
            let _ = context.refused.set(found);
            refused.extend(ask(&context));
        }
    }
    refused.sort_by_key(|(span, _)| span.start);
    refused.dedup();
    Sent {
        refused,
        shape,
        parameters,
    }
}

fn ask(context: &Context<'_>) -> Vec<SpannedMessage> {
    let mut found = Vec::new();
    for rule in rules::ALL.iter().filter(|rule| refuses(rule)) {
        if !rule.check.subjects().meets(context.subjects) {
            continue;
        }
        match rule.check.itself() {
            Check::Clause(check) => {
                let said = check(context);
                found.extend(said.map(|said| (context.clause.span.clone(), said)));
            }
            Check::Parts(check) | Check::Existence(check) => found.extend(check(context)),
            Check::Statement(check) if context.is_first() => found.extend(check(context)),
            Check::Statement(_)
            | Check::File(_)
            | Check::Reading(_)
            | Check::Always(_)
            | Check::Of(..) => {}
        }
    }
    found
}

fn refuses(rule: &Rule) -> bool {
    rule.group == Group::Definitions || REFUSED.contains(&rule.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_exist() {
        let exists = |id: &&str| rules::ALL.iter().any(|rule| rule.id == *id);
        assert!(REFUSED.iter().all(exists));
    }
}
