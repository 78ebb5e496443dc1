//! How a run behaves: everything that a caller can choose, with its default.

use std::time::Duration;

use crate::outcome::event::Listener;
use crate::plan::version::Version;
use crate::session::role::Role;

/// What [`Startup`](crate::Startup) and [`Release`](crate::Release) have in common.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// For waiting on others, without progress of our own in between.
    pub(crate) patience: Duration,
    /// For everything together.
    pub(crate) ceiling: Option<Duration>,
    pub(crate) statement_timeout: Option<Duration>,
    /// The longest that a statement may queue, when the caller has said so.
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) look_first: Duration,
    pub(crate) retry_locks: Duration,
    /// How many messages may be on their way at once.
    pub(crate) depth: usize,
    pub(crate) role: Option<Role>,
    pub(crate) listener: Listener,
    /// Whether an empty database is brought up in one transaction.
    pub(crate) at_once: bool,
    /// Older binaries that a release does not break.
    pub(crate) compatible_from: Option<Version>,
}

impl Settings {
    pub(crate) const fn new(
        patience: Duration,
        ceiling: Option<Duration>,
        statement_timeout: Option<Duration>,
    ) -> Self {
        Self {
            patience,
            ceiling,
            statement_timeout,
            lock_timeout: None,
            look_first: Duration::from_secs(12),
            retry_locks: Duration::from_secs(35),
            depth: 16,
            role: None,
            listener: Listener::NOBODY,
            at_once: false,
            compatible_from: None,
        }
    }
}

/// The methods that set what both runners have in common.
macro_rules! common_settings {
    ($runner:ident) => {
        impl $runner {
            /// The longest that one attempt may queue for a lock; while it queues, everybody behind it
            /// queues too. Unless set, attempts queue for 300 ms at first and for up to 3 s later on.
            ///
            /// While another session holds a lock on a table that the migration names, an attempt does
            /// not queue but only knocks, for 20 ms. For the first [`look_first`](Self::look_first) it is
            /// then only looked until the table is free. Later attempts queue for longer than the
            /// server's `deadlock_timeout`, because only then the server makes a running autovacuum give
            /// way: a `lock_timeout` below that (1 s by default) never gets past one.
            ///
            #[doc = concat!("```\n# use std::time::Duration;\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).lock_timeout(Duration::from_millis(1500))\n}\n```")]
            pub fn lock_timeout(mut self, lock_timeout: Duration) -> Self {
                self.settings.lock_timeout = Some(lock_timeout);
                self
            }

            /// How long a migration whose table is in use only looks in `pg_locks` for a free moment,
            /// before it queues for its lock; 12 s unless set.
            ///
            #[doc = concat!("```\n# use std::time::Duration;\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).look_first(Duration::from_secs(3))\n}\n```")]
            pub fn look_first(mut self, look_first: Duration) -> Self {
                self.settings.look_first = look_first;
                self
            }

            /// How long one migration is tried again and again when it does not get its locks; 35 s unless
            /// set, and never longer than the budget.
            ///
            #[doc = concat!("```\n# use std::time::Duration;\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).retry_locks(Duration::from_secs(10))\n}\n```")]
            pub fn retry_locks(mut self, retry_locks: Duration) -> Self {
                self.settings.retry_locks = retry_locks;
                self
            }

            /// How long the statements of one migration may take together, and never longer than what is
            /// left of the budget. Unless set: 10 s at a start, and without bound for a release.
            ///
            #[doc = concat!("```\n# use std::time::Duration;\nfn prepare(plan: &onward::Plan) -> onward::", stringify!($runner), " {\n    onward::", stringify!($runner), "::new(plan).statement_timeout(Duration::from_secs(3))\n}\n```")]
            pub fn statement_timeout(mut self, statement_timeout: Duration) -> Self {
                self.settings.statement_timeout = Some(statement_timeout);
                self
            }

            /// How many migrations may be on their way to the server at once, each in its own message and
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

            /// Who is told what happens, while it happens. It is called between two messages, so it
            /// should be quick.
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
