//! One suggestion for each rule and statement: each suggested file holds the whole statement with one of its actions
//! changed, so that a second one beside it would undo the first.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::check::context::Context;
use crate::finding::Message;

/// The rules that have suggested files for an action of the statement.
#[derive(Default)]
pub(crate) struct Given(BTreeSet<&'static str>);

/// Whether a rule may suggest the statement with a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// For an earlier action of the statement the rule has done so.
    Given,
    /// It has, and it would do so again.
    Withheld,
}

/// What became of a rule's suggestion for a clause.
#[derive(Debug, Default)]
pub(crate) struct Suggestion(Cell<State>);

impl Given {
    /// Before a rule is asked about a clause of the statement.
    pub(crate) fn open(&self, rule: &'static str, context: &Context<'_>) {
        let state = match !self.0.is_empty() && self.0.contains(rule) {
            true => State::Given,
            false => State::Open,
        };
        context.suggestion.0.set(state);
    }

    /// Notes that the rule has suggested files, or adds to the message where they are.
    pub(crate) fn note(
        &mut self,
        rule: &'static str,
        context: &Context<'_>,
        message: Message,
    ) -> Message {
        if context.suggestion.0.get() == State::Withheld && message.suggested_files.is_empty() {
            let help = format!(
                "{}; the first finding of this rule in the statement suggests the files for its action: write them, \
                 and the next check suggests those for this one",
                message.help
            );
            return Message { help, ..message };
        }
        if context.statement.clauses.len() > 1 && !message.suggested_files.is_empty() {
            self.0.insert(rule);
        }
        message
    }
}

impl Context<'_> {
    /// Whether the rule has suggested the statement with a change for an earlier action: then it suggests no files
    /// for this one.
    pub(crate) fn withholds(&self) -> bool {
        let state = &self.suggestion.0;
        if state.get() == State::Given {
            state.set(State::Withheld);
        }
        state.get() == State::Withheld
    }
}
