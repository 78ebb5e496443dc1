//! Reaches a PostgreSQL as every program on libpq does: URLs and `key=value` pairs, the `PG*` variables, service files,
//! `.pgpass`, sockets, several servers, `target_session_attrs`, and TLS in all six values of `sslmode`.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let target = onward_connect::Target::of("postgres://app@db.internal/shop?sslmode=verify-full")?;
//! println!("{target}");
//! let client = target.open(target.config()).await?.client;
//! # Ok(())
//! # }
//! ```
//!
//! TLS is the feature `tls`. Without it, `disable`, `allow` and `prefer` connect without TLS, and the others are an error.
//! docs/connecting.md in the repository lists all that is read.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]
// Without TLS some answers cannot occur.
#![cfg_attr(not(feature = "tls"), allow(dead_code))]

mod failure;
mod keyword;
mod mode;
mod open;
mod opened;
mod parameters;
mod password;
mod server;
mod service;
mod surroundings;
mod target;
mod text;
#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "no_tls.rs"]
mod tls;
mod trouble;
mod unreadable;
mod wanted;

pub use failure::NotConnected;
pub use opened::{Opened, speak};
pub use surroundings::Surroundings;
pub use target::Target;
pub use unreadable::Unreadable;
