//! Data migrations on rows of tenants that do not take one tenant after another.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::intake::directive::Directive;
use crate::intake::settings::Tenancy;
use crate::plan::Job;
use crate::plan::job::{hidden, keys_of, of_key};
use crate::schema::Relation;
use crate::text::quote::quote_list;

pub(super) static RULE: Rule = Rule {
    id: "data-without-tenant",
    summary: "a data migration needs rows that policies hide from their owner",
    page: include_str!("data_without_tenant.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: DENY,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let has_tenants = match around.data().map(|data| &data.job) {
        Some(Job::Ranges(ranges)) => ranges.tenants.is_some(),
        Some(Job::Whole | Job::Repeated) => false,
        // Code sets its tenants itself; what runs in the background reads no rows as a query does.
        Some(Job::Code | Job::Background) => return unused(around),
        None => return Vec::new(),
    };
    if has_tenants {
        return Vec::new();
    }
    let Some(tenancy) = &around.module.settings.tenancy else {
        return unused(around);
    };
    let statements = around.statements.iter();
    let mut found: Vec<SpannedMessage> = statements
        .filter_map(|statement| {
            let hidden = hidden(around.schema, tenancy, statement);
            let table = hidden.first()?;
            Some((statement.span.clone(), without(around, tenancy, table)))
        })
        .collect();
    found.extend(unused(around));
    found
}

fn without(around: &FileContext<'_>, tenancy: &Tenancy, table: &Relation) -> Message {
    let keys = keys_of(table).into_iter();
    let key = { keys }.find(|key| key.first() == Some(&tenancy.column));
    let by_tenant = |columns: &[String]| columns.first() == Some(&tenancy.column);
    let rows = around.batch().map_or(1000, |batch| batch.rows);
    let is_cut = around.batch().is_some_and(|batch| by_tenant(&batch.by));
    let list = "`-- onward: tenants SELECT id FROM <table of tenants>`";
    let help = match (key, is_cut) {
        (_, true) => format!(
            "name a query that lists every tenant: {list}. A foreign key from {} to a table that policies do not hide \
             says the same",
            tenancy.column
        ),
        (Some(key), false) => {
            let also = match of_key(around.schema, &table.name, &tenancy.column) {
                Some(_) => String::new(),
                None => format!(", and {list}"),
            };
            format!(
                "write `-- onward: batch {rows} by {}`{also}: then each batch works on one tenant, with its setting",
                quote_list(&key)
            )
        }
        (None, false) => format!(
            "do the work in Rust, which sets one tenant after another: `-- onward: in rust`. Or give {} a unique index \
             that begins with {}, and cut the statement by it",
            table.name, tenancy.column
        ),
    };
    Message::new(
        format!(
            "{} shows a session the rows of one tenant, and this statement runs without a tenant",
            table.name
        ),
        "policies hold the owner of a table too, under FORCE ROW LEVEL SECURITY. The worker has PostgreSQL refuse the \
         statement then (42501): it would change no row, and count as done. Only a role with BYPASSRLS runs it",
        help,
    )
}

/// A list of tenants that no batch asks for.
fn unused(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let mut directives = around.read.directives.iter();
    let placed = directives.find(|placed| matches!(placed.directive, Directive::Tenants(_)));
    let Some(placed) = placed else {
        return Vec::new();
    };
    let column = around.module.settings.tenancy.as_ref();
    let (why, help) = match column.map(|tenancy| &tenancy.column) {
        None => (
            "the module has no `[tenancy]` in its onward.toml, which names the setting that policies read".to_owned(),
            "write `[tenancy]` and below it `mode = \"required\"`, or remove the line".to_owned(),
        ),
        Some(column) => (
            format!("batches are those of one tenant only where their key begins with {column}"),
            format!("write `-- onward: batch 1000 by {column}, id`, or remove the line"),
        ),
    };
    let message = Message::new("`tenants` has no effect here", why, help);
    vec![(placed.span.clone(), message)]
}
