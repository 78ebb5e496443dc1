//! Names that come to mean something else.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "search-path-change",
    summary: "search_path is set, so that names without a schema mean something else",
    page: include_str!("search_path_change.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels::all(Severity::Forbid),
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let is_first = context.is_first();
    let sets = match context.change() {
        Change::Set { setting, .. } => setting == "search_path",
        _ => is_first && sets_by_call(context),
    };
    sets.then(|| {
        let schema = &context.module.schema;
        Message::new(
            "this changes search_path",
            format!(
                "the runner sets it to {schema} for each file, and the files are judged with that: from here \
                 on names without a schema would mean something else than what was judged"
            ),
            "remove it, and write objects of other schemas with their schema; a function takes a path of \
             its own: `SET search_path = ''` in CREATE FUNCTION",
        )
    })
}

fn sets_by_call(context: &Context<'_>) -> bool {
    let mut calls = context.statement.calls.iter();
    calls.any(|call| call.name == "set_config" && call.constant(0) == Some("search_path"))
}
