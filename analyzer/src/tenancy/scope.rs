//! What the names in a condition stand for.

use super::situation::{Row, Session};
use super::term::Term;
use crate::intake::settings::Tenancy;
use crate::schema::{Relation, RelationId};
use crate::statement::{ColumnName, Expression, Value};
use crate::text::one_line::in_one_line;

/// A relation that a condition can name, with the tenant of its row.
#[derive(Clone, Debug)]
pub(super) struct Bound<'a> {
    pub(super) alias: &'a str,
    pub(super) relation: &'a Relation,
    pub(super) row: Row,
}

/// Where a condition is evaluated.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    pub(super) session: Session,
    /// The expression whose parts are evaluated.
    pub(super) expression: &'a Expression,
    /// The relations, the outermost first.
    pub(super) bound: Vec<Bound<'a>>,
    /// The arguments of the function whose body it is.
    pub(super) arguments: Vec<(String, Term)>,
    /// The tables whose policies are being asked about, so that none is asked twice.
    pub(super) asked: Vec<RelationId>,
    /// How many functions it is inside of.
    pub(super) depth: usize,
    /// Whether a function of its owner's rights is around it: policies may not apply there.
    pub(super) as_owner: bool,
}

impl<'a> Scope<'a> {
    /// The text of a part, in one line.
    pub(super) fn text(&self, value: &Value) -> String {
        let start = self.expression.span.start;
        let from = value.span.start.saturating_sub(start);
        let to = value.span.end.saturating_sub(start);
        let part = self.expression.text.get(from..to).unwrap_or_default();
        let whole = || in_one_line(&self.expression.text);
        match part.is_empty() {
            true => format!("`{}`", whole()),
            false => format!("`{}`", in_one_line(part)),
        }
    }

    /// The value of a column.
    pub(super) fn column(&self, value: &Value, column: &ColumnName, tenancy: &Tenancy) -> Term {
        let Some(name) = column
            .parts
            .last()
            .filter(|_| !column.is_part() && !column.all)
        else {
            return Term::Unknown(self.text(value));
        };
        let qualifier = column.parts.len().checked_sub(2);
        let qualifier = qualifier.and_then(|at| column.parts.get(at));
        for bound in self.bound.iter().rev() {
            if qualifier.is_some_and(|qualifier| qualifier != bound.alias) {
                continue;
            }
            if bound.relation.column(name).is_some() {
                return match *name == tenancy.column {
                    true => bound.row.term(),
                    false => Term::Free(self.text(value)),
                };
            }
            if !bound.relation.columns_known {
                return Term::Unknown(self.text(value));
            }
        }
        let mut arguments = self.arguments.iter();
        let argument = arguments.find(|(argument, _)| argument == name);
        argument.map_or_else(|| Term::Unknown(self.text(value)), |(_, term)| term.clone())
    }
}

impl Row {
    fn term(self) -> Term {
        match self {
            Self::Same => Term::Session,
            Self::Other => Term::Other,
            Self::Null => Term::Null,
            Self::Empty => Term::Empty,
        }
    }
}
