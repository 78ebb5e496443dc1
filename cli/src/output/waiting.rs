//! What a run waits for, while it waits.

use std::io::{self, Write as _};

use onward::{Blocker, Event};

/// Prints who is in the way of a run to standard error. All other events are in the answer, or in the log.
pub(crate) fn tell(event: &Event) {
    let line = match event {
        Event::Waiting {
            doing, blockers, ..
        } if !blockers.is_empty() => {
            let blockers: Vec<_> = blockers.iter().map(Blocker::to_string).collect();
            format!("{doing}; in the way: {}", blockers.join(", "))
        }
        Event::Reconnecting { pause } => {
            format!("no connection to the server; the next try is in {pause:.1?}")
        }
        _ => return,
    };
    // A closed standard error must not stop a run.
    writeln!(io::stderr(), "{line}").ok();
}
