//! The role that a run works as: whether policies hold it.

use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::run::Run;
use crate::session::privileged::Privileged;

/// What a start does as a role that policies do not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PrivilegedRole {
    #[default]
    Report,
    Refuse,
}

impl Run<'_> {
    /// Takes in what a look has shown about the role.
    pub(super) fn note_role(&mut self, privileged: Option<Privileged>) -> Result<(), Error> {
        let Some(privileged) = privileged else {
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
}
