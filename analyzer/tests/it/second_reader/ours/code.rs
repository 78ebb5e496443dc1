//! Routines, triggers and policies.

use onward_analyzer::statement::{
    Change, CreateRoutine, CreateTrigger, Policy, RoutineParameter, Volatility,
};

use super::{spelled, spelled_if};
use crate::second_reader::lines::{flags, list, with};

pub(super) fn facts(change: &Change) -> Option<Vec<String>> {
    let line = match change {
        Change::CreateRoutine(create) => return Some(routine(create)),
        Change::CreateTrigger(create) => trigger(create),
        Change::CreatePolicy(policy) => {
            let command = format!("{:?}", policy.command)
                .to_lowercase()
                .replace('"', "");
            let restrictive = flags([(!policy.permissive, "restrictive")]);
            format!(
                "create policy {} for {command} {}{restrictive}",
                named(policy),
                lets(policy)
            )
        }
        Change::AlterPolicy(policy) => format!("alter policy {} {}", named(policy), lets(policy)),
        _ => return None,
    };
    Some(vec![line])
}

fn routine(create: &CreateRoutine) -> Vec<String> {
    let routine = &create.routine;
    let kind = if create.procedure {
        "procedure"
    } else {
        "function"
    };
    let volatility = create.volatility.map(|volatility| match volatility {
        Volatility::Immutable => "immutable".to_owned(),
        Volatility::Stable => "stable".to_owned(),
        Volatility::Volatile => "volatile".to_owned(),
    });
    let parallel = create
        .parallel
        .as_ref()
        .map(|parallel| format!("parallel {parallel}"));
    let mut lines = vec![format!(
        "create {kind} {routine}{}{}{}{}",
        with("language", create.language.clone()),
        with("is", volatility),
        with("", parallel),
        flags([
            (create.or_replace, "or replace"),
            (create.security_definer, "security definer"),
            (create.strict, "strict"),
        ])
    )];
    let parameters = create.parameters.iter().enumerate();
    lines.extend(parameters.map(|(n, one)| format!("parameter {routine} {n}{}", parameter(one))));
    let returns = create.returns.as_ref();
    lines.extend(returns.map(|returned| format!("returns {routine} {returned}")));
    let columns = create.returns_table.iter();
    let columns = columns.map(|column| format!("{} {}", column.name, column.data_type));
    let columns: Vec<String> = columns.collect();
    if !columns.is_empty() {
        lines.push(format!("returns {routine} table{}", list(columns)));
    }
    let value = create.value.as_ref();
    lines.extend(value.map(|value| format!("value {routine} {}", spelled(value))));
    let settings = create.settings.iter();
    lines.extend(settings.map(|set| format!("sets {routine} {}", set.name)));
    lines
}

fn parameter(parameter: &RoutineParameter) -> String {
    format!(
        "{}{} {}{}",
        with(
            "",
            parameter
                .mode
                .as_ref()
                .map(|mode| mode.to_string().to_lowercase())
        ),
        with("", parameter.name.clone()),
        parameter.data_type,
        with("default", spelled_if(parameter.default.as_ref())),
    )
}

fn trigger(create: &CreateTrigger) -> String {
    let events = create
        .events
        .iter()
        .map(|event| event.to_string().to_lowercase());
    format!(
        "create trigger {}.{} {} {} of {} referencing {} runs {}{}{}{}",
        create.table,
        create.trigger,
        create.timing.to_string().to_lowercase(),
        list(events),
        list(create.columns.clone()),
        list(create.transition_tables.clone()),
        create.function,
        with("when", create.condition.as_ref().map(spelled)),
        with("from", create.from.as_ref().map(ToString::to_string)),
        flags([
            (create.or_replace, "or replace"),
            (create.constraint, "constraint"),
            (create.for_each_row, "for each row"),
            (create.deferrable, "deferrable"),
            (create.initially_deferred, "initially deferred"),
        ])
    )
}

fn named(policy: &Policy) -> String {
    format!("{}.{}", policy.table, policy.policy)
}

fn lets(policy: &Policy) -> String {
    format!(
        "to {}{}{}",
        list(policy.roles.clone()),
        with("using", spelled_if(policy.using.as_ref())),
        with("check", spelled_if(policy.check.as_ref())),
    )
}
