//! What an operator asks the server.

use super::lock;
use crate::ledger::task::Task;
use crate::plan::Plan;
use crate::sql::{Fragment, fill};

fn with_holders(plan: &Plan, text: &str, pid: Fragment<'_>) -> String {
    let (_, low) = plan.lock();
    let mut fragments = lock(plan);
    fragments.push(("data", Fragment::Integer(low.wrapping_add(1).into())));
    fragments.push(("pid", pid));
    let holders = include_str!("../sql/operator/holders.sql");
    fill(&[holders, text].concat(), &fragments)
}

/// The sessions that hold the module's locks.
pub(crate) fn holders(plan: &Plan) -> String {
    let text = include_str!("../sql/operator/list_holders.sql");
    with_holders(plan, text, Fragment::Null)
}

/// Ends a session that holds one of them.
pub(crate) fn end_holder(plan: &Plan, pid: i32) -> String {
    let text = include_str!("../sql/operator/end_holder.sql");
    with_holders(plan, text, Fragment::Integer(pid.into()))
}

/// What the server shows about an attempt, beside its effect.
pub(crate) fn signs(plan: &Plan, task: &Task) -> String {
    let statement = task.step.statements().first();
    fill(
        include_str!("../sql/operator/signs.sql"),
        &[
            ("quoted", Fragment::NameText(&[plan.schema()])),
            (
                "statement",
                Fragment::Text(statement.map_or("", |statement| statement.sql)),
            ),
        ],
    )
}
