//! Numbers as people read them.

/// `42 MB`, `1.5 GB`: in steps of 1024, as PostgreSQL's settings count.
pub(super) fn bytes(bytes: f64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let (mut number, mut units) = (bytes.max(0.0), UNITS.into_iter());
    let mut unit = units.next().unwrap_or_default();
    for larger in units {
        if number < 1024.0 {
            break;
        }
        (number, unit) = (number / 1024.0, larger);
    }
    [&short(number), " ", unit].concat()
}

pub(super) fn bytes_a_second(rate: f64) -> String {
    [&bytes(rate), "/s"].concat()
}

/// `45 s`, `12 min`, `3.5 h`, `2 days`.
pub(super) fn seconds(seconds: f64) -> String {
    let (number, unit) = match seconds.max(0.0) {
        few if few < 60.0 => (few, "s"),
        some if some < 3600.0 => (some / 60.0, "min"),
        many if many < 48.0 * 3600.0 => (many / 3600.0, "h"),
        more => (more / 86400.0, "days"),
    };
    [&short(number), " ", unit].concat()
}

pub(super) fn count(number: f64) -> String {
    format!("{number:.0}")
}

/// `20 %`
pub(super) fn percent(share: f64) -> String {
    [&short(share * 100.0), " %"].concat()
}

/// One digit behind the point when it says something.
fn short(number: f64) -> String {
    let rounded = (number * 10.0).round() / 10.0;
    match rounded < 10.0 && rounded.fract() != 0.0 {
        true => format!("{rounded:.1}"),
        false => format!("{number:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (text, expected) in [
            (bytes(-1.0), "0 bytes"),
            (bytes(1000.0), "1000 bytes"),
            (bytes(1536.0), "1.5 kB"),
            (bytes(42.4 * 1024.0 * 1024.0), "42 MB"),
            (bytes(16.0 * 1024.0 * 1024.0 * 1024.0), "16 GB"),
            (bytes_a_second(2048.0), "2 kB/s"),
            (seconds(0.04), "0 s"),
            (seconds(59.0), "59 s"),
            (seconds(90.0), "1.5 min"),
            (seconds(720.0), "12 min"),
            (seconds(7200.0), "2 h"),
            (seconds(864_000.0), "10 days"),
            (percent(0.2), "20 %"),
            (percent(0.012), "1.2 %"),
            (count(3.0), "3"),
        ] {
            assert_eq!(text, expected);
        }
    }
}
