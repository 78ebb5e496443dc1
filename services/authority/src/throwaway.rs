//! Bringing the schema up to date.

use onward::{Connector, Release, Startup};

use crate::error::Error;
use crate::{AUTH, say};

/// What a service does in production: nothing but this, before it serves.
pub(crate) async fn as_service(migrator: &Connector) -> Result<(), Error> {
    let report = Startup::new(&AUTH).run_with(migrator).await?;
    say(&format_args!("\nstart\n{report}"))
}

/// On a database of our own we play the whole story: a start that is refused, the operator who
/// cures it, and the start that succeeds.
pub(crate) async fn as_everybody(migrator: &Connector) -> Result<(), Error> {
    match Startup::new(&AUTH).run_with(migrator).await {
        Ok(report) => say(&format_args!("\nstart\n{report}")),
        Err(refused @ onward::Error::PendingRelease { .. }) => {
            say(&format_args!(
                "\nfirst start, refused as it should be\n{refused}"
            ))?;
            let report = Release::new(&AUTH).run_with(migrator).await?;
            say(&format_args!(
                "\nthe operator's part, done here because nobody else uses this database\n{report}"
            ))?;
            let report = Startup::new(&AUTH).run_with(migrator).await?;
            say(&format_args!("\nsecond start\n{report}"))
        }
        Err(error) => Err(error.into()),
    }
}
