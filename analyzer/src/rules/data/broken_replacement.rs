//! Series that replace a column, in which something does not hold.

use std::ops::Range;

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::intake::directive::{Directive, Series};
use crate::intake::file_name::Category;
use crate::replace::{Pair, copiers, create, expected, function, lacking, trigger};
use crate::rules::facts::replacement::{begun, ends, lacks, open};
use crate::schema::ConstraintKind;
use crate::statement::{
    Change, Clause, ColumnAction, Firing, Name, ObjectKind, TableAction, TriggerEvent,
    TriggerTiming,
};

pub(super) static RULE: Rule = Rule {
    id: "broken-replacement",
    summary: "a series that replaces a column, in which both columns do not stay equal",
    page: include_str!("broken_replacement.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: DENY,
    },
    check: Check::File(check),
};

fn check(context: &FileContext<'_>) -> Vec<SpannedMessage> {
    let mut all = Vec::new();
    for (span, series) in begun(context) {
        all.extend(
            beginning(context, series)
                .into_iter()
                .map(|message| (span.clone(), message)),
        );
    }
    let open = open(context);
    for placed in &context.read.directives {
        let Directive::ReplaceEnds { table, column } = &placed.directive else {
            continue;
        };
        let one = open
            .iter()
            .find(|one| one.series.table == *table && one.series.column == *column);
        let lacking = match one {
            Some(one) => lacks(context, one),
            None => vec![(
                format!("no earlier file begins to replace {table}.{column}"),
                "what the line ends is not there, so nothing has kept both columns equal",
            )],
        };
        all.extend(lacking.into_iter().map(|(what, why)| {
            let help = "write the file as `onward replace <folder> <column> --only end` does";
            (placed.span.clone(), Message::new(what, why, help))
        }));
    }
    for one in open
        .iter()
        .filter(|one| !ends(&context.read.declared.replace_ends, one.series))
    {
        let clauses = context
            .statements
            .iter()
            .flat_map(|statement| &statement.clauses);
        all.extend(clauses.filter_map(|clause| between(context, one.series, clause)));
    }
    all
}

/// What the first file does not do.
fn beginning(context: &FileContext<'_>, series: &Series) -> Vec<Message> {
    let why = "while both columns are in use, each write of the one has to be copied to the other: otherwise old and new \
               code read different values";
    let say = |what: String, help: String| vec![Message::new(what, why, help)];
    if context.category() != Some(Category::Startup) {
        return say(
            format!(
                "the series of {} begins in a file that is not a startup migration",
                series.old()
            ),
            "begin it in a startup migration: the data migration comes after those".to_owned(),
        );
    }
    let Some(pair) = Pair::of(context.schema, series) else {
        return say(
            format!(
                "{} is to be replaced by {}, and one of them does not exist",
                series.old(),
                series.successors()
            ),
            "add the new columns in this file".to_owned(),
        );
    };
    if let Some(new) = pair.new.iter().find(|new| new.not_null || new.is_filled()) {
        return say(
            format!("the new column {} is NOT NULL, or has a default", new.name),
            format!(
                "add {} without either: INSERTs of the running release leave it out, and the trigger takes a value in it for a \
                     choice of the statement",
                new.name
            ),
        );
    }
    if series.moved.is_some() {
        return both_ways(context, &pair)
            .into_iter()
            .flat_map(|(what, help)| say(what, help))
            .collect();
    }
    let name = trigger(series, pair.table);
    let wanted = function(series);
    let is_whole = pair.table.triggers.iter().any(|part| {
        let one = &part.definition;
        let fires = |event| one.events.contains(&event);
        part.name == name
            && one.function == wanted
            && one.timing == TriggerTiming::Before
            && one.for_each_row
            && one.condition.is_none()
            && one.columns.is_empty()
            && part.firing != Firing::Disabled
            && fires(TriggerEvent::Insert)
            && fires(TriggerEvent::Update)
    });
    if !is_whole {
        let what = format!(
            "no trigger {name} runs {wanted} before each INSERT and UPDATE of {}",
            series.table
        );
        let help = "create it in this file; no other trigger of the table may follow it by name";
        return say(what, format!("{help}:\n{}", create(&pair)));
    }
    match is_as_expected(context, &pair, &wanted) {
        true => Vec::new(),
        false => {
            let what = format!("{wanted} does something else than the first line of the file says");
            let help = "write the function as it follows from that line, or correct the line";
            say(what, format!("{help}:\n{}", create(&pair)))
        }
    }
}

/// What the first file of a move lacks, and what helps: two functions and two triggers copy between the tables.
fn both_ways(context: &FileContext<'_>, pair: &Pair<'_>) -> Option<(String, String)> {
    let statements = context.statements.iter();
    let texts: Vec<&str> = statements.map(|one| context.text(&one.span)).collect();
    let mut lacking = lacking(pair, &texts);
    let name = trigger(pair.series, pair.table);
    for table in [pair.table, pair.to] {
        let mut triggers = table.triggers.iter();
        let runs = triggers.any(|part| part.name == name && part.firing != Firing::Disabled);
        let text = format!("the trigger {name} of {}", table.name);
        if !runs && !lacking.contains(&text) {
            lacking.push(text);
        }
    }
    (!lacking.is_empty()).then(|| {
        let what = format!(
            "{} does not follow from the first line of the file, or is missing",
            lacking.join(", ")
        );
        let help = "create both functions and both triggers as they follow from that line, or correct the line";
        (what, format!("{help}:\n{}", create(pair)))
    })
}

/// Whether the function is the one that follows from the directive.
fn is_as_expected(context: &FileContext<'_>, pair: &Pair<'_>, wanted: &Name) -> bool {
    let mut statements = context.statements.iter();
    let of = statements.find(|statement| {
        statement.clauses.iter().any(|clause| matches!(&clause.change, Change::CreateRoutine(create) if create.routine == *wanted))
    });
    of.is_some_and(|statement| expected(pair, context.text(&statement.span)))
}

/// What a file between the first and the last of a series must not do.
fn between(context: &FileContext<'_>, series: &Series, clause: &Clause) -> Option<SpannedMessage> {
    let own = context.schema.relation(&series.table);
    let own = own.map(|table| trigger(series, table));
    let what = of_columns(series, &clause.change)
        .or_else(|| of_trigger(series, own.as_deref(), &clause.change));
    match what {
        Some(what) => Some(told(series, clause.span.clone(), what)),
        None => added(context, series, clause),
    }
}

fn is_copier(series: &Series, name: &Name) -> bool {
    copiers(series).iter().any(|(function, _)| function == name)
}

fn is_new(series: &Series, table: &Name, column: &str) -> bool {
    let mut targets = series.targets.iter();
    *table == *series.to() && targets.any(|target| target.column == column)
}

fn is_column(series: &Series, table: &Name, column: &str) -> bool {
    *table == series.table && *column == series.column || is_new(series, table, column)
}

/// What a change does to the columns.
fn of_columns(series: &Series, change: &Change) -> Option<String> {
    if let Change::DropColumn { table, column, .. } = change {
        return is_column(series, table, column).then(|| {
            format!(
                "drops {table}.{column}, and the series of {} does not end in this file",
                series.old()
            )
        });
    }
    if let Change::ColumnType { table, column, .. } = change {
        return is_column(series, table, column)
            .then(|| format!("changes the type of {table}.{column}, which is part of a series"));
    }
    if let Change::AlterColumn {
        table,
        column,
        action: ColumnAction::SetDefault(value),
    } = change
    {
        return (is_new(series, table, column) && !value.is_null).then(|| {
            format!(
                "gives {table}.{column} a default, which the trigger takes for a choice of the \
                 statement"
            )
        });
    }
    let Change::Rename {
        kind,
        name,
        part,
        to,
    } = change
    else {
        return None;
    };
    let is_part = match (kind, part) {
        (ObjectKind::Column, Some(column)) => is_column(series, name, column),
        (_, None) => [&series.table, series.to()].contains(&name) || is_copier(series, name),
        (_, Some(_)) => false,
    };
    is_part.then(|| {
        format!(
            "gives {} the name {to}, and the series of {} knows the old name",
            part.as_ref().unwrap_or(&name.name),
            series.old()
        )
    })
}

/// What a change does to the trigger and its function.
fn of_trigger(series: &Series, own: Option<&str>, change: &Change) -> Option<String> {
    let both = format!("{} and {}", series.old(), series.successors());
    if let Change::Drop {
        kind, name, part, ..
    }
    | Change::Rename {
        kind, name, part, ..
    } = change
    {
        let is_part = match (kind, part) {
            (ObjectKind::Trigger, Some(part)) => {
                [&series.table, series.to()].contains(&name) && own == Some(part.as_str())
            }
            (ObjectKind::Function | ObjectKind::Routine, None) => is_copier(series, name),
            (_, _) => false,
        };
        return is_part.then(|| format!("drops or renames what keeps {both} equal"));
    }
    if let Change::AlterTable {
        table,
        action:
            TableAction::Trigger {
                firing: Firing::Disabled,
                ..
            },
        ..
    } = change
    {
        return [&series.table, series.to()]
            .contains(&table)
            .then(|| format!("disables triggers of {table}, of which one keeps {both} equal"));
    }
    if let Change::CreateRoutine(create) = change {
        return is_copier(series, &create.routine)
            .then(|| format!("replaces the function that keeps {both} equal"));
    }
    let Change::CreateTrigger(create) = change else {
        return None;
    };
    let is_later = own.is_some_and(|own| create.trigger.as_str() > own)
        && create.timing == TriggerTiming::Before
        && create.for_each_row;
    (create.table == series.table && is_later).then(|| {
        format!(
            "adds the trigger {}, which PostgreSQL runs after the one that copies {}",
            create.trigger,
            series.old()
        )
    })
}

/// What is added over the old column, and would be lost, or in the way, when it is dropped.
fn added(context: &FileContext<'_>, series: &Series, clause: &Clause) -> Option<SpannedMessage> {
    let relation = context.schema.relation(&series.table)?;
    let old = relation.column(&series.column)?;
    if let Change::CreateIndex(create) = &clause.change {
        let mut names = create.keys.iter().filter_map(|key| key.column.as_ref());
        let uses = create.table == series.table && names.any(|name| *name == series.column);
        return uses.then(|| {
            told(
                series,
                clause.span.clone(),
                format!(
                    "builds an index over {}, which is being replaced",
                    series.old()
                ),
            )
        });
    }
    let Change::AddConstraint { table, constraint } = &clause.change else {
        return None;
    };
    let name = constraint.name.as_ref()?;
    let known = relation.constraints.iter().find(|one| one.name == *name)?;
    let counts = *table == series.table
        && known.columns.contains(&old.id)
        && known.kind != ConstraintKind::PrimaryKey;
    counts.then(|| {
        told(
            series,
            clause.span.clone(),
            format!("adds {name} to {}, which is being replaced", series.old()),
        )
    })
}

fn told(series: &Series, span: Range<usize>, what: String) -> SpannedMessage {
    let message = Message::new(
        what,
        format!(
            "old code writes {} and new code writes {} until a file ends the series; what holds for the one has to hold for \
             the other, and falls with {} in the end",
            series.old(),
            series.successors(),
            series.old()
        ),
        format!(
            "end the series first, or do this for {}",
            series.successors()
        ),
    );
    (span, message)
}
