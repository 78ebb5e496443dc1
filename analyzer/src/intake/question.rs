//! The queries of `done when`, `tenants` and `healthy when`, read as SQL.

use std::ops::Range;

use crate::intake::directive::{Directive, PlacedDirective};
use crate::lower::lower;
use crate::statement::{Change, How, Scope, Statement};
use crate::text::split::split;

/// What a query in a directive is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Which rows are still to do.
    Done,
    /// Which tenants there are.
    Tenants,
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
            Directive::Tenants(query) => (Purpose::Tenants, query),
            Directive::HealthyWhen(query) => (Purpose::Healthy, query),
            Directive::Allow { .. }
            | Directive::AllowFile { .. }
            | Directive::SmallTable { .. }
            | Directive::External(_)
            | Directive::Breaks(_)
            | Directive::Requires(_)
            | Directive::Replaces { .. }
            | Directive::TransactionNone
            | Directive::Batch(_)
            | Directive::InRust
            | Directive::Background
            | Directive::Skip(_)
            | Directive::Approve
            | Directive::Replace(_)
            | Directive::ReplaceEnds { .. } => return None,
        };
        // Only the end of the comment follows it.
        let at = text.get(placed.span.clone())?.rfind(query.as_str())?;
        let start = placed.span.start + at;
        Some(Self::at(purpose, query, start, scope))
    }

    /// A query at this place of a file.
    pub(crate) fn at(purpose: Purpose, query: &str, start: usize, scope: &Scope) -> Self {
        // Blanks stand for what is before it in the file, so that its places are those of the file.
        let text = " ".repeat(start) + query;
        let split = split(&text);
        let is_open = split.unclosed_comment.is_some()
            || split.statements.iter().any(|raw| raw.unclosed.is_some());
        let statements = split.statements.iter();
        Self {
            purpose,
            span: start..start + query.len(),
            statements: statements.map(|raw| lower(&text, raw, scope)).collect(),
            is_open,
        }
    }

    /// What is wrong with it as a text, whatever it means, and why that matters.
    pub(crate) fn mistake(&self) -> Option<(&'static str, &'static str)> {
        if self.is_open {
            return Some((
                "has a string or comment that is never closed",
                "the query ends with its line",
            ));
        }
        let one = "the worker asks one query";
        let statement = match self.statements.as_slice() {
            [statement] => statement,
            [] => return Some(("has no query", one)),
            [_, ..] => return Some(("has more than one statement", one)),
        };
        let again = "the worker asks it again and again, and nothing must change by that";
        let mut clauses = statement.clauses.iter();
        if clauses.any(|one| !matches!(one.change, Change::Query | Change::Unknown { .. })) {
            return Some(("is a statement that changes something", again));
        }
        let locks = |how: How| matches!(how, How::LocksRows | How::Writes | How::Advances);
        let mut uses = statement.uses.iter();
        uses.any(|one| locks(one.how))
            .then_some(("locks rows or advances a sequence", again))
    }
}
