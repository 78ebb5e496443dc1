//! Permissive policies that allow more together than each alone.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::schema::{Part, Relation};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Policy, PolicyCommand};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "multiple-permissive-policies",
    summary: "two permissive policies of a table apply to the same role and command",
    page: include_str!("multiple_permissive_policies.md"),
    aliases: &["multiple_permissive_policies"],
    group: Group::Tenancy,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let mut found = Vec::new();
    for table in around.tables() {
        let permissive = table.policies.iter();
        let permissive: Vec<_> = permissive
            .filter(|policy| policy.definition.permissive)
            .collect();
        for (at, policy) in permissive.iter().enumerate() {
            let others = permissive.iter().take(at);
            let other = others.rev().find(|other| overlap(policy, other));
            let place = other.and_then(|other| {
                let span = written_here(around, table, policy)
                    .or_else(|| written_here(around, table, other))?;
                Some((span, message(around, table, policy, other)))
            });
            found.extend(place);
        }
    }
    found
}

/// Whether both apply to one session for the same command.
fn overlap(one: &Part<Policy>, other: &Part<Policy>) -> bool {
    let (one, other) = (&one.definition, &other.definition);
    let commands = [one.command, other.command];
    let is_everybody =
        |roles: &[String]| roles.is_empty() || roles.iter().any(|role| role == "public");
    let same_command = one.command == other.command || commands.contains(&PolicyCommand::All);
    let same_role = is_everybody(&one.roles)
        || is_everybody(&other.roles)
        || one.roles.iter().any(|role| other.roles.contains(role));
    same_command && same_role
}

/// Where this file creates or alters the policy.
fn written_here(
    around: &FileContext<'_>,
    table: &Relation,
    policy: &Part<Policy>,
) -> Option<std::ops::Range<usize>> {
    if policy.origin.file == around.file {
        return Some(policy.origin.span.clone());
    }
    let mut clauses = around.statements.iter().flat_map(|one| &one.clauses);
    let clause = clauses.find(|clause| {
        matches!(
            &clause.change,
            Change::AlterPolicy(new) if new.table == table.name && new.policy == policy.name
        )
    })?;
    Some(clause.span.clone())
}

fn message(
    around: &FileContext<'_>,
    table: &Relation,
    policy: &Part<Policy>,
    other: &Part<Policy>,
) -> Message {
    let (name, first, table) = (&policy.name, &other.name, &table.name);
    let command = match policy.definition.command {
        PolicyCommand::All => other.definition.command,
        command => command,
    };
    let of = match command {
        PolicyCommand::All => "all commands".to_owned(),
        command => command.to_string(),
    };
    let message = Message::new(
        format!("`{name}` and `{first}` of {table} are both permissive policies for {of}"),
        "permissive policies are joined with OR: a row is read and written if either policy allows \
         it, and PostgreSQL evaluates both for each row",
        format!(
            "combine both into one policy, give each a different role with TO, or make `{name}` \
             restrictive: `CREATE POLICY {} ON {} AS RESTRICTIVE ...`",
            quote_ident(name),
            quote_name(table)
        ),
    );
    message.with_related(around.first_made(&other.origin, first))
}
