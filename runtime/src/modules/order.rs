//! Which module starts before which: the one that owns an object before those that need it.

use crate::modules::text::{Text, same};
use crate::plan::{Need, Plan};

/// The module that owns the schema of what is needed; `None` if it is none of these.
pub(crate) const fn owner(plans: &[&Plan], need: &Need) -> Option<usize> {
    let mut at = 0;
    while at < plans.len() {
        if same(plans[at].schema(), need.schema) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The first need whose owner is not marked in `placed`.
const fn missing(plans: &[&Plan], at: usize, placed: &[bool]) -> Option<(usize, usize)> {
    let needs = plans[at].needs();
    let mut need = 0;
    while need < needs.len() {
        if let Some(owner) = owner(plans, &needs[need])
            && owner != at
            && !placed[owner]
        {
            return Some((need, owner));
        }
        need += 1;
    }
    None
}

/// The modules in the order in which they start: as given, as far as no need is against it. What stands in a circle comes
/// last.
pub(crate) const fn in_order<const N: usize>(plans: &[&'static Plan]) -> [&'static Plan; N] {
    let mut sorted = [plans[0]; N];
    let mut placed = [false; N];
    let mut count = 0;
    while count < N {
        let mut next = 0;
        while next < N && (placed[next] || missing(plans, next, &placed).is_some()) {
            next += 1;
        }
        if next == N {
            next = 0;
            while placed[next] {
                next += 1;
            }
        }
        placed[next] = true;
        sorted[count] = plans[next];
        count += 1;
    }
    sorted
}

/// How many modules a circle is looked for in; more do not stand in one program.
const MOST: usize = 256;

/// Writes the needs that lead from a module back to itself, if there is such a circle.
pub(crate) const fn circle(plans: &[&Plan], text: &mut Text) {
    let mut placed = [false; MOST];
    let count = if plans.len() < MOST {
        plans.len()
    } else {
        MOST
    };
    let mut moved = true;
    while moved {
        moved = false;
        let mut at = 0;
        while at < count {
            if !placed[at] && missing(plans, at, &placed).is_none() {
                placed[at] = true;
                moved = true;
            }
            at += 1;
        }
    }
    let mut at = 0;
    while at < count && placed[at] {
        at += 1;
    }
    if at == count {
        return;
    }
    // From a module that cannot start, so many steps lead into the circle.
    let mut steps = 0;
    while steps < count {
        at = next(plans, at, &placed);
        steps += 1;
    }
    let first = at;
    let mut is_first = true;
    while is_first || at != first {
        if let Some((need, owner)) = missing(plans, at, &placed) {
            let need = &plans[at].needs()[need];
            text.push(&[if is_first { "\n" } else { ", and " }]);
            text.push(&[plans[at].schema(), " needs ", need.schema, ".", need.name]);
            text.push(&[" (", need.path, ")"]);
            at = owner;
        }
        is_first = false;
    }
    text.push(&[": each of them waits for the other, and none can start first. Keep a copy of what is needed in one of \
         them, and remove its declaration"]);
}

const fn next(plans: &[&Plan], at: usize, placed: &[bool]) -> usize {
    match missing(plans, at, placed) {
        Some((_, owner)) => owner,
        None => at,
    }
}
