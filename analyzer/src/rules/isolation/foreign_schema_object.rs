//! Objects and rows that belong to other modules.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::finding::Message;
use crate::rules::facts::foreign_object::changed;

pub(super) static RULE: Rule = Rule {
    id: "foreign-schema-object",
    summary: "creates, changes or writes to an object outside the module's own schema",
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
        "" => format!("{} is another schema", name.schema),
        _ => format!("{name} is in another schema"),
    };
    Some(Message::new(
        format!("this module owns the schema {own}, but {object}"),
        format!(
            "objects in {} belong to a module with its own history, lock and order: a change from \
             here is in none of them, and the two modules run in any order",
            name.schema
        ),
        format!(
            "create the object in {own}; if it belongs to {}, make the change in the migrations of \
             that module",
            name.schema
        ),
    ))
}
