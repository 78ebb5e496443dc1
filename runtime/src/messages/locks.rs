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

/// What the statements lock, each relation with its strongest mode: for every turn in another order, so that one of
/// them is the order in which the other sessions take them.
pub(super) fn in_turn(statements: &[Statement], turn: u32) -> Vec<String> {
    let mut all: Vec<(&str, LockMode)> = Vec::new();
    for lock in statements.iter().flat_map(|statement| statement.locks) {
        match all
            .iter_mut()
            .find(|(relation, _)| *relation == lock.relation)
        {
            Some((_, mode)) => *mode = lock.mode.max(*mode),
            None => all.push((lock.relation, lock.mode)),
        }
    }
    let places = usize::try_from(turn / 2).unwrap_or_default();
    let places = places.checked_rem(all.len()).unwrap_or_default();
    all.rotate_left(places);
    if turn % 2 == 1 {
        all.reverse();
    }
    all.into_iter()
        .map(|(relation, mode)| format!("{mode}:{relation}"))
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

    #[test]
    fn every_turn_has_another_order() {
        const LOCKS: &[Lock] = &[
            Lock::__new("s.t", LockMode::Share),
            Lock::__new("s.u", LockMode::RowExclusive),
            Lock::__new("s.t", LockMode::AccessExclusive),
        ];
        let statement = Statement::__new("", 1, 1).__with_effect(LOCKS, &[], &[], false);
        let (t, u) = ("ACCESS EXCLUSIVE:s.t", "ROW EXCLUSIVE:s.u");
        for (turn, expected) in [(1, [u, t]), (2, [u, t]), (3, [t, u]), (4, [t, u])] {
            assert_eq!(in_turn(&[statement], turn), expected, "{turn}");
        }
        assert!(in_turn(&[], 1).is_empty());
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
