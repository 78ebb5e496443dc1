//! What a table's valid `CHECK`s prove, so that PostgreSQL does not scan its rows.
//!
//! This is the server's own procedure, `predicate_implied_by()` with weak implication: a `CHECK` that is
//! null is satisfied, so `a > 0` does not prove `a IS NOT NULL`. What is not proven here is assumed to
//! need a scan, which is the safe side. Measured on PostgreSQL 15 and 18.

mod after;
mod claim;
mod constant;
mod reader;
mod words;

use super::{Constraint, ConstraintKind, Relation, Schema};

pub(crate) use after::After;
pub(crate) use claim::{Claim, Operand, Sign};
pub(crate) use reader::Reader;
pub(crate) use words::words;

impl Schema {
    /// The valid checks that ensure that the column contains no null, each on its own.
    pub(crate) fn proofs_of_not_null<'a>(
        &'a self,
        table: &'a Relation,
        column: &str,
    ) -> impl Iterator<Item = &'a Constraint> {
        let checks = self.checks_of_not_null(table, column);
        checks.filter(|one| one.valid && one.enforced)
    }

    /// The checks that ensure that the column contains no null, or would do so after `VALIDATE`.
    pub(crate) fn checks_of_not_null<'a>(
        &'a self,
        table: &'a Relation,
        column: &str,
    ) -> impl Iterator<Item = &'a Constraint> {
        let needed = Claim::NotNull(Operand::column(column));
        table.constraints.iter().filter(move |one| {
            self.claim_of(table, one)
                .is_some_and(|claim| claim.implies(&needed))
        })
    }

    /// Whether every row of the table satisfies the claim, by its valid checks and by the columns that
    /// are `NOT NULL`.
    pub(crate) fn proves(&self, table: &Relation, needed: &Claim) -> bool {
        let columns = table.columns.iter().map(|column| &column.name);
        let columns = columns.filter(|column| table.is_surely_not_null(column));
        let present = columns.map(|column| Claim::NotNull(Operand::column(column)));
        let valid = table
            .constraints
            .iter()
            .filter(|one| one.valid && one.enforced);
        let checks = valid.filter_map(|one| self.claim_of(table, one));
        Claim::All(present.chain(checks).collect()).implies(needed)
    }

    /// The columns of a `CHECK` that requires nothing except that they are not null.
    pub(crate) fn only_not_null(
        &self,
        table: &Relation,
        constraint: &Constraint,
    ) -> Option<Vec<String>> {
        let terms = match self.claim_of(table, constraint)? {
            Claim::All(terms) => terms,
            only => vec![only],
        };
        let columns = terms.into_iter().map(|term| match term {
            Claim::NotNull(Operand(of)) => table.column(&of).map(|column| column.name.clone()),
            Claim::All(_)
            | Claim::Any(_)
            | Claim::List(..)
            | Claim::Null(_)
            | Claim::Compare(..)
            | Claim::Other(_) => None,
        });
        columns.collect()
    }

    /// What a `CHECK` requires, with the current names of the columns.
    pub(crate) fn claim_of(&self, table: &Relation, constraint: &Constraint) -> Option<Claim> {
        let ConstraintKind::Check { expression } = &constraint.kind else {
            return None;
        };
        let reader = Reader::of_check(self, table, expression, &constraint.columns);
        Some(reader.claim(&expression.text))
    }
}
