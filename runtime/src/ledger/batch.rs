//! Migrations that are applied for one deploy, over several runs if one of them fails, and which binaries
//! keep starting on them.

use crate::ledger::Ledger;
use crate::ledger::entry::Entry;
use crate::ledger::oldest_binary::OldestBinary;
use crate::plan::version::{Category, Version};

/// What a batch consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The release migrations of one deploy.
    Release,
    /// The release migrations, and what they build on, on an empty database.
    First,
    /// Everything, on an empty database.
    Whole,
}

/// The part of a line's signature that says to which batch it belongs. As long as the last migration of a
/// batch is not applied, a later run goes on with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) scope: Scope,
    pub(crate) last: Version,
}

const TO: &str = " to ";
const FIRST: &str = " first";
const ALL: &str = " all";

impl Mark {
    /// The name of the run in a line of this batch.
    pub(crate) fn sign(self, run: &str) -> String {
        let scope = match self.scope {
            Scope::Release => "",
            Scope::First => FIRST,
            Scope::Whole => ALL,
        };
        format!("{run}{scope}{TO}{}", self.last)
    }

    /// The batch of the line that has this name.
    pub(crate) fn of(sign: &str) -> Option<Self> {
        let (run, last) = sign.trim_end_matches('+').rsplit_once(TO)?;
        Some(Self {
            scope: [(ALL, Scope::Whole), (FIRST, Scope::First)]
                .into_iter()
                .find(|(end, _)| run.ends_with(end))
                .map_or(Scope::Release, |(_, scope)| scope),
            last: last.parse().ok()?,
        })
    }

    /// Whether lines of the category carry it.
    pub(crate) fn covers(self, category: Category) -> bool {
        match self.scope {
            Scope::Release => category == Category::Release,
            Scope::First | Scope::Whole => true,
        }
    }
}

/// What a run applies for one deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) mark: Mark,
    /// Written into each release migration's line.
    pub(crate) oldest: OldestBinary,
}

impl Batch {
    /// Everything up to `last`, on an empty database: no release runs there that could restart on it.
    pub(crate) fn whole(last: Version, last_release: Option<Version>) -> Self {
        Self {
            mark: Mark {
                scope: Scope::Whole,
                last,
            },
            oldest: OldestBinary::knowing(last_release),
        }
    }

    /// The release migrations and what they build on, up to `last`, on an empty database.
    pub(crate) fn first(
        last: Version,
        wanted: Option<OldestBinary>,
        release: Option<Version>,
    ) -> Self {
        Self {
            mark: Mark {
                scope: Scope::First,
                last,
            },
            oldest: wanted.unwrap_or_else(|| OldestBinary::knowing(release)),
        }
    }

    /// The release migrations up to `last`.
    ///
    /// They are applied when the running release no longer needs what they take away. So a binary that
    /// knows every release migration but these starts on them, unless the operator said otherwise.
    pub(crate) fn release(last: Version, wanted: Option<OldestBinary>, ledger: &Ledger) -> Self {
        let by_default = || match ledger.newest_release() {
            // What was said when the batch began.
            Some(entry) if unfinished(entry, ledger).is_some() => ledger.oldest_for(entry.version),
            before => OldestBinary::knowing(before.map(|entry| entry.version)),
        };
        Self {
            mark: Mark {
                scope: Scope::Release,
                last,
            },
            oldest: wanted.unwrap_or_else(by_default),
        }
    }
}

/// Whether the database was empty before this run, or before the one that began to bring it up.
pub(crate) fn is_fresh(ledger: &Ledger) -> bool {
    ledger.entries.last().is_none_or(|newest| {
        unfinished(newest, ledger).is_some_and(|mark| mark.scope == Scope::Whole)
    })
}

/// The same for a release, which goes on with what a release has begun there.
pub(crate) fn is_new(ledger: &Ledger) -> bool {
    let begun = |newest: &Entry| unfinished(newest, ledger).map(|mark| mark.scope);
    is_fresh(ledger) || ledger.entries.last().and_then(begun) == Some(Scope::First)
}

fn unfinished(entry: &Entry, ledger: &Ledger) -> Option<Mark> {
    Mark::of(&entry.run).filter(|mark| ledger.done(mark.last).is_none())
}

/// Which binaries an operator wants to keep starting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// This one, and every newer one.
    From(OldestBinary),
    /// Only those that know everything that is applied.
    OnlyNewest,
}

impl Wanted {
    /// The oldest binary that starts afterwards, or why saying so would change nothing. `planned` are the
    /// plan's release migrations, and `pending` those of them that the run is to apply.
    pub(crate) fn settle(
        self,
        planned: &[Version],
        pending: &[Version],
        ledger: &Ledger,
    ) -> Result<OldestBinary, String> {
        let applied = ledger.newest_release().map(|entry| entry.version);
        let Some(newest) = applied.max(pending.last().copied()) else {
            return Err(
                "no release migration is applied or pending, so every binary starts".to_owned(),
            );
        };
        if !planned.contains(&newest) {
            return Err(format!(
                "the database has {newest}, which this folder does not have. Name the folder of the newest release"
            ));
        }
        let Self::From(oldest) = self else {
            return Ok(OldestBinary::knowing(Some(newest)));
        };
        let Some(named) = oldest.release() else {
            return Ok(oldest);
        };
        if !(planned.contains(&named) || ledger.done(named).is_some()) {
            return Err(format!(
                "there is no release migration {named}, neither in this folder nor in the database"
            ));
        }
        match pending.first() {
            _ if named == newest => Err(format!(
                "{named} is the newest release migration itself. `breaks-running` lets only binaries that know \
                 it start; otherwise name an older one, or `none`"
            )),
            Some(first) if !is_fresh(ledger) && named >= *first => Err(format!(
                "{named} is one of the migrations that this run is to apply, and a release that knows a part of \
                 them is not running. Name one before {first}, or `none`"
            )),
            Some(_) | None => Ok(oldest),
        }
    }
}

/// The applied release migrations whose lines keep binaries from starting that should, or let one start that
/// should not.
pub(crate) fn to_correct(oldest: OldestBinary, ledger: &Ledger) -> Vec<Version> {
    let newest = ledger.newest_release().map(|entry| entry.version);
    ledger
        .releases()
        .filter(|version| {
            let now = ledger.oldest_for(*version);
            let concerns = OldestBinary::knowing(Some(*version)) > oldest;
            (concerns && now > oldest) || (Some(*version) == newest && now < oldest)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_its_batch_behind_its_run() -> Result<(), Box<dyn std::error::Error>> {
        for (scope, last, sign) in [
            (Scope::Release, "102", "7f to 102"),
            (Scope::First, "102", "7f first to 102"),
            (Scope::Whole, "DM001", "7f all to DM001"),
        ] {
            let mark = Mark {
                scope,
                last: last.parse()?,
            };
            assert_eq!(mark.sign("7f"), sign);
            assert_eq!(Mark::of(sign), Some(mark));
            assert_eq!(Mark::of(&format!("{sign}+")), Some(mark));
        }
        for other in ["", "7f", "7f+", "7f to ", "7f to 42"] {
            assert_eq!(Mark::of(other), None, "{other}");
        }
        Ok(())
    }
}
