//! Words behind a constraint that PostgreSQL does not accept there.

use crate::check::context::Context;
use crate::check::parts::{NewConstraint, columns, constraints};
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::statement::{Change, ConstraintAttribute, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "refused-constraint-clause",
    summary: "a constraint has a clause that PostgreSQL does not accept there",
    page: include_str!("refused_constraint_clause.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[
            Subject::CreateTable,
            Subject::AddColumn,
            Subject::CreateDomain,
            Subject::AddConstraint,
            Subject::AlterTable,
        ],
        &Check::Parts(check),
    ),
};

use ConstraintAttribute::{
    Deferrable, Enforced, InitiallyDeferred, InitiallyImmediate, MatchPartial, NoInherit,
    NotDeferrable, NotEnforced, NotValid,
};

const KEYS: &[&str] = &["PRIMARY KEY", "UNIQUE", "EXCLUDE"];

/// The constraints that refuse a word, and what PostgreSQL replies (measured on 15; `ENFORCED` is read
/// in the source of 18).
const REFUSED: &[(ConstraintAttribute, &[&str], &str)] = &[
    (
        NotValid,
        KEYS,
        "constraint cannot be marked NOT VALID (0A000)",
    ),
    (
        NoInherit,
        KEYS,
        "constraint cannot be marked NO INHERIT (0A000)",
    ),
    (
        NoInherit,
        &["FOREIGN KEY"],
        "constraint cannot be marked NO INHERIT (0A000)",
    ),
    (
        NotEnforced,
        KEYS,
        "constraint cannot be marked NOT ENFORCED (0A000)",
    ),
    (
        Enforced,
        KEYS,
        "constraint cannot be marked ENFORCED (0A000)",
    ),
    (
        Deferrable,
        &["CHECK", "NOT NULL"],
        "constraint cannot be marked DEFERRABLE (0A000)",
    ),
    (
        InitiallyDeferred,
        &["CHECK", "NOT NULL"],
        "constraint cannot be marked DEFERRABLE (0A000)",
    ),
    (
        MatchPartial,
        &["FOREIGN KEY"],
        "MATCH PARTIAL is not implemented (0A000)",
    ),
];

/// Words that contradict each other (measured on 15).
const CONTRADICTIONS: &[(ConstraintAttribute, ConstraintAttribute, &str)] = &[
    (
        NotDeferrable,
        InitiallyDeferred,
        "a constraint that is INITIALLY DEFERRED must be DEFERRABLE (42601)",
    ),
    (
        Deferrable,
        NotDeferrable,
        "conflicting constraint properties (42601)",
    ),
    (
        InitiallyDeferred,
        InitiallyImmediate,
        "conflicting constraint properties (42601)",
    ),
    (
        Enforced,
        NotEnforced,
        "conflicting constraint properties (42601)",
    ),
];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let mut found: Vec<SpannedMessage> = constraints(context).iter().filter_map(wrong).collect();
    found.extend(columns(context).iter().filter_map(|new| {
        let word = new.column.misplaced?;
        let (what, why) = match new.of_domain {
            true => (
                format!("the domain {} has {word}", new.table),
                "deferrable constraints are not supported for domains (0A000)".to_owned(),
            ),
            false => (
                format!("{word} of {}.{} follows no key", new.table, new.column.name),
                format!("misplaced {word} clause (42601)"),
            ),
        };
        let help =
            format!("remove {word}, or write it directly behind PRIMARY KEY, UNIQUE or REFERENCES");
        Some(refused(&new.column.span, what, why, help))
    }));
    found.extend(altered(context));
    found
}

fn wrong(new: &NewConstraint<'_>) -> Option<SpannedMessage> {
    let kind = new.constraint.kind.word();
    let words = &new.constraint.attributes;
    if new.of_domain && !matches!(kind, "CHECK" | "NOT NULL") {
        return Some(refused(
            &new.span,
            format!("the domain {} has a {kind}", new.table),
            format!("{kind} constraints are not possible for domains (42601)"),
            "add the constraint to the tables that use the domain",
        ));
    }
    let what = |word: &str| format!("this {kind} of {} is {word}", new.table);
    if new.of_domain && new.column.is_some() && words.contains(&NoInherit) {
        return Some(refused(
            &new.span,
            what("NO INHERIT"),
            "check constraints for domains cannot be marked NO INHERIT (42P17)",
            "remove NO INHERIT",
        ));
    }
    if let Some((one, other, why)) = contradiction(words) {
        let help = format!("remove {one} or {other}");
        return Some(refused(
            &new.span,
            what(&format!("{one} and {other}")),
            why,
            help,
        ));
    }
    let (word, _, why) = REFUSED
        .iter()
        .find(|(word, kinds, _)| words.contains(word) && kinds.contains(&kind))?;
    Some(refused(
        &new.span,
        what(word_of(*word)),
        why,
        help(*word, kind),
    ))
}

fn contradiction(
    words: &[ConstraintAttribute],
) -> Option<&'static (ConstraintAttribute, ConstraintAttribute, &'static str)> {
    CONTRADICTIONS
        .iter()
        .find(|(one, other, _)| words.contains(one) && words.contains(other))
}

fn word_of(word: ConstraintAttribute) -> &'static str {
    crate::statement::Spelled::words(word)
}

fn help(word: ConstraintAttribute, kind: &str) -> String {
    match word {
        NotValid => format!(
            "remove NOT VALID: it exists for CHECK and FOREIGN KEY. To add the {kind} without a long lock, build its index \
             first with CREATE UNIQUE INDEX CONCURRENTLY, and add the constraint with USING INDEX"
        ),
        NotEnforced | Enforced => {
            format!("remove {word}: only CHECK and FOREIGN KEY can be NOT ENFORCED")
        }
        NoInherit => "remove NO INHERIT: only CHECK and NOT NULL can have it".to_owned(),
        Deferrable | InitiallyDeferred => {
            format!("remove {word}: PostgreSQL checks a {kind} when the row is written")
        }
        MatchPartial => "write MATCH FULL, or nothing for MATCH SIMPLE".to_owned(),
        NotDeferrable | InitiallyImmediate => format!("remove {word}"),
    }
}

/// `ALTER CONSTRAINT`, which older servers have for foreign keys only.
fn altered(context: &Context<'_>) -> Option<SpannedMessage> {
    let Change::AlterTable {
        table,
        action:
            TableAction::AlterConstraint {
                constraint,
                attributes,
            },
        ..
    } = context.change()
    else {
        return None;
    };
    let known = context.certain(table)?;
    let mut constraints = known.constraints.iter();
    let known = constraints.find(|one| one.name == *constraint)?;
    let is_moment = attributes.deferrable.is_some() || attributes.initially_deferred.is_some();
    // `foreign-key-without-not-valid` reports ENFORCED.
    let is_wrong = known.kind.word() != "FOREIGN KEY" && is_moment;
    is_wrong.then(|| {
        refused(
            &context.clause.span,
            format!("{constraint} of {table} is a {}", known.kind.word()),
            "only a foreign key can be altered like this (42809)",
            "drop the constraint and add it again as it should be",
        )
    })
}
