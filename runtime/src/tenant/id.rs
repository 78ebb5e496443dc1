//! Which tenant.

use std::error::Error;
use std::fmt;

use postgres_types::private::BytesMut;
use postgres_types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

/// The UUID of a tenant, checked: nothing else gets into the setting that policies compare with.
///
/// One spelling is read, in upper or lower case, so that one tenant is one text in logs and caches. It is a `uuid` to
/// PostgreSQL, also as a parameter of a query. From the `uuid` crate: `TenantId::from_bytes(uuid.into_bytes())`.
///
/// ```
/// use onward::tenant::TenantId;
///
/// let tenant: TenantId = "6F9619FF-8B86-D011-B42D-00C04FC964FF".parse()?;
/// assert_eq!(tenant.to_string(), "6f9619ff-8b86-d011-b42d-00c04fc964ff");
/// for bad in ["", "%", "6f9619ff", "6f9619ff-8b86-d011-b42d-00c04fc964f%"] {
///     assert!(bad.parse::<TenantId>().is_err());
/// }
/// # Ok::<(), onward::tenant::InvalidTenantId>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId([u8; 16]);

/// A text that is not the UUID of a tenant. What was given is not repeated: it may come from a stranger.
///
/// ```
/// let error = "' OR true --".parse::<onward::tenant::TenantId>().unwrap_err();
/// assert!(error.to_string().starts_with("the id of a tenant is a UUID"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the id of a tenant is a UUID, 32 hexadecimal digits in groups of 8-4-4-4-12, and {}",
    match .length { 0 => "the text is empty", 36 => "the text has another character in it", _ => "the text has another length" }
)]
pub struct InvalidTenantId {
    length: usize,
}

impl TenantId {
    /// From the bytes of a UUID, in the order of the text.
    ///
    /// ```
    /// let tenant = onward::tenant::TenantId::from_bytes([7; 16]);
    /// assert_eq!(tenant.to_string(), "07070707-0707-0707-0707-070707070707");
    /// ```
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes of the UUID, in the order of the text.
    ///
    /// ```
    /// # let tenant = onward::tenant::TenantId::from_bytes([7; 16]);
    /// assert_eq!(tenant.as_bytes(), &[7; 16]);
    /// ```
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Where the hyphens are.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl std::str::FromStr for TenantId {
    type Err = InvalidTenantId;

    fn from_str(text: &str) -> Result<Self, InvalidTenantId> {
        let invalid = InvalidTenantId { length: text.len() };
        if text.len() != 36 {
            return Err(invalid);
        }
        let mut number = 0_u128;
        for (at, c) in text.chars().enumerate() {
            match (HYPHENS.contains(&at), c.to_digit(16)) {
                (true, _) if c == '-' => {}
                (false, Some(digit)) => number = number << 4 | u128::from(digit),
                (true | false, _) => return Err(invalid),
            }
        }
        Ok(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:032x}", u128::from_be_bytes(self.0));
        for (at, digit) in digits.chars().enumerate() {
            if [8, 12, 16, 20].contains(&at) {
                f.write_str("-")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TenantId({self})")
    }
}

type Answer<T> = Result<T, Box<dyn Error + Sync + Send>>;

impl ToSql for TenantId {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Answer<IsNull> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    accepts!(UUID);
    to_sql_checked!();
}

impl<'a> FromSql<'a> for TenantId {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Answer<Self> {
        Ok(Self(raw.try_into()?))
    }

    accepts!(UUID);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_uuid_is_a_tenant() {
        let good = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
        let tenant: TenantId = good.parse().expect("it is a UUID");
        assert_eq!(tenant.to_string(), good);
        assert_eq!(TenantId::from_bytes(*tenant.as_bytes()), tenant);
        for bad in [
            "",
            "%",
            "null",
            "6f9619ff8b86d011b42d00c04fc964ff",
            "{6f9619ff-8b86-d011-b42d-00c04fc964ff}",
            " 6f9619ff-8b86-d011-b42d-00c04fc964ff",
            "6f9619ff-8b86-d011-b42d-00c04fc964fg",
            "6f9619ff-8b86-d011-b42d-00c04fc964f%",
            "6f9619ff-8b86-d011-b42d000c04fc964ff",
            "6f9619ff-8b86-d011-b42d-00c04fc964f-",
            "6f9619ff-8b86-d011-b42d-00c04fc964+f",
            // 36 bytes, and fewer characters.
            "6f9619ff-8b86-d011-b42d-00c04fc964ä",
            "６f9619ff-8b86-d011-b42d-00c04fc964",
        ] {
            assert!(bad.parse::<TenantId>().is_err(), "{bad}");
        }
    }
}
