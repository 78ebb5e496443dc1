//! Publications, which carry the rows of all tenants.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::tenant::tenant_table;
use crate::statement::{Change, Definition, Publication, PublicationAction};

pub(super) static RULE: Rule = Rule {
    id: "published-tenants",
    summary: "a publication contains a table of tenants",
    page: include_str!("published_tenants.md"),
    aliases: &[],
    group: Group::Tenancy,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(
        &[Subject::Create, Subject::AlterPublication],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    context.module.settings.tenancy.as_ref()?;
    let (name, publication) = match context.change() {
        Change::Create {
            name,
            definition: Definition::Publication(publication),
            ..
        } => (name, publication),
        Change::AlterPublication {
            name,
            action: PublicationAction::Add | PublicationAction::Set,
            publication,
        } => (name, publication),
        _ => return None,
    };
    let published = published(context, publication)?;
    Some(Message::new(
        format!("the publication {} contains {published}", name.name),
        "logical replication reads the write-ahead log, for which no policy is asked: a subscriber gets the rows of all \
         tenants",
        "publish only tables that are the same for every tenant; or allow this with the name of the subscriber, which \
         has to keep the tenants apart itself",
    ))
}

fn published(context: &Context<'_>, publication: &Publication) -> Option<String> {
    let own = &context.module.schema;
    if publication.everything {
        return Some("all tables of the database".to_owned());
    }
    if publication.schemas.contains(own) {
        return Some(format!("all tables of {own}"));
    }
    let tables = publication.tables.iter().map(|one| &one.table);
    let mut tables = tables.filter(|table| tenant_table(context, table).is_some());
    tables.next().map(ToString::to_string)
}
