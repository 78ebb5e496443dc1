//! Additions that can run at startup, without an operator.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::intake::file_name::Category;
use crate::statement::{Change, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "additive-in-release",
    summary: "a release migration adds a table or a column, which can run at startup without an operator",
    page: include_str!("additive_in_release.md"),
    aliases: &["SchemaAdditionMethodsNoPost"],
    group: Group::Hygiene,
    levels: Levels {
        startup: NEVER,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(
        &[Subject::AddColumn, Subject::CreateTable],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (what, title) = match context.change() {
        Change::CreateTable(create)
            if create.persistence != Persistence::Temporary && create.partition_of.is_none() =>
        {
            (
                format!("the table {}", create.table),
                create.table.name.clone(),
            )
        }
        Change::AddColumn { table, column, .. }
            if !context.is_new_table(table)
                && (!column.not_null || column.is_filled())
                && !works_on_rows(context) =>
        {
            let title = format!("{}_{}", table.name, column.name);
            (format!("the column {table}.{}", column.name), title)
        }
        _ => return None,
    };
    if !context.has_free(Category::Startup) {
        return None;
    }
    // What else the statement does stays where it is.
    let suggested_files = match context.statement.clauses.len() {
        1 => {
            let sql = format!("{};", context.sql_from(context.statement.span.start));
            context.suggested_files(&[(Category::Startup, &title, sql)])
        }
        _ => Vec::new(),
    };
    let message = Message::new(
        format!("this release migration adds {what}"),
        "an operator has to run this file before the deploy, and the version of the service that has it refuses to \
         start until then. An addition breaks nothing and can run at startup",
        format!(
            "move the statement into a startup migration, `{}_{title}.sql`",
            context.next(Category::Startup)
        ),
    );
    Some(message.with_files(suggested_files))
}

/// Whether PostgreSQL reads or writes the existing rows, which takes too long at startup. The rule about that
/// work suggests a startup migration that avoids it.
fn works_on_rows(context: &Context<'_>) -> bool {
    let effect = context.effect();
    !(effect.rewrites.is_empty()
        && effect.scans.is_empty()
        && effect.builds.is_empty()
        && effect.joins.is_empty())
}
