//! Directives that have no effect at their place, or contradict each other.

use crate::finding::Place;
use crate::intake::directive::{Declarations, Directive, PlacedDirective};
use crate::intake::file::File;
use crate::intake::file_name::{Category, Version};
use crate::intake::module::{Module, Source};
use crate::intake::problem::{Fact, Misplaced, Problem};

/// The directives of a file that have no effect.
pub(super) fn misplaced(source: &Source, module: &Module, file: &File) -> Vec<Problem> {
    let category = source.version.category;
    let wrong = file
        .directives
        .iter()
        .enumerate()
        .filter_map(|(at, placed)| {
            let verb = placed.directive.verb();
            let earlier = file.directives.get(..at).unwrap_or_default();
            let wrong = if is_of_data(&placed.directive) && category != Category::Data {
                Misplaced::OutsideData(verb, category)
            } else if is_once(&placed.directive)
                && earlier.iter().any(|one| one.directive.verb() == verb)
            {
                Misplaced::Twice(verb)
            } else {
                of_file(source.version, module, file, placed)?
            };
            Some(Problem {
                place: Place::at(&source.path, placed.span.clone()),
                fact: Fact::Misplaced(wrong),
            })
        });
    wrong.collect()
}

/// Whether only a data migration can have it.
const fn is_of_data(directive: &Directive) -> bool {
    match directive {
        Directive::Batch(_)
        | Directive::InRust
        | Directive::Background
        | Directive::DoneWhen(_)
        | Directive::Tenants(_)
        | Directive::Skip(_)
        | Directive::Approve
        | Directive::HealthyWhen(_) => true,
        Directive::Allow { .. }
        | Directive::AllowFile { .. }
        | Directive::SmallTable { .. }
        | Directive::External(_)
        | Directive::Breaks(_)
        | Directive::Requires(_)
        | Directive::Replaces { .. }
        | Directive::Replace(_)
        | Directive::ReplaceEnds { .. }
        | Directive::TransactionNone => false,
    }
}

/// Whether a second one would have no effect.
const fn is_once(directive: &Directive) -> bool {
    is_of_data(directive) && !matches!(directive, Directive::HealthyWhen(_))
}

fn of_file(
    own: Version,
    module: &Module,
    file: &File,
    placed: &PlacedDirective,
) -> Option<Misplaced> {
    match &placed.directive {
        Directive::Requires(version) => requires(own, module, *version),
        Directive::Replaces { .. } => replaces(own, module),
        Directive::TransactionNone if file.statements.len() > 1 => Some(Misplaced::TransactionNone),
        Directive::Breaks(_) if own.category != Category::Release => {
            Some(Misplaced::Breaks(own.category))
        }
        Directive::AllowFile { .. } | Directive::SmallTable { .. } | Directive::Breaks(_)
            if !file.is_in_header(&placed.span) =>
        {
            Some(Misplaced::BelowFirstStatement)
        }
        Directive::InRust if !file.statements.is_empty() => Some(Misplaced::RustWithStatements),
        directive => contradiction(directive, &file.declared),
    }
}

fn requires(own: Version, module: &Module, required: Version) -> Option<Misplaced> {
    let mut sources = module.sources.iter();
    match own.category {
        _ if !sources.any(|other| other.version == required) => Some(Misplaced::Requires(required)),
        Category::Seed => Some(Misplaced::RequiresInSeed(required)),
        Category::Data if own.number <= required.number => {
            Some(Misplaced::RequiresLater { own, required })
        }
        Category::Data | Category::Startup | Category::Release => None,
    }
}

/// Only the first startup migration can stand for others.
fn replaces(own: Version, module: &Module) -> Option<Misplaced> {
    let first = module.sources.first().map(|source| source.version);
    (first != Some(own) || own.category != Category::Startup).then_some(Misplaced::Replaces)
}

/// What a directive excludes. Of a pair, the one that is less often meant is reported.
fn contradiction(directive: &Directive, declared: &Declarations) -> Option<Misplaced> {
    let verb = directive.verb();
    let against = |holds: bool, other| holds.then_some(Misplaced::Contradiction { verb, other });
    let has_batch = declared.batch.is_some();
    match directive {
        Directive::InRust => against(has_batch, "batch")
            .or_else(|| against(declared.background, "background"))
            .or_else(|| against(declared.transaction_none, "transaction none")),
        Directive::Background => against(has_batch, "batch"),
        Directive::TransactionNone => against(has_batch, "batch"),
        Directive::Skip(_) => {
            let walks = declared
                .batch
                .as_ref()
                .is_some_and(|batch| !batch.by.is_empty());
            (!walks).then_some(Misplaced::SkipWithoutRanges)
        }
        Directive::Allow { .. }
        | Directive::AllowFile { .. }
        | Directive::SmallTable { .. }
        | Directive::External(_)
        | Directive::Breaks(_)
        | Directive::Requires(_)
        | Directive::Replaces { .. }
        | Directive::Batch(_)
        | Directive::DoneWhen(_)
        | Directive::Tenants(_)
        | Directive::Approve
        | Directive::Replace(_)
        | Directive::ReplaceEnds { .. }
        | Directive::HealthyWhen(_) => None,
    }
}
