//! Emptied tables.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::scope::Scope;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "truncate",
    summary: "a table is emptied",
    page: include_str!("truncate.md"),
    aliases: &["ban-truncate", "ban-truncate-cascade"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::Truncate { table, .. } = scope.change() else {
        return None;
    };
    if scope.is_new_table(table) {
        return None;
    }
    Some(Message::new(
        format!("this empties {table}"),
        "TRUNCATE takes ACCESS EXCLUSIVE, and concurrent transactions see an empty table even if they \
         started earlier",
        format!(
            "delete what is not needed in a data migration, `{}_delete_{}.sql`, in batches",
            scope.next(crate::file_name::Category::Data),
            table.name
        ),
    ))
}
