//! Rows that come into and go out of a parent table.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, Detach, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "inheritance-change",
    summary: "a table joins or leaves a parent table that old code reads",
    page: include_str!("inheritance_change.md"),
    aliases: &["ban-detach-inheritance"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterTable { table, action, .. } = context.change() else {
        return None;
    };
    let (parent, child, verb, effect) = match action {
        TableAction::DetachPartition {
            mode: Detach::Concurrently,
            partition,
        } => (table, partition, "leaves", GONE),
        TableAction::NoInherit(parent) => (parent, table, "leaves", GONE),
        TableAction::Inherit(parent) => (
            parent,
            table,
            "joins",
            "its rows appear in every query of the serving release that reads the parent, and its \
             UPDATEs and DELETEs reach them",
        ),
        _ => return None,
    };
    if context.is_new_table(parent) || context.is_new_table(child) {
        return None;
    }
    let lock = match action {
        TableAction::DetachPartition { .. } => format!(
            "it takes SHARE UPDATE EXCLUSIVE on {parent}, and at its end ACCESS EXCLUSIVE on \
             {child}"
        ),
        _ => format!("it takes ACCESS EXCLUSIVE on {child}"),
    };
    let message = Message::new(
        format!("{child} {verb} {parent}"),
        format!("{lock}; from then on {effect}"),
        "",
    );
    let title = format!("{}_{verb}_{}", child.name, parent.name);
    let sql = context.sql_from(context.statement.span.start);
    let breaks = format!("code that counts on which rows {parent} shows");
    let related = context.made(ObjectKind::Table, child, None);
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}

const GONE: &str = "its rows are gone from every query of the serving release that reads the \
                    parent, without an error; an INSERT of such a row fails with 23514 where no \
                    other partition takes it";
