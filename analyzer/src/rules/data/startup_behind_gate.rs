//! Startup migrations behind one that waits for a data migration.

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::intake::file_name::Category;

pub(super) static RULE: Rule = Rule {
    id: "startup-behind-gate",
    summary: "a startup migration waits because one before it requires a data migration",
    page: include_str!("startup_behind_gate.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: WARN,
        release: NEVER,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let own = around.read.declared.requires.iter().max();
    let before = around.sources.iter().zip(around.before);
    let gates = before.filter(|(source, _)| source.version.category == Category::Startup);
    let gates = gates.filter_map(|(source, file)| {
        let required = file.declared.requires.iter().max()?;
        Some((required, source))
    });
    // Of several, the one that waits longest.
    let gate = gates.max_by_key(|(required, _)| **required);
    let waits = gate.filter(|(required, _)| own < Some(*required));
    let first = around
        .statements
        .first()
        .and_then(|one| one.clauses.first());
    let Some(((required, gate), first)) = waits.zip(first) else {
        return Vec::new();
    };
    let message = Message::new(
        format!(
            "this migration waits until {required} has finished, because {} requires it",
            gate.name
        ),
        "startup migrations run in the order of their numbers. A start of the service does not pass over one that waits, \
         and the code of this release may need what this file adds",
        format!(
            "if the service can work without it, write `-- onward: requires {required}` here too. If not, let a release \
             migration require {required} instead of {}",
            gate.name
        ),
    );
    vec![(first.span.clone(), message)]
}
