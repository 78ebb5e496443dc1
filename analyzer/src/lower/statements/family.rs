//! What a file of this folder is: a part of the grammar, and what reads its statements.

use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::Target;
use crate::statement::Clause;

/// A part of the grammar and what reads its statements.
pub(in crate::lower) struct Family {
    pub(in crate::lower) grammar: &'static str,
    pub(in crate::lower) readers: &'static [(Syntax, Reader)],
}

/// Puts a statement into our words.
type Reader = fn(Target<'_>, Node<'_>) -> Vec<Clause>;
