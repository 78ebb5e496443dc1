//! Values that the compiler knows too little about.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use postgres_types::private::BytesMut;
use postgres_types::{FromSql, IsNull, ToSql, Type};

use super::why::NoRustType;

/// A value as the server sent it, which the caller reads as a type that it knows. `W` is the reason: see
/// [`why`](super::why).
///
/// ```
/// use onward::types::Unchecked;
///
/// fn total(value: &Unchecked) -> Result<String, Box<dyn std::error::Error + Sync + Send>> {
///     value.get()
/// }
/// ```
pub struct Unchecked<W = NoRustType> {
    data_type: Type,
    raw: Vec<u8>,
    why: PhantomData<fn() -> W>,
}

impl<W> Unchecked<W> {
    /// Reads the value, if the type takes what the server sent.
    ///
    /// # Errors
    ///
    /// The type does not take values of this type of the server's, or not this value.
    ///
    /// ```
    /// fn as_text(value: &onward::types::Unchecked) -> Option<String> {
    ///     value.get().ok()
    /// }
    /// ```
    pub fn get<'a, T: FromSql<'a>>(&'a self) -> Result<T, Box<dyn Error + Sync + Send>> {
        if !T::accepts(&self.data_type) {
            let wanted = std::any::type_name::<T>();
            return Err(format!("{wanted} is not read from the type {}", self.data_type).into());
        }
        T::from_sql(&self.data_type, &self.raw)
    }

    /// The type on the server.
    ///
    /// ```
    /// fn name(value: &onward::types::Unchecked) -> &str {
    ///     value.data_type().name()
    /// }
    /// ```
    #[must_use]
    pub const fn data_type(&self) -> &Type {
        &self.data_type
    }
}

impl<W> Clone for Unchecked<W> {
    fn clone(&self) -> Self {
        Self {
            data_type: self.data_type.clone(),
            raw: self.raw.clone(),
            why: PhantomData,
        }
    }
}

impl<W> PartialEq for Unchecked<W> {
    fn eq(&self, other: &Self) -> bool {
        self.data_type == other.data_type && self.raw == other.raw
    }
}

impl<W> fmt::Debug for Unchecked<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (data_type, bytes) = (&self.data_type, self.raw.len());
        write!(f, "Unchecked({data_type}, {bytes} bytes)")
    }
}

impl<'a, W> FromSql<'a> for Unchecked<W> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self {
            data_type: ty.clone(),
            raw: raw.to_owned(),
            why: PhantomData,
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Sent back as it came, to a parameter of the same type.
impl<W> ToSql for Unchecked<W> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        if *ty != self.data_type {
            let (read, wanted) = (&self.data_type, ty);
            return Err(format!("this value has the type {read}, and not {wanted}").into());
        }
        out.extend_from_slice(&self.raw);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres_types::to_sql_checked!();
}
