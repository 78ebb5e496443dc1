//! Names for the types of the database, which [`Reads`](super::Reads) and [`Binds`](super::Binds) are about. An enum or a
//! composite type of the files is its own name.

macro_rules! names {
    ($($name:ident $shown:literal)*) => {
        $(
            #[doc = concat!("`", $shown, "`.")]
            ///
            /// ```
            #[doc = concat!("let _type: Option<onward::types::sql::", stringify!($name), "> = None;")]
            /// ```
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum $name {}
        )*
    };
}

names! {
    Bool "boolean"
    Char "\"char\""
    Int2 "smallint"
    Int4 "integer"
    Int8 "bigint"
    Oid "oid"
    Float4 "real"
    Float8 "double precision"
    Text "text"
    Bytea "bytea"
    Inet "inet"
    Hstore "hstore"
    Uuid "uuid"
    Json "json"
    Timestamptz "timestamp with time zone"
    Timestamp "timestamp without time zone"
    Date "date"
    Time "time without time zone"
}

/// An array of these.
///
/// ```
/// let _type: Option<onward::types::sql::Array<onward::types::sql::Int8>> = None;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Array<M>(std::marker::PhantomData<M>);
