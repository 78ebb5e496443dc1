//! `ATTACH PARTITION` of a table that lacks indexes or foreign keys of the partitioned table.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::attached::{Attached, attached};
use crate::rules::fixes::attach;
use crate::schema::ConstraintKind;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "attach-without-indexes",
    summary: "attaches a table in use that lacks indexes or foreign keys of the partitioned table: PostgreSQL builds and \
              checks them under ACCESS EXCLUSIVE",
    page: include_str!("attach_without_indexes.md"),
    aliases: &[],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AlterTable], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let attached = attached(context, context.change())?;
    let partition = attached.name();
    // Code that is not known may have prepared the table.
    if !context
        .schema
        .is_certain(partition, &attached.partition.origin)
    {
        return None;
    }
    let indexes = attached.missing_indexes();
    let keys = attached.missing_keys();
    let builds = match indexes.as_slice() {
        [] => None,
        indexes => Some(format!(
            "builds {}",
            listed(indexes.iter().map(|one| &one.name))
        )),
    };
    let checks = match keys.as_slice() {
        [] => None,
        keys => Some(format!(
            "checks {}",
            listed(keys.iter().map(|one| &one.name))
        )),
    };
    let parts: Vec<String> = builds.into_iter().chain(checks).collect();
    if parts.is_empty() {
        return None;
    }
    let message = Message::new(
        format!(
            "attaches {partition} to {} and {}, which {partition} lacks",
            attached.table.name,
            parts.join(" and ")
        ),
        format!(
            "ATTACH PARTITION takes ACCESS EXCLUSIVE on {partition} and keeps it meanwhile: reads and writes of {partition} \
             are blocked{}",
            parents(&attached)
        ),
        help(&attached),
    );
    Some(
        message
            .with_files(attach::files(context, &attached))
            .with_related(context.made(ObjectKind::Table, partition, None)),
    )
}

/// `a, b and c`.
fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn parents(attached: &Attached<'_>) -> String {
    let keys = attached.missing_keys();
    let parents = keys.iter().filter_map(|key| match &key.kind {
        ConstraintKind::ForeignKey { parent, .. } => Some(parent.name.to_string()),
        ConstraintKind::Check { .. }
        | ConstraintKind::NotNull
        | ConstraintKind::PrimaryKey
        | ConstraintKind::Unique
        | ConstraintKind::Exclude(_) => None,
    });
    let parents: Vec<String> = parents.collect();
    match parents.is_empty() {
        true => String::new(),
        false => format!(", and so are writes of {}", parents.join(", ")),
    }
}

fn help(attached: &Attached<'_>) -> &'static str {
    match attached.partition.partition_by {
        Some(_) => {
            "give each partition of the table its indexes with CONCURRENTLY and its foreign keys as NOT VALID, validate these, \
             and attach the table after that"
        }
        None => {
            "give the table its indexes with CONCURRENTLY and its foreign keys as NOT VALID, validate these in the next file, \
             and attach the table after that: PostgreSQL then uses what it finds"
        }
    }
}
