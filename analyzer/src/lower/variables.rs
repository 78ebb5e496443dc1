//! The variables and labels of a body of PL/pgSQL.
//!
//! All of a body are taken together, wherever in it they are declared, so that a name is not known only if it is
//! declared nowhere.

use std::collections::BTreeSet;

use super::grammar::{Node, Problem, Syntax};
use super::name::{identifier, word};

/// What PL/pgSQL itself declares.
const ALWAYS: [&str; 17] = [
    "found",
    "sqlstate",
    "sqlerrm",
    "new",
    "old",
    "tg_name",
    "tg_when",
    "tg_level",
    "tg_op",
    "tg_relid",
    "tg_relname",
    "tg_table_name",
    "tg_table_schema",
    "tg_nargs",
    "tg_argv",
    "tg_event",
    "tg_tag",
];

/// What a body can write to, and leave.
pub(super) struct Variables {
    names: BTreeSet<String>,
    labels: BTreeSet<String>,
}

impl Variables {
    /// Those of a body whose routine has these `parameters`.
    pub(super) fn of(root: Node<'_>, parameters: &[String]) -> Self {
        let all = |syntax| root.within().filter(move |node| node.is(syntax));
        let labels: BTreeSet<String> = all(Syntax::LabelName).map(word).collect();
        let loops = all(Syntax::Branch).filter_map(declared_by_loop);
        let names = all(Syntax::Declared).chain(loops).map(word);
        let always = ALWAYS.iter().map(|name| (*name).to_owned());
        let given = parameters.iter().chain(&labels).cloned();
        Self {
            names: names.chain(always).chain(given).collect(),
            labels,
        }
    }

    /// What PostgreSQL says of a node that names a variable or a label which is not declared.
    pub(super) fn unknown(&self, node: Node<'_>) -> Option<Problem> {
        let what = match node.syntax() {
            Syntax::AssignedTo => self.not_a_variable(node.text())?,
            Syntax::Left if !self.labels.contains(&word(node)) => {
                format!("no block or loop has the label `{}`", node.text())
            }
            _ => return None,
        };
        Some(Problem {
            what,
            span: node.span(),
        })
    }

    /// The same of a word.
    pub(super) fn not_a_variable(&self, written: &str) -> Option<String> {
        let is_known = written.starts_with('$') || self.names.contains(&identifier(written));
        (!is_known).then(|| format!("`{written}` is not declared as a variable"))
    }
}

/// `FOR i IN 1..2` and a loop over the rows of a cursor declare what they assign to.
fn declared_by_loop(branch: Node<'_>) -> Option<Node<'_>> {
    let declares =
        |node: Node<'_>| matches!(node.syntax(), Syntax::BoundBelow | Syntax::RowsOfCursor);
    let first = branch.child(Syntax::AssignedTo)?;
    branch.children().any(declares).then_some(first)
}
