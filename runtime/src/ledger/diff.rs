//! The plan compared with the ledger. Pure: no clock, no server.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::Ledger;
use crate::ledger::drift::Drift;
use crate::ledger::entry::LedgerEvent;
use crate::ledger::oldest_binary::OldestBinary;
use crate::ledger::task::{Task, tasks};
use crate::plan::Plan;
use crate::plan::version::{Category, Version};

/// Whether the task is still to do. A seed is, with every text that was never applied.
pub(crate) fn is_pending(task: &Task, ledger: &Ledger) -> bool {
    match task.version.category() {
        Category::Seed => !ledger.has_seen(task.version, task.checksum),
        Category::Startup | Category::Release | Category::Data => {
            ledger.done_as(task.version, task.checksum).is_none()
        }
    }
}

/// The data migrations that the task requires and that are not done.
pub(crate) fn missing(task: &Task, ledger: &Ledger) -> Vec<Version> {
    let required = task.requires.iter().copied();
    required
        .filter(|version| ledger.done(*version).is_none())
        .collect()
}

/// Whether the task is a seed whose text was applied and then replaced by another one, which is in force.
pub(crate) fn is_superseded(task: &Task, ledger: &Ledger) -> bool {
    task.version.category() == Category::Seed
        && !is_pending(task, ledger)
        && ledger
            .done(task.version)
            .is_some_and(|entry| entry.checksum != task.checksum)
}

/// The part of the task that comes next.
pub(crate) fn next_part(task: &Task, ledger: &Ledger) -> Task {
    let finished = ledger.finished(task.version).count();
    task.parts().get(finished).copied().unwrap_or(*task)
}

/// Every disagreement, in the order of the versions.
///
/// What is newer than the plan and breaks no binary is not a disagreement: an old binary keeps working on
/// a database that a newer one has added to.
pub(crate) fn drift(plan: &Plan, ledger: &Ledger) -> Vec<Drift> {
    if let Some((version, applied)) = ledger.behind_baseline(plan) {
        return vec![Drift::BehindBaseline { version, applied }];
    }
    let tasks = tasks(plan);
    let last_planned = last(tasks.iter().map(|task| task.version));
    // What an operator gave another number ran before, in its old place.
    let in_order = |version: &Version| {
        let done = ledger.done(*version);
        done.is_some_and(|entry| ledger.ran(entry).event != LedgerEvent::Renumbered)
    };
    let last_done = last(ledger.applied().into_iter().filter(in_order));
    let known = tasks
        .iter()
        .filter(|task| !ledger.was_moved(task.version, task.checksum))
        .filter_map(|task| match ledger.done(task.version) {
            Some(_) if is_other_file(task, ledger) => other_file(task, &tasks, ledger),
            Some(entry) => (task.version.category() != Category::Seed
                && !ledger.has_seen(task.version, task.checksum))
            .then(|| Drift::Modified {
                version: task.version,
                name: task.name.to_owned(),
                applied: entry.checksum,
                planned: task.checksum,
            }),
            None if edited_part(task, ledger).is_some() => edited_part(task, ledger),
            None => last_done
                .get(&task.version.category())
                .filter(|after| task.version < **after)
                .map(|after| Drift::OutOfOrder {
                    version: task.version,
                    name: task.name.to_owned(),
                    after: *after,
                }),
        });
    let foreign = unplanned(&tasks, ledger)
        .into_iter()
        .filter_map(|(version, name)| {
            let category = version.category();
            if last_planned
                .get(&category)
                .is_some_and(|last| version < *last)
            {
                return Some(Drift::Unknown { version, name });
            }
            match category {
                Category::Release => ledger
                    .done(version)
                    .filter(|_| {
                        let last = last_planned.get(&Category::Release).copied();
                        OldestBinary::knowing(last) < ledger.oldest_for(version)
                    })
                    .map(|_| Drift::ReleaseAhead { version, name }),
                Category::Startup | Category::Seed | Category::Data => None,
            }
        });
    let mut all: Vec<_> = known.chain(foreign).collect();
    all.sort_by_key(Drift::version);
    all
}

/// Whether another file was applied under the task's number: neither the name nor the text is the task's. A
/// file with the same text may have another title.
pub(crate) fn is_other_file(task: &Task, ledger: &Ledger) -> bool {
    task.version.category() != Category::Seed
        && !ledger.was_moved(task.version, task.checksum)
        && !ledger.has_seen(task.version, task.checksum)
        && ledger
            .done(task.version)
            .is_some_and(|entry| entry.name != task.name)
}

fn other_file(task: &Task, tasks: &[Task], ledger: &Ledger) -> Option<Drift> {
    let entry = ledger.done(task.version)?;
    let moved_to = tasks.iter().find(|one| one.checksum == entry.checksum);
    Some(Drift::OtherFile {
        version: task.version,
        name: task.name.to_owned(),
        applied: entry.name.clone(),
        moved_to: moved_to.map(|one| one.name.to_owned()),
    })
}

/// A file of which some statements are finished may be edited after them, not in them.
fn edited_part(task: &Task, ledger: &Ledger) -> Option<Drift> {
    let parts = task.parts();
    let mut finished = ledger.finished(task.version).enumerate();
    finished.find_map(|(n, entry)| {
        let planned = parts.get(n).and_then(|part| part.part);
        (planned != Some(entry.checksum)).then(|| Drift::Modified {
            version: task.version,
            name: task.name.to_owned(),
            applied: entry.checksum,
            planned: planned.unwrap_or(task.checksum),
        })
    })
}

/// What the ledger has, done or begun, and the plan does not, where that is not a disagreement: a newer release
/// has applied it, or its file was the last one and was deleted.
pub(crate) fn beyond(plan: &Plan, ledger: &Ledger) -> Vec<(Version, String)> {
    let drift = drift(plan, ledger);
    let is_drift = |version| drift.iter().any(|one| one.version() == version);
    unplanned(&tasks(plan), ledger)
        .into_iter()
        .filter(|(version, _)| !is_drift(*version))
        .collect()
}

/// What the ledger has, done or begun, and the plan does not.
fn unplanned(tasks: &[Task], ledger: &Ledger) -> BTreeMap<Version, String> {
    let planned: BTreeSet<_> = tasks.iter().map(|task| task.version).collect();
    ledger
        .entries
        .iter()
        .filter(|entry| !planned.contains(&entry.version))
        .filter(|entry| {
            ledger.done(entry.version).is_some() || ledger.open_attempt(entry.version).is_some()
        })
        .map(|entry| (entry.version, entry.name.clone()))
        .collect()
}

fn last(versions: impl Iterator<Item = Version>) -> BTreeMap<Category, Version> {
    let mut versions: Vec<_> = versions.collect();
    versions.sort_unstable();
    versions
        .into_iter()
        .map(|version| (version.category(), version))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::ledger::entry::{Entry, LedgerEvent};
    use crate::plan::checksum::Checksum;
    use crate::plan::{Job, Migration, Step, kind};

    const fn file<K: kind::Kind>(
        number: u16,
        name: &'static str,
        text: u8,
        kind: K,
    ) -> Migration<K> {
        Migration::__new(number, name, [text; 32], &[], Step::Transaction(&[]), kind)
    }

    const PLAN: Plan = Plan::__new(
        "auth",
        "migrations/auth",
        "test/0",
        [0; 32],
        (0, 0),
        &[
            file(1, "001_a.sql", 1, kind::Startup),
            file(2, "002_b.sql", 2, kind::Startup),
            file(4, "004_d.sql", 4, kind::Startup),
        ],
        &[file(1, "S001_s.sql", 11, kind::Seed)],
        &[file(100, "100_r.sql", 100, kind::Release)],
        &[file(
            1,
            "DM001_m.sql",
            21,
            kind::Data::__new(Job::Whole, None, 0, false, &[]),
        )],
    );

    fn ledger(lines: &[(LedgerEvent, &str, u8)]) -> Ledger {
        let named = |version: Version| {
            tasks(&PLAN)
                .iter()
                .find(|task| task.version == version)
                .map(|task| task.name.to_owned())
        };
        let mut ledger = Ledger::empty();
        for (seq, (event, version, text)) in (1..).zip(lines) {
            let Ok(version) = version.parse() else {
                continue;
            };
            ledger.push(Entry {
                seq,
                event: *event,
                version,
                name: named(version).unwrap_or_else(|| format!("{version}.sql")),
                attempt: 1,
                checksum: Checksum([*text; 32]),
                chain: Checksum([0; 32]),
                at: String::new(),
                by: String::new(),
                duration: Duration::ZERO,
                run: String::new(),
                compatible_from: None,
            });
        }
        ledger
    }

    fn pending(lines: &[(LedgerEvent, &str, u8)]) -> Vec<String> {
        let ledger = ledger(lines);
        let tasks = tasks(&PLAN);
        tasks
            .iter()
            .filter(|task| is_pending(task, &ledger))
            .map(|task| task.version.to_string())
            .collect()
    }

    fn drifts(lines: &[(LedgerEvent, &str, u8)]) -> Vec<String> {
        drift(&PLAN, &ledger(lines))
            .iter()
            .map(|drift| format!("{} {}", drift.version(), drift.as_str()))
            .collect()
    }

    use LedgerEvent::{
        Abandoned, Adopted, Applied, Baseline, DataDone, DataStarted, Seeded, Started,
    };

    #[test]
    fn what_is_pending() {
        let all = ["001", "002", "004", "S001", "100", "DM001"];
        assert_eq!(pending(&[]), all);
        assert_eq!(
            pending(&[
                (Applied, "001", 1),
                (Baseline, "002", 2),
                (Adopted, "004", 4)
            ]),
            all[3..]
        );
        assert_eq!(pending(&[(Started, "001", 1)]), all);
        assert_eq!(pending(&[(Started, "001", 1), (Abandoned, "001", 1)]), all);
        assert_eq!(pending(&[(DataStarted, "DM001", 21)]), all);
        assert_eq!(pending(&[(DataDone, "DM001", 21)]), all[..5]);
    }

    #[test]
    fn a_seed_comes_back_only_with_a_text_that_was_never_applied() {
        let is_pending = |lines: &[_]| pending(lines).contains(&"S001".to_owned());
        assert!(is_pending(&[(Seeded, "S001", 12)]));
        assert!(!is_pending(&[(Seeded, "S001", 11)]));
        assert!(!is_pending(&[(Seeded, "S001", 11), (Seeded, "S001", 12)]));
        assert!(drifts(&[(Seeded, "S001", 12)]).is_empty());
    }

    #[test]
    fn another_file_with_the_same_number_is_not_an_edit() {
        let applied = |name: &str, text: u8| {
            let mut ledger = ledger(&[(Applied, "001", 1), (Applied, "002", text)]);
            let renamed = |entry: &Entry| match entry.version {
                version if version.number() == 1 => entry.clone(),
                _ => Entry {
                    name: name.to_owned(),
                    ..entry.clone()
                },
            };
            ledger.entries = ledger.entries.iter().map(renamed).collect();
            let all = drift(&PLAN, &ledger);
            all.first().map(ToString::to_string)
        };
        assert_eq!(
            applied("002_hotfix.sql", 9).as_deref(),
            Some(
                "002 was applied as `002_hotfix.sql`, another file; this binary's 002 is `002_b.sql`"
            )
        );
        let moved = applied("002_d.sql", 4).unwrap_or_default();
        assert!(
            moved.ends_with(", and the applied text is here as `004_d.sql`"),
            "{moved}"
        );
        // The same text under another title, and another text under the same one.
        assert_eq!(applied("002_other.sql", 2), None);
        let edited = applied("002_b.sql", 9).unwrap_or_default();
        assert!(edited.starts_with("002_b.sql was edited"), "{edited}");
    }

    #[test]
    fn what_an_operator_gave_another_number_is_applied_under_both() {
        use LedgerEvent::{Renumbered, Restamped, Vacated};
        // The text of 004 was applied as 002: 002 is free, and runs late.
        let moved = [
            (Applied, "001", 1),
            (Applied, "002", 4),
            (Vacated, "002", 4),
            (Renumbered, "004", 4),
        ];
        assert_eq!(drifts(&moved), Vec::<String>::new());
        assert_eq!(pending(&moved)[0], "002");
        assert!(!pending(&moved).contains(&"004".to_owned()));
        // A binary from before has 002 with the text that has another number now, and then another text as 002.
        let mut before = vec![
            (Applied, "001", 1),
            (Applied, "002", 2),
            (Vacated, "002", 2),
            (Renumbered, "005", 2),
        ];
        for _ in 0..2 {
            assert_eq!(drifts(&before), Vec::<String>::new(), "{before:?}");
            assert_eq!(pending(&before)[0], "004");
            before.push((Applied, "002", 9));
        }
        for texts in [[9, 1], [1, 9]] {
            let [old, new] = texts;
            let lines = [(Applied, "001", old), (Restamped, "001", new)];
            assert_eq!(drifts(&lines), Vec::<String>::new(), "{texts:?}");
        }
        assert_eq!(
            drifts(&[(Applied, "001", 8), (Restamped, "001", 9)]),
            ["001 modified"]
        );
    }

    #[test]
    fn a_baseline_stands_for_all_that_it_replaces_or_for_nothing() {
        let digest = |lines: &[(&str, u8)]| {
            use sha2::{Digest as _, Sha256};
            let mut hash = Sha256::new();
            for (version, text) in lines {
                hash.update(version);
                hash.update(Checksum([*text; 32]).to_string());
            }
            hash.finalize().into()
        };
        let plan = PLAN.__with_baseline(3, digest(&[("001", 21), ("002", 22), ("003", 23)]));
        let all = [
            (Applied, "001", 21),
            (Applied, "002", 22),
            (Applied, "003", 23),
        ];
        let squashed = ledger(&all).with_baseline(&plan);
        assert_eq!(squashed.replaced.len(), 3);
        assert_eq!(squashed.applied().len(), 1);
        assert_eq!(drift(&plan, &squashed), []);
        for some in [&all[..1], &all[..2]] {
            let some = ledger(some).with_baseline(&plan);
            let drift = drift(&plan, &some);
            assert!(
                matches!(drift[..], [Drift::BehindBaseline { .. }]),
                "{drift:?}"
            );
        }
        let fresh = ledger(&[]).with_baseline(&plan);
        assert!(fresh.replaced.is_empty() && drift(&plan, &fresh).is_empty());
    }

    #[test]
    fn what_drifts() {
        let fine: &[&[(LedgerEvent, &str, u8)]] = &[
            &[],
            &[(Applied, "001", 1)],
            &[
                (Applied, "001", 1),
                (Applied, "002", 2),
                (Applied, "004", 4),
                (Applied, "005", 5),
            ],
            &[(Seeded, "S001", 11), (Seeded, "S002", 1)],
            &[(DataDone, "DM001", 21), (DataDone, "DM002", 1)],
            &[(Applied, "100", 100)],
            // A newer binary has begun, and did not finish.
            &[(Started, "101", 1)],
            // A failed file may be edited.
            &[(Started, "001", 9), (Abandoned, "001", 9)],
        ];
        for lines in fine {
            assert_eq!(drifts(lines), Vec::<String>::new(), "{lines:?}");
        }
        for (lines, expected) in [
            (vec![(Applied, "001", 9)], vec!["001 modified"]),
            (vec![(Applied, "002", 2)], vec!["001 out-of-order"]),
            (
                vec![(Applied, "001", 1), (Applied, "003", 3)],
                vec!["002 out-of-order", "003 unknown"],
            ),
            (
                vec![(Applied, "101", 1)],
                vec!["100 out-of-order", "101 release-ahead"],
            ),
            (
                vec![(Applied, "100", 100), (Applied, "101", 1)],
                vec!["101 release-ahead"],
            ),
            (vec![(DataDone, "DM001", 9)], vec!["DM001 modified"]),
            (
                vec![(Seeded, "S002", 1), (Applied, "001", 9)],
                vec!["001 modified", "S001 out-of-order"],
            ),
        ] {
            let lines: Vec<_> = lines;
            assert_eq!(drifts(&lines), expected, "{lines:?}");
        }
    }
}
