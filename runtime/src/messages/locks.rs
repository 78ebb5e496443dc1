//! Which locks of other sessions conflict with those that a migration takes, as the plan knows them.

use std::collections::BTreeMap;

use crate::plan::{LockMode, Statement};
use crate::sql::{Fragment, fill};

/// What the statements lock: for each relation the number of the weakest mode that conflicts, a space, and
/// its name.
pub(super) fn wanted_locks(statements: &[Statement]) -> Vec<String> {
    let mut strongest: BTreeMap<&str, LockMode> = BTreeMap::new();
    for lock in statements.iter().flat_map(|statement| statement.locks) {
        let mode = strongest.entry(lock.relation).or_insert(lock.mode);
        *mode = lock.mode.max(*mode);
    }
    strongest
        .into_iter()
        .map(|(relation, mode)| {
            let weakest = mode.weakest_conflict().strength().to_string();
            [&weakest, " ", relation].concat()
        })
        .collect()
}

/// The query for the locks of other sessions that conflict with the wanted ones.
pub(super) fn conflicting_locks(wanted: Fragment<'_>) -> String {
    fill(
        include_str!("../sql/conflicting_locks.sql"),
        &[("locks", wanted)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Lock;

    #[test]
    fn each_relation_is_wanted_once_in_the_strongest_mode() {
        const LOCKS: &[Lock] = &[
            Lock::__new("shop.a", LockMode::Share),
            Lock::__new("shop.Odd name", LockMode::RowExclusive),
        ];
        const MORE: &[Lock] = &[Lock::__new("shop.a", LockMode::AccessExclusive)];
        let statement = |locks| Statement::__new("", 1, 1).__with_effect(locks, &[], &[], false);
        assert_eq!(
            wanted_locks(&[statement(LOCKS), statement(MORE)]),
            ["5 shop.Odd name", "1 shop.a"]
        );
        assert!(wanted_locks(&[Statement::__new("", 1, 1)]).is_empty());
    }

    /// Table 13.2 of the manual, "Conflicting Lock Modes", row by row.
    #[test]
    fn what_conflicts_is_everything_from_one_mode_on() {
        use LockMode::{
            AccessExclusive, AccessShare, Exclusive, RowExclusive, RowShare, Share,
            ShareRowExclusive, ShareUpdateExclusive,
        };
        for (mode, conflicts) in [
            (AccessShare, "-------X"),
            (RowShare, "------XX"),
            (RowExclusive, "----XXXX"),
            (ShareUpdateExclusive, "---XXXXX"),
            // The manual has no X for SHARE itself.
            (Share, "--XXXXXX"),
            (ShareRowExclusive, "--XXXXXX"),
            (Exclusive, "-XXXXXXX"),
            (AccessExclusive, "XXXXXXXX"),
        ] {
            let weakest = mode.weakest_conflict().strength();
            let computed: String = (1..=8)
                .map(|strength| if strength >= weakest { 'X' } else { '-' })
                .collect();
            assert_eq!(computed, conflicts, "{mode}");
        }
    }
}
