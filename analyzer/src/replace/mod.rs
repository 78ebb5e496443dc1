//! Replacing a column while two releases of the service use the table: the series of files that does it, and what the
//! files of a module have of such a series.
//!
//! A startup file adds the new column and a trigger that copies in the direction of the column that changed; a data
//! migration fills the rows that exist; release files give the new column what the old one has; the last one drops
//! trigger, function and old column in one transaction.

mod carried;
mod expected;
mod expression;
mod files;
mod found;
mod generate;
mod index;
mod keys;
mod losses;
mod moved;
mod pair;
mod partitioned;
mod problems;
mod published;
mod question;
mod release;
mod request;
mod sound;
mod startup;
mod statistics;
mod trigger;

pub(crate) use expected::{expected, lacking};
pub(crate) use expression::read;
pub use found::{Phase, Replacement};
pub(crate) use found::{fills, is_open, replacements};
pub(crate) use generate::is_possible;
pub use generate::{Generated, generate};
pub(crate) use losses::losses;
pub(crate) use pair::Pair;
pub(crate) use problems::problems;
pub(crate) use question::agreements;
pub use request::{Part, Request, Wanted};
pub(crate) use trigger::{copiers, create, function, trigger};
