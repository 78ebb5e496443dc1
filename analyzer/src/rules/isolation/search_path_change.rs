//! Changes of `search_path`.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "search-path-change",
    summary: "sets search_path, so that names without a schema mean other objects",
    page: include_str!("search_path_change.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels::all(Severity::Forbid),
    check: Check::Of(&[Subject::Set, Subject::Call], &Check::Clause(check)),
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
            "changes search_path",
            format!(
                "the runner sets search_path to {schema} for each file, and the files are checked \
                 with that setting: after this statement names without a schema mean other objects \
                 than the ones that were checked"
            ),
            "remove the statement, and qualify objects of other schemas with their schema; set the \
             path of a function in CREATE FUNCTION: `SET search_path = ''`",
        )
    })
}

fn sets_by_call(context: &Context<'_>) -> bool {
    let mut calls = context.statement.calls.iter();
    calls.any(|call| call.name == "set_config" && call.constant(0) == Some("search_path"))
}
