//! Data migrations that are code of the service.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;

use tokio::time::timeout;
use tokio_postgres::Transaction;

/// How long one batch of code may take.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// A data migration whose file says `-- onward: in rust`: the service brings the code, and the worker calls it batch
/// by batch, each in a transaction of the worker's that also moves the cursor.
///
/// ```
/// use onward::data::{Batch, Step};
/// use tokio_postgres::Transaction;
///
/// struct NormalizeEmails;
///
/// impl Batch for NormalizeEmails {
///     type Cursor = i64;
///
///     async fn run(
///         &self,
///         transaction: &Transaction<'_>,
///         after: Option<i64>,
///         rows: u32,
///     ) -> Result<Step<i64>, Box<dyn std::error::Error + Send + Sync>> {
///         let after = after.unwrap_or(0);
///         let users = transaction
///             .query("SELECT id, email FROM auth.users WHERE id > $1 ORDER BY id LIMIT $2", &[&after, &i64::from(rows)])
///             .await?;
///         for user in &users {
///             let (id, email): (i64, String) = (user.get(0), user.get(1));
///             let set = "UPDATE auth.users SET email = $2 WHERE id = $1";
///             transaction.execute(set, &[&id, &email.trim().to_lowercase()]).await?;
///         }
///         Ok(Step::after(users.last().map(|last| last.get(0)), users.len()))
///     }
/// }
/// ```
pub trait Batch: Send + Sync {
    /// Where the next batch begins. Its text is kept in the database.
    type Cursor: FromStr + fmt::Display + Send;

    /// Runs the batch behind `after`, of about so many rows; `after` is `None` for the first one.
    ///
    /// What it does in the transaction is committed together with the cursor, or not at all. It must not end the
    /// transaction. It may take a minute; one that takes longer, panics or fails is rolled back, and the migration
    /// stops with the error as its reason.
    ///
    /// # Errors
    ///
    /// Whatever the code finds wrong.
    fn run(
        &self,
        transaction: &Transaction<'_>,
        after: Option<Self::Cursor>,
        rows: u32,
    ) -> impl Future<Output = Result<Step<Self::Cursor>, Box<dyn Error + Send + Sync>>> + Send;
}

/// What a batch of code has done.
///
/// ```
/// use onward::data::Step;
///
/// assert_eq!(Step::after(Some(7), 2), Step::More { cursor: 7, rows: 2 });
/// assert_eq!(Step::<i64>::after(None, 0), Step::End { rows: 0 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<C> {
    /// There may be more.
    More {
        /// Where the next batch begins.
        cursor: C,
        /// Rows that were changed.
        rows: u64,
    },
    /// It was the last one.
    End {
        /// Rows that were changed.
        rows: u64,
    },
}

impl<C> Step<C> {
    /// More when there is a cursor, the end when there is none.
    ///
    /// ```
    /// assert_eq!(onward::data::Step::after(Some(1), 1), onward::data::Step::More { cursor: 1, rows: 1 });
    /// ```
    pub fn after(cursor: Option<C>, rows: usize) -> Self {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        match cursor {
            Some(cursor) => Self::More { cursor, rows },
            None => Self::End { rows },
        }
    }
}

type Ran<'a> = Pin<Box<dyn Future<Output = Result<Step<String>, String>> + Send + 'a>>;

/// A [`Batch`] without the type of its cursor.
pub(crate) trait Code: Send + Sync {
    fn run<'a>(
        &'a self,
        transaction: &'a Transaction<'_>,
        after: Option<&str>,
        rows: u32,
    ) -> Ran<'a>;
}

impl<B: Batch> Code for B {
    fn run<'a>(
        &'a self,
        transaction: &'a Transaction<'_>,
        after: Option<&str>,
        rows: u32,
    ) -> Ran<'a> {
        let after = match after.map(str::parse::<B::Cursor>) {
            None => None,
            Some(Ok(after)) => Some(after),
            Some(Err(_)) => {
                return Box::pin(async {
                    Err(
                        "the cursor in the database is not one of this code: its type has changed"
                            .to_owned(),
                    )
                });
            }
        };
        Box::pin(async move {
            let ran = contained(Batch::run(self, transaction, after, rows));
            match timeout(LIMIT, ran).await {
                Err(_) => Err(format!("the code took more than {} s", LIMIT.as_secs())),
                Ok(Err(panic)) => Err(format!("the code panicked: {panic}")),
                Ok(Ok(Err(error))) => Err(error.to_string()),
                Ok(Ok(Ok(Step::More { cursor, rows }))) => Ok(Step::More {
                    cursor: cursor.to_string(),
                    rows,
                }),
                Ok(Ok(Ok(Step::End { rows }))) => Ok(Step::End { rows }),
            }
        })
    }
}

/// A panic in the service's code is its error, and not the end of the worker.
pub(crate) async fn contained<T>(future: impl Future<Output = T>) -> Result<T, String> {
    let mut future = Box::pin(future);
    poll_fn(
        move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => std::task::Poll::Ready(Err(words(&*panic))),
        },
    )
    .await
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a message".to_owned())
}
