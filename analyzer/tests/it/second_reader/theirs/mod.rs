//! The facts of a statement as sqlparser reads it. Nothing here uses the analyzer.

mod alter;
mod code;
mod column;
mod constraint;
mod create;
mod drop;
mod grant;
mod names;
mod object;
mod rows;
mod seen;
mod types;

pub(super) use sqlparser::ast::Statement;

use sqlparser::ast::{CreateFunctionBody, Expr, Value};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// Names without a schema are in this schema.
pub(super) const SCHEMA: &str = "app";

/// The statements of a text, if sqlparser can read all of it.
pub(super) fn read(text: &str) -> Option<Vec<Statement>> {
    Parser::parse_sql(&PostgreSqlDialect {}, text).ok()
}

/// The facts of a statement; `None` if nothing of it is compared.
pub(super) fn facts(statement: &Statement) -> Option<Vec<String>> {
    create::facts(statement)
        .or_else(|| alter::facts(statement))
        .or_else(|| rows::facts(statement))
        .or_else(|| code::facts(statement))
        .or_else(|| object::facts(statement))
}

/// The body of an SQL function and its statements, if sqlparser can read all of it.
pub(super) fn body(statement: &Statement) -> Option<(String, Vec<Statement>)> {
    let Statement::CreateFunction(create) = statement else {
        return None;
    };
    let text = match &create.function_body {
        Some(CreateFunctionBody::BeginAtomic(body)) => {
            return Some((body.to_string(), body.statements.clone()));
        }
        Some(
            CreateFunctionBody::AsBeforeOptions { body: text, .. }
            | CreateFunctionBody::AsAfterOptions(text),
        ) => text,
        Some(_) | None => return None,
    };
    let Expr::Value(text) = text else {
        return None;
    };
    let text = match &text.value {
        Value::DollarQuotedString(text) => text.value.clone(),
        Value::SingleQuotedString(text) => text.clone(),
        _ => return None,
    };
    let language = create.language.as_ref().map(names::ident);
    let statements = read(&text).filter(|_| language.as_deref() == Some("sql"))?;
    Some((text, statements))
}

/// An expression in sqlparser's own spelling: one layout, and one case for keywords.
pub(super) fn canonical(text: &str) -> String {
    let parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(text);
    let expression = parser.and_then(|mut parser| {
        let expression = parser.parse_expr()?;
        parser.expect_token(&sqlparser::tokenizer::Token::EOF)?;
        Ok(expression)
    });
    expression.map_or_else(
        |_| format!("unreadable: {text}"),
        |read| stripped(&read).to_string(),
    )
}

/// A query in the same spelling.
pub(super) fn canonical_query(text: &str) -> String {
    match read(text).as_deref() {
        Some([statement]) => statement.to_string(),
        Some(_) | None => format!("unreadable: {text}"),
    }
}

/// An expression, and what it uses.
fn spelled(expression: &Expr) -> String {
    format!("{}{}", stripped(expression), seen::uses(expression))
}

/// Parentheses around a whole expression have no meaning.
fn stripped(expression: &Expr) -> &Expr {
    match expression {
        Expr::Nested(inner) => stripped(inner),
        other => other,
    }
}
