//! Statements that an older server can read and refuses.

use std::ops::Range;

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::schema::resolve::Why;
use crate::statement::{
    Change, Column, ColumnValue, Constraint, ConstraintKind, CreateTable, Name, ObjectKind,
    TableAction,
};

pub(super) static RULE: Rule = Rule {
    id: "unsupported-on-version",
    summary: "the module's oldest PostgreSQL knows the syntax, but refuses the statement",
    page: include_str!("unsupported_on_version.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Of(
        &[
            Subject::Read,
            Subject::Insert,
            Subject::Update,
            Subject::Expression,
            Subject::AddConstraint,
            Subject::AddColumn,
            Subject::AlterTable,
            Subject::Merge,
            Subject::Set,
        ],
        &Check::Parts(check),
    ),
};

/// Settings that a session can set, and the version that added them (measured: the names in `pg_settings` of one version and
/// not of the version before).
const SETTINGS: &[(u8, &[&str])] = &[
    (
        16,
        &[
            "enable_presorted_aggregate",
            "icu_validation_level",
            "vacuum_buffer_usage_limit",
        ],
    ),
    (
        17,
        &["event_triggers", "io_combine_limit", "transaction_timeout"],
    ),
    (
        18,
        &[
            "enable_distinct_reordering",
            "enable_self_join_elimination",
            "file_copy_method",
        ],
    ),
];

/// What is refused: the first version that accepts it, what it is, and the error of older versions.
struct Refusal {
    version: u8,
    what: String,
    sqlstate: &'static str,
    instead: &'static str,
    span: Option<Range<usize>>,
}

fn refusal(
    version: u8,
    what: impl Into<String>,
    sqlstate: &'static str,
    instead: &'static str,
) -> Refusal {
    Refusal {
        version,
        what: what.into(),
        sqlstate,
        instead,
        span: None,
    }
}

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let mut refusals = of_partitioned(context);
    refusals.extend(of_setting(context));
    refusals.extend(of_calls(context));
    let refused = refusals
        .into_iter()
        .filter(|one| one.version > context.min_pg);
    let found = refused.map(|one| {
        let (version, min_pg) = (one.version, context.min_pg);
        let message = Message::new(
            format!("{} needs PostgreSQL {version} or newer", one.what),
            format!(
                "the module supports PostgreSQL {min_pg} and newer (`min_pg`). A server older than {version} refuses the \
                 statement: {}",
                one.sqlstate
            ),
            format!(
                "{}. Or, if all servers run PostgreSQL {version} or newer, set `min_pg = {version}` in the module's \
                 `onward.toml`",
                one.instead
            ),
        );
        (one.span.unwrap_or_else(|| context.clause.span.clone()), message)
    });
    found.collect()
}

fn of_setting(context: &Context<'_>) -> Option<Refusal> {
    let Change::Set { setting, .. } = context.change() else {
        return None;
    };
    let (version, _) = SETTINGS
        .iter()
        .find(|(_, names)| names.contains(&setting.as_str()))?;
    let what = format!("the setting {setting}");
    Some(refusal(
        *version,
        what,
        "setting does not exist (42704)",
        "remove the setting",
    ))
}

/// Calls of PostgreSQL's own functions, and of their forms with more arguments.
fn of_calls(context: &Context<'_>) -> Vec<Refusal> {
    let refused = context.refused_names().iter();
    let found = refused.filter_map(|one| {
        let Why::Newer { name, version } = &one.why else {
            return None;
        };
        Some(Refusal {
            span: Some(one.span.clone()),
            ..refusal(
                *version,
                format!("{name}()"),
                "function does not exist (42883)",
                "call a function that the oldest server has",
            )
        })
    });
    found.collect()
}

const NOT_VALID: &str = "add the foreign key to each partition as NOT VALID, validate it there, and then add it to \
                         the parent without NOT VALID";

/// What partitioned tables, and MERGE, could not do in earlier versions.
fn of_partitioned(context: &Context<'_>) -> Vec<Refusal> {
    let is_partitioned = |table: &Name| {
        let known = context.schema.relation(table);
        known.is_some_and(|known| known.partition_by.is_some())
    };
    match context.change() {
        Change::CreateTable(create) if create.partition_by.is_some() => of_new(create),
        Change::AddConstraint { table, constraint } if is_partitioned(table) => {
            let not_valid =
                matches!(constraint.kind, ConstraintKind::ForeignKey(_)) && constraint.not_valid;
            let not_valid = not_valid.then(|| {
                refusal(
                    18,
                    "a NOT VALID foreign key on a partitioned table",
                    "wrong object type (42809)",
                    NOT_VALID,
                )
            });
            not_valid
                .into_iter()
                .chain(of_exclusion(constraint))
                .collect()
        }
        Change::AddColumn { table, column, .. } if is_partitioned(table) => {
            let known = context.schema.relation(table);
            let has_partitions = known.is_some_and(|known| !known.children.is_empty());
            of_identity(column)
                .filter(|_| has_partitions)
                .into_iter()
                .collect()
        }
        Change::AlterTable {
            kind: ObjectKind::Table,
            table,
            action: TableAction::SetAccessMethod(_),
        } if is_partitioned(table) => {
            let what = "an access method for a partitioned table";
            vec![refusal(
                17,
                what,
                "wrong object type (42809)",
                "set the access method of each partition",
            )]
        }
        Change::Merge(merge) => {
            let known = context.schema.relation(&merge.table);
            let is_view = known.is_some_and(|known| known.kind == ObjectKind::View);
            let what = "MERGE into a view";
            let refusal = refusal(
                17,
                what,
                "not supported (0A000)",
                "merge into the view's table",
            );
            is_view.then_some(refusal).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn of_new(create: &CreateTable) -> Vec<Refusal> {
    let what = "an access method for a partitioned table";
    let method = create.method.as_ref();
    let method = method.map(|_| {
        refusal(
            17,
            what,
            "not supported (0A000)",
            "set the access method of each partition",
        )
    });
    let exclusions = create.constraints.iter().filter_map(of_exclusion);
    method.into_iter().chain(exclusions).collect()
}

fn of_exclusion(constraint: &Constraint) -> Option<Refusal> {
    let is_exclusion = matches!(constraint.kind, ConstraintKind::Exclude { .. });
    is_exclusion.then(|| Refusal {
        span: Some(constraint.span.clone()),
        ..refusal(
            17,
            "an exclusion constraint on a partitioned table",
            "not supported (0A000)",
            "add the constraint to each partition",
        )
    })
}

fn of_identity(column: &Column) -> Option<Refusal> {
    let is_identity = matches!(column.value, ColumnValue::Identity(_));
    is_identity.then(|| {
        refusal(
            17,
            "adding an identity column to a table with partitions",
            "invalid table definition (42P16)",
            "add a bigint column whose default calls nextval() of a sequence",
        )
    })
}
