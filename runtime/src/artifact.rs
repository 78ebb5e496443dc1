//! A reference to a file in an object store, as a table keeps it.

use std::error::Error;

use postgres_types::private::BytesMut;
use postgres_types::{Field, FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::plan::checksum::Checksum;

type Boxed = Box<dyn Error + Sync + Send>;

/// Where a file is in an object store, and what it has to be: the database keeps this, and not the file.
///
/// A column has a composite type with these attributes, in any order:
///
/// ```sql
/// CREATE TYPE app.artifact AS (object_key text, size bigint, sha256 bytea, media_type text);
/// ```
///
/// A table that has them as columns of its own is read by `TryFrom<&Row>`. The reader of the object compares it with
/// the reference: a store can lose or mix up objects, and the database does not notice.
///
/// ```
/// use onward::{Checksum, artifact::Ref};
///
/// let sbom = Ref::new("sboms/1", 1480, Checksum([7; 32]), "application/spdx+json")?;
/// assert_eq!((sbom.key(), sbom.size()), ("sboms/1", 1480));
/// assert!(Ref::new("../1", 1480, Checksum([7; 32]), "application/spdx+json").is_err());
/// # Ok::<(), onward::artifact::InvalidRef>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ref {
    key: String,
    size: u64,
    sha256: Checksum,
    media_type: String,
}

/// What a reference cannot be.
///
/// ```
/// use onward::{Checksum, artifact::{InvalidRef, Ref}};
///
/// let wrong = Ref::new("", 1, Checksum([7; 32]), "text/plain");
/// assert!(matches!(wrong, Err(InvalidRef::Key(key)) if key.is_empty()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRef {
    /// The key is empty, longer than 1024 bytes, begins or ends with `/`, or has an empty part, `.`, `..` or a control
    /// character.
    #[error("`{0}` is not the key of an object: expected parts divided by `/`, 1024 bytes at most")]
    Key(String),
    /// The size is not one that `bigint` holds.
    #[error("{0} is not the size of an object in bytes")]
    Size(i128),
    /// The media type is not `type/subtype`.
    #[error("`{0}` is not a media type: expected type/subtype, such as application/json")]
    MediaType(String),
    /// An attribute is NULL.
    #[error("the attribute {0} of a reference to an artifact is NULL")]
    Null(&'static str),
}

impl Ref {
    /// The reference to an object with this key and content.
    ///
    /// # Errors
    ///
    /// [`InvalidRef`].
    ///
    /// ```
    /// # use onward::{Checksum, artifact::Ref};
    /// assert!(Ref::new("a/b", 0, Checksum([0; 32]), "text/plain; charset=utf-8").is_ok());
    /// ```
    pub fn new(
        key: impl Into<String>,
        size: u64,
        sha256: Checksum,
        media_type: impl Into<String>,
    ) -> Result<Self, InvalidRef> {
        let (key, media_type) = (key.into(), media_type.into());
        let is_part = |part: &str| {
            !matches!(part, "" | "." | "..") && !part.contains(|c: char| c.is_control())
        };
        if key.len() > 1024 || !key.split('/').all(is_part) {
            return Err(InvalidRef::Key(key));
        }
        if i64::try_from(size).is_err() {
            return Err(InvalidRef::Size(size.into()));
        }
        let is_token = |text: &str| {
            let marks = "!#$&-^_.+";
            let is_of = |c: char| c.is_ascii_alphanumeric() || marks.contains(c);
            !text.is_empty() && text.chars().all(is_of)
        };
        let (bare, _) = media_type.split_once(';').unwrap_or((&media_type, ""));
        let parts = bare.trim_end().split_once('/');
        if !parts.is_some_and(|(kind, of)| is_token(kind) && is_token(of)) {
            return Err(InvalidRef::MediaType(media_type));
        }
        Ok(Self {
            key,
            size,
            sha256,
            media_type,
        })
    }

    /// The key of the object in its store.
    ///
    /// ```
    /// fn address(artifact: &onward::artifact::Ref) -> String {
    ///     format!("https://store.internal/{}", artifact.key())
    /// }
    /// ```
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The number of bytes.
    ///
    /// ```
    /// fn fits(artifact: &onward::artifact::Ref) -> bool {
    ///     artifact.size() < 1 << 20
    /// }
    /// ```
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The SHA-256 of the bytes.
    ///
    /// ```
    /// fn is_it(artifact: &onward::artifact::Ref, digest: [u8; 32]) -> bool {
    ///     artifact.sha256() == onward::Checksum(digest)
    /// }
    /// ```
    #[must_use]
    pub const fn sha256(&self) -> Checksum {
        self.sha256
    }

    /// The media type.
    ///
    /// ```
    /// fn is_json(artifact: &onward::artifact::Ref) -> bool {
    ///     artifact.media_type().ends_with("json")
    /// }
    /// ```
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    fn write(&self, name: &str, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        match name {
            "object_key" => self.key.to_sql(ty, out),
            "size" => i64::try_from(self.size)?.to_sql(ty, out),
            "sha256" => self.sha256.to_sql(ty, out),
            _ => self.media_type.to_sql(ty, out),
        }
    }
}

/// The attributes, each with its type.
const ATTRIBUTES: [(&str, &[Type]); 4] = [
    ("object_key", &[Type::TEXT, Type::VARCHAR]),
    ("size", &[Type::INT8]),
    ("sha256", &[Type::BYTEA]),
    ("media_type", &[Type::TEXT, Type::VARCHAR]),
];

/// The attributes of a composite type, also of one below a domain.
fn fields(ty: &Type) -> Option<&[Field]> {
    match ty.kind() {
        Kind::Composite(fields) => Some(fields),
        Kind::Domain(below) => fields(below),
        _ => None,
    }
}

fn accepts(ty: &Type) -> bool {
    let Some(fields) = fields(ty) else {
        return false;
    };
    let has = |(name, types): &(&str, &[Type])| {
        let mut fields = fields.iter();
        fields.any(|field| field.name() == *name && types.contains(field.type_()))
    };
    fields.len() == ATTRIBUTES.len() && ATTRIBUTES.iter().all(has)
}

impl ToSql for Ref {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        let fields = fields(ty).unwrap_or_default();
        put(out, u32::try_from(fields.len())?);
        for field in fields {
            put(out, field.type_().oid());
            let mut value = BytesMut::new();
            self.write(field.name(), field.type_(), &mut value)?;
            put(out, u32::try_from(value.len())?);
            out.extend_from_slice(&value);
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        accepts(ty)
    }

    to_sql_checked!();
}

fn put(out: &mut BytesMut, number: u32) {
    out.extend_from_slice(&number.to_be_bytes());
}

/// Takes four bytes off the front, as a number.
fn take(raw: &mut &[u8]) -> Result<u32, Boxed> {
    let (bytes, rest) = raw.split_at_checked(4).ok_or("the value is cut off")?;
    *raw = rest;
    Ok(u32::from_be_bytes(bytes.try_into()?))
}

impl<'a> FromSql<'a> for Ref {
    fn from_sql(ty: &Type, mut raw: &'a [u8]) -> Result<Self, Boxed> {
        let fields = fields(ty).unwrap_or_default();
        let count = usize::try_from(take(&mut raw)?)?;
        let mut values: [Option<&[u8]>; 4] = [None; 4];
        for field in fields.iter().take(count) {
            take(&mut raw)?;
            // NULL has the length -1.
            let length = take(&mut raw)?;
            if length == u32::MAX {
                continue;
            }
            let (value, rest) = raw
                .split_at_checked(usize::try_from(length)?)
                .ok_or("the value is cut off")?;
            raw = rest;
            let at = ATTRIBUTES
                .iter()
                .position(|(name, _)| *name == field.name());
            if let Some(slot) = at.and_then(|at| values.get_mut(at)) {
                *slot = Some(value);
            }
        }
        let [key, size, sha256, media_type] = values;
        let text = |value: Option<&'a [u8]>, name| {
            let value = value.ok_or(InvalidRef::Null(name))?;
            <&str>::from_sql(&Type::TEXT, value)
        };
        let size = size.ok_or(InvalidRef::Null("size"))?;
        let sha256 = sha256.ok_or(InvalidRef::Null("sha256"))?;
        of_values(
            text(key, "object_key")?,
            i64::from_sql(&Type::INT8, size)?,
            Checksum::from_sql(&Type::BYTEA, sha256)?,
            text(media_type, "media_type")?,
        )
    }

    fn accepts(ty: &Type) -> bool {
        accepts(ty)
    }
}

fn of_values(key: &str, size: i64, sha256: Checksum, media_type: &str) -> Result<Ref, Boxed> {
    let size = u64::try_from(size).map_err(|_| InvalidRef::Size(size.into()))?;
    Ok(Ref::new(key, size, sha256, media_type)?)
}

/// The reference in the columns `object_key`, `size`, `sha256` and `media_type` of a row.
///
/// ```no_run
/// # async fn example(client: &tokio_postgres::Client) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let row = client.query_one("SELECT * FROM app.reports WHERE id = 1", &[]).await?;
/// let report = onward::artifact::Ref::try_from(&row)?;
/// # Ok(())
/// # }
/// ```
impl TryFrom<&tokio_postgres::Row> for Ref {
    type Error = Boxed;

    fn try_from(row: &tokio_postgres::Row) -> Result<Self, Boxed> {
        let key: Option<&str> = row.try_get("object_key")?;
        let size: Option<i64> = row.try_get("size")?;
        let sha256: Option<Checksum> = row.try_get("sha256")?;
        let media_type: Option<&str> = row.try_get("media_type")?;
        of_values(
            key.ok_or(InvalidRef::Null("object_key"))?,
            size.ok_or(InvalidRef::Null("size"))?,
            sha256.ok_or(InvalidRef::Null("sha256"))?,
            media_type.ok_or(InvalidRef::Null("media_type"))?,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composite(names: [(&str, Type); 4]) -> Type {
        let fields = names.map(|(name, ty)| Field::new(name.to_owned(), ty));
        let kind = Kind::Composite(fields.to_vec());
        Type::new("artifact".to_owned(), 70_000, kind, "app".to_owned())
    }

    #[test]
    fn a_reference_reads_back_whatever_the_order_of_the_attributes() -> Result<(), Boxed> {
        let one = Ref::new("a/b", 5_000_000_000, Checksum([9; 32]), "text/plain")?;
        let ordered = composite([
            ("object_key", Type::TEXT),
            ("size", Type::INT8),
            ("sha256", Type::BYTEA),
            ("media_type", Type::TEXT),
        ]);
        let turned = composite([
            ("media_type", Type::VARCHAR),
            ("sha256", Type::BYTEA),
            ("size", Type::INT8),
            ("object_key", Type::TEXT),
        ]);
        for ty in [ordered, turned] {
            assert!(<Ref as ToSql>::accepts(&ty));
            let mut out = BytesMut::new();
            one.to_sql(&ty, &mut out)?;
            assert_eq!(Ref::from_sql(&ty, &out)?, one);
            for end in 0..out.len() {
                assert!(Ref::from_sql(&ty, &out[..end]).is_err(), "{end}");
            }
        }
        let other = composite([
            ("object_key", Type::TEXT),
            ("size", Type::INT4),
            ("sha256", Type::BYTEA),
            ("media_type", Type::TEXT),
        ]);
        assert!(!<Ref as FromSql>::accepts(&other));
        assert!(!<Ref as FromSql>::accepts(&Type::TEXT));
        Ok(())
    }

    #[test]
    fn what_cannot_be_a_reference_is_refused() {
        let sha256 = Checksum([0; 32]);
        let long = "a".repeat(1025);
        for key in ["", "/a", "a/", "a//b", "../a", "a/./b", "a\nb", &long] {
            let made = Ref::new(key, 1, sha256, "text/plain");
            assert_eq!(made, Err(InvalidRef::Key(key.to_owned())));
        }
        for media_type in ["", "text", "text/", "/plain", "text/pl ain", "text\n/plain"] {
            let made = Ref::new("a", 1, sha256, media_type);
            assert_eq!(made, Err(InvalidRef::MediaType(media_type.to_owned())));
        }
        assert!(Ref::new("a", u64::MAX, sha256, "text/plain").is_err());
        assert!(of_values("a", -1, sha256, "text/plain").is_err());
    }
}
