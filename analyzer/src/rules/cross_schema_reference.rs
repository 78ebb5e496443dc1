//! Reading what belongs to other modules.

use crate::finding::Message;
use crate::rule::{Check, DENY, Group, Levels, Placed, Rule, Runs};
use crate::scope::Scope;
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

fn check(scope: &Scope<'_>) -> Option<Placed> {
    let own = scope.module.schema.as_str();
    let in_routine = scope.runs == Runs::WhenCalled;
    // What a statement of the file is about has a rule of its own.
    let about: Vec<_> = match in_routine {
        true => Vec::new(),
        false => scope.statement.clauses.iter().filter_map(|clause| clause.change.table()).collect(),
    };
    let is_grant = scope.statement.clauses.iter().any(|clause| {
        matches!(clause.change, Change::Grant(_))
    });
    let is_foreign = |mention: &&Mention| {
        let schema = mention.schema.as_deref();
        let other = schema.is_some_and(|schema| {
            schema != own && !schema.starts_with("pg_") && schema != "information_schema"
        });
        let is_used = match mention.kind {
            Mentioned::Relation => !about.contains(&&mention.resolved(own)),
            Mentioned::Routine => is_given(scope),
            Mentioned::Type => !defines_type(scope, mention),
            Mentioned::Call => true,
            Mentioned::Parent | Mentioned::Schema => false,
        };
        other && is_used && !is_grant && !scope.is_external(&mention.resolved(own))
    };
    let mention = scope.statement.mentions.iter().find(is_foreign)?;
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

/// A trigger's function; others are what the statement is about.
fn is_given(scope: &Scope<'_>) -> bool {
    matches!(scope.change(), Change::CreateTrigger(_))
}

/// What the statement makes or alters itself.
fn defines_type(scope: &Scope<'_>, mention: &Mention) -> bool {
    let own = scope.module.schema.as_str();
    let name = match scope.change() {
        Change::CreateType { name, .. }
        | Change::CreateDomain { name, .. }
        | Change::AlterDomain { domain: name, .. }
        | Change::AddEnumValue { name, .. }
        | Change::SetAttribute { name, .. }
        | Change::Comment { name, .. }
        | Change::Owner { name, .. }
        | Change::SetSchema { name, .. }
        | Change::Rename { name, .. }
        | Change::Drop { name, .. } => name,
        _ => return false,
    };
    *name == mention.resolved(own)
}
