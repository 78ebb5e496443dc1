//! Sequences that old code draws from.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, ColumnAction, ObjectKind, Parameter};

pub(super) static RULE: Rule = Rule {
    id: "alter-sequence",
    summary: "a sequence that old code draws from is altered or restarted",
    page: include_str!("alter_sequence.md"),
    aliases: &["ban-alter-sequence-values"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: WARN,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (name, restarts) = match context.change() {
        Change::AlterSequence { name, options, .. } => {
            if context.is_new(ObjectKind::Sequence, name, None) {
                return None;
            }
            (name.to_string(), restarts(options))
        }
        Change::AlterColumn {
            table,
            column,
            action: ColumnAction::SetIdentity { options, .. },
        } if !options.is_empty() => {
            if context.is_new_column(table, column) {
                return None;
            }
            (format!("{table}.{column}"), restarts(options))
        }
        _ => return None,
    };
    let effect = match restarts {
        true => {
            "its next numbers are ones that it has given out before, or that rows have already: \
             INSERTs of the serving release fail with 23505 where they are keys"
        }
        false => "its next numbers follow the new options, for the serving release too",
    };
    Some(Message::new(
        format!("this changes the sequence of {name}"),
        format!(
            "it takes SHARE ROW EXCLUSIVE on the sequence, so every INSERT that draws from it \
             waits until the migration is over; then {effect}"
        ),
        "if that is meant, keep it alone in its file, so that the lock is short, and say so: `-- \
         onward: allow alter-sequence because \"...\"`",
    ))
}

fn restarts(options: &[Parameter]) -> bool {
    let mut names = options.iter().map(|option| option.name.as_str());
    names.any(|name| name.starts_with("restart"))
}
