//! Sequences from which the running release draws numbers.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ColumnAction, ObjectKind, Parameter};

pub(super) static RULE: Rule = Rule {
    id: "alter-sequence",
    summary: "alters or restarts a sequence that the running release draws from",
    page: include_str!("alter_sequence.md"),
    aliases: &["ban-alter-sequence-values"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: WARN,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::AlterColumn, Subject::AlterSequence],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (name, restarts) = match context.change() {
        Change::AlterSequence { name, options, .. } => {
            if context.is_new(ObjectKind::Sequence, name, None) {
                return None;
            }
            (format!("the sequence {name}"), restarts(options))
        }
        Change::AlterColumn {
            table,
            column,
            action: ColumnAction::SetIdentity { options, .. },
        } if !options.is_empty() => {
            if context.is_new_column(table, column) {
                return None;
            }
            (
                format!("the sequence of the column {table}.{column}"),
                restarts(options),
            )
        }
        _ => return None,
    };
    let effect = match restarts {
        true => {
            "the sequence returns numbers that existing rows may have: where they are keys, INSERTs \
             of the running release fail: duplicate key value (23505)"
        }
        false => "the new options apply to the next numbers, also those of the running release",
    };
    Some(Message::new(
        format!("changes {name}"),
        format!(
            "SHARE ROW EXCLUSIVE on the sequence makes every INSERT that draws a number from it \
             wait until the migration ends; afterwards {effect}"
        ),
        "if you want this, put the statement alone into a file, so that the lock is short, and add \
         `-- onward: allow alter-sequence because \"...\"`",
    ))
}

fn restarts(options: &[Parameter]) -> bool {
    let mut names = options.iter().map(|option| option.name.as_str());
    names.any(|name| name.starts_with("restart"))
}
