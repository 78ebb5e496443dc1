//! Changes of the type of a column, and of an attribute of a composite type.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::effect::{Effect, LockMode, effect};
use crate::finding::{Message, Severity};
use crate::intake::file_name::Category;
use crate::rules::facts::belongings::belongings;
use crate::rules::facts::pinned::is_refused;
use crate::rules::fixes::replace::{By, command};
use crate::statement::to_sql;
use crate::statement::{Attribute, Change, DataType, Expression, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "column-type-change",
    summary: "changes the type of a column of a table in use",
    page: include_str!("column_type_change.md"),
    aliases: &[
        "changing-column-type",
        "PG301",
        "changingColumnType",
        "change_column",
        "alter-column-type",
        "E5",
        "AlterColumnTypeCheck",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::ColumnType, Subject::SetAttribute],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    // `type-change-with-dependents` reports what PostgreSQL refuses.
    if is_refused(context) {
        return None;
    }
    match context.change() {
        Change::ColumnType {
            table,
            column,
            data_type,
            collation,
            using,
        } => {
            let changed = Changed {
                to: data_type,
                collation: collation.as_ref(),
                using: using.as_ref(),
            };
            let known = context.schema.column(table, column);
            let from = known.and_then(|known| known.data_type.as_ref());
            let same_order = known.is_some_and(|known| known.collation == *collation);
            let unchanged = same_order && from == Some(data_type) && using.is_none();
            let is_new = context.is_new_column(table, column);
            (!is_new && !unchanged)
                .then(|| of_column(context, (table, column), &changed, from, same_order))
        }
        Change::SetAttribute {
            name,
            attribute,
            new: false,
            ..
        } if !context.is_new(ObjectKind::Type, name, None) => {
            Some(of_attribute(context, name, attribute))
        }
        _ => None,
    }
}

/// What the clause says about the column.
struct Changed<'a> {
    to: &'a DataType,
    collation: Option<&'a Name>,
    using: Option<&'a Expression>,
}

fn of_column(
    context: &Context<'_>,
    (table, column): (&Name, &str),
    changed: &Changed<'_>,
    from: Option<&DataType>,
    same_order: bool,
) -> Message {
    let to = changed.to;
    let effect = effect(
        context.change(),
        context.statement,
        context.schema,
        context.min_pg,
    );
    let is_free = effect.rewrites.is_empty() && effect.joins.is_empty();
    let is_quick = is_free && effect.scans.is_empty() && effect.builds.is_empty();
    let work = match work(&effect) {
        Some(work) => format!(
            "blocks reads and writes of {} (ACCESS EXCLUSIVE) while it {work}",
            locked(&effect)
        ),
        None => format!(
            "blocks reads and writes of {} (ACCESS EXCLUSIVE) for a moment; it rewrites no row and \
             builds no index",
            locked(&effect)
        ),
    };
    let reads_alike = same_order && from.is_some_and(|from| is_read_alike(from, to));
    let code = match reads_alike {
        true => {
            "the running release reads and writes the values as before, but its prepared statements \
             that return the column fail once: cached plan must not change result type (0A000)"
        }
        false => {
            "the running release still binds and decodes the old type, or expects the old order, \
             and its prepared statements that return the column fail: cached plan must not change \
             result type (0A000)"
        }
    };
    let was = from.map_or_else(String::new, |from| format!(" from {from}"));
    let message = Message::new(
        format!("changes the type of {table}.{column}{was} to {to}"),
        format!("ALTER TABLE {work}; {code}"),
        "",
    );
    let related = context.made(ObjectKind::Column, table, Some(column));
    let message = match is_quick {
        true => Message {
            help:
                "do nothing if the driver prepares a statement again after error 0A000; otherwise \
                   restart the instances soon after the migration"
                    .to_owned(),
            ..message
        },
        false => by_another_column(context, message, (table, column), changed),
    };
    let severity = match is_quick {
        true => Severity::Allow,
        false => Severity::Warn,
    };
    message.mild(is_free, severity).with_related(related)
}

/// The fix: a second column, which old and new code can use side by side.
fn by_another_column(
    context: &Context<'_>,
    message: Message,
    (table, column): (&Name, &str),
    changed: &Changed<'_>,
) -> Message {
    let belongings = belongings(context, table, column);
    let last = match belongings.as_slice() {
        [] => format!("when all code reads `{column}_new`, drop `{column}` in a release migration"),
        some => format!(
            "`{column}_new` needs what `{column}` has before `{column}` can be dropped: {}; build \
             indexes with CONCURRENTLY, and add constraints as NOT VALID or USING INDEX",
            some.join(", ")
        ),
    };
    let by = By {
        table,
        column,
        new: format!("{column}_new"),
        data_type: Some(changed.to.to_string()),
        using: changed.using.map(|using| using.text.clone()),
        keeps_name: false,
    };
    let command = command(context, &by).map(|command| {
        format!("take this out, and let `{command}` write the files, with a trigger that keeps both columns equal. By hand: ")
    });
    let message = Message {
        help: format!(
            "{}add a second column and deploy code that writes both; copy the existing rows in \
             batches in a data migration; {last}",
            command.unwrap_or_default()
        ),
        ..message
    };
    let (old, new) = (quote_ident(column), quote_ident(&format!("{column}_new")));
    let (value, condition) = match changed.using {
        Some(using) => (using.text.clone(), format!("({using}) IS NOT NULL")),
        None => (old.clone(), format!("{old} IS NOT NULL")),
    };
    let condition = format!("{new} IS NULL AND {condition}");
    let Some(copy) = context.fill(table, &new, &value, &condition) else {
        return message;
    };
    let collation = changed
        .collation
        .map(|name| format!(" COLLATE {}", to_sql::collation(name)));
    let add = format!(
        "{} ADD COLUMN {new} {}{};",
        context.alter(table),
        to_sql::data_type(changed.to),
        collation.unwrap_or_default()
    );
    let mut suggested_files = match context.category() {
        Some(Category::Startup) => context.fix(Some(add), &[]),
        Some(Category::Release | Category::Seed | Category::Data) | None => {
            let title = format!("{}_{column}_new", table.name);
            context.suggested_files(&[(Category::Startup, &title, add)])
        }
    };
    if suggested_files.is_empty() {
        return message;
    }
    let drop = format!(
        "-- onward: breaks code that names the column {table}.{column}\n{} DROP COLUMN {old};",
        context.alter(table)
    );
    let drop = (format!("drop_{}_{column}", table.name), drop);
    let later = match belongings.as_slice() {
        [] => vec![drop],
        [_, ..] => Vec::new(),
    };
    let title = format!("copy_{}_{column}", table.name);
    suggested_files.extend(context.filled_then(&title, copy, &later));
    message.with_files(suggested_files)
}

fn of_attribute(context: &Context<'_>, name: &Name, attribute: &Attribute) -> Message {
    let effect = effect(
        context.change(),
        context.statement,
        context.schema,
        context.min_pg,
    );
    let work = work(&effect).map_or_else(String::new, |work| {
        format!(
            "CASCADE blocks reads and writes of {} (ACCESS EXCLUSIVE) while it {work}; ",
            locked(&effect)
        )
    });
    let message = Message::new(
        format!(
            "changes the type of the attribute `{}` of {name} to {}",
            attribute.name, attribute.data_type
        ),
        format!(
            "{work}the running release still reads and writes values of {name} with the old \
             attribute type, and cannot decode the new ones"
        ),
        format!(
            "create another type beside {name} and add a second column of that type; then deploy \
             code that writes both columns"
        ),
    );
    message.with_related(context.made(ObjectKind::Type, name, None))
}

fn locked(effect: &Effect) -> String {
    let exclusive = effect
        .locks
        .iter()
        .filter(|lock| lock.mode == LockMode::AccessExclusive);
    list(exclusive.map(|lock| &lock.relation))
}

/// What PostgreSQL does while it holds the lock, as a list of verbs; nothing if that is quick.
fn work(effect: &Effect) -> Option<String> {
    let joins = effect.joins.iter().map(|join| {
        format!(
            "checks the foreign key {} with a join of {} and {}",
            join.key, join.table, join.parent
        )
    });
    // A rebuilt index gets a new file, so it counts as a rewrite too, but is listed once.
    let tables = effect
        .rewrites
        .iter()
        .filter(|name| !effect.builds.contains(name));
    let tables: Vec<Name> = tables.cloned().collect();
    let kinds = [
        ("rewrites every row of", &tables),
        ("scans every row of", &effect.scans),
        ("rebuilds these indexes:", &effect.builds),
    ];
    let done = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    let done = done.map(|(words, names)| format!("{words} {}", list(names)));
    let all: Vec<String> = done.chain(joins).collect();
    (!all.is_empty()).then(|| all.join(" and "))
}

fn list<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    let names: Vec<String> = names.into_iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// Whether a driver decodes both types into the same Rust type, and their values compare alike.
fn is_read_alike(from: &DataType, to: &DataType) -> bool {
    let family = |data_type: &DataType| match data_type.name.as_str() {
        "character varying" => "text".to_owned(),
        name => name.to_owned(),
    };
    family(from) == family(to) && from.schema == to.schema && from.array == to.array
}
