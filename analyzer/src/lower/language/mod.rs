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

/// The grammar of all statements.
pub(super) fn language() -> &'static Grammar {
    &LANGUAGE
}

#[cfg(test)]
mod tests;
