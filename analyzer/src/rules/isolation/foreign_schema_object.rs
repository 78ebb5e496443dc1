//! Objects and rows of other modules.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::finding::Message;
use crate::rules::facts::foreign_object::changed;

pub(super) static RULE: Rule = Rule {
    id: "foreign-schema-object",
    summary: "a module makes, changes or fills what lies in another schema than its own",
    page: include_str!("foreign_schema_object.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let own = &context.module.schema;
    let name = changed(context, context.change());
    let name = name.filter(|name| name.schema != *own)?;
    let object = match name.name.as_str() {
        "" => format!("{} is another one", name.schema),
        _ => format!("{name} lies in another one"),
    };
    Some(Message::new(
        format!("this module owns the schema {own}, and {object}"),
        format!(
            "what lies in {} has an owner with a history, a lock and an order of its own: a change from \
             here is in none of them, and the two are applied in any order",
            name.schema
        ),
        format!(
            "put the object into {own}; if it belongs to {}, the change belongs into the migrations of \
             that module",
            name.schema
        ),
    ))
}
