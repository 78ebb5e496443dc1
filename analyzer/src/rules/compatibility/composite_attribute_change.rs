//! Composite types with other attributes.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "composite-attribute-change",
    summary: "a composite type that old code uses gains or loses an attribute",
    page: include_str!("composite_attribute_change.md"),
    aliases: &["ban-add-composite-attribute"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (name, attribute, verb, cascade) = match context.change() {
        Change::SetAttribute {
            name,
            attribute,
            new: true,
            cascade,
        } => (name, attribute.name.as_str(), "gains", *cascade),
        Change::Drop {
            kind: ObjectKind::Attribute,
            name,
            part: Some(part),
            cascade,
            ..
        } => (name, part.as_str(), "loses", *cascade),
        _ => return None,
    };
    if context.is_new(ObjectKind::Type, name, None) {
        return None;
    }
    let tables = match cascade {
        true => "; CASCADE changes the tables of this type too, under ACCESS EXCLUSIVE",
        false => "",
    };
    let message = Message::new(
        format!("the type {name} {verb} the attribute `{attribute}`"),
        format!(
            "values of the type have another number of fields from now on: code of the serving \
             release that reads them into a struct or writes them as ROW(...) fails, with 22P02 or \
             42846 or while decoding{tables}"
        ),
        "",
    );
    let sql = context.sql_from(context.statement.span.start);
    let title = format!("{}_{verb}_{attribute}", name.name);
    let breaks = format!("code that reads or writes values of {name}");
    let related = context.made(ObjectKind::Type, name, None);
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}
