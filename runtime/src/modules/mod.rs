//! Several modules in one program: compared when it is compiled, and started in the order of what they need.

mod check;
mod order;
mod report;
mod starting;
mod text;

pub use self::report::{ModulesError, ModulesReport};
pub use self::starting::ModulesStartup;

use tokio_postgres::Client;

use crate::modules::text::Text;
use crate::plan::Plan;
use crate::session::connector::Connector;
use crate::startup::Startup;

/// The modules of one program, in the order in which they start: one that owns an object before those that need it.
///
/// [`modules!`](crate::modules) writes it, and compares the modules while the program is compiled.
///
/// ```no_run
/// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
/// static VULN: onward::Plan = onward::embed_migrations!("migrations/vuln");
/// static MODULES: onward::Modules = onward::modules!(VULN, AUTH);
///
/// # async fn example(client: &mut tokio_postgres::Client) -> Result<(), onward::ModulesError> {
/// let report = MODULES.run(client).await?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Modules {
    plans: &'static [&'static Plan],
}

impl Modules {
    /// What `modules!` writes, of plans that are in order.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(plans: &'static [&'static Plan]) -> Self {
        Self { plans }
    }

    /// The plans in the order in which they start. It does not compile when they do not fit together.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn __in_order<const N: usize>(
        plans: &[&'static Plan],
        outside: &[&str],
    ) -> [&'static Plan; N] {
        let mut text = Text::new();
        check::check(plans, outside, &mut text);
        assert!(text.is_empty(), "{}", text.as_str());
        order::in_order(plans)
    }

    /// The plans, in the order in which they start.
    ///
    /// ```
    /// fn schemas(modules: onward::Modules) -> Vec<&'static str> {
    ///     modules.plans().iter().map(|plan| plan.schema()).collect()
    /// }
    /// ```
    #[must_use]
    pub const fn plans(self) -> &'static [&'static Plan] {
        self.plans
    }

    /// A start of all modules whose runs have other settings than the defaults; `adjust` is called for each, with
    /// its plan.
    ///
    /// ```no_run
    /// # async fn example(modules: onward::Modules, client: &mut tokio_postgres::Client) -> Result<(), onward::ModulesError> {
    /// let tolerant = modules.with(|_, startup| startup.pending_release(onward::PendingRelease::Report));
    /// println!("{}", tolerant.run(client).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub const fn with<F: Fn(&Plan, Startup) -> Startup>(self, adjust: F) -> ModulesStartup<F> {
        ModulesStartup::new(self.plans, adjust)
    }

    /// Starts the modules one after the other, on one connection, as [`Startup`] starts one.
    ///
    /// # Errors
    ///
    /// [`ModulesError`]: a module did not start. Those behind it are not tried.
    ///
    /// ```no_run
    /// # async fn example(modules: onward::Modules, client: &mut tokio_postgres::Client) -> Result<(), onward::ModulesError> {
    /// let report = modules.run(client).await?;
    /// assert!(report.reports().iter().all(|one| one.pending_release().is_empty()));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(self, client: &mut Client) -> Result<ModulesReport, ModulesError> {
        self.with(|_, startup| startup).run(client).await
    }

    /// The same on a connection of the runs' own, which one leaves to the next: see [`Connector`] for what it can do
    /// more.
    ///
    /// # Errors
    ///
    /// [`ModulesError`].
    ///
    /// ```no_run
    /// # async fn example(modules: onward::Modules, connector: &onward::Connector) -> Result<(), onward::ModulesError> {
    /// println!("{}", modules.run_with(connector).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with(self, connector: &Connector) -> Result<ModulesReport, ModulesError> {
        self.with(|_, startup| startup).run_with(connector).await
    }

    /// Only asks whether the database has what the modules need, and applies nothing: [`Startup::verify_only`] of each.
    ///
    /// # Errors
    ///
    /// [`ModulesError`]: a module is behind, or its ledger cannot be read. Those after it are not asked.
    ///
    /// ```no_run
    /// # async fn example(modules: onward::Modules, client: &tokio_postgres::Client) -> Result<(), onward::ModulesError> {
    /// let report = modules.verify_only(client).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn verify_only(self, client: &Client) -> Result<ModulesReport, ModulesError> {
        self.with(|_, startup| startup).verify_only(client).await
    }
}

/// Puts the plans of a program together as [`Modules`], if they fit together; else the program does not compile.
///
/// No two may own one schema. An object that one declares to use, by `-- onward: external auth.users` or by `reads` in its
/// `onward.toml`, has to be in the plan of the module that owns the schema: with the columns and types of the
/// declaration, not later than the migration behind `since`, and before the first release migration where a startup
/// migration or a seed uses it. No circle of such needs may be between the modules.
///
/// A schema that none of them owns has to be named, with `; outside = ["billing"]`: another program owns it, or an extension.
///
/// What the build cannot know is not reported: objects of an extension, and those that code creates which the build does not
/// look into.
///
/// ```
/// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
/// static VULN: onward::Plan = onward::embed_migrations!("migrations/vuln");
/// static MODULES: onward::Modules = onward::modules!(AUTH, VULN);
///
/// assert_eq!(MODULES.plans().len(), 2);
/// ```
///
/// The schemas of other programs, which modules of this one read, stand behind the list. One that no module needs does not
/// compile:
///
/// ```compile_fail
/// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
/// static MODULES: onward::Modules = onward::modules!(AUTH; outside = ["billing"]);
/// ```
///
/// A module that is there twice does not compile:
///
/// ```compile_fail
/// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
/// static MODULES: onward::Modules = onward::modules!(AUTH, AUTH);
/// ```
#[macro_export]
macro_rules! modules {
    ($($plan:expr),+ $(,)? $(; outside = [$($schema:literal),* $(,)?])?) => {{
        const GIVEN: &[&'static $crate::Plan] = &[$(&$plan),+];
        const SORTED: [&'static $crate::Plan; GIVEN.len()] =
            $crate::Modules::__in_order(GIVEN, &[$($($schema),*)?]);
        $crate::Modules::__new(&SORTED)
    }};
    () => {
        ::core::compile_error!("name the plans of the modules: `onward::modules!(AUTH, VULN)`")
    };
}
