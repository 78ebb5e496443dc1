//! A statement that a program sends: what it takes and returns, and why PostgreSQL would refuse it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Known, Sort, nullable, required};
use crate::analyze::sent::{Sent, judge};
use crate::finding::{Finding, Message, Place, Severity};
use crate::lower::lower;
use crate::report;
use crate::schema::resolve::Kind;
use crate::statement::{Change, DataType, Scope, Statement};
use crate::text::split::{Raw, TokenKind, split};

/// What is known of a statement.
///
/// ```
/// use onward_analyzer::{source::Module, typed::Known};
///
/// let file = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY, note text);");
/// let known = Known::of(Module::in_memory("auth", [file]));
/// let query = known.query("the query", "SELECT note FROM auth.a WHERE id = $1");
/// assert!(query.errors.is_empty() && query.unchecked.is_empty());
/// assert_eq!(query.parameters[0].data_type, "bigint");
/// assert!(query.columns[0].nullable);
///
/// let wrong = known.query("the query", "SELECT nope FROM auth.a");
/// assert!(wrong.errors[0].contains("there is no column `nope` here"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Why PostgreSQL refuses it, each with its place in the text; empty for a good one.
    pub errors: Vec<String>,
    /// What could not be judged, each with its reason.
    pub unchecked: Vec<String>,
    /// The parameters, `$1` first.
    pub parameters: Vec<Parameter>,
    /// The columns of the result, in order; empty if it returns none, or if `is_open`.
    pub columns: Vec<Output>,
    /// Whether it is not known which columns the result has.
    pub is_open: bool,
}

/// A parameter of a statement.
///
/// ```
/// use onward_analyzer::typed::{Parameter, Sort};
///
/// let unknown = Parameter { sort: Sort::Unknown, data_type: String::new() };
/// assert_eq!(unknown.sort, Sort::Unknown);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// What its type is; that of a domain is its base type.
    pub sort: Sort,
    /// The type as messages show it; empty if it is not known.
    pub data_type: String,
}

/// A column of a result.
///
/// ```
/// use onward_analyzer::typed::{Output, Sort};
///
/// let output = Output { name: "a".into(), sort: Sort::Unknown, data_type: String::new(), nullable: true };
/// assert!(output.nullable);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The name.
    pub name: String,
    /// What its type is.
    pub sort: Sort,
    /// The type as messages show it; empty if it is not known.
    pub data_type: String,
    /// Whether it can be null.
    pub nullable: bool,
}

/// The rule of findings in statements that a program sends.
const RULE: &str = "query";

impl Known {
    /// Judges a statement that a program sends; messages show its text as a file of this name.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// let query = known.query("main.rs:7", "SELECT id FROM auth.a");
    /// assert!(query.errors.is_empty() && !query.columns.is_empty());
    /// ```
    #[must_use]
    pub fn query(&self, shown: &str, sql: &str) -> Query {
        let split = split(sql);
        let raw = match split.statements.as_slice() {
            [raw] if raw.unclosed.is_none() && split.unclosed_comment.is_none() => raw,
            statements => return self.not_one(shown, sql, statements),
        };
        let statement = lower(sql, raw, Scope::from(self.name()));
        let is_sent = statement.clauses.iter().all(|one| is_sent(&one.change));
        if !is_sent {
            return Query {
                unchecked: vec![
                    "only SELECT, VALUES, INSERT, UPDATE, DELETE and MERGE are checked".to_owned(),
                ],
                is_open: true,
                ..Query::default()
            };
        }
        let written = written(sql, raw);
        let required = required::left_out(&self.schema, &statement);
        let whole = raw.span.clone();
        let nullable = statement
            .queries
            .first()
            .and_then(|one| nullable::of(&self.schema, one));
        let returns = returns(&statement);
        let Sent {
            refused,
            shape,
            parameters,
        } = judge(&self.module, &self.schema, sql, statement);
        let mut errors: Vec<(Range<usize>, Message)> = refused
            .into_iter()
            .map(|(span, message)| (span, self.said(message)))
            .collect();
        if errors.is_empty() {
            errors.extend(required.map(|message| (whole.clone(), message)));
        }
        let last = written.keys().last().copied().unwrap_or_default();
        let mut query = Query::default();
        for number in 1..=last {
            let known = parameters.get(&number);
            let uses = written.get(&number).map_or(0, |(uses, _)| *uses);
            if uses == 0 || known.is_some_and(|one| one.has_no_type(uses)) {
                let span = written.get(&number).map_or(&whole, |(_, span)| span);
                errors.push((span.clone(), without_type(number, uses)));
            }
            let kind = known.map_or(&Kind::Unknown, |one| &one.kind);
            let (sort, data_type) = self.typed(kind);
            if sort == Sort::Unknown {
                query.unchecked.push(match data_type.as_str() {
                    "" => format!("the type of ${number} is not known"),
                    data_type => {
                        format!("${number} is of the type {data_type}, which has no Rust type here")
                    }
                });
            }
            query.parameters.push(Parameter { sort, data_type });
        }
        query.errors = self.drawn(shown, sql, errors);
        let named = shape.columns.iter().all(|(name, _)| name.is_some());
        query.is_open = returns && (shape.open || !named);
        if query.is_open {
            let why = "it is not known which columns the result has";
            query.unchecked.push(why.to_owned());
            return query;
        }
        let width = shape.columns.len();
        let nullable = nullable.filter(|known| known.len() == width);
        for (at, (name, kind)) in shape.columns.iter().enumerate() {
            let (sort, data_type) = self.typed(kind);
            let name = name.clone().unwrap_or_default();
            if sort == Sort::Unknown {
                query.unchecked.push(match data_type.as_str() {
                    "" => format!("the type of the column `{name}` of the result is not known"),
                    data_type => format!("the column `{name}` of the result is of the type {data_type}, which has no Rust type here"),
                });
            }
            let known = nullable.as_ref().and_then(|all| all.get(at));
            query.columns.push(Output {
                nullable: known.is_none_or(|can| *can),
                name,
                sort,
                data_type,
            });
        }
        query
    }

    fn typed(&self, kind: &Kind) -> (Sort, String) {
        match kind {
            Kind::Of(data_type) => {
                let plain = DataType {
                    modifiers: Vec::new(),
                    ..data_type.clone()
                };
                (Sort::of(&self.schema, data_type), plain.to_string())
            }
            Kind::Unknown | Kind::Literal | Kind::Row => (Sort::Unknown, String::new()),
        }
    }

    /// The message of a rule, with a cure for a statement that is not in a file.
    fn said(&self, message: Message) -> Message {
        let folder = self.folder();
        let guess = message.help.split_once("? ");
        let guess = guess.map(|(guess, _)| guess.to_owned());
        let guess = guess.filter(|one| one.starts_with("did you mean"));
        let guess = guess.or_else(|| self.similar_table(&message.what));
        let help = match guess {
            Some(guess) => {
                format!("{guess}? If not, a migration in {folder} has to create it first")
            }
            None if message.help.contains("earlier statement") => {
                format!("name what the files of {folder} leave behind, or add it there first")
            }
            None if message.help.contains("-- onward:") => {
                "correct the statement; one that PostgreSQL accepts all the same is sent by the driver's own methods"
                    .to_owned()
            }
            None => message.help.replace(" in an earlier file", " in a migration"),
        };
        let why = message.why.replace(
            ". No earlier statement creates the table, or one has dropped or renamed it",
            ". No migration creates the table, or one has dropped or renamed it",
        );
        let suggested_files = Vec::new();
        Message {
            help,
            why,
            suggested_files,
            ..message
        }
    }

    /// The table that was probably meant.
    fn similar_table(&self, what: &str) -> Option<String> {
        let name = what.strip_prefix("there is no table ")?;
        let bare = name.rsplit('.').next().unwrap_or(name);
        let own = self
            .schema
            .relations()
            .filter(|one| self.schema.is_own(&one.name));
        let names: Vec<&str> = own.map(|one| one.name.name.as_str()).collect();
        let guess = super::meant(bare, names)?;
        Some(format!("did you mean `{}.{guess}`", self.name()))
    }

    fn not_one(&self, shown: &str, sql: &str, statements: &[Raw]) -> Query {
        let message = match statements {
            [] => Message::new(
                "there is no statement",
                "the text has nothing to send",
                "write one statement",
            ),
            [_] => Message::new(
                "a string or comment is never closed",
                "PostgreSQL refuses the statement: syntax error (42601)",
                "close it",
            ),
            [..] => Message::new(
                "there are several statements",
                "PostgreSQL takes parameters for one statement at a time: syntax error (42601)",
                "send each of them on its own, in one transaction if they belong together",
            ),
        };
        let span = statements
            .last()
            .map_or(0..sql.len(), |raw| raw.span.clone());
        Query {
            errors: self.drawn(shown, sql, vec![(span, message)]),
            is_open: true,
            ..Query::default()
        }
    }

    fn drawn(&self, shown: &str, sql: &str, errors: Vec<(Range<usize>, Message)>) -> Vec<String> {
        let found = errors.into_iter().map(|(span, message)| {
            Finding::new(RULE, Severity::Forbid, Place::at(shown, span), message)
        });
        let found: Vec<Finding> = found.collect();
        if found.is_empty() {
            return Vec::new();
        }
        let mut texts = self.module.texts.clone();
        texts.insert(shown.to_owned(), sql.to_owned());
        let drawn = report::each(&found, &texts);
        drawn.into_iter().map(|(_, text)| text).collect()
    }
}

fn is_sent(change: &Change) -> bool {
    // What is no statement at all is refused by a rule.
    change.is_dml() || matches!(change, Change::Query | Change::Unknown { .. })
}

/// Whether the statement returns rows.
fn returns(statement: &Statement) -> bool {
    let query = statement.queries.first();
    let select = query.and_then(|query| query.first());
    match select {
        Some(select) if select.changes => !select.targets.is_empty(),
        Some(_) => true,
        None => query.is_some_and(|query| !query.operands.is_empty()),
    }
}

/// How often each parameter is written, and where first.
fn written(sql: &str, raw: &Raw) -> BTreeMap<u32, (usize, Range<usize>)> {
    let mut found: BTreeMap<u32, (usize, Range<usize>)> = BTreeMap::new();
    let numbers = raw
        .tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Number);
    for token in numbers {
        let text = sql.get(token.span()).unwrap_or_default();
        let number = text
            .strip_prefix('$')
            .and_then(|digits| digits.parse().ok());
        if let Some(number) = number {
            found.entry(number).or_insert((0, token.span())).0 += 1;
        }
    }
    found
}

fn without_type(number: u32, uses: usize) -> Message {
    let why = format!(
        "PostgreSQL refuses the statement: could not determine data type of parameter ${number} (42P18)"
    );
    match uses {
        0 => Message::new(
            format!("${number} is not in the statement, but a higher number is"),
            why,
            "number the parameters without gaps",
        ),
        _ => Message::new(
            format!("nothing says which type ${number} has"),
            why,
            format!("write a cast: `${number}::text`"),
        ),
    }
}
