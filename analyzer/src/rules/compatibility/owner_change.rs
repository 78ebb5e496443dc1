//! Objects that get another owner.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "owner-change",
    summary: "changes the owner of an object",
    page: include_str!("owner_change.md"),
    aliases: &["owner-to", "ban-revoke"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Owner], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Owner { kind, name, role } = context.change() else {
        return None;
    };
    // Databases and tablespaces belong to the cluster: this rule is about objects of a module.
    let is_of_cluster = matches!(kind, ObjectKind::Database | ObjectKind::Tablespace);
    if is_of_cluster || context.is_new_object(*kind, name) {
        return None;
    }
    let shown = kind.show(name);
    let lock = match kind {
        ObjectKind::Table
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Sequence => {
            format!("takes ACCESS EXCLUSIVE on {shown} for a moment; ")
        }
        _ => String::new(),
    };
    let message = Message::new(
        format!("changes the owner of the {kind} {shown} to `{role}`"),
        format!(
            "{lock}the old owner loses every right that came with ownership: statements of the \
             running release fail: permission denied (42501), and so does the next migration that \
             alters the object"
        ),
        "",
    );
    let sql = context.sql_from(context.statement.span.start);
    let title = format!("{}_owner", name.name);
    let breaks = format!("code that connects as the old owner of {shown}");
    let related = context.made(*kind, name, None);
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}
