//! In which order the databases come, and when no further one begins. Pure.

use crate::outcome::Outcome;
use crate::targets::{Target, TargetsError};

/// The canary alone, and the others in waves of this width.
pub(super) fn waves(
    mut targets: Vec<Target>,
    canary: Option<&str>,
    width: usize,
) -> Result<Vec<Vec<Target>>, TargetsError> {
    let mut all = Vec::new();
    if let Some(name) = canary {
        let Some(at) = targets.iter().position(|target| target.name == name) else {
            let known: Vec<&str> = targets.iter().map(|target| &*target.name).collect();
            return Err(TargetsError::NoCanary {
                name: name.to_owned(),
                known: known.join(", "),
            });
        };
        all.push(vec![targets.remove(at)]);
    }
    all.extend(targets.chunks(width.max(1)).map(<[Target]>::to_vec));
    Ok(all)
}

/// How the databases before ended.
pub(super) struct Progress {
    quota: Option<usize>,
    /// The first one is the canary, and the only one that has ended so far.
    is_canary: bool,
    failed: usize,
    worst: Outcome,
    is_interrupted: bool,
}

impl Progress {
    pub(super) const fn new(quota: Option<usize>, has_canary: bool) -> Self {
        Self {
            quota,
            is_canary: has_canary,
            failed: 0,
            worst: Outcome::Good,
            is_interrupted: false,
        }
    }

    pub(super) fn note(&mut self, outcome: Outcome) {
        if outcome == Outcome::Good {
            self.is_canary = false;
            return;
        }
        self.failed += 1;
        // A database that says no is an answer; one that says nothing leaves open what it is.
        if self.worst != Outcome::Refused {
            self.worst = outcome;
        }
    }

    pub(super) const fn interrupt(&mut self) {
        self.is_interrupted = true;
    }

    pub(super) const fn is_interrupted(&self) -> bool {
        self.is_interrupted
    }

    /// Whether another wave begins.
    pub(super) fn goes_on(&self) -> bool {
        let canary_failed = self.is_canary && self.failed > 0;
        let is_over = self.quota.is_some_and(|quota| self.failed >= quota);
        !(canary_failed || is_over || self.is_interrupted)
    }

    /// How the whole command ended.
    pub(super) const fn outcome(&self) -> Outcome {
        match (self.is_interrupted, self.worst) {
            (true, _) => Outcome::Refused,
            (false, worst) => worst,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(canary: Option<&str>, width: usize) -> Vec<Vec<String>> {
        let targets = ["a", "b", "c", "d", "e"].map(|name| Target {
            name: name.to_owned(),
            url: String::new(),
        });
        let all = waves(targets.to_vec(), canary, width).unwrap_or_default();
        let name = |wave: &Vec<Target>| wave.iter().map(|target| target.name.clone()).collect();
        all.iter().map(name).collect()
    }

    #[test]
    fn the_canary_is_alone_and_the_others_keep_their_order() {
        assert_eq!(names(None, 2), [vec!["a", "b"], vec!["c", "d"], vec!["e"]]);
        assert_eq!(
            names(Some("d"), 3),
            [vec!["d"], vec!["a", "b", "c"], vec!["e"]]
        );
        assert_eq!(names(Some("x"), 3), Vec::<Vec<String>>::new());
    }

    #[test]
    fn the_quota_and_the_canary_end_it() {
        let after = |quota, canary, outcomes: &[Outcome]| {
            let mut progress = Progress::new(quota, canary);
            outcomes.iter().for_each(|outcome| progress.note(*outcome));
            (progress.goes_on(), progress.outcome())
        };
        use Outcome::{CouldNotRun, Good, Refused};
        assert_eq!(after(Some(1), false, &[Good, Refused]), (false, Refused));
        assert_eq!(
            after(Some(2), false, &[Good, CouldNotRun]),
            (true, CouldNotRun)
        );
        assert_eq!(
            after(Some(2), false, &[Refused, CouldNotRun]),
            (false, Refused)
        );
        assert_eq!(after(None, true, &[Refused]), (false, Refused));
        assert_eq!(after(None, true, &[Good, Refused]), (true, Refused));
        assert_eq!(after(None, false, &[]), (true, Good));
    }
}
