//! An attempt and its control, as data, and what both together show.

use crate::tenant::audit::bench::{Bench, Ended};
use crate::tenant::audit::verdict::{Probed, Verdict};
use crate::tenant::error::Error;

/// An attempt to reach another tenant's rows, and the same with the protection taken away.
pub(super) struct Probe {
    pub(super) kind: u8,
    pub(super) object: String,
    pub(super) attempt: &'static str,
    pub(super) attack: String,
    pub(super) control: String,
    pub(super) red: Red,
}

/// By what an attempt that succeeded is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Red {
    /// It counted more than none.
    Counted,
    /// It changed a row, or only a constraint stopped it, which is asked after the policies.
    Changed,
    /// It changed more rows than the tenant has, or only a constraint stopped it.
    ChangedMoreThan(u64),
    /// It changed a row, and whatever stopped it is a protection.
    Wrote,
    /// It was accepted, or only a constraint stopped it.
    Accepted,
    /// The role may do it, whatever stops it then.
    Permitted,
    /// It met one of these keys.
    Met(Vec<String>),
    /// It did nothing, and met a row.
    DidNothing,
}

impl Red {
    /// Whether that is a leak.
    pub(super) fn is(&self, ended: &Ended) -> bool {
        match ended {
            Ended::Done { rows, value } => match self {
                Self::Counted => value
                    .as_deref()
                    .is_some_and(|count| !matches!(count, "0" | "f" | "")),
                Self::Changed | Self::Wrote => *rows > 0,
                Self::ChangedMoreThan(own) => rows > own,
                Self::Accepted | Self::Permitted => true,
                Self::Met(_) => false,
                Self::DidNothing => *rows == 0,
            },
            Ended::Refused { said, constraint } => match self {
                Self::Counted | Self::Wrote | Self::DidNothing => false,
                // feature_not_supported: a foreign key references it.
                Self::Permitted => said.sqlstate() == "0A000",
                Self::Changed | Self::ChangedMoreThan(_) | Self::Accepted => {
                    said.sqlstate().starts_with("23")
                }
                Self::Met(keys) => {
                    matches!(said.sqlstate(), "23505" | "23P01")
                        && constraint.as_ref().is_some_and(|met| keys.contains(met))
                }
            },
        }
    }

    fn evidence(&self, ended: &Ended) -> String {
        match ended {
            Ended::Refused { .. } => match self {
                Self::Met(_) => format!("another tenant has such a row: {ended}"),
                Self::Counted
                | Self::Changed
                | Self::ChangedMoreThan(_)
                | Self::Wrote
                | Self::Accepted
                | Self::Permitted
                | Self::DidNothing => {
                    format!("no policy stopped it, only a constraint: {ended}")
                }
            },
            Ended::Done { rows, value } => match self {
                Self::Counted => match value.as_deref() {
                    Some("t") | None => "it is so".to_owned(),
                    Some(found) => ["found ", found].concat(),
                },
                Self::DidNothing => {
                    "nothing was inserted, so another tenant has such a row".to_owned()
                }
                Self::Changed | Self::Wrote | Self::ChangedMoreThan(_) => {
                    format!("rows changed: {rows}")
                }
                Self::Accepted | Self::Permitted | Self::Met(_) => "it was accepted".to_owned(),
            },
        }
    }
}

impl Probe {
    /// Tries both.
    pub(super) async fn judge(self, bench: &Bench<'_>) -> Result<Probed, Error> {
        let attacked = bench.attempt(&self.attack).await?;
        self.conclude(bench, attacked).await
    }

    /// Tries the control, when the attempt has failed.
    pub(super) async fn conclude(
        self,
        bench: &Bench<'_>,
        attacked: Ended,
    ) -> Result<Probed, Error> {
        let controlled = match self.red.is(&attacked) {
            true => attacked.clone(),
            false => bench.attempt(&self.control).await?,
        };
        Ok(self.concluded(&attacked, &controlled))
    }

    /// What both show.
    pub(super) fn concluded(self, attacked: &Ended, controlled: &Ended) -> Probed {
        let verdict = match self.red.is(attacked) {
            true => Verdict::Leak {
                evidence: self.red.evidence(attacked),
            },
            false => self.of_control(attacked, controlled),
        };
        Probed {
            kind: self.kind,
            object: self.object,
            attempt: self.attempt.to_owned(),
            verdict,
        }
    }

    fn of_control(&self, attacked: &Ended, controlled: &Ended) -> Verdict {
        let is_late = |ended: &Ended| match ended {
            Ended::Done { .. } => false,
            // lock_not_available and query_canceled show nothing.
            Ended::Refused { said, .. } => matches!(said.sqlstate(), "55P03" | "57014"),
        };
        if is_late(attacked) {
            return Verdict::Unreliable {
                why: format!("it was not finished: {attacked}"),
            };
        }
        match self.red.is(controlled) {
            true => Verdict::Held,
            false => Verdict::Unreliable {
                why: format!("without the protection it ends the same way: {controlled}"),
            },
        }
    }
}
