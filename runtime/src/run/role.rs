//! The role that a run works as: whether policies hold it.

use tokio_postgres::SimpleQueryMessage;

use crate::messages;
use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::run::Run;
use crate::run::doing::Doing;
use crate::session::privileged::Privileged;

/// What a start does as a role that policies do not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PrivilegedRole {
    #[default]
    Report,
    Refuse,
}

impl Run<'_> {
    /// Takes in what the answer to a look shows about the role.
    pub(super) fn note_role(&mut self, answer: &[SimpleQueryMessage]) -> Result<(), Error> {
        let Some(privileged) = Privileged::find(answer) else {
            return Ok(());
        };
        if self.settings.privileged == PrivilegedRole::Refuse {
            return Err(Error::Privileged {
                schema: self.plan.schema(),
                folder: self.plan.folder(),
                privileged: Box::new(privileged),
                progress: self.progress.clone(),
            });
        }
        if self.privileged.is_none() {
            tracing::info!(%privileged, "policies do not hold this role");
            self.settings
                .listener
                .tell(|| Event::Privileged(privileged.clone()));
        }
        self.privileged = Some(privileged);
        Ok(())
    }

    /// Without a ledger no look shows the role, and one that is refused must not create it.
    pub(super) async fn ask_role(&mut self) -> Result<(), Error> {
        if self.settings.privileged == PrivilegedRole::Report {
            return Ok(());
        }
        let question = messages::privileged(&self.plan);
        match self.link.session.send_again(&question).await {
            Ok(answer) => self.note_role(&answer),
            Err(error) => Err(self.message_failed(error, Doing::ReadingLedger)),
        }
    }
}
