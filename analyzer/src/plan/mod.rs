//! The owned plan; `onward-macros` and `onward-cli` build the runtime's constant one from it.

mod build;
mod effects;

pub use crate::intake::directive::Batch;
pub(crate) use build::build;
pub use build::{Migration, Plan, Statement, Step};
pub(crate) use effects::Foreseen;
pub use effects::Judged;
