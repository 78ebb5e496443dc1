//! What happens, in a line for each thing.

use onward::data::{Event, Reading};

/// The data migration that the event is about, and the line; `None` for what only a bar shows.
pub(super) fn line(event: &Event) -> Option<String> {
    Some(match event {
        Event::StandingBy => {
            "another worker is at work; this one takes over when that one is gone".to_owned()
        }
        Event::Begun { name, .. } => format!("{name}: has begun"),
        Event::Pass { name, number, .. } => match number {
            1 => format!("{name}: walks the table"),
            number => format!("{name}: pass {number}, for rows that appeared behind the cursor"),
        },
        Event::Throttled { name, readings, .. } => {
            format!(
                "{name}: the server has no room for more: {}",
                reasons(readings)
            )
        }
        Event::Refused {
            name,
            sqlstate,
            size,
            ..
        } => {
            format!("{name}: the server refused a batch ({sqlstate}); the next one has {size} rows")
        }
        Event::Skipped {
            name,
            key,
            sqlstate,
            ..
        } => format!("{name}: the row with key {key} fails ({sqlstate}) and is left out"),
        Event::Failed { name, reason, .. } => format!("{name}: failed: {reason}"),
        Event::Done { name, .. } => format!("{name}: done"),
        Event::Trouble { error, pause } => format!("tries again in {pause:.1?}: {error}"),
        _ => return None,
    })
}

pub(super) fn reasons(readings: &[Reading]) -> String {
    let all: Vec<_> = readings.iter().map(ToString::to_string).collect();
    all.join("; ")
}
