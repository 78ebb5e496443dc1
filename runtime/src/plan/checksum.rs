//! SHA-256 digests, as the ledger stores them.

use std::fmt;
use std::str::FromStr;

/// A SHA-256 digest: of a file's text with line endings normalised to LF and a leading byte order
/// mark dropped, or of a whole plan.
///
/// ```
/// use onward::Checksum;
///
/// let checksum = Checksum([0xab; 32]);
/// assert_eq!(checksum.to_string(), "ab".repeat(32));
/// assert_eq!("ab".repeat(32).parse::<Checksum>()?, checksum);
/// # Ok::<(), onward::InvalidChecksum>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checksum(pub [u8; 32]);

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checksum({self})")
    }
}

/// The text is not 64 hexadecimal digits.
///
/// ```
/// assert!("abc".parse::<onward::Checksum>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a checksum: expected 64 hexadecimal digits")]
pub struct InvalidChecksum(String);

impl FromStr for Checksum {
    type Err = InvalidChecksum;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digit = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|d| u8::try_from(d).ok())
        };
        let bytes: Option<Vec<u8>> = text
            .as_bytes()
            .chunks(2)
            .map(|pair| match *pair {
                [high, low] => Some(digit(high)? << 4 | digit(low)?),
                _ => None,
            })
            .collect();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| InvalidChecksum(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_reads_back() {
        let mut bytes = [0; 32];
        (0..).zip(&mut bytes).for_each(|(n, byte)| *byte = n * 8);
        let checksum = Checksum(bytes);
        assert_eq!(checksum.to_string().parse(), Ok(checksum));
        for wrong in [
            "",
            "0",
            &"0".repeat(63),
            &"0".repeat(65),
            &"g".repeat(64),
            &"é".repeat(32),
        ] {
            assert!(wrong.parse::<Checksum>().is_err(), "{wrong}");
        }
    }
}
