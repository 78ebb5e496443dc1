//! Values of composite types, in the format that the server sends: the number of fields, and for each its type, its length
//! and its bytes.

use std::error::Error;

use postgres_types::private::BytesMut;
use postgres_types::{FromSql, IsNull, Kind, ToSql, Type};

type Result<T> = std::result::Result<T, Box<dyn Error + Sync + Send>>;

/// The fields of a composite type, as the driver asks the server for them.
pub use postgres_types::Field;

/// A value of a composite type that is not what the program was compiled for.
///
/// ```
/// use onward::types::WrongComposite;
///
/// let wrong = WrongComposite::NoField { data_type: "artifact".into(), field: "size" };
/// assert_eq!(wrong.to_string(), "artifact has no attribute `size`, which it had when the program was compiled");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongComposite {
    /// The type on the server is not a composite type.
    #[error("{0} is not a composite type")]
    NotComposite(String),
    /// An attribute is gone.
    #[error("{data_type} has no attribute `{field}`, which it had when the program was compiled")]
    NoField {
        /// The type.
        data_type: String,
        /// The attribute.
        field: &'static str,
    },
    /// An attribute that the program does not know has to be written.
    #[error(
        "{data_type} has the attribute `{field}`, which it did not have when the program was compiled"
    )]
    NewField {
        /// The type.
        data_type: String,
        /// The attribute.
        field: String,
    },
    /// The bytes end too early.
    #[error("the value of {0} is cut off")]
    CutOff(String),
}

fn fields(ty: &Type) -> Result<&[Field]> {
    match ty.kind() {
        Kind::Composite(fields) => Ok(fields),
        _other => Err(WrongComposite::NotComposite(ty.to_string()).into()),
    }
}

/// The fields of a value, read by name: an attribute that was added since is passed over.
///
/// ```
/// use onward::types::{Fields, tokio_postgres::types::Type};
///
/// assert!(Fields::read(&Type::INT4, &[0, 0, 0, 0]).is_err());
/// ```
#[derive(Debug)]
pub struct Fields<'a> {
    data_type: Type,
    raw: Vec<Option<&'a [u8]>>,
}

impl<'a> Fields<'a> {
    /// Takes a value apart.
    ///
    /// # Errors
    ///
    /// The type is not a composite one, or the value is cut off.
    ///
    /// ```
    /// use onward::types::{Fields, tokio_postgres::types::Type};
    ///
    /// let wrong = Fields::read(&Type::TEXT, b"open").unwrap_err();
    /// assert_eq!(wrong.to_string(), "text is not a composite type");
    /// ```
    pub fn read(ty: &Type, raw: &'a [u8]) -> Result<Self> {
        let known = fields(ty)?;
        let mut rest = raw;
        let cut = || WrongComposite::CutOff(ty.to_string());
        number(&mut rest).ok_or_else(cut)?;
        let mut raw = Vec::with_capacity(known.len());
        for _ in known {
            number(&mut rest).ok_or_else(cut)?;
            let length = number(&mut rest).ok_or_else(cut)?;
            let Ok(length) = usize::try_from(length) else {
                raw.push(None);
                continue;
            };
            let (value, behind) = rest.split_at_checked(length).ok_or_else(cut)?;
            raw.push(Some(value));
            rest = behind;
        }
        Ok(Self {
            data_type: ty.clone(),
            raw,
        })
    }

    /// The value of an attribute.
    ///
    /// # Errors
    ///
    /// The attribute is gone, or its value is of another type.
    ///
    /// ```
    /// use onward::types::Fields;
    ///
    /// fn size(fields: &Fields<'_>) -> Result<i64, Box<dyn std::error::Error + Sync + Send>> {
    ///     fields.get("size")
    /// }
    /// ```
    pub fn get<T: FromSql<'a>>(&self, field: &'static str) -> Result<T> {
        let known = fields(&self.data_type)?;
        let of = |at: usize| known.get(at).zip(self.raw.get(at));
        let at = known.iter().position(|one| one.name() == field);
        let (known, raw) = at.and_then(of).ok_or_else(|| {
            let data_type = self.data_type.to_string();
            WrongComposite::NoField { data_type, field }
        })?;
        if !T::accepts(known.type_()) {
            let wanted = std::any::type_name::<T>();
            return Err(format!("{wanted} is not read from the type {}", known.type_()).into());
        }
        T::from_sql_nullable(known.type_(), *raw)
    }
}

fn number(rest: &mut &[u8]) -> Option<i32> {
    let (head, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(i32::from_be_bytes(*head))
}

/// Writes a value, field by field in the order of the server.
///
/// ```
/// use onward::types::Composite;
/// use onward::types::tokio_postgres::types::{Type, private::BytesMut};
///
/// assert!(Composite::write(&Type::INT4, &mut BytesMut::new(), &[]).is_err());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Composite;

impl Composite {
    /// Writes a value with these attributes.
    ///
    /// # Errors
    ///
    /// The type is not a composite one, has an attribute that is not among these, or one of another type.
    ///
    /// ```
    /// use onward::types::Composite;
    /// use onward::types::tokio_postgres::types::{Type, private::BytesMut};
    ///
    /// let wrong = Composite::write(&Type::TEXT, &mut BytesMut::new(), &[("size", &1_i64)]);
    /// assert!(wrong.is_err_and(|error| error.to_string() == "text is not a composite type"));
    /// ```
    pub fn write(
        ty: &Type,
        out: &mut BytesMut,
        values: &[(&'static str, &dyn ToSql)],
    ) -> Result<IsNull> {
        let known = fields(ty)?;
        out.extend_from_slice(&i32::try_from(known.len())?.to_be_bytes());
        for field in known {
            let value = values.iter().find(|(name, _)| *name == field.name());
            let (_, value) = value.ok_or_else(|| WrongComposite::NewField {
                data_type: ty.to_string(),
                field: field.name().to_owned(),
            })?;
            out.extend_from_slice(&field.type_().oid().to_be_bytes());
            let start = out.len();
            out.extend_from_slice(&(-1_i32).to_be_bytes());
            if let IsNull::No = value.to_sql_checked(field.type_(), out)? {
                let length = i32::try_from(out.len() - start - 4)?;
                if let Some(place) = out.get_mut(start..start + 4) {
                    place.copy_from_slice(&length.to_be_bytes());
                }
            }
        }
        Ok(IsNull::No)
    }
}
