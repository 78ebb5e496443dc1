//! The wire formats of our types: [`Category`] as `text`, [`Checksum`] as `bytea`.

use std::error::Error;

use postgres_types::private::BytesMut;
use postgres_types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

use crate::plan::checksum::Checksum;
use crate::plan::version::Category;

type Result<T> = std::result::Result<T, Box<dyn Error + Sync + Send>>;

impl ToSql for Category {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull> {
        self.as_str().to_sql(ty, out)
    }

    accepts!(TEXT, VARCHAR);
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Category {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self> {
        Ok(<&str>::from_sql(ty, raw)?.parse()?)
    }

    accepts!(TEXT, VARCHAR);
}

impl ToSql for Checksum {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull> {
        self.0.as_slice().to_sql(ty, out)
    }

    accepts!(BYTEA);
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Checksum {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self> {
        Ok(Self(<&[u8]>::from_sql(ty, raw)?.try_into()?))
    }

    accepts!(BYTEA);
}
