//! The crates whose types the features name. Each is a module of its own, which changes no other.

#[cfg(feature = "with-chrono-0_4")]
mod with_chrono {
    crate::types::fits::both! {
        ::chrono::DateTime<::chrono::Utc> => Timestamptz;
        ::chrono::DateTime<::chrono::FixedOffset> => Timestamptz;
        ::chrono::NaiveDateTime => Timestamp;
        ::chrono::NaiveDate => Date;
        ::chrono::NaiveTime => Time;
    }
}
#[cfg(feature = "with-chrono-0_4")]
pub use chrono;

#[cfg(feature = "with-jiff-0_2")]
mod with_jiff {
    crate::types::fits::both! {
        ::jiff::Timestamp => Timestamptz;
        ::jiff::civil::DateTime => Timestamp;
        ::jiff::civil::Date => Date;
        ::jiff::civil::Time => Time;
    }
}
#[cfg(feature = "with-jiff-0_2")]
pub use jiff;

#[cfg(feature = "with-serde_json-1")]
mod with_serde_json {
    crate::types::fits::both! {
        ::serde_json::Value => Json;
    }

    impl<T> crate::types::Reads<crate::types::sql::Json> for postgres_types::Json<T> {}
    impl<T> crate::types::Binds<crate::types::sql::Json> for postgres_types::Json<T> {}
}
#[cfg(feature = "with-serde_json-1")]
pub use serde_json;

#[cfg(feature = "with-time-0_3")]
mod with_time {
    crate::types::fits::both! {
        ::time::OffsetDateTime => Timestamptz;
        ::time::PrimitiveDateTime => Timestamp;
        ::time::Date => Date;
        ::time::Time => Time;
    }
}
#[cfg(feature = "with-time-0_3")]
pub use time;

#[cfg(feature = "with-uuid-1")]
mod with_uuid {
    crate::types::fits::both! {
        ::uuid::Uuid => Uuid;
    }
}
#[cfg(feature = "with-uuid-1")]
pub use uuid;
