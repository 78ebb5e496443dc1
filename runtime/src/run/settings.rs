//! How a run behaves: everything that a caller can choose, with its default.

use std::time::Duration;

use crate::ledger::batch::Wanted;
use crate::outcome::event::Listener;
use crate::plan::Agreement;
use crate::run::role::PrivilegedRole;
use crate::session::role::Role;

/// What both runners let a caller choose.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) limits: TimeLimits,
    /// How many messages may be in flight at once.
    pub(crate) depth: usize,
    pub(crate) role: Option<Role>,
    pub(crate) listener: Listener,
    /// Whether an empty database is brought up in one transaction.
    pub(crate) in_one_transaction: bool,
    /// Whether an empty database is brought up whole, and not only as far as a start goes.
    pub(crate) everything_when_empty: bool,
    /// Which binaries shall start on what a release applies.
    pub(crate) wanted: Option<Wanted>,
    pub(crate) privileged: PrivilegedRole,
    /// Why an operator has lines written.
    pub(crate) because: Option<String>,
    /// What the caller has just seen to hold of columns that a release drops. The question reads a whole table, so the
    /// run does not ask it a second time.
    pub(crate) agreed: Vec<&'static Agreement>,
}

/// How long a run and its parts may take; `None` is without limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimits {
    /// For waiting on other sessions, without progress of our own in between.
    pub(crate) waiting: Duration,
    /// For the whole run.
    pub(crate) run: Option<Duration>,
    /// For the statements of one migration together.
    pub(crate) statement: Option<Duration>,
    /// For which one attempt may queue for a lock, when the caller has set it.
    pub(crate) lock: Option<Duration>,
    /// For which a table in use is only observed before an attempt queues for it.
    pub(crate) observe_locks: Duration,
    /// For all attempts of one migration to get its locks; without a limit of its own it is that of the run, or
    /// that for waiting.
    pub(crate) lock_retry: Option<Duration>,
}

impl Settings {
    pub(crate) const fn new(
        waiting: Duration,
        run: Option<Duration>,
        statement: Option<Duration>,
    ) -> Self {
        Self {
            limits: TimeLimits {
                waiting,
                run,
                statement,
                lock: None,
                observe_locks: Duration::from_secs(12),
                lock_retry: None,
            },
            depth: 16,
            role: None,
            listener: Listener::NONE,
            in_one_transaction: false,
            everything_when_empty: false,
            wanted: None,
            privileged: PrivilegedRole::Report,
            because: None,
            agreed: Vec::new(),
        }
    }
}

/// The methods that set what both runners have in common.
macro_rules! common_settings {
    ($runner:ident) => {
        impl $runner {
            /// The longest that one attempt may queue for a lock; while it queues, every later session
            /// queues behind it. Unless set, attempts queue for 300 ms at first and for up to 3 s later.
            ///
            /// While another session holds a lock that conflicts with one that the migration takes, an
            /// attempt only probes: it queues for 20 ms. For the first
            /// [`observe_locks_for`](Self::observe_locks_for) the run then only observes `pg_locks` until
            /// the tables are free. Later attempts queue for longer than the server's
            /// `deadlock_timeout`, because only then the server cancels a running autovacuum: a
            /// `lock_timeout` below that (1 s by default) never gets past one.
            ///
            #[doc = concat!("```\n# use std::time::Duration;\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).lock_timeout(Duration::from_millis(1500))\n}\n```")]
            pub fn lock_timeout(mut self, lock_timeout: Duration) -> Self {
                self.settings.limits.lock = Some(lock_timeout);
                self
            }

            /// How long a migration whose tables are in use only observes `pg_locks`, without queueing,
            /// before it queues for its locks; 12 s unless set.
            ///
            #[doc = concat!("```\n# use std::time::Duration;\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).observe_locks_for(Duration::from_secs(3))\n}\n```")]
            pub fn observe_locks_for(mut self, observe_locks_for: Duration) -> Self {
                self.settings.limits.observe_locks = observe_locks_for;
                self
            }

            /// How long one migration is tried when it does not get its locks, and never longer than the budget.
            /// Unless set: as long as the budget of a start, and as long as a release waits without progress.
            ///
            #[doc = concat!("```\n# use std::time::Duration;\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).lock_retry_limit(Duration::from_secs(10))\n}\n```")]
            pub fn lock_retry_limit(mut self, lock_retry_limit: Duration) -> Self {
                self.settings.limits.lock_retry = Some(lock_retry_limit);
                self
            }

            /// How long the statements of one migration may take together, and never longer than what is
            /// left of the budget. Unless set: 10 s at a start, and without bound for a release.
            ///
            #[doc = concat!("```\n# use std::time::Duration;\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).statement_timeout(Duration::from_secs(3))\n}\n```")]
            pub fn statement_timeout(mut self, statement_timeout: Duration) -> Self {
                self.settings.limits.statement = Some(statement_timeout);
                self
            }

            /// How many migrations may be in flight to the server at once, each in its own message and
            /// its own transaction; 16 unless set, 1 waits for each answer. Nothing is sent behind a
            /// statement that cannot run in a transaction, and nothing behind a failed migration runs.
            ///
            #[doc = concat!("```\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).pipeline(1)\n}\n```")]
            pub fn pipeline(mut self, depth: usize) -> Self {
                self.settings.depth = depth.max(1);
                self
            }

            /// The role that owns the module; the login's own unless set. Every transaction takes it with
            /// `SET LOCAL ROLE`, so the login has to be a member of it.
            ///
            /// On a borrowed connection, what cannot run in a transaction runs as the login, which needs
            /// the role's rights by inheritance.
            ///
            #[doc = concat!("```\n# fn example(plan: &onward::Plan) -> Result<(), onward::InvalidRole> {\nlet owner = onward::Role::new(\"shop_owner\")?;\nlet run = onward::", stringify!($runner), "::new(plan).role(owner);\n# Ok(())\n# }\n```")]
            pub fn role(mut self, role: $crate::session::role::Role) -> Self {
                self.settings.role = Some(role);
                self
            }

            /// What hears of each event while it happens. It is called between two messages, so it should
            /// be quick.
            ///
            #[doc = concat!("```\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).listener(|event| println!(\"{event:?}\"))\n}\n```")]
            pub fn listener(
                mut self,
                hear: impl Fn(&$crate::outcome::event::Event) + Send + Sync + 'static,
            ) -> Self {
                self.settings.listener = $crate::outcome::event::Listener::new(hear);
                self
            }
        }
    };
}

pub(crate) use common_settings;
