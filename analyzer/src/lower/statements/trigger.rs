//! Triggers, rules and policies, which belong to a table.

use super::clause::{clause, name_span, named, other};
use super::family::Family;
use super::object::{self, drop_on_table};
use crate::lower::expression::expression;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target, word, words};
use crate::lower::reading::reading;
use crate::statement::{
    Change, Clause, Command, Constraint, ConstraintKind, CreateTrigger, Definition, ObjectKind,
    Policy, PolicyCommand, Reading, RewriteRule, RuleEvent, Spelled,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("trigger.grammar"),
    readers: &[
        (Syntax::CreateTrigger, create_trigger),
        (Syntax::AlterTrigger, |target, node| {
            alter_on_table(target, node, ObjectKind::Trigger)
        }),
        (Syntax::DropTrigger, drop_on_table),
        (Syntax::CreateEventTrigger, object::create),
        (Syntax::AlterEventTrigger, |target, node| {
            object::alter(target, node, ObjectKind::EventTrigger)
        }),
        (Syntax::CreateRule, create_rule),
        (Syntax::AlterRule, |target, node| {
            alter_on_table(target, node, ObjectKind::Rule)
        }),
        (Syntax::DropRule, drop_on_table),
        (Syntax::CreatePolicy, create_policy),
        (Syntax::AlterPolicy, alter_policy),
        (Syntax::DropPolicy, drop_on_table),
    ],
};

fn create_trigger(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let events = || node.all(Syntax::TriggerEvent);
    let event = |event: Node<'_>| Spelled::spelled(event.words().next()?.text());
    let timing = node.child(Syntax::TriggerTiming);
    let Some(timing) = timing.and_then(|timing| Spelled::spelled(&timing.phrase())) else {
        return Vec::new();
    };
    // The words for when it fires are the same as those of a constraint.
    let mut moment = Constraint::new(ConstraintKind::NotNull {
        column: String::new(),
    });
    for attribute in node.all(Syntax::Moment) {
        super::constraint::attributes(&mut moment, attribute);
    }
    let function = node.child(Syntax::FuncName).map(|name| target.name(name));
    let trigger = CreateTrigger {
        trigger: name::first(node),
        table: target.named(node),
        or_replace: node.says("OR REPLACE"),
        constraint: node.says("CONSTRAINT TRIGGER"),
        timing,
        events: events().filter_map(event).collect(),
        columns: events()
            .flat_map(|event| words(event, Syntax::Name))
            .collect(),
        for_each_row: node.says("FOR EACH ROW") || node.says("FOR ROW"),
        transition_tables: node.all(Syntax::Transition).map(name::first).collect(),
        transition_of_old: node.all(Syntax::Transition).any(|one| one.says("OLD")),
        transition_of_new: node.all(Syntax::Transition).any(|one| one.says("NEW")),
        condition: node.child(Syntax::Value).map(expression),
        function: function.unwrap_or_default(),
        from: target.named_in(node, Syntax::TriggerFrom),
        deferrable: moment.deferrable,
        initially_deferred: moment.initially_deferred,
    };
    named(node, Change::CreateTrigger(Box::new(trigger)))
}

/// `ALTER kind part ON table`, which can only change the name.
fn alter_on_table(target: Target<'_>, node: Node<'_>, kind: ObjectKind) -> Vec<Clause> {
    let name = target.named(node);
    let Some(rename) = node.child(Syntax::RenameTo) else {
        return vec![Clause {
            span: name_span(node),
            ..other(node, Command::Alter(kind), Some(name))
        }];
    };
    let change = Change::Rename {
        kind,
        name,
        part: Some(name::first(node)),
        to: name::first(rename),
    };
    vec![clause(name_span(node), change)]
}

fn create_rule(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let table = target.named(node);
    let change = Change::Create {
        kind: ObjectKind::Rule,
        part: Some(name::first(node)),
        of: None,
        reading: Box::new(reading(target, node, &[("new", &table), ("old", &table)])),
        name: table,
        guarded: node.says("OR REPLACE"),
        definition: Definition::Rule(rewrite_rule(node)),
    };
    vec![clause(node.first_line(), change)]
}

fn rewrite_rule(node: Node<'_>) -> RewriteRule {
    let events = <RuleEvent as Spelled>::ALL.iter().copied();
    let event = { events }.find(|event| node.says(&format!("ON {event}")));
    RewriteRule {
        event: event.unwrap_or(RuleEvent::Select),
        instead: node.says("DO INSTEAD"),
        nothing: node.says("NOTHING"),
        conditional: node.child(Syntax::Where).is_some(),
    }
}

fn create_policy(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    named(node, Change::CreatePolicy(policy(target, node)))
}

fn alter_policy(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    if node.child(Syntax::RenameTo).is_some() {
        return alter_on_table(target, node, ObjectKind::Policy);
    }
    named(node, Change::AlterPolicy(policy(target, node)))
}

fn policy(target: Target<'_>, node: Node<'_>) -> Policy {
    let value = |syntax| {
        node.child(syntax)
            .and_then(|part| part.child(Syntax::Value))
    };
    let command = node.child(Syntax::PolicyCommand);
    let command = command.and_then(|command| Spelled::spelled(&command.phrase()));
    let table = target.named(node);
    let own = [(table.name.as_str(), &table)];
    let reads = |syntax| {
        let part = node.child(syntax);
        part.map_or_else(Reading::default, |part| reading(target, part, &own))
    };
    Policy {
        policy: name::first(node),
        reading: [reads(Syntax::PolicyUsing), reads(Syntax::PolicyCheck)],
        table: table.clone(),
        permissive: !node.says("RESTRICTIVE"),
        command: command.unwrap_or(PolicyCommand::All),
        roles: node.all(Syntax::Role).map(word).collect(),
        using: value(Syntax::PolicyUsing).map(expression),
        check: value(Syntax::PolicyCheck).map(expression),
    }
}
