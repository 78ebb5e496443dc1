//! Rewrite rules, which change what the statements of old code do.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::{Change, Definition, ObjectKind, RewriteRule, RuleEvent};

pub(super) static RULE: Rule = Rule {
    id: "rewrite-rule",
    summary: "CREATE RULE on a table or view in use, which changes what statements of old code do",
    page: include_str!("rewrite_rule.md"),
    aliases: &["avoidCreateRule", "ban-create-rule"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Create], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Create {
        name: table,
        part: Some(name),
        definition: Definition::Rule(rule),
        ..
    } = context.change()
    else {
        return None;
    };
    if context.is_new_relation(table) {
        return None;
    }
    let message = Message::new(
        format!("adds the rewrite rule `{name}` to {table}"),
        format!(
            "takes ACCESS EXCLUSIVE on {table}; afterwards {}",
            effect(rule)
        ),
        "write a trigger, which runs once for each row and can be read like a function; or, if no release that runs \
         depends on it, allow this: `-- onward: allow rewrite-rule because \"...\"`",
    );
    // The statement itself is still done.
    let adds = !rule.instead && rule.event != RuleEvent::Select;
    let message = message.mild(adds || rule.nothing && !rule.instead, Severity::Warn);
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}

fn effect(rule: &RewriteRule) -> String {
    let event = rule.event;
    let which = match rule.conditional {
        true => format!("each {event} of the running release that fits the WHERE"),
        false => format!("each {event} of the running release"),
    };
    match (event, rule.instead, rule.nothing) {
        (RuleEvent::Select, ..) => {
            "the table is a view, if it is empty; PostgreSQL 16 and later refuse the statement: wrong object type (42809)"
                .to_owned()
        }
        (_, true, true) => {
            format!("{which} does nothing and reports no error: the caller sees 0 rows")
        }
        (_, true, false) => format!("{which} does something else instead"),
        (_, false, true) => format!("{which} does the same as before"),
        (_, false, false) => {
            format!("{which} also runs the rule's commands, once for each statement and with each expression evaluated again")
        }
    }
}
