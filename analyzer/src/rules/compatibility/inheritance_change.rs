//! Tables that are attached to a parent table or detached from one.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Detach, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "inheritance-change",
    summary: "attaches a table to a parent table, or detaches it, while old code reads the parent",
    page: include_str!("inheritance_change.md"),
    aliases: &["ban-detach-inheritance"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AlterTable], &Check::Clause(check)),
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
            "the rows of the child table appear in every query of the running release that reads \
             the parent, and its UPDATEs and DELETEs on the parent change them",
        ),
        _ => return None,
    };
    if context.is_new_table(parent) || context.is_new_table(child) {
        return None;
    }
    let lock = match action {
        TableAction::DetachPartition { .. } => format!(
            "takes SHARE UPDATE EXCLUSIVE on {parent}, and for the last step ACCESS EXCLUSIVE on \
             {child}"
        ),
        _ => format!("takes ACCESS EXCLUSIVE on {child}"),
    };
    let message = Message::new(
        format!("{child} {verb} the parent table {parent}"),
        format!("{lock}; afterwards {effect}"),
        "",
    );
    let title = format!("{}_{verb}_{}", child.name, parent.name);
    let sql = context.sql_from(context.statement.span.start);
    let breaks = format!("code that relies on which rows {parent} returns");
    let related = context.made(ObjectKind::Table, child, None);
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}

const GONE: &str = "the rows of the child table disappear from every query of the running release \
                    that reads the parent, without an error; an INSERT of such a row into the \
                    parent fails if no other partition accepts it: no partition found for row \
                    (23514)";
