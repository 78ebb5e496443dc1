//! What code knows of the schema: written by [`schema!`](crate::schema), [`derive(Row)`](macro@crate::Row) and
//! [`query!`](crate::query).
//!
//! | type in the database | Rust | needs the feature |
//! | --- | --- | --- |
//! | `boolean` | `bool` | |
//! | `"char"`, `smallint`, `integer`, `bigint`, `oid` | `i8`, `i16`, `i32`, `i64`, `u32` | |
//! | `real`, `double precision` | `f32`, `f64` | |
//! | `text`, `varchar`, `char`, `name`, `citext`, `ltree`, `lquery` | `String` | |
//! | `bytea` | `Vec<u8>` | |
//! | `inet` | `std::net::IpAddr` | |
//! | `hstore` | `HashMap<String, Option<String>>` | |
//! | `uuid` | `uuid::Uuid` | `with-uuid-1` |
//! | `json`, `jsonb` | `serde_json::Value` | `with-serde_json-1` |
//! | `timestamptz` | `jiff::Timestamp`, `time::OffsetDateTime` or `chrono::DateTime<Utc>` | `with-jiff-0_2`, `with-time-0_3` or `with-chrono-0_4`; without one `std::time::SystemTime` |
//! | `timestamp` | `jiff::civil::DateTime`, `time::PrimitiveDateTime`, `chrono::NaiveDateTime` | the same |
//! | `date`, `time` | `Date` and `Time`, or `NaiveDate` and `NaiveTime` | one of these |
//! | an enum or a composite type of the files | the type that `schema!` writes | |
//! | a domain | as its base type | |
//! | an array | `Vec` | |
//! | anything else, or without its feature | [`Unchecked`], which names the reason | |
//!
//! A column that can be null is an `Option`. If several crates for time are chosen, jiff comes before time, and time
//! before chrono.

mod column;
mod composite;
mod crates;
mod fits;
mod label;
mod query;
pub mod sql;
mod unchecked;
pub mod why;

pub use tokio_postgres;

#[doc(hidden)]
pub use tokio_postgres as driver;

pub use self::column::{Column, Table};
pub use self::composite::{Composite, Field, Fields, WrongComposite};
#[allow(unused_imports, unreachable_pub)]
pub use self::crates::*;
pub use self::fits::{Binds, Reads, binds, reads};
pub use self::label::UnknownLabel;
pub use self::query::{FromRow, Query};
pub use self::unchecked::Unchecked;
