//! Triggers and policies that PostgreSQL does not create.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::schema::Answer;
use crate::statement::{
    Change, CreateTrigger, ObjectKind, Policy, PolicyCommand, TriggerEvent, TriggerTiming,
};

pub(super) static RULE: Rule = Rule {
    id: "refused-trigger",
    summary: "a trigger or a policy has a form that PostgreSQL does not accept",
    page: include_str!("refused_trigger.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::CreatePolicy, Subject::CreateTrigger],
        &Check::Parts(check),
    ),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let found = match context.change() {
        Change::CreateTrigger(trigger) => {
            let reason = of_relation(context, trigger)
                .or_else(|| instead_of(trigger))
                .or_else(|| of_rows(trigger))
                .or_else(|| transition(trigger))
                .or_else(|| of_constraint(trigger))
                .or_else(|| of_function(context, trigger));
            reason.map(|(why, help)| {
                let what = format!(
                    "the trigger {} cannot be {} on {}",
                    trigger.trigger,
                    spelled(trigger),
                    trigger.table
                );
                refused(&context.clause.span, what, why, help)
            })
        }
        Change::CreatePolicy(policy) => of_policy(context, policy),
        _ => None,
    };
    found.into_iter().collect()
}

/// `BEFORE INSERT OR UPDATE FOR EACH ROW`.
fn spelled(trigger: &CreateTrigger) -> String {
    let events: Vec<String> = trigger.events.iter().map(ToString::to_string).collect();
    let each = if trigger.for_each_row {
        "ROW"
    } else {
        "STATEMENT"
    };
    format!("{} {} FOR EACH {each}", trigger.timing, events.join(" OR "))
}

type Reason = (&'static str, &'static str);

/// What the relation does not have.
fn of_relation(context: &Context<'_>, trigger: &CreateTrigger) -> Option<Reason> {
    let known = context.existing(&trigger.table)?;
    let is_truncate = trigger.events.contains(&TriggerEvent::Truncate);
    let is_instead = trigger.timing == TriggerTiming::InsteadOf;
    let is_partitioned = known.partition_by.is_some();
    match known.kind {
        ObjectKind::View if is_truncate => Some((
            "views cannot have TRUNCATE triggers (42809)",
            "create the trigger on the table below the view",
        )),
        ObjectKind::View if trigger.for_each_row && !is_instead => Some((
            "views cannot have row-level BEFORE or AFTER triggers (42809)",
            "write INSTEAD OF, or create the trigger on the table below the view",
        )),
        ObjectKind::View => None,
        ObjectKind::MaterializedView => Some((
            "a materialized view cannot have triggers (42809)",
            "create the trigger on the table below the view",
        )),
        _ if is_instead => Some((
            "tables cannot have INSTEAD OF triggers (42809)",
            "write BEFORE: its function returns NULL to skip the row",
        )),
        _ if is_partitioned && trigger.for_each_row && !trigger.transition_tables.is_empty() => {
            Some((
                "row-level triggers with transition tables are not supported on partitioned tables (0A000)",
                "write FOR EACH STATEMENT",
            ))
        }
        _ => None,
    }
}

fn instead_of(trigger: &CreateTrigger) -> Option<Reason> {
    if trigger.timing != TriggerTiming::InsteadOf {
        return None;
    }
    if !trigger.for_each_row {
        Some((
            "INSTEAD OF triggers must be FOR EACH ROW (0A000)",
            "write FOR EACH ROW",
        ))
    } else if trigger.condition.is_some() {
        Some((
            "INSTEAD OF triggers cannot have WHEN conditions (0A000)",
            "put the condition into the function",
        ))
    } else {
        (!trigger.columns.is_empty()).then_some((
            "INSTEAD OF triggers cannot have column lists (0A000)",
            "write UPDATE without columns, and compare OLD and NEW in the function",
        ))
    }
}

fn of_rows(trigger: &CreateTrigger) -> Option<Reason> {
    let has = |event| trigger.events.contains(&event);
    let names = |row: &str| {
        let condition = trigger.condition.iter();
        let mut rows = condition.flat_map(|condition| &condition.tables);
        rows.any(|one| one == row)
    };
    if trigger.for_each_row && has(TriggerEvent::Truncate) {
        Some((
            "TRUNCATE FOR EACH ROW triggers are not supported (0A000)",
            "write FOR EACH STATEMENT",
        ))
    } else if !trigger.for_each_row && (names("old") || names("new")) {
        Some((
            "a statement trigger's WHEN condition cannot reference column values (42P17)",
            "write FOR EACH ROW",
        ))
    } else if has(TriggerEvent::Insert) && names("old") {
        Some((
            "an INSERT trigger's WHEN condition cannot reference OLD values (42P17)",
            "create a trigger of its own for INSERT",
        ))
    } else if has(TriggerEvent::Delete) && names("new") {
        Some((
            "a DELETE trigger's WHEN condition cannot reference NEW values (42P17)",
            "create a trigger of its own for DELETE",
        ))
    } else {
        None
    }
}

fn transition(trigger: &CreateTrigger) -> Option<Reason> {
    if trigger.transition_tables.is_empty() {
        return None;
    }
    if trigger.timing != TriggerTiming::After {
        Some((
            "a transition table name can only be specified for an AFTER trigger (42P17)",
            "write AFTER",
        ))
    } else if trigger.events.contains(&TriggerEvent::Truncate) {
        Some((
            "TRUNCATE triggers with transition tables are not supported (0A000)",
            "remove REFERENCING",
        ))
    } else if trigger.events.len() > 1 {
        Some((
            "transition tables cannot be specified for triggers with more than one event (0A000)",
            "create one trigger for each event",
        ))
    } else if trigger.transition_of_old && trigger.events == [TriggerEvent::Insert] {
        Some((
            "OLD TABLE can only be specified for a DELETE or UPDATE trigger (42P17)",
            "write NEW TABLE: an INSERT has no old rows",
        ))
    } else if trigger.transition_of_new && trigger.events == [TriggerEvent::Delete] {
        Some((
            "NEW TABLE can only be specified for an INSERT or UPDATE trigger (42P17)",
            "write OLD TABLE: a DELETE has no new rows",
        ))
    } else {
        (!trigger.columns.is_empty()).then_some((
            "transition tables cannot be specified for triggers with column lists (0A000)",
            "write UPDATE without columns",
        ))
    }
}

fn of_constraint(trigger: &CreateTrigger) -> Option<Reason> {
    (trigger.constraint && !trigger.for_each_row).then_some((
        "a constraint trigger is FOR EACH ROW: syntax error (42601)",
        "write FOR EACH ROW",
    ))
}

/// The function of a trigger has no parameters: the trigger passes its arguments in `TG_ARGV`.
fn of_function(context: &Context<'_>, trigger: &CreateTrigger) -> Option<Reason> {
    let function = &trigger.function;
    let overloads = context.schema.routines(function);
    let is_certain = context.schema.exists(ObjectKind::Function, function, None) == Answer::Yes;
    let has_parameters = overloads
        .iter()
        .all(|one| one.created.is_some() && !one.parameters.is_empty());
    (is_certain && !overloads.is_empty() && has_parameters).then_some((
        "function does not exist (42883): a function of this name has parameters, and a trigger needs one without",
        "create a function without parameters that RETURNS trigger",
    ))
}

fn of_policy(context: &Context<'_>, policy: &Policy) -> Option<SpannedMessage> {
    let (why, help) = match policy.command {
        PolicyCommand::Insert if policy.using.is_some() => (
            "only WITH CHECK expression allowed for INSERT (42601)",
            "write WITH CHECK instead of USING: a new row is checked, not searched",
        ),
        PolicyCommand::Select | PolicyCommand::Delete if policy.check.is_some() => (
            "WITH CHECK cannot be applied to SELECT or DELETE (42601)",
            "write USING instead of WITH CHECK: no row is written",
        ),
        PolicyCommand::All
        | PolicyCommand::Select
        | PolicyCommand::Insert
        | PolicyCommand::Update
        | PolicyCommand::Delete => return None,
    };
    Some(refused(
        &context.clause.span,
        format!(
            "the policy {} of {} is FOR {}",
            policy.policy, policy.table, policy.command
        ),
        why,
        help,
    ))
}
