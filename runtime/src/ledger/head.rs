//! The end of a ledger.

use std::fmt;

use crate::plan::checksum::Checksum;

/// The ledger's last line: how many lines there are, and the end of their hash chain.
///
/// Worth a line in a log that the database's owner cannot change: a session that rewrites the whole
/// ledger cannot rewrite that line. [`verify`](crate::verify()) compares it with the ledger; it prints as
/// `#7 <digest>` and is read from that text.
///
/// ```
/// fn anchor(report: &onward::Report) -> String {
///     format!("{} {}", report.schema(), report.head())
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Head {
    /// The number of lines.
    pub seq: i64,
    /// The chain's digest after the last one.
    pub chain: Checksum,
}

/// A text that is not a [`Head`].
///
/// ```
/// assert!("7".parse::<onward::Head>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a line of a ledger: expected `#`, its number, a space and 64 hexadecimal digits"
)]
pub struct InvalidHead(String);

impl std::str::FromStr for Head {
    type Err = InvalidHead;

    fn from_str(text: &str) -> Result<Self, InvalidHead> {
        let head = || {
            let (seq, chain) = text.trim().strip_prefix('#')?.split_once(' ')?;
            Some(Self {
                seq: seq.parse().ok()?,
                chain: chain.trim().parse().ok()?,
            })
        };
        head().ok_or_else(|| InvalidHead(text.to_owned()))
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {}", self.seq, self.chain)
    }
}
