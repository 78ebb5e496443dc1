//! A family of statements: a part of the grammar, and the readers of its statements.

use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::Target;
use crate::statement::Clause;

/// A part of the grammar, and the readers of its statements.
pub(in crate::lower) struct Family {
    pub(in crate::lower) grammar: &'static str,
    pub(in crate::lower) readers: &'static [(Syntax, Reader)],
}

/// Converts the tree of a statement into the analyzer's own form.
pub(super) type Reader = fn(Target<'_>, Node<'_>) -> Vec<Clause>;
