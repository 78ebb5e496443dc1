//! Statements that PostgreSQL refuses in a transaction, and so in a file with others.

use crate::effect::{Mode, mode};
use crate::finding::Message;
use crate::rule::Runs;
use crate::scope::Scope;
use crate::statement::{Change, Statement};

/// What refuses to be in a transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `CONCURRENTLY`, of whatever.
    Concurrently,
    /// Everything else: `VACUUM`, `ALTER SYSTEM`.
    Other,
}

pub(super) fn check(scope: &Scope<'_>, kind: Kind) -> Option<Message> {
    let is_first = scope.statement.clauses.first() == Some(scope.clause);
    let outside = |statement: &Statement| mode(&statement.clauses) != Mode::Inside;
    if !is_first || !outside(scope.statement) || self::kind(scope) != kind {
        return None;
    }
    let what = match kind {
        Kind::Concurrently => "CONCURRENTLY",
        Kind::Other => "this statement",
    };
    if scope.runs == Runs::InBlock {
        return Some(Message::new(
            format!("{what} cannot run in a transaction, and a DO block runs in one"),
            "PostgreSQL refuses it there with 25001",
            "move it out of the block, into a file of its own",
        ));
    }
    // A directive for several statements is told by a rule of its own.
    let shares = scope.statements.iter().any(|other| !outside(other));
    shares.then(|| {
        let remedies = scope.cure(None, &[(&title(scope), format!("{};", scope.sql()))]);
        let message = Message::new(
            format!("{what} cannot run in a transaction, and its file holds statements that do"),
            "PostgreSQL refuses it inside a transaction block (25001), and outside of one a failure \
             would leave the others applied without it",
            "move it into a file of its own, alone or with others of its kind",
        );
        message.with_remedies(remedies)
    })
}

fn kind(scope: &Scope<'_>) -> Kind {
    match scope.is_concurrent() {
        true => Kind::Concurrently,
        false => Kind::Other,
    }
}

/// The index that the statement builds or drops, or else its first word.
fn title(scope: &Scope<'_>) -> String {
    match scope.change() {
        Change::CreateIndex(create) => {
            let name = create.index.as_ref().map(|(name, _)| name.clone());
            name.unwrap_or_else(|| format!("{}_idx", create.table.name))
        }
        Change::Drop { name, .. } => format!("drop_{}", name.name),
        _ => scope.keywords().into_iter().take(1).collect(),
    }
}
