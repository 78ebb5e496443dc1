//! What a worker would be told now, for operators.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

use crate::data::steer::list;
use crate::data::throttle::memory::Memory;
use crate::data::throttle::question::{Answered, Subject, judge_all, questions};
use crate::data::throttle::reading::Reading;
use crate::data::throttle::throttles::Throttles;
use crate::messages;
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::run::look;
use crate::session::role::Role;
use crate::session::{SendError, ask};

/// Between the two looks that a rate needs.
const PAUSE: Duration = Duration::from_millis(250);

/// What the indicators of `throttles` say now about the first data migration of the plan that is not done and not held: as
/// a worker would read them before its next batch. Reads only.
///
/// # Errors
///
/// [`Error::Connection`], [`Error::Permission`] and [`Error::Server`]. What the role may not see is not an error: its
/// signal is [`Unknown`](crate::data::Signal::Unknown).
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), onward::Error> {
/// use onward::data::{Throttles, readings};
///
/// for reading in readings(client, plan, None, &Throttles::new()).await? {
///     println!("{}: {}", reading.signal, reading);
/// }
/// # Ok(())
/// # }
/// ```
pub async fn readings(
    client: &Client,
    plan: &Plan,
    role: Option<&Role>,
    throttles: &Throttles,
) -> Result<Vec<Reading>, Error> {
    let all = list(client, plan, role).await?;
    let pending = all.iter().filter(|one| one.done.is_none());
    let next = pending.min_by_key(|one| one.held.is_some());
    let next = next.and_then(|next| plan.data().iter().find(|one| one.version() == next.version));
    let subject = next.map_or_else(Subject::default, |one| Subject::new(one.kind(), one.step()));
    let questions = questions(throttles, &subject, plan.schema(), &messages::as_role(role));
    let mut memory = Memory::default();
    let mut readings = Vec::new();
    for pause in [PAUSE, Duration::ZERO] {
        let mut answers: Vec<Answered> = Vec::new();
        for (about, message) in &questions {
            answers.push(match ask(client, message).await {
                Ok(answer) => (*about, Ok(answer)),
                Err(SendError::Refused(refused)) => (*about, Err(refused)),
                Err(error) => return Err(look::failed(client, plan, error).await),
            });
        }
        readings = judge_all(throttles, &subject, &mut memory, &answers, Instant::now());
        sleep(pause).await;
    }
    readings.extend(throttles.ask_hook().await);
    Ok(readings)
}
