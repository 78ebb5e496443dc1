//! Whether the server has room for a batch: what it says about itself, and what that means. Pure but for the service's
//! hook and [`readings`].

mod hook;
mod indicator;
mod judge;
mod memory;
mod now;
mod quantity;
mod question;
mod reading;
mod throttles;

pub use self::indicator::Indicator;
pub(crate) use self::memory::Memory;
pub use self::now::readings;
pub(crate) use self::question::{Answered, Subject, judge_all, questions};
pub use self::reading::{Reading, Signal};
pub use self::throttles::Throttles;
