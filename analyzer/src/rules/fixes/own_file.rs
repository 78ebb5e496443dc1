//! Statements that PostgreSQL refuses in a transaction, and so in one file with others.

use crate::check::context::{Context, Execution};
use crate::effect::{Mode, mode};
use crate::finding::{Message, SuggestedFile};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ObjectKind, Statement};

/// The kinds of statement that cannot run in a transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Kind {
    /// Any statement with `CONCURRENTLY`.
    Concurrently,
    /// Everything else: `VACUUM`, `ALTER SYSTEM`.
    Other,
}

pub(in crate::rules) fn check(context: &Context<'_>, kind: Kind) -> Option<Message> {
    let is_first = context.is_first();
    let outside = |statement: &Statement| mode(&statement.clauses) != Mode::Transactional;
    if !is_first || !outside(context.statement) || self::kind(context) != kind {
        return None;
    }
    let what = match kind {
        Kind::Concurrently => "CONCURRENTLY",
        Kind::Other => "this statement",
    };
    if context.runs == Execution::InDoBlock {
        return Some(Message::new(
            format!("{what} cannot run in a transaction, and a DO block runs in one"),
            "PostgreSQL refuses it inside a transaction block (25001)",
            "move the statement out of the block, into a file of its own",
        ));
    }
    // A directive that covers several statements is reported by a rule of its own.
    let shares = context.statements.iter().any(|other| !outside(other));
    shares.then(|| {
        let suggested_files = match context.change() {
            Change::CreateIndex(create) => {
                let name = create.index.as_ref().map(|(name, _)| name.as_str());
                let sql = format!("{};", context.sql());
                context.fix(None, &[(name.unwrap_or("index").to_owned(), sql)])
            }
            Change::Drop {
                kind: ObjectKind::Index,
                ..
            } => drops(context),
            _ => Vec::new(),
        };
        let message = Message::new(
            format!("{what} cannot run in a transaction, and other statements of its file run in one"),
            "PostgreSQL refuses the statement inside a transaction block (25001); if it ran outside of \
             one and failed, the other statements would be applied without it",
            "move the statement into a file of its own, alone or with others of the same kind",
        );
        message.with_files(suggested_files)
    })
}

fn kind(context: &Context<'_>) -> Kind {
    match context.change().is_concurrent() {
        true => Kind::Concurrently,
        false => Kind::Other,
    }
}

/// One file for each index that the statement drops.
pub(in crate::rules) fn drops(context: &Context<'_>) -> Vec<SuggestedFile> {
    let named = context.statement.clauses.iter().filter_map(|clause| {
        let Change::Drop {
            name, if_exists, ..
        } = &clause.change
        else {
            return None;
        };
        let guard = if *if_exists { "IF EXISTS " } else { "" };
        let sql = format!("DROP INDEX CONCURRENTLY {guard}{};", quote_name(name));
        Some((format!("drop_{}", name.name), sql))
    });
    let files: Vec<(String, String)> = named.collect();
    context.fix(None, &files)
}
