//! A worker at work: a loop over looks and deeds.

mod batches;
mod steps;

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::data::event::Event;
use crate::data::next::{self, Deed, Held, Pending};
use crate::data::throttle::{self, Reading, Signal};
use crate::data::worker::Worker;
use crate::ledger::data::{Progress, State};
use crate::messages;
use crate::messages::Limits;
use crate::messages::data::Target;
use crate::messages::lock_attempt::LockAttempt;
use crate::outcome::error::Error;
use crate::plan::version::Version;
use crate::run::backoff::random;
use crate::run::link::{Lease, Source};
use crate::run::{Run, run_span};
use crate::session::BoxFuture;
use crate::session::SendError;
use crate::session::connector::{Connector, nonce};

/// Whether people wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A service serves meanwhile; it never ends by itself.
    Beside,
    /// It ends when everything up to this version is done, or cannot go on.
    Foreground { through: Option<Version> },
}

/// How often a worker looks when nothing is to be done.
const NOTHING_PENDING: Duration = Duration::from_secs(60);
/// How often it looks while something waits for people or for a start.
const SOMETHING_HELD: Duration = Duration::from_secs(5);
/// How often one that stands by asks for the lock.
const STANDING_BY: Duration = Duration::from_secs(1);
/// How old the last sign of life of a worker behind a pooler may be, where no session keeps a lock.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// How often the server is asked whether it has room.
const ASK_FOR_ROOM: Duration = Duration::from_secs(1);
/// The longest time between two tries to reach the server.
const LONGEST_TROUBLE: Duration = Duration::from_secs(30);

/// How long a batch may queue for a row or a lock: every later session would queue behind it.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a batch may take before the server ends it; the next one is smaller.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an answer may take altogether. On a wire that swallows messages none comes.
const ANSWER: Duration = Duration::from_secs(35);

pub(super) struct Work<'a> {
    worker: &'a Worker,
    mode: Mode,
    connector: &'a Connector,
    /// `None` before the first connection.
    run: Option<Run<'a>>,
    name: String,
    /// The data migration at hand, with its progress as the last answer had it.
    at_hand: Option<Pending>,
    /// Whether its last batch has found no row.
    is_dry: bool,
    /// Rows in the next batch, when it is not what the progress says.
    size: Option<u32>,
    /// How often the next batch was refused.
    refused: u32,
    memory: throttle::Memory,
    asked_for_room: Option<Instant>,
    signal: Signal,
    /// Whether the last thing that was reported is that there is nothing to do, or another worker at work.
    quiet: Option<Event>,
    troubles: u32,
}

/// What to do after a turn.
enum Turn {
    /// Sleep, then go on.
    Sleep(Duration),
    /// Everything is done that this work is for.
    End,
}

impl<'a> Work<'a> {
    pub(super) fn new(worker: &'a Worker, connector: &'a Connector, mode: Mode) -> Self {
        Self {
            worker,
            mode,
            connector,
            run: None,
            name: nonce(),
            at_hand: None,
            is_dry: false,
            size: None,
            refused: 0,
            memory: throttle::Memory::default(),
            asked_for_room: None,
            signal: Signal::Normal,
            quiet: None,
            troubles: 0,
        }
    }

    /// Works until an end, or an error that no waiting mends.
    pub(super) fn all(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            loop {
                match self.turn().await {
                    Ok(Turn::End) => return Ok(()),
                    Ok(Turn::Sleep(pause)) => {
                        self.troubles = 0;
                        sleep(pause).await;
                    }
                    Err(error) => self.recover(error).await?,
                }
            }
        })
    }

    /// Gives the lock back and ends the connection.
    pub(super) async fn end(mut self) {
        if let Some(run) = &mut self.run {
            run.link.close().await;
        }
    }

    /// Waits after an error that passes.
    async fn recover(&mut self, error: Error) -> Result<(), Error> {
        self.at_hand = None;
        let passes = match &error {
            Error::Connection { .. } | Error::Unreachable { .. } | Error::OutOfTime { .. } => {
                self.run = None;
                true
            }
            Error::Standby { .. } => {
                self.run = None;
                self.mode == Mode::Beside
            }
            Error::Locked { .. } | Error::Server { .. } => self.mode == Mode::Beside,
            _ => false,
        };
        let is_tried_out = self.mode != Mode::Beside && self.troubles >= 5;
        if !passes || is_tried_out {
            return Err(error);
        }
        self.troubles = self.troubles.saturating_add(1);
        let most = Duration::from_secs(1)
            .saturating_mul(2_u32.saturating_pow(self.troubles.min(5)))
            .min(LONGEST_TROUBLE);
        // A lost connection is often back at once, and another worker takes over in the meantime if not.
        let pause = match self.troubles {
            1 => Duration::from_millis(100),
            _ => most.mul_f64(0.5 + random() / 2.0),
        };
        tracing::warn!(%error, ?pause, "the worker for data migrations tries again");
        self.worker.listener.tell(|| Event::Trouble {
            error: error.to_string(),
            pause,
        });
        sleep(pause).await;
        Ok(())
    }

    fn run(&mut self) -> Result<&mut Run<'a>, Error> {
        let schema = self.worker.plan.schema();
        self.run.as_mut().ok_or_else(|| Error::Connection {
            schema,
            doing: "looking for data migrations".to_owned(),
            progress: crate::outcome::progress::Progress::default(),
            source: "there is no connection".into(),
        })
    }

    async fn turn(&mut self) -> Result<Turn, Error> {
        if self.run.is_none() {
            let span = run_span("data", &self.worker.plan);
            let source = Source::Connector(self.connector);
            let settings = self.worker.settings.clone();
            let mut run = Run::begin(self.worker.plan, settings, source, span).await?;
            run.link.lease = Lease::Data;
            self.run = Some(run);
        }
        self.expect_answers_within(Some(ANSWER));
        match self.at_hand.take() {
            Some(pending) => self.go_on(pending).await.map(Turn::Sleep),
            None => self.look().await,
        }
    }

    fn expect_answers_within(&mut self, time: Option<Duration>) {
        if let Some(run) = &mut self.run {
            let deadline = time.and_then(|time| Instant::now().checked_add(time));
            run.link.session.set_deadline(deadline);
        }
    }

    /// Finds out what is to be done, and whether it is this worker's to do.
    async fn look(&mut self) -> Result<Turn, Error> {
        let worker = self.worker;
        let question = messages::data::look(&worker.plan);
        let run = self.run()?;
        let Some(answer) = run.look_with(&question).await? else {
            self.rest().await?;
            return Ok(self.nothing(Vec::new(), true));
        };
        let progress = Progress::all(&answer);
        let has_code = |version| worker.code.contains_key(&version);
        let mut wanted = next::pending(&worker.plan, &run.ledger, &progress, has_code);
        if let Mode::Foreground {
            through: Some(last),
        } = self.mode
        {
            wanted.retain(|(pending, _)| pending.task.version <= last);
        }
        if wanted.is_empty() && self.mode != Mode::Beside {
            return Ok(Turn::End);
        }
        if let Some(at) = wanted.iter().position(|(_, held)| held.is_none()) {
            let (pending, _) = wanted.swap_remove(at);
            return self.take(pending).await.map(Turn::Sleep);
        }
        let held = wanted
            .into_iter()
            .filter_map(|(pending, held)| Some((pending.task, held?)));
        match self.mode {
            Mode::Beside => {
                let held = held.map(|(task, held)| (task.version, held)).collect();
                self.rest().await?;
                Ok(self.nothing(held, false))
            }
            Mode::Foreground { .. } => Err(Error::DataHeld {
                schema: worker.plan.schema(),
                held: held
                    .map(|(task, held)| (task.name, held.to_string()))
                    .collect(),
            }),
        }
    }

    /// Takes the lock of the module's data migrations, or stands by.
    async fn take(&mut self, pending: Pending) -> Result<Duration, Error> {
        let name = self.name.clone();
        let (lease, run) = (self.connector.lease_time(), self.run()?);
        if run.link.lease != Lease::Data {
            run.link.lease = Lease::Data;
            run.link.patience(lease).await;
            // With the lock comes another look: what was seen without it may be over.
            return Ok(Duration::ZERO);
        }
        let is_another = |progress: &Progress| {
            progress.worker.as_deref() != Some(&*name)
                && progress.age < SIGN_OF_LIFE
                && progress.batches > 0
        };
        let is_mine = match run.link.is_direct() {
            true => run.link.is_leading(),
            false => !pending.progress.as_ref().is_some_and(is_another),
        };
        if !is_mine {
            self.say(Event::StandingBy);
            return Ok(STANDING_BY.mul_f64(1.0 + random() / 2.0));
        }
        self.quiet = None;
        self.is_dry = false;
        self.size = None;
        self.refused = 0;
        self.at_hand = Some(pending);
        Ok(Duration::ZERO)
    }

    /// Gives the lock back while there is nothing to do, and lets the session be idle for longer.
    async fn rest(&mut self) -> Result<(), Error> {
        let run = self.run()?;
        if run.link.lease != Lease::Nothing {
            run.link.lease = Lease::Nothing;
            run.link.follow().await;
            run.link.patience(NOTHING_PENDING.saturating_mul(3)).await;
        }
        Ok(())
    }

    /// Reports once that there is nothing to do, and sleeps.
    fn nothing(&mut self, held: Vec<(Version, Held)>, no_ledger: bool) -> Turn {
        let pause = match held.is_empty() && !no_ledger {
            true => NOTHING_PENDING,
            false => SOMETHING_HELD,
        };
        self.say(Event::Idle { held });
        Turn::Sleep(pause)
    }

    /// Reports what is so until something else is.
    fn say(&mut self, event: Event) {
        if self.quiet.as_ref() != Some(&event) {
            self.worker.listener.tell(|| event.clone());
            self.quiet = Some(event);
        }
    }

    /// The next deed for the data migration at hand. Returns how long to sleep behind it.
    async fn go_on(&mut self, pending: Pending) -> Result<Duration, Error> {
        let deed = next::deed(&pending, self.is_dry);
        let changes_rows = match deed {
            Deed::Batch | Deed::Again | Deed::Repeat | Deed::Code | Deed::Whole | Deed::Steps => {
                true
            }
            Deed::Begin | Deed::Pass | Deed::Check => false,
        };
        if changes_rows && let Some(pause) = self.wait_for_room(&pending).await? {
            self.at_hand = Some(pending);
            return Ok(pause);
        }
        match deed {
            Deed::Begin => self.begin(pending).await,
            Deed::Pass => self.pass(pending).await,
            Deed::Batch => self.batch(pending).await,
            Deed::Again => self.again(pending).await,
            Deed::Repeat => self.repeat(pending).await,
            Deed::Code => self.code(pending).await,
            Deed::Whole | Deed::Steps => self.steps(pending).await,
            Deed::Check => self.check(pending).await,
        }
    }

    /// Asks the server and the service, not more than once a second, whether there is room; a pause when there is none.
    async fn wait_for_room(&mut self, pending: &Pending) -> Result<Option<Duration>, Error> {
        let is_time = self
            .asked_for_room
            .is_none_or(|asked| asked.elapsed() >= ASK_FOR_ROOM);
        if !is_time {
            return Ok((self.signal == Signal::Stop).then_some(ASK_FOR_ROOM));
        }
        self.asked_for_room = Some(Instant::now());
        let throttles = &self.worker.throttles;
        let subject = throttle::Subject::new(pending.kind, pending.task.step);
        let frame = self.run()?.frame();
        let questions = throttle::questions(throttles, &subject, frame.plan.schema(), frame.role);
        let mut answers: Vec<throttle::Answered> = Vec::new();
        for (about, question) in questions {
            answers.push(match self.run()?.link.session.send(&question).await {
                Ok(answer) => (about, Ok(answer)),
                Err(SendError::Refused(refused)) => (about, Err(refused)),
                Err(error) => return Err(self.lost(error)),
            });
        }
        let (memory, now) = (&mut self.memory, Instant::now());
        let mut readings = throttle::judge_all(throttles, &subject, memory, &answers, now);
        readings.extend(throttles.ask_hook().await);
        self.memory.say_unknown(&readings);
        let signals = readings.iter().map(|one| one.signal);
        self.signal = signals.max().unwrap_or(Signal::Normal);
        if self.signal < Signal::Slow {
            return Ok(None);
        }
        self.tell_throttled(pending, readings);
        if self.signal < Signal::Stop {
            return Ok(None);
        }
        self.beat(pending).await?;
        Ok(Some(ASK_FOR_ROOM.mul_f64(1.0 + random())))
    }

    fn tell_throttled(&mut self, pending: &Pending, mut readings: Vec<Reading>) {
        readings.retain(|one| one.signal >= Signal::Slow);
        self.say(Event::Throttled {
            version: pending.task.version,
            name: pending.task.name,
            readings,
        });
    }

    /// What is said about a data migration that has begun; `None` before that.
    fn about<T>(
        &mut self,
        pending: &Pending,
        say: impl FnOnce(&Target<'_>) -> T,
    ) -> Result<Option<T>, Error> {
        let Some(progress) = &pending.progress else {
            return Ok(None);
        };
        let worker = self.name.clone();
        let frame = self.run()?.frame();
        Ok(Some(say(&Target {
            frame: &frame,
            limits: limits(),
            task: &pending.task,
            progress,
            worker: &worker,
        })))
    }

    /// Behind a pooler the row has to say that the worker lives; a session of its own is known by its lock.
    async fn beat(&mut self, pending: &Pending) -> Result<(), Error> {
        if self.run()?.link.is_direct() {
            return Ok(());
        }
        let Some(message) = self.about(pending, messages::data::beat)? else {
            return Ok(());
        };
        match self.run()?.link.session.send(&message).await {
            Ok(_) | Err(SendError::Refused(_)) => Ok(()),
            Err(error) => Err(self.lost(error)),
        }
    }

    fn lost(&mut self, error: SendError) -> Error {
        use crate::run::doing::Doing;
        match self.run() {
            Ok(run) => run.message_failed(error, Doing::RunningData),
            Err(error) => error,
        }
    }
}

/// What the messages of a batch may take.
pub(super) fn limits() -> Limits {
    Limits {
        attempt: LockAttempt {
            lock_timeout: LOCK_TIMEOUT,
            probe: None,
            past_deadlock: false,
            turn: 0,
        },
        statement_timeout: Some(STATEMENT_TIMEOUT),
    }
}

/// A data migration that has begun.
fn is_running(progress: &Progress) -> bool {
    progress.state == State::Running
}
