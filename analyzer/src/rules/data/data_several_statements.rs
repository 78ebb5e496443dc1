//! Files of batches with more than one statement.

use crate::check::context::FileContext;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::intake::file_name::Category;
use crate::plan::job::Refusal;

pub(super) static RULE: Rule = Rule {
    id: "data-several-statements",
    summary: "a data migration that runs in batches has more than one statement",
    page: include_str!("data_several_statements.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let Some(Refusal::Several(span)) = around.uncuttable() else {
        return Vec::new();
    };
    let message = Message::new(
        "this file runs in batches, but has more than one statement",
        "a batch is one statement: with several, it is not clear which of them a range confines, and which of them \
         is finished when no row is left",
        format!(
            "move each statement that runs in batches into a file of its own, such as `{}_<title>.sql`, and what they \
             need into a startup migration, `{}_<title>.sql`",
            around.next(Category::Data),
            around.next(Category::Startup)
        ),
    );
    vec![(span.clone(), message)]
}
