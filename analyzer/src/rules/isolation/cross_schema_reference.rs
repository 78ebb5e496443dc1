//! Reads of objects that other modules own.

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, DENY, Group, Levels, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::foreign_object::changed;
use crate::statement::{Change, Mention, Mentioned};

pub(super) static RULE: Rule = Rule {
    id: "cross-schema-reference",
    summary: "a view, routine, policy, trigger or statement uses an object of another schema",
    page: include_str!("cross_schema_reference.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: DENY,
        data: DENY,
    },
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Option<SpannedMessage> {
    let own = context.module.schema.as_str();
    let is_other = |mention: &Mention| {
        let schema = mention.schema.as_deref();
        schema.is_some_and(|schema| {
            schema != own && !schema.starts_with("pg_") && schema != "information_schema"
        })
    };
    if !context.statement.mentions.iter().any(is_other) {
        return None;
    }
    let in_routine = context.runs == Execution::InRoutine;
    // `foreign-schema-object` reports the objects that a statement itself creates, changes or writes to.
    let clauses = context.statement.clauses.iter().filter(|_| !in_routine);
    let about: Vec<_> = clauses
        .filter_map(|clause| changed(context, &clause.change))
        .collect();
    let is_grant = context
        .statement
        .clauses
        .iter()
        .any(|clause| matches!(clause.change, Change::Grant(_)));
    let is_foreign = |mention: &&Mention| {
        let is_used = match mention.kind {
            Mentioned::Relation | Mentioned::Type => !about.contains(&mention.resolved(own)),
            // The function of a trigger. Other routines are the object of the statement.
            Mentioned::Routine => matches!(context.change(), Change::CreateTrigger(_)),
            Mentioned::Call => true,
            Mentioned::Parent | Mentioned::Schema => false,
        };
        is_other(mention) && is_used && !is_grant && !context.is_external(&mention.resolved(own))
    };
    let mention = context.statement.mentions.iter().find(is_foreign)?;
    let name = mention.resolved(own);
    let message = Message::new(
        format!("uses {name}, which the module {own} does not own"),
        format!(
            "the module that owns {} can rename or drop the object without a warning that {own} \
             uses it; then statements of {own} fail: relation does not exist (42P01) or function \
             does not exist (42883); and in a new database {own} must wait for {}",
            name.schema, name.schema
        ),
        format!(
            "ask the other service, or keep a copy of the data that is needed; if the two modules \
             belong together, declare it in the file: `-- onward: external {name}`, or in \
             onward.toml: `[externals]` and `reads = [\"{name}\"]`"
        ),
    );
    Some((mention.span.clone(), message))
}
