//! Tables that are emptied together with those that refer to them.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::intake::file_name::Category;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "truncate-cascade",
    summary: "empties a table and every table that refers to it",
    page: include_str!("truncate_cascade.md"),
    aliases: &["ban-truncate-cascade", "banTruncateCascade"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Truncate], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Truncate {
        table,
        cascade: true,
        ..
    } = context.change()
    else {
        return None;
    };
    let mut referring = Vec::new();
    let mut next = vec![table.clone()];
    while let Some(parent) = next.pop() {
        for (relation, _) in context.schema.foreign_keys_to(&parent) {
            let child = &relation.name;
            if child != table && !referring.contains(child) {
                referring.push(child.clone());
                next.push(child.clone());
            }
        }
    }
    let referring: Vec<String> = referring.iter().map(ToString::to_string).collect();
    let which = match referring.is_empty() {
        true => "every table that refers to it".to_owned(),
        false => referring.join(", "),
    };
    let message = Message::new(
        format!("empties {table} and with it {which}"),
        "takes ACCESS EXCLUSIVE on every table with a foreign key to this one, and on the tables \
         that refer to those, and empties them all; PostgreSQL decides which tables these are when \
         the statement runs",
        format!(
            "delete the rows that are not needed in a data migration, `{}_delete_{}.sql`, in \
             batches, child tables first; or name each table in a TRUNCATE without CASCADE, in a \
             release migration",
            context.next(Category::Data),
            table.name
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
