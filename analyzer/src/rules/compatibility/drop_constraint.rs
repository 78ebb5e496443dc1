//! Checks and foreign keys that the running release relies on.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::schema::{Constraint, ConstraintKind};
use crate::statement::to_sql::quote_name;
use crate::statement::{Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-constraint",
    summary: "drops a CHECK or FOREIGN KEY constraint that the running release relies on",
    page: include_str!("drop_constraint.md"),
    aliases: &["ban-drop-constraint", "CD101"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, name) = context.drops_part(ObjectKind::Constraint)?;
    let is_new_domain = context.is_new(ObjectKind::Domain, table, None);
    let constraint = context.schema.relation(table).and_then(|relation| {
        let mut constraints = relation.constraints.iter();
        constraints.find(|one| one.name == name)
    });
    let kind = constraint.map(|constraint| &constraint.kind);
    let has_its_own_rule =
        kind.is_some_and(|kind| kind.is_indexed() || *kind == ConstraintKind::NotNull);
    if is_new_domain
        || has_its_own_rule
        || constraint.is_some_and(|one| only_proves(context, table, one))
    {
        return None;
    }
    let is_domain = context.schema.type_of(table).is_some();
    let (word, locks) = match kind {
        Some(ConstraintKind::ForeignKey { parent, .. }) => (
            "foreign key",
            format!(
                "DROP CONSTRAINT takes ACCESS EXCLUSIVE on {table} and on {} for a moment",
                parent.name
            ),
        ),
        Some(ConstraintKind::Check { .. }) => (
            "check",
            format!("DROP CONSTRAINT takes ACCESS EXCLUSIVE on {table} for a moment"),
        ),
        None if is_domain => ("constraint", "DROP CONSTRAINT locks no table".to_owned()),
        None
        | Some(
            ConstraintKind::NotNull
            | ConstraintKind::PrimaryKey
            | ConstraintKind::Unique
            | ConstraintKind::Exclude(_),
        ) => (
            "constraint",
            format!(
                "if the constraint is a key, every ON CONFLICT with that key fails: no unique \
                 constraint matching the ON CONFLICT specification (42P10); DROP CONSTRAINT takes \
                 ACCESS EXCLUSIVE on {table} for a moment"
            ),
        ),
    };
    let message = Message::new(
        format!("drops the {word} `{name}` of {table}"),
        format!(
            "{locks}; afterwards PostgreSQL accepts rows that the {word} refused, and the running \
             release, which relies on the {word}, reads such rows"
        ),
        "",
    );
    let alter = if is_domain {
        "ALTER DOMAIN"
    } else {
        "ALTER TABLE"
    };
    let sql = format!(
        "{alter} {} DROP CONSTRAINT {}{}",
        quote_name(table),
        context.if_exists(),
        quote_ident(name)
    );
    let breaks = format!("code that relies on the {word} {name} of {table}");
    let related = context.made(ObjectKind::Constraint, table, Some(name));
    let message = context.by_an_operator(message, &format!("drop_{name}"), &sql, &breaks);
    Some(message.with_related(related))
}

/// Whether the check only repeats the `NOT NULL` that its columns have by now. It was a helper, which
/// let `SET NOT NULL` skip the scan of the table.
fn only_proves(context: &Context<'_>, table: &Name, constraint: &Constraint) -> bool {
    let Some(relation) = context.schema.relation(table) else {
        return false;
    };
    let columns = context.schema.only_not_null(relation, constraint);
    let is_required = |name: &String| relation.column(name).is_some_and(|column| column.not_null);
    columns.is_some_and(|columns| columns.iter().all(is_required))
}
