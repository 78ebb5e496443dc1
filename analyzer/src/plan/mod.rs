//! The owned plan; `onward-macros` and `onward-cli` build the runtime's constant one from it.

mod build;
mod effects;

pub use crate::intake::directive::Batch;
pub(crate) use build::build;
pub use build::{Migration, Plan, Statement, Step};
pub use effects::AnalyzedStatement;
pub(crate) use effects::PlannedEffects;
