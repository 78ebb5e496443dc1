//! Declarations of objects of other schemas that have no effect.

use std::collections::BTreeSet;

use crate::finding::Place;
use crate::intake::directive::Directive;
use crate::intake::external::External;
use crate::intake::file::File;
use crate::intake::module::{Module, Source};
use crate::intake::problem::{Fact, Problem, Unneeded};
use crate::intake::settings;
use crate::schema::extension::is_known;
use crate::statement::{Mentioned, Name, Statement};
use crate::text::nearest::nearest;

/// What the settings and the files declare without need. A folder with a file that could not be read may need
/// everything.
pub(crate) fn unneeded(module: &Module, files: &[File]) -> Vec<Problem> {
    let is_whole = files.iter().all(|file| {
        let hides = |problem: &Problem| problem.fact.hides_a_file();
        file.ends_inside.is_none() && !file.problems.iter().any(hides)
    });
    let hidden = module.problems.iter().any(|one| one.fact.hides_a_file());
    if !is_whole || hidden {
        return Vec::new();
    }
    let all: Vec<(&Source, &File)> = module.sources.iter().zip(files).collect();
    let mut found = of_settings(module, &all);
    for one in &all {
        found.extend(of_file(module, one));
    }
    found
}

fn of_settings(module: &Module, files: &[(&Source, &File)]) -> Vec<Problem> {
    let reads = &module.settings.reads;
    let found = reads
        .iter()
        .enumerate()
        .filter_map(|(at, (span, external))| {
            let mut earlier = reads.iter().take(at);
            let is_again = earlier.any(|(_, one)| one.name == external.name);
            let wrong = wrong(module, external, is_again, files)?;
            let place = Place::at(module.path(settings::FILE), span.clone());
            let fact = Fact::Unneeded(wrong);
            Some(Problem { place, fact })
        });
    found.collect()
}

/// A file before `lint_from` is applied, and cannot be edited.
fn of_file(module: &Module, one: &(&Source, &File)) -> Vec<Problem> {
    let (source, file) = one;
    if !module.settings.checks(source.version) {
        return Vec::new();
    }
    let mut before: Vec<&Name> = { module.settings.reads.iter() }
        .map(|(_, external)| &external.name)
        .collect();
    let found = file.directives.iter().filter_map(|placed| {
        let Directive::External(external) = &placed.directive else {
            return None;
        };
        let is_again = before.contains(&&external.name);
        before.push(&external.name);
        let wrong = wrong(module, external, is_again, std::slice::from_ref(one))?;
        let place = Place::at(&source.path, placed.span.clone());
        let fact = Fact::Unneeded(wrong);
        Some(Problem { place, fact })
    });
    found.collect()
}

/// Why the declaration has no effect on these files.
fn wrong(
    module: &Module,
    external: &External,
    is_again: bool,
    files: &[(&Source, &File)],
) -> Option<Unneeded> {
    let name = external.name.clone();
    if is_again {
        return Some(Unneeded::Twice(name));
    }
    let own = module.schema.as_str();
    let is_used = { files.iter() }.any(|(source, file)| uses(own, source, file, &name));
    // The operator classes of an extension count in whatever schema it is.
    if is_used || is_known(&name.name) {
        return None;
    }
    let declared = |one: &Name| {
        let of_module = { module.settings.reads.iter() }.any(|(_, other)| other.name == *one);
        let mut of_files = files.iter().flat_map(|(_, file)| &file.declared.externals);
        of_module || of_files.any(|other| other.name == *one)
    };
    let mut others: BTreeSet<Name> = BTreeSet::new();
    for statement in files.iter().flat_map(|(_, file)| statements(file)) {
        let named = statement.mentions.iter().filter(|one| is_object(one.kind));
        others.extend(named.map(|one| one.resolved(own)));
    }
    others.retain(|one| one.schema != own && !declared(one));
    let others: Vec<String> = others.iter().map(ToString::to_string).collect();
    let meant = nearest(&name.to_string(), others.iter().map(String::as_str));
    Some(Unneeded::Unused {
        meant: meant.map(str::to_owned),
        name,
    })
}

const fn is_object(kind: Mentioned) -> bool {
    match kind {
        Mentioned::Relation
        | Mentioned::Parent
        | Mentioned::Type
        | Mentioned::Routine
        | Mentioned::Call => true,
        Mentioned::Schema => false,
    }
}

/// The statements of the file with those inside of routines and blocks, and the queries in its directives.
fn statements(file: &File) -> Vec<&Statement> {
    let asked = file.questions.iter().flat_map(|one| &one.statements);
    let mut all: Vec<&Statement> = file.statements.iter().chain(asked).collect();
    let mut at = 0;
    while let Some(statement) = all.get(at) {
        let bodies = statement.clauses.iter();
        let bodies = bodies.filter_map(|clause| clause.change.body());
        let inner: Vec<&Statement> = bodies.flat_map(|body| &body.statements).collect();
        all.extend(inner);
        at += 1;
    }
    all
}

/// Whether the file uses the object. A statement may be put together when it runs: the name counts inside of a string too.
pub(crate) fn uses(own: &str, source: &Source, file: &File, name: &Name) -> bool {
    let mut mentions = statements(file)
        .into_iter()
        .flat_map(|statement| &statement.mentions);
    if mentions.any(|one| is_object(one.kind) && one.resolved(own) == *name) {
        return true;
    }
    let written = match name.schema == own {
        true => name.name.clone(),
        false => name.to_string(),
    };
    let mut statements = file.statements.iter();
    statements.any(|statement| {
        let text = source.text.get(statement.span.clone()).unwrap_or_default();
        has_word(&text.replace('"', ""), &written)
    })
}

fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(&word).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + word.len()..).unwrap_or_default();
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}
