//! What a service runs beside itself.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crate::data::code::{Batch, Code};
use crate::data::event::Event;
use crate::data::pace::Pace;
use crate::data::throttle::Throttles;
use crate::data::work::{Mode, Work};
use crate::outcome::error::Error;
use crate::outcome::event::Listener;
use crate::plan::Plan;
use crate::plan::version::Version;
use crate::run::settings::Settings;
use crate::session::connector::Connector;
use crate::session::role::Role;

/// Runs the data migrations of a module beside the service, batch by batch, each exactly once.
///
/// Start one in every replica: one of them works, the others stand by and take over within seconds. It uses one
/// connection of its own, never sleeps inside a transaction, and looks once a minute when nothing is to be done.
///
/// ```no_run
/// # async fn example(plan: &'static onward::Plan, connector: onward::Connector) {
/// use onward::data::Worker;
///
/// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
/// let worker = tokio::spawn(async move {
///     let until = async { stopped.await.unwrap_or_default() };
///     Worker::new(plan).run(&connector, until).await
/// });
/// # let _ = (stop, worker);
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing happens before `run`"]
pub struct Worker {
    pub(super) plan: Plan,
    pub(super) settings: Settings,
    pub(super) pace: Pace,
    pub(super) throttles: Throttles,
    pub(super) listener: Listener<Event>,
    pub(super) code: BTreeMap<Version, Arc<dyn Code>>,
}

impl Worker {
    /// With the defaults of [`Pace`] and [`Throttles`].
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::data::Worker {
    ///     onward::data::Worker::new(plan)
    /// }
    /// ```
    pub fn new(plan: &Plan) -> Self {
        Self {
            plan: *plan,
            settings: Settings::new(Duration::from_secs(60), None, None),
            pace: Pace::new(),
            throttles: Throttles::new(),
            listener: Listener::NONE,
            code: BTreeMap::new(),
        }
    }

    /// How fast it goes.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::data::Worker {
    ///     onward::data::Worker::new(plan).pace(onward::data::Pace::new().share(0.5))
    /// }
    /// ```
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// When it waits, and what for.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::data::Worker {
    ///     onward::data::Worker::new(plan).throttles(onward::data::Throttles::new())
    /// }
    /// ```
    pub fn throttles(mut self, throttles: Throttles) -> Self {
        self.throttles = throttles;
        self
    }

    /// The code of a data migration whose file says `-- onward: in rust`.
    ///
    /// ```no_run
    /// # use onward::data::Batch;
    /// fn prepare(plan: &onward::Plan, code: impl Batch + 'static) -> Result<onward::data::Worker, onward::InvalidVersion> {
    ///     Ok(onward::data::Worker::new(plan).code("DM004".parse()?, code))
    /// }
    /// ```
    pub fn code(mut self, version: Version, code: impl Batch + 'static) -> Self {
        self.code.insert(version, Arc::new(code));
        self
    }

    /// The role that owns the module; the login's own unless set. Every transaction takes it with `SET LOCAL ROLE`.
    ///
    /// ```
    /// # fn example(plan: &onward::Plan) -> Result<(), onward::InvalidRole> {
    /// let worker = onward::data::Worker::new(plan).role(onward::Role::new("shop_owner")?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn role(mut self, role: Role) -> Self {
        self.settings.role = Some(role);
        self
    }

    /// What hears of each event while it happens. It is called between two messages, so it should be quick.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::data::Worker {
    ///     onward::data::Worker::new(plan).listener(|event| println!("{event:?}"))
    /// }
    /// ```
    pub fn listener(mut self, hear: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.listener = Listener::new(hear);
        self
    }

    /// Works until `until` is ready, or the future is dropped: what the server is doing at that moment it finishes or
    /// rolls back. Lost connections, restarts of the server and failing migrations are no errors: the worker goes on
    /// when it can, and the listener hears of them.
    ///
    /// # Errors
    ///
    /// What no waiting mends: a ledger that does not belong to the plan, and missing rights. See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// onward::data::Worker::new(plan).run(connector, std::future::pending()).await
    /// # }
    /// ```
    pub async fn run(
        self,
        connector: &Connector,
        until: impl Future<Output = ()> + Send,
    ) -> Result<(), Error> {
        let mut work = Work::new(&self, connector, Mode::Beside);
        let answer = {
            let mut working = pin!(work.all());
            let mut until = pin!(until);
            std::future::poll_fn(|context| {
                if until.as_mut().poll(context).is_ready() {
                    return Poll::Ready(Ok(()));
                }
                working.as_mut().poll(context)
            })
            .await
        };
        work.end().await;
        answer
    }

    /// Runs what is left of the data migrations in the foreground, without pauses, up to `through` when it is given,
    /// and returns when they are done. A worker beside it that is at work goes on: this one then waits for it.
    ///
    /// # Errors
    ///
    /// [`Error::DataHeld`] when one of them cannot go on, and what [`run`](Self::run) returns.
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// onward::data::Worker::new(plan).finish(connector, None).await
    /// # }
    /// ```
    pub async fn finish(
        mut self,
        connector: &Connector,
        through: Option<Version>,
    ) -> Result<(), Error> {
        self.pace = Pace::unpaused();
        let mut work = Work::new(&self, connector, Mode::Foreground { through });
        let answer = work.all().await;
        work.end().await;
        answer
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("schema", &self.plan.schema())
            .field("pace", &self.pace)
            .field("code", &self.code.keys())
            .finish_non_exhaustive()
    }
}
