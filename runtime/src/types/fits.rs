//! Which Rust types fit which types of the database, as `postgres-types` has it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::SystemTime;

use super::sql;

/// A Rust type that is read from values of a type of the database.
///
/// For a type of your own, which implements `FromSql`:
///
/// ```
/// use onward::types::{Reads, sql};
///
/// struct UserId(i64);
/// impl Reads<sql::Int8> for UserId {}
/// onward::types::reads::<UserId, sql::Int8>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not read from a column of the type `{M}`",
    label = "the column has the type `{M}`",
    note = "the table in the documentation of `onward::types` has the Rust type of each, and which feature of `onward` it needs",
    note = "for a type of your own that implements `FromSql`: `impl onward::types::Reads<...> for` it"
)]
pub trait Reads<M> {}

/// A Rust type that is sent to a parameter of a type of the database.
///
/// For a type of your own, which implements `ToSql`:
///
/// ```
/// use onward::types::{Binds, sql};
///
/// struct UserId(i64);
/// impl Binds<sql::Int8> for UserId {}
/// onward::types::binds::<UserId, sql::Int8>(&UserId(1));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not sent to a parameter of the type `{M}`",
    label = "the parameter has the type `{M}`",
    note = "the table in the documentation of `onward::types` has the Rust type of each, and which feature of `onward` it needs",
    note = "for a type of your own that implements `ToSql`: `impl onward::types::Binds<...> for` it"
)]
pub trait Binds<M> {}

/// Compiles if `T` is read from `M`.
///
/// ```
/// onward::types::reads::<Option<String>, onward::types::sql::Text>();
/// ```
pub const fn reads<T: Reads<M>, M>() {}

/// Compiles if `T` is sent to `M`.
///
/// ```
/// onward::types::binds::<&str, onward::types::sql::Text>(&"a");
/// ```
pub const fn binds<T: Binds<M> + ?Sized, M>(_: &T) {}

macro_rules! both {
    ($($rust:ty => $marker:ident;)*) => {
        $(
            impl $crate::types::Reads<$crate::types::sql::$marker> for $rust {}
            impl $crate::types::Binds<$crate::types::sql::$marker> for $rust {}
        )*
    };
}

// Only the features use it elsewhere.
#[allow(unused_imports)]
pub(super) use both;

both! {
    bool => Bool;
    i8 => Char;
    i16 => Int2;
    i32 => Int4;
    i64 => Int8;
    u32 => Oid;
    f32 => Float4;
    f64 => Float8;
    String => Text;
    Box<str> => Text;
    Vec<u8> => Bytea;
    IpAddr => Inet;
    HashMap<String, Option<String>> => Hstore;
    SystemTime => Timestamptz;
    SystemTime => Timestamp;
}

impl Reads<sql::Text> for crate::plan::version::Category {}
impl Binds<sql::Text> for crate::plan::version::Category {}
impl Reads<sql::Bytea> for crate::plan::checksum::Checksum {}
impl Binds<sql::Bytea> for crate::plan::checksum::Checksum {}
impl Reads<sql::Uuid> for crate::tenant::TenantId {}
impl Binds<sql::Uuid> for crate::tenant::TenantId {}

impl<M, T: Reads<M>> Reads<M> for Option<T> {}
impl<M, T: Reads<M>> Reads<sql::Array<M>> for Vec<T> {}
impl<M, T: Reads<M>> Reads<sql::Array<M>> for Box<[T]> {}

impl Binds<sql::Text> for str {}
impl Binds<sql::Text> for Cow<'_, str> {}
impl Binds<sql::Bytea> for [u8] {}
impl<M, T: Binds<M>> Binds<M> for Option<T> {}
impl<M, T: Binds<M> + ?Sized> Binds<M> for &T {}
impl<M, T: Binds<M>> Binds<sql::Array<M>> for Vec<T> {}
impl<M, T: Binds<M>> Binds<sql::Array<M>> for [T] {}
impl<M, T: Binds<M>> Binds<sql::Array<M>> for Box<[T]> {}
