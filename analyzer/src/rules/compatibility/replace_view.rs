//! Views that change what old readers see.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::view_shape::{Replacement, replacement};
use crate::statement::{Change, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "replace-view",
    summary: "replaces or alters a view that old code reads",
    page: include_str!("replace_view.md"),
    aliases: &["ban-alter-view-options", "ban-replace-view-function"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::AlterTable, Subject::CreateView],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (view, verb, why) = match context.change() {
        Change::CreateView(create) => match replacement(context, create)? {
            Replacement::Other => (&create.view, "replaces", OTHER_ROWS),
            Replacement::Appended => (&create.view, "appends columns to", MORE_COLUMNS),
            // Old readers see no difference, or the statement fails, which `drop-view` reports.
            Replacement::Same | Replacement::Narrowed => return None,
        },
        Change::AlterTable {
            kind: ObjectKind::View,
            table,
            action: TableAction::SetParameters(_) | TableAction::ResetParameters(_),
        } => (
            table,
            "alters",
            "takes ACCESS EXCLUSIVE on the view for a moment; `security_invoker`, \
             `security_barrier` and `check_option` decide which rows the running release may read \
             and write through it",
        ),
        _ => return None,
    };
    if context.is_new_relation(view) {
        return None;
    }
    let message = Message::new(
        format!("{verb} the view {view}"),
        why,
        format!(
            "create the new view under another name, such as {view}_v2, and let the next release \
             read that; if old readers should see the change too, allow this: `-- onward: allow \
             replace-view because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::View, view, None)))
}

const MORE_COLUMNS: &str = "takes ACCESS EXCLUSIVE on the view for a moment; the columns that the \
                            running release names are unchanged, but its SELECT * returns more \
                            columns, and as a prepared statement it fails once: cached plan must \
                            not change result type (0A000)";

const OTHER_ROWS: &str = "takes ACCESS EXCLUSIVE on the view for a moment; afterwards the running \
                          release reads other rows or other values under the same names";
