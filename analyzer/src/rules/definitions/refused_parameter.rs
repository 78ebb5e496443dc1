//! Storage parameters that do not exist, or have a value that they cannot have.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::statement::{Change, CreateIndex, ObjectKind, Parameter, TableAction};
use crate::text::nearest::nearest;

pub(super) static RULE: Rule = Rule {
    id: "refused-parameter",
    summary: "a storage parameter does not exist or cannot have this value",
    page: include_str!("refused_parameter.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::Parameter, Subject::AlterTable],
        &Check::Parts(check),
    ),
};

/// The parameters of tables and materialized views, those of all versions from 15 to 18 together.
const OF_TABLES: &[&str] = &[
    "autovacuum_analyze_scale_factor",
    "autovacuum_analyze_threshold",
    "autovacuum_enabled",
    "autovacuum_freeze_max_age",
    "autovacuum_freeze_min_age",
    "autovacuum_freeze_table_age",
    "autovacuum_multixact_freeze_max_age",
    "autovacuum_multixact_freeze_min_age",
    "autovacuum_multixact_freeze_table_age",
    "autovacuum_vacuum_cost_delay",
    "autovacuum_vacuum_cost_limit",
    "autovacuum_vacuum_insert_scale_factor",
    "autovacuum_vacuum_insert_threshold",
    "autovacuum_vacuum_max_threshold",
    "autovacuum_vacuum_scale_factor",
    "autovacuum_vacuum_threshold",
    "fillfactor",
    "log_autovacuum_min_duration",
    "oids",
    "parallel_workers",
    "toast_tuple_target",
    "user_catalog_table",
    "vacuum_index_cleanup",
    "vacuum_max_eager_freeze_failure_rate",
    "vacuum_truncate",
];

/// The parameters of the access methods of indexes.
const OF_INDEXES: &[(&str, &[&str])] = &[
    ("brin", &["autosummarize", "pages_per_range"]),
    ("btree", &["deduplicate_items", "fillfactor"]),
    ("gin", &["fastupdate", "gin_pending_list_limit"]),
    ("gist", &["buffering", "fillfactor"]),
    ("hash", &["fillfactor"]),
    ("spgist", &["fillfactor"]),
];

const OF_VIEWS: &[&str] = &["check_option", "security_barrier", "security_invoker"];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let found = match context.change() {
        Change::CreateTable(create) if create.method.is_none() && create.server.is_none() => {
            wrong(context, "a table", &create.parameters, OF_TABLES)
        }
        Change::CreateIndex(create) => of_index(context, create),
        Change::CreateView(create) if !create.materialized => {
            wrong(context, "a view", &create.parameters, OF_VIEWS)
        }
        Change::AlterTable {
            kind: ObjectKind::Table,
            table,
            action: TableAction::SetParameters(parameters),
        } if context.schema.kind_of(table) == Some(ObjectKind::Table) => {
            wrong(context, "a table", parameters, OF_TABLES)
        }
        Change::AlterTable {
            kind: ObjectKind::View,
            action: TableAction::SetParameters(parameters),
            ..
        } => wrong(context, "a view", parameters, OF_VIEWS),
        _ => None,
    };
    found.into_iter().collect()
}

fn of_index(context: &Context<'_>, create: &CreateIndex) -> Option<SpannedMessage> {
    let mut methods = OF_INDEXES.iter();
    let (method, known) = methods.find(|(method, _)| *method == create.method)?;
    wrong(
        context,
        &format!("a {method} index"),
        &create.parameters,
        known,
    )
}

fn wrong(
    context: &Context<'_>,
    of: &str,
    parameters: &[Parameter],
    known: &[&'static str],
) -> Option<SpannedMessage> {
    // What has a prefix is for the table's TOAST table.
    let mut own = parameters.iter().filter(|one| !one.name.contains('.'));
    own.find_map(|one| {
        let name = one.name.as_str();
        if !known.contains(&name) {
            let help = nearest(name, known.iter().copied()).map_or_else(
                || format!("the parameters of {of} are: {}", known.join(", ")),
                |guess| format!("did you mean `{guess}`?"),
            );
            let what = format!("{of} has no parameter `{name}`");
            let why = "unrecognized parameter (22023)";
            return Some(refused(&context.clause.span, what, why, help));
        }
        let value = one
            .value
            .as_deref()?
            .trim_matches('\'')
            .parse::<i64>()
            .ok()?;
        (name == "fillfactor" && !(10..=100).contains(&value)).then(|| {
            refused(
                &context.clause.span,
                format!("the fillfactor of {of} is {value}"),
                "value out of bounds (22023)",
                "write a number from 10 to 100",
            )
        })
    })
}
