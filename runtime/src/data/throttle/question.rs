//! What the server is asked before a batch, and what its answers say.

use tokio::time::Instant;
use tokio_postgres::SimpleQueryMessage;

use crate::data::throttle::indicator::Indicator;
use crate::data::throttle::judge::{Row, judge};
use crate::data::throttle::memory::Memory;
use crate::data::throttle::reading::{Reading, Signal};
use crate::data::throttle::throttles::Throttles;
use crate::plan::kind::Data;
use crate::plan::{Job, LockMode, Step};
use crate::session::row::{flag, row, text};
use crate::session::server_error::ServerError;
use crate::sql::{Fragment, fill};

/// What a migration needs room for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// The table that is walked, and those that are written: `shop.orders`.
    tables: Vec<String>,
    /// Queries of its own.
    healthy: &'static [&'static str],
}

impl Subject {
    pub(crate) fn new(kind: &Data, step: &Step) -> Self {
        let mut tables = Vec::new();
        if let Job::Ranges(ranges) = &kind.job {
            tables.push([ranges.table.schema, ".", ranges.table.name].concat());
        }
        let locks = step.statements().iter().flat_map(|one| one.locks);
        let written = locks.filter(|lock| lock.mode >= LockMode::RowExclusive);
        for lock in written {
            if !tables.iter().any(|known| known == lock.relation) {
                tables.push(lock.relation.to_owned());
            }
        }
        Self {
            tables,
            healthy: kind.healthy,
        }
    }
}

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The server.
    Room,
    /// The query of the migration's own.
    Healthy(&'static str),
}

/// The answer, or why the server refused it.
pub(crate) type Answered = (About, Result<Vec<SimpleQueryMessage>, Box<ServerError>>);

/// The messages that ask: one about the server, and one for each query of the migration's own, so that none of them
/// hides what another one says.
pub(crate) fn questions(
    throttles: &Throttles,
    subject: &Subject,
    schema: &str,
    role: &str,
) -> Vec<(About, String)> {
    let asked: Vec<_> = asked(throttles, subject).map(Indicator::sql).collect();
    let mut questions = Vec::new();
    if !asked.is_empty() {
        let room = fill(
            include_str!("../../sql/data/throttle/room.sql"),
            &[
                ("role", Fragment::Trusted(role)),
                ("tables", Fragment::Texts(&subject.tables)),
                ("parts", Fragment::Trusted(&asked.join("UNION ALL\n"))),
            ],
        );
        questions.push((About::Room, room));
    }
    questions.extend(subject.healthy.iter().map(|query| {
        let message = fill(
            include_str!("../../sql/data/throttle/healthy.sql"),
            &[
                ("role", Fragment::Trusted(role)),
                ("schema", Fragment::Identifier(schema)),
                ("query", Fragment::Trusted(query)),
            ],
        );
        (About::Healthy(query), message)
    }));
    questions
}

/// Those that are switched on and have something to ask about.
fn asked(throttles: &Throttles, subject: &Subject) -> impl Iterator<Item = Indicator> {
    let has_tables = !subject.tables.is_empty();
    let on = throttles.levels.keys().copied();
    on.filter(move |one| has_tables || !one.is_about_tables())
}

/// What the answers say.
pub(crate) fn judge_all(
    throttles: &Throttles,
    subject: &Subject,
    memory: &mut Memory,
    answers: &[Answered],
    now: Instant,
) -> Vec<Reading> {
    let mut readings = Vec::new();
    for (about, answer) in answers {
        match (about, answer) {
            (About::Room, Ok(answer)) => {
                let rows: Vec<_> = answer
                    .iter()
                    .filter_map(row)
                    .filter_map(Row::read)
                    .collect();
                readings.extend(asked(throttles, subject).map(|one| {
                    let rows: Vec<_> = rows
                        .iter()
                        .filter(|row| row.indicator == one.name())
                        .collect();
                    let levels = throttles.levels.get(&one).copied();
                    judge(one, &rows, levels.unwrap_or(one.defaults()), memory, now)
                }));
            }
            // What the server does not tell does not stop the work.
            (About::Room, Err(refused)) => readings.extend(asked(throttles, subject).map(|one| {
                let why = format!("the server refused to say: {}", refused.said);
                Reading::new(one.name(), Signal::Unknown, why)
            })),
            (About::Healthy(query), answer) => readings.push(healthy(query, answer)),
        }
    }
    readings
}

fn healthy(query: &str, answer: &Result<Vec<SimpleQueryMessage>, Box<ServerError>>) -> Reading {
    let (signal, what) = match answer {
        Err(refused) => (Signal::Stop, format!("fails: {}", refused.said)),
        Ok(answer) => {
            let rows: Vec<_> = answer.iter().filter_map(row).collect();
            match rows.as_slice() {
                [] => (Signal::Stop, "returned no row".to_owned()),
                [one] if !flag(one, "is_boolean") => {
                    (Signal::Stop, "did not return a boolean".to_owned())
                }
                [one] => match text(one, "healthy") {
                    Some("true") => (Signal::Normal, "returned true".to_owned()),
                    Some(_) => (Signal::Stop, "returned false".to_owned()),
                    None => (Signal::Stop, "returned NULL".to_owned()),
                },
                _ => (Signal::Stop, "returned more than one row".to_owned()),
            }
        }
    };
    Reading::new("healthy", signal, format!("`{query}` {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Key, Lock, Ranges, RelationName, Statement};

    const HEALTHY: &[&str] = &["SELECT true -- always"];

    fn subject() -> Subject {
        const LOCKS: &[Lock] = &[
            Lock::__new("shop.orders", LockMode::RowExclusive),
            Lock::__new("shop.totals", LockMode::RowExclusive),
            Lock::__new("shop.rates", LockMode::AccessShare),
        ];
        const KEYS: &[Key] = &[Key {
            column: "id",
            data_type: "bigint",
        }];
        const STATEMENTS: &[Statement] =
            &[Statement::__new("", 1, 1).__with_effect(LOCKS, &[], &[], false)];
        let table = RelationName {
            schema: "shop",
            name: "orders",
        };
        let ranges = Ranges::__new(10, table, "orders", KEYS, ["", ""]);
        let kind = Data::__new(Job::Ranges(ranges), None, 0, false, HEALTHY);
        Subject::new(&kind, &Step::Transaction(STATEMENTS))
    }

    #[test]
    fn the_tables_are_those_that_are_walked_or_written() {
        assert_eq!(subject().tables, ["shop.orders", "shop.totals"]);
    }

    #[test]
    fn one_message_asks_for_all_that_is_switched_on() {
        let on = |throttles: &Throttles, subject: &Subject| {
            let questions = questions(throttles, subject, "shop", "SET LOCAL ROLE a;\n");
            for (_, message) in &questions {
                assert!(!message.contains("{{"), "{message}");
            }
            let names = |text: &str| {
                let named = |one: &Indicator| text.contains(&format!("'{one}'"));
                Indicator::ALL.into_iter().filter(named).count()
            };
            questions
                .iter()
                .map(|(_, message)| names(message))
                .collect::<Vec<_>>()
        };
        let (new, none) = (Throttles::new(), Throttles::none());
        assert_eq!(on(&new, &subject()), [10, 0]);
        assert_eq!(on(&new.clone().off(Indicator::WalRate), &subject()), [9, 0]);
        assert_eq!(on(&new, &Subject::default()), [7]);
        assert_eq!(on(&none, &subject()), [0]);
        assert_eq!(on(&none, &Subject::default()), [0; 0]);
        assert_eq!(
            on(&none.clone().lock_waits(1, 2), &Subject::default()),
            [0; 0]
        );
    }
}
