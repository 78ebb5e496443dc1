//! The grammar of PostgreSQL: names, expressions and queries, and the statements of each family.
//!
//! To add a clause, write it into one of these grammar files.

use std::sync::LazyLock;

use crate::lower::grammar::Grammar;
use crate::lower::statements::FAMILIES;
use crate::text::keywords;

static LANGUAGE: LazyLock<Grammar> = LazyLock::new(|| {
    let shared = [
        include_str!("../grammar/name.grammar"),
        include_str!("../grammar/expression.grammar"),
        include_str!("../grammar/query.grammar"),
    ];
    let statements = FAMILIES.iter().map(|family| family.grammar);
    Grammar::new(keywords::all(), shared.into_iter().chain(statements))
});

static PLPGSQL: LazyLock<Grammar> = LazyLock::new(|| {
    let keywords = include_str!("../grammar/plpgsql_keywords.grammar");
    let grammar = include_str!("../grammar/plpgsql.grammar");
    Grammar::new(keywords::listed(keywords), [grammar])
});

/// The grammar of PL/pgSQL's blocks, with tokens in the same places as the statements'.
pub(super) fn plpgsql() -> &'static Grammar {
    &PLPGSQL
}

/// The grammar of all statements.
pub(super) fn language() -> &'static Grammar {
    &LANGUAGE
}

#[cfg(test)]
mod tests;
