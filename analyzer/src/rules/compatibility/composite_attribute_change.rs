//! Attributes that are added to composite types or dropped from them.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "composite-attribute-change",
    summary: "adds an attribute to a composite type that the running release uses, or drops one",
    page: include_str!("composite_attribute_change.md"),
    aliases: &["ban-add-composite-attribute"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::Drop, Subject::SetAttribute],
        &Check::Clause(check),
    ),
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
        true => "; CASCADE also changes the tables of this type, under ACCESS EXCLUSIVE",
        false => "",
    };
    let message = Message::new(
        format!("the type {name} {verb} the attribute `{attribute}`"),
        format!(
            "values of {name} get a different number of fields: code of the running release that \
             reads them into a struct cannot decode them, code that writes ROW(...) fails: cannot \
             cast type record (42846), and code that writes them as text fails: malformed record \
             literal (22P02){tables}"
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
