//! The queries of `done when` and `healthy when`, read as SQL.

use std::ops::Range;

use crate::intake::directive::{Directive, PlacedDirective};
use crate::lower::lower_at;
use crate::statement::{Scope, Statement};
use crate::text::split::split;

/// What a query in a directive is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Which rows are still to do.
    Done,
    /// Whether the worker may go on.
    Healthy,
}

/// A query in a directive.
pub(crate) struct Question {
    pub(crate) purpose: Purpose,
    /// Its byte range in the file.
    pub(crate) span: Range<usize>,
    /// Its statements; anything but one is a mistake.
    pub(crate) statements: Vec<Statement>,
    /// Whether a string or comment in it is never closed.
    pub(crate) is_open: bool,
}

impl Question {
    /// The query of a directive that has one.
    pub(crate) fn of(placed: &PlacedDirective, text: &str, scope: &Scope) -> Option<Self> {
        let (purpose, query) = match &placed.directive {
            Directive::DoneWhen(query) => (Purpose::Done, query),
            Directive::HealthyWhen(query) => (Purpose::Healthy, query),
            Directive::Allow { .. }
            | Directive::AllowFile { .. }
            | Directive::SmallTable { .. }
            | Directive::External(_)
            | Directive::Breaks(_)
            | Directive::Requires(_)
            | Directive::TransactionNone
            | Directive::Batch(_)
            | Directive::InRust
            | Directive::Background
            | Directive::Skip(_)
            | Directive::Approve => return None,
        };
        // Only the end of the comment follows it.
        let at = text.get(placed.span.clone())?.rfind(query.as_str())?;
        let start = placed.span.start + at;
        Some(Self::at(purpose, query, start, scope))
    }

    /// A query at this place of a file.
    pub(crate) fn at(purpose: Purpose, query: &str, start: usize, scope: &Scope) -> Self {
        let split = split(query);
        let is_open = split.unclosed_comment.is_some()
            || split.statements.iter().any(|raw| raw.unclosed.is_some());
        let statements = split.statements.iter();
        Self {
            purpose,
            span: start..start + query.len(),
            statements: statements
                .map(|raw| lower_at(query, start, raw, scope))
                .collect(),
            is_open,
        }
    }
}
