//! Views that show old readers something else.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::rules::facts::view_shape::{Replacement, replacement};
use crate::statement::{Change, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "replace-view",
    summary: "a view that old code reads is replaced or altered",
    page: include_str!("replace_view.md"),
    aliases: &["ban-alter-view-options", "ban-replace-view-function"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (view, verb, why) = match context.change() {
        Change::CreateView(create) => match replacement(context, create)? {
            Replacement::Other => (&create.view, "replaces", OTHER_ROWS),
            Replacement::Appended => (&create.view, "appends to", MORE_COLUMNS),
            // Old readers notice nothing, or the statement fails, which is `drop-view`.
            Replacement::Same | Replacement::Narrowed => return None,
        },
        Change::AlterTable {
            kind: ObjectKind::View,
            table,
            action: TableAction::SetParameters(_) | TableAction::ResetParameters(_),
        } => (
            table,
            "alters",
            "it takes ACCESS EXCLUSIVE on the view for a moment; `security_invoker`, \
             `security_barrier` and `check_option` decide which rows the serving release may read \
             and write through it",
        ),
        _ => return None,
    };
    if context.is_new_relation(view) {
        return None;
    }
    let message = Message::new(
        format!("this {verb} the view {view}"),
        why,
        format!(
            "make the new one under another name, such as {view}_v2, and let the next release read \
             it; if old readers are meant to get it too, say so: `-- onward: allow replace-view \
             because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::View, view, None)))
}

const MORE_COLUMNS: &str = "CREATE OR REPLACE VIEW takes ACCESS EXCLUSIVE on the view for a moment; \
                            the serving release finds the columns that it names as they were, but \
                            a SELECT * of it gets more of them, and as a prepared statement fails \
                            once with 0A000";

const OTHER_ROWS: &str = "CREATE OR REPLACE VIEW takes ACCESS EXCLUSIVE on the view for a moment; \
                          from then on the serving release reads other rows or other values under \
                          the same names";
