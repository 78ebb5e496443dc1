//! Publications of what cannot be published.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::schema::Answer;
use crate::statement::{
    Change, Definition, Name, ObjectKind, Parameter, Persistence, Publication, PublicationAction,
    PublishedTable,
};

pub(super) static RULE: Rule = Rule {
    id: "refused-publication",
    summary: "a publication has a table or an option that it cannot have",
    page: include_str!("refused_publication.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::Create, Subject::AlterPublication],
        &Check::Parts(check),
    ),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let (name, action, publication): (&Name, Option<PublicationAction>, &Publication) =
        match context.change() {
            Change::Create {
                name,
                definition: Definition::Publication(publication),
                ..
            } => (name, None, publication),
            Change::AlterPublication {
                name,
                action,
                publication,
            } => (name, Some(*action), publication),
            _ => return Vec::new(),
        };
    let mut found: Vec<SpannedMessage> = option(context, name, &publication.options)
        .into_iter()
        .collect();
    for table in &publication.tables {
        let is_dropped = action == Some(PublicationAction::Drop);
        found.extend(unfit(context, table).filter(|_| !is_dropped));
        found.extend(action.and_then(|action| member(context, name, action, table)));
    }
    found
}

fn option(context: &Context<'_>, name: &Name, options: &[Parameter]) -> Option<SpannedMessage> {
    let known = [
        "publish",
        "publish_generated_columns",
        "publish_via_partition_root",
    ];
    let changes = ["insert", "update", "delete", "truncate"];
    options.iter().find_map(|option| {
        let why = if known.contains(&option.name.as_str()) {
            let value = option.value.as_deref().filter(|_| option.name == "publish")?;
            let mut words = value.trim_matches('\'').split(',').map(str::trim);
            words.find(|word| !word.is_empty() && !changes.iter().any(|it| word.eq_ignore_ascii_case(it)))?;
            "unrecognized value for publication option (42601)"
        } else {
            "unrecognized publication parameter (42601)"
        };
        Some(refused(
            &context.clause.span,
            format!("the option `{}` of the publication {} is wrong", option.name, name.name),
            why,
            "the options are `publish`, a list of insert, update, delete and truncate, and `publish_via_partition_root`",
        ))
    })
}

fn unfit(context: &Context<'_>, table: &PublishedTable) -> Option<SpannedMessage> {
    let known = context.existing(&table.table)?;
    let (what, help) = match (known.kind, known.persistence) {
        (ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::ForeignTable, _) => {
            (known.kind.to_string(), "publish the table below the view")
        }
        (_, Persistence::Unlogged) => (
            "unlogged table".to_owned(),
            "make the table logged first: it has no changes in the log",
        ),
        (_, Persistence::Temporary) => ("temporary table".to_owned(), "publish a permanent table"),
        (_, Persistence::Permanent) => return None,
    };
    Some(refused(
        &table.span,
        format!("{} is a {what}", table.table),
        "cannot add relation to publication (22023)",
        help,
    ))
}

fn member(
    context: &Context<'_>,
    name: &Name,
    action: PublicationAction,
    table: &PublishedTable,
) -> Option<SpannedMessage> {
    let is_certain = context.schema.exists(ObjectKind::Publication, name, None) == Answer::Yes;
    let mut known = context.schema.publications().filter(|_| is_certain);
    let publication = known.find(|one| one.name == name.name)?;
    let id = context.certain(&table.table)?.id;
    let has = publication.members.iter().any(|(of, _)| of.id == Some(id));
    let (why, help) = match (action, has) {
        (PublicationAction::Add, true) => (
            "relation is already member of publication (42710)",
            "remove the statement, or write SET TABLE with all tables",
        ),
        (PublicationAction::Drop, false) => (
            "relation is not part of the publication (42704)",
            "remove the statement",
        ),
        (PublicationAction::Add, false)
        | (PublicationAction::Drop, true)
        | (PublicationAction::Set, _) => return None,
    };
    Some(refused(
        &table.span,
        format!(
            "{} cannot be changed in the publication {}",
            table.table, name.name
        ),
        why,
        help,
    ))
}
