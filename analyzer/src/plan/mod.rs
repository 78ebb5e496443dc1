//! The plan as owned data. `onward-macros` and `onward-cli` convert it to the runtime's plan, which is a
//! constant.

mod build;
mod effects;
mod interface;
pub(crate) mod job;

pub(crate) use build::build;
pub use build::{Agreement, Migration, Plan, Statement, Step};
pub use effects::AnalyzedStatement;
pub(crate) use effects::PlannedEffects;
pub(crate) use interface::interface;
pub use interface::{Interface, Need, Offer, TypedColumn};
pub use job::{Data, Job, Key, Ranges, Tenants};
