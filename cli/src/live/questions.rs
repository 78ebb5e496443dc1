//! What statements demand of rows, asked before anything is locked.

use onward_analyzer::precondition::{Precondition, Question};
use serde::Serialize;
use tokio_postgres::{Client, SimpleQueryMessage};

/// More rows than these are not counted.
const MOST: usize = 1000;

/// A question and what the server has answered.
pub(crate) struct Answered {
    pub(crate) precondition: Precondition,
    pub(crate) answer: Answer,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub(crate) enum Answer {
    /// No row is in the way.
    Holds,
    /// So many are; `more` if there are more.
    Fails { rows: usize, more: bool },
    /// A value cannot be converted.
    DoesNotConvert { sqlstate: String },
    /// A migration that is pending creates what it is about.
    NotYet,
    /// The role may not read the table, or policies hide rows from it.
    NoRight,
    /// The server took too long.
    TooLong,
    /// The server refused the query.
    Refused { sqlstate: String },
}

impl Answer {
    /// Whether the statement fails for certain, if nothing changes before.
    pub(crate) const fn is_no(&self) -> bool {
        match self {
            Self::Fails { .. } | Self::DoesNotConvert { .. } => true,
            Self::Holds | Self::NotYet | Self::NoRight | Self::TooLong | Self::Refused { .. } => {
                false
            }
        }
    }
}

/// The query that lists the rows in the way, for an operator.
pub(crate) fn listing(precondition: &Precondition) -> &str {
    match &precondition.question {
        Question::NoRow(sql) | Question::Converts(sql) => sql,
    }
}

/// Asks what a precondition demands.
pub(crate) async fn asked(
    client: &Client,
    precondition: Precondition,
    schema: &str,
) -> Result<Answered, tokio_postgres::Error> {
    let answer = ask(client, &precondition.question, schema).await?;
    Ok(Answered {
        precondition,
        answer,
    })
}

/// Asks one question. Only the number of rows is read, never a value of theirs.
pub(crate) async fn ask(
    client: &Client,
    question: &Question,
    schema: &str,
) -> Result<Answer, tokio_postgres::Error> {
    let sql = match question {
        Question::NoRow(sql) => format!(
            "SELECT count(*) FROM (SELECT 1 FROM ({sql}) AS every LIMIT {}) AS found",
            MOST + 1
        ),
        // A result that is not used would not be computed.
        Question::Converts(sql) => format!("SELECT every.count * 0 FROM ({sql}) AS every"),
    };
    // Names mean what they mean to a run. With policies in force, rows would be left out without a word.
    let begin = format!(
        "BEGIN READ ONLY; SET LOCAL search_path = \"{}\", pg_temp; SET LOCAL row_security = off; \
         SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '30s'",
        schema.replace('"', "\"\"")
    );
    client.batch_execute(&begin).await?;
    let answer = client.simple_query(&sql).await;
    client.batch_execute("ROLLBACK").await?;
    match answer {
        Ok(messages) => Ok(counted(&messages)),
        Err(error) => match error
            .as_db_error()
            .map(|said| said.code().code().to_owned())
        {
            Some(sqlstate) => Ok(refused(sqlstate)),
            None => Err(error),
        },
    }
}

fn counted(messages: &[SimpleQueryMessage]) -> Answer {
    let count = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
        _ => None,
    });
    match count.unwrap_or(0) {
        0 => Answer::Holds,
        rows => Answer::Fails {
            rows: rows.min(MOST),
            more: rows > MOST,
        },
    }
}

fn refused(sqlstate: String) -> Answer {
    match sqlstate.as_str() {
        "42P01" | "42703" | "3F000" | "42883" | "42704" => Answer::NotYet,
        "42501" => Answer::NoRight,
        "57014" | "55P03" => Answer::TooLong,
        data if data.starts_with("22") => Answer::DoesNotConvert { sqlstate },
        _ => Answer::Refused { sqlstate },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_an_answer_only_where_it_says_something_about_rows() {
        assert!(refused("22P02".to_owned()).is_no());
        assert_eq!(refused("42703".to_owned()), Answer::NotYet);
        assert!(!refused("XX000".to_owned()).is_no());
    }
}
