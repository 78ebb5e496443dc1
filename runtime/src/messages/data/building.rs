//! Asks how far the indexes are that are built at this moment.

use crate::plan::Plan;
use crate::sql::{Fragment, fill};

pub(crate) fn building(plan: &Plan) -> String {
    fill(
        include_str!("../../sql/data/building.sql"),
        &[
            ("name", Fragment::Text(plan.schema())),
            ("quoted", Fragment::NameText(&[plan.schema()])),
        ],
    )
}
