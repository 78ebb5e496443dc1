//! Tables whose rows no policy allows.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::schema::{Answer, Relation};
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-last-policy",
    summary: "drops the last permissive policy of a table with row-level security",
    page: include_str!("drop_last_policy.md"),
    aliases: &["ban-drop-policy", "rls_enabled_no_policy"],
    group: Group::Tenancy,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let closed = around.tables().filter(|table| {
        // A table that the history does not fully know may have other policies.
        let is_known = around.schema.exists(ObjectKind::Table, &table.name, None) == Answer::Yes;
        let mut policies = table.policies.iter();
        is_known
            && table.origin.file != around.file
            && table.row_security
            && !policies.any(|policy| policy.definition.permissive)
    });
    closed
        .filter_map(|table| last_drop(around, table))
        .collect()
}

fn last_drop(around: &FileContext<'_>, table: &Relation) -> Option<SpannedMessage> {
    let clauses = around.statements.iter().flat_map(|one| &one.clauses);
    let mut dropped = clauses.filter_map(|clause| match &clause.change {
        Change::Drop {
            kind: ObjectKind::Policy,
            name,
            part: Some(policy),
            ..
        } if *name == table.name => Some((clause.span.clone(), policy)),
        _ => None,
    });
    let (span, policy) = dropped.next_back()?;
    let name = &table.name;
    let left = if table.policies.is_empty() {
        ""
    } else {
        "; restrictive policies only remove rows from what a permissive policy allows"
    };
    let message = Message::new(
        format!("drops the policy `{policy}`, and then no policy allows any row of {name}"),
        format!(
            "row-level security stays on, and without a permissive policy it denies everything: a \
             role that is subject to it reads no rows, without an error, and its INSERT fails: new \
             row violates row-level security policy (42501){left}"
        ),
        format!(
            "use ALTER POLICY to change a policy in place; or, in the same file, create the policy \
             on {name} that replaces this one"
        ),
    );
    let related = around.made(ObjectKind::Table, name, None);
    Some((span, message.with_related(related)))
}
