//! What an operator says to a ledger. Each of them adds lines, with the role, the time and why; none changes one.
//!
//! ```no_run
//! # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use onward::operator::{Outcome, Resolve};
//!
//! let resolve = Resolve::new(plan, "101".parse()?);
//! println!("{}", resolve.clone().look(client).await?);
//! println!("{}", resolve.record(Outcome::Applied, "the column exists", client).await?);
//! # Ok(())
//! # }
//! ```

mod holder;
mod renumber;
mod resolve;
mod restamp;

use std::fmt;
use std::time::Duration;

pub use self::holder::{Holder, end, holders};
pub use self::renumber::Renumber;
pub use self::resolve::{Doubt, Outcome, Resolve, Running, Sign};
pub use self::restamp::Restamp;

use crate::ledger::head::Head;
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::run::Run;
use crate::run::settings::Settings;

/// What was added to a ledger.
///
/// ```
/// fn print(recorded: &onward::operator::Recorded) {
///     println!("{recorded}");
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recorded {
    /// The module's schema.
    pub schema: &'static str,
    /// The file that it is about.
    pub name: &'static str,
    /// What the ledger says about it now.
    pub what: String,
    /// The ledger's end.
    pub head: Head,
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            schema,
            name,
            what,
            head,
        } = self;
        write!(f, "{schema}: {name} {what}\n  ledger   {head}")
    }
}

/// As long as an adoption waits for other sessions.
const fn settings() -> Settings {
    Settings::new(Duration::from_secs(60), None, None)
}

/// The settings of a run whose lines say why.
fn because(settings: Settings, plan: &Plan, what: &str, why: &str) -> Result<Settings, Error> {
    if why.trim().is_empty() {
        return Err(Error::NoEffect {
            schema: plan.schema(),
            why: "the ledger keeps why, and the reason is empty".to_owned(),
        });
    }
    let because = Some(format!("{what}: {}", why.trim()));
    Ok(Settings {
        because,
        ..settings
    })
}

fn recorded(run: &Run<'_>, name: &'static str, what: String) -> Recorded {
    Recorded {
        schema: run.plan.schema(),
        name,
        what,
        head: run.ledger.head,
    }
}
