//! Reading what belongs to other modules.

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, DENY, Group, Levels, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::foreign_object::changed;
use crate::statement::{Change, Mention, Mentioned};

pub(super) static RULE: Rule = Rule {
    id: "cross-schema-reference",
    summary: "a view, routine, policy, trigger or statement uses what another schema has",
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
    let in_routine = context.runs == Execution::InRoutine;
    // What a statement of the file is about has a rule of its own.
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
        let schema = mention.schema.as_deref();
        let other = schema.is_some_and(|schema| {
            schema != own && !schema.starts_with("pg_") && schema != "information_schema"
        });
        let is_used = match mention.kind {
            Mentioned::Relation | Mentioned::Type => !about.contains(&mention.resolved(own)),
            // A trigger's function; others are what the statement is about.
            Mentioned::Routine => matches!(context.change(), Change::CreateTrigger(_)),
            Mentioned::Call => true,
            Mentioned::Parent | Mentioned::Schema => false,
        };
        other && is_used && !is_grant && !context.is_external(&mention.resolved(own))
    };
    let mention = context.statement.mentions.iter().find(is_foreign)?;
    let name = mention.resolved(own);
    let message = Message::new(
        format!("this uses {name}, which the module {own} does not own"),
        format!(
            "whoever owns {} may rename or drop it, and does not see that {own} would break, with 42P01 \
             or 42883 as soon as this runs; and in a new database {own} has to wait for {}",
            name.schema, name.schema
        ),
        format!(
            "ask the other service, or keep a copy of what is needed; if the two belong together, say so \
             in the file: `-- onward: external {name}`, or in onward.toml: `[externals]` and `reads = \
             [\"{name}\"]`"
        ),
    );
    Some((mention.span.clone(), message))
}
