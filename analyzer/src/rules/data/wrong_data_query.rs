//! `done when`, `tenants` and `healthy when` with anything but a query of one value that only reads.

use crate::check::context::FileContext;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::intake::question::{Purpose, Question};
use crate::rules::facts;
use crate::schema::Schema;
use crate::schema::resolve::{Kind, Path, Resolver, Shape};
use crate::statement::{Branch, Query, Statement};

pub(super) static RULE: Rule = Rule {
    id: "wrong-data-query",
    summary: "a `done when`, `tenants` or `healthy when` is not a query of one value that only reads",
    page: include_str!("wrong_data_query.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let questions = around.read.questions.iter();
    let found = questions.filter_map(|question| {
        let (what, why) = wrong(around, question)?;
        let (verb, help) = match question.purpose {
            Purpose::Done => (
                "done when",
                "write a query that returns true for each row that is still to do, and no row at the end: `-- onward: \
                 done when SELECT true FROM <table> WHERE <column> IS NULL`",
            ),
            Purpose::Tenants => (
                "tenants",
                "write a query of one column that lists every tenant: `-- onward: tenants SELECT id FROM <table of tenants>`",
            ),
            Purpose::Healthy => (
                "healthy when",
                "write a query of one boolean: `-- onward: healthy when SELECT count(*) < 1000 FROM <table>`",
            ),
        };
        let message = Message::new(format!("`{verb}` {what}"), why, help);
        Some((question.span.clone(), message))
    });
    found.collect()
}

/// What is wrong with the query, and why that matters.
fn wrong(around: &FileContext<'_>, question: &Question) -> Option<(String, &'static str)> {
    if let Some((what, why)) = question.mistake() {
        return Some((what.to_owned(), why));
    }
    let statement = question.statements.first()?;
    let [query] = statement.queries.as_slice() else {
        return None;
    };
    if question.purpose == Purpose::Done && is_inverted(around, query, statement) {
        return Some((
            "is true when the migration has finished".to_owned(),
            "it is asked the other way round: the migration has finished when no row of the result is true",
        ));
    }
    let shape = Resolver::new(around.schema, Path::Own, around.min_pg).query(query);
    if question.purpose == Purpose::Tenants {
        return not_tenants(around, &shape);
    }
    not_boolean(&shape)
}

/// A list of something else than tenants.
fn not_tenants(around: &FileContext<'_>, shape: &Shape) -> Option<(String, &'static str)> {
    let why = "the worker sets each value of the list as the tenant of a transaction";
    let data_type = match shape.columns.as_slice() {
        _ if shape.open => return None,
        [(_, Kind::Of(data_type))] => data_type,
        [(_, Kind::Unknown | Kind::Literal)] => return None,
        [(_, Kind::Row)] => return Some(("returns a row, not a tenant".to_owned(), why)),
        columns => return Some((format!("returns {} columns, not one", columns.len()), why)),
    };
    let tenancy = around.module.settings.tenancy.as_ref()?;
    // A string can be the text of a tenant, and a number that of another width.
    let may_be_text = |name: &str| ["text", "character varying", "bpchar", "name"].contains(&name);
    let is_number = |name: &str| ["smallint", "integer", "bigint", "numeric"].contains(&name);
    let fits = !data_type.is_built_in()
        || tenancy.is_type(data_type)
        || may_be_text(&data_type.name)
        || is_number(&data_type.name) && is_number(&tenancy.data_type)
        || may_be_text(&tenancy.data_type);
    (!fits || data_type.array).then(|| {
        let what = format!("returns {data_type}, not {}", tenancy.data_type);
        (what, why)
    })
}

fn not_boolean(shape: &Shape) -> Option<(String, &'static str)> {
    let is_row_or_boolean = |kind: &Kind| match kind {
        Kind::Unknown | Kind::Literal => true,
        Kind::Row => false,
        Kind::Of(data_type) => {
            data_type.name == "boolean" && !data_type.array || !data_type.is_built_in()
        }
    };
    match shape.columns.as_slice() {
        _ if shape.open => None,
        [(_, kind)] if is_row_or_boolean(kind) => None,
        [(_, Kind::Of(data_type))] => Some((
            format!("returns {data_type}, not boolean"),
            "the worker looks for rows that are true",
        )),
        [_] => Some((
            "returns a row, not a boolean".to_owned(),
            "the worker looks for rows that are true",
        )),
        columns => Some((
            format!("returns {} columns, not one", columns.len()),
            "the worker looks at one boolean",
        )),
    }
}

/// What is wrong with a query of `[data] healthy`, with the schema that all files leave: a name that does not exist, or
/// another answer than one boolean.
pub(crate) fn wrong_gate(schema: &Schema, min_pg: u8, statement: &Statement) -> Option<Message> {
    let [query] = statement.queries.as_slice() else {
        return None;
    };
    let mut resolver = Resolver::new(schema, Path::Own, min_pg);
    let shape = resolver.query(query);
    let refused = resolver.refused().into_iter();
    let unknown = { refused }.find_map(|one| facts::names::message(&one.why));
    unknown.or_else(|| {
        let (what, why) = not_boolean(&shape)?;
        Some(Message::new(
            format!("this query of `healthy` {what}"),
            why,
            "write a query of one boolean: `healthy = [\"SELECT count(*) < 1000 FROM <table>\"]`",
        ))
    })
}

/// `SELECT NOT EXISTS (...)`, the only row of a query without a source.
fn is_inverted(around: &FileContext<'_>, query: &Query, statement: &Statement) -> bool {
    let [Branch::Select(select)] = query.operands.as_slice() else {
        return false;
    };
    let text = around.text(&statement.span).to_ascii_uppercase();
    let words: Vec<&str> = text.split([' ', '(', '\t', '\n']).collect();
    let mut words = words.into_iter().filter(|word| !word.is_empty());
    select.from.is_empty() && { words.by_ref().take(3) }.eq(["SELECT", "NOT", "EXISTS"])
}
