//! What else belongs to the old column: what follows the new one at the start, and what is left to do by hand.

use crate::intake::module::Module;
use crate::lower::lower;
use crate::replace::index::{beside, expression};
use crate::replace::keys::followers;
use crate::replace::pair::Pair;
use crate::replace::published::{Published, published};
use crate::replace::statistics;
use crate::replace::trigger::function;
use crate::schema::{Object, Part};
use crate::statement::to_sql::quote_name;
use crate::statement::{
    Change, ColumnAction, ColumnValue, Grant, ObjectKind, Policy, Privileged, Scope,
};
use crate::text::quote::{quote_ident, quote_list};
use crate::text::split::{split, tokens};

/// Something that is not carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) text: String,
    /// Whether the old column cannot be dropped before.
    pub(super) blocks: bool,
}

/// What belongs to the old column.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried {
    /// Statements about the new column.
    pub(super) at_start: Vec<String>,
    /// Policies, with the new column for the old one.
    pub(super) policies: Vec<String>,
    /// Statistics over the new column, each with its title.
    pub(super) statistics: Vec<(String, String)>,
    pub(super) published: Vec<Published>,
    pub(super) left: Vec<Left>,
}

pub(super) fn carried(module: &Module, pair: &Pair<'_>) -> Carried {
    let mut carried = Carried::default();
    written(module, pair, &mut carried);
    dependents(pair, &mut carried);
    carried.left.extend(beside(pair).1);
    carried.left.extend(followers(pair).1);
    if let (ColumnValue::Default(value), Some(moved)) = (&pair.old.value, &pair.series.moved)
        && !value.is_null
    {
        carried.left.push(Left {
            text: format!(
                "the default of {} falls with it: code writes the value in {}",
                pair.series.old(),
                moved.table
            ),
            blocks: false,
        });
    }
    if pair.old.not_null && pair.series.targets.len() > 1 {
        carried.left.push(Left {
            text: format!(
                "{} is NOT NULL: say which of {} have to be",
                pair.series.old(),
                pair.series.successors()
            ),
            blocks: false,
        });
    }
    carried
}

/// What only the statements of the files say.
fn written(module: &Module, pair: &Pair<'_>, carried: &mut Carried) {
    let (table, column) = (&pair.series.table, &pair.series.column);
    let mut comment = None;
    for source in &module.sources {
        let mut scope = Scope::from(module.schema.as_str());
        for raw in &split(&source.text).statements {
            let statement = lower(&source.text, raw, &scope);
            scope.follow(&statement);
            let text = source.text.get(raw.span.clone()).unwrap_or_default();
            for clause in &statement.clauses {
                let is_comment = matches!(&clause.change, Change::Comment { kind: ObjectKind::Column, name, part: Some(part), .. }
                    if name == table && part == column);
                if is_comment {
                    comment = said(text);
                }
                one(pair, &clause.change, text, carried);
            }
        }
    }
    let new = |name: &str| format!("{}.{}", quote_name(pair.series.to()), quote_ident(name));
    match (comment, pair.series.targets.as_slice()) {
        (Some(comment), [target]) => {
            let sql = format!("COMMENT ON COLUMN {} IS {comment};\n", new(&target.column));
            carried.at_start.push(sql);
        }
        (Some(_), _) => carried.left.push(Left {
            text: format!(
                "{} has a comment: write one for each of {}",
                pair.series.old(),
                pair.series.successors()
            ),
            blocks: false,
        }),
        (None, _) => {}
    }
}

/// What a comment says, as SQL.
fn said(text: &str) -> Option<&str> {
    let tokens = tokens(text);
    let is = tokens.iter().find(|token| {
        text.get(token.span())
            .is_some_and(|word| word.eq_ignore_ascii_case("is"))
    })?;
    let comment = text.get(is.span().end..)?.trim();
    (!comment.eq_ignore_ascii_case("null")).then_some(comment)
}

fn one(pair: &Pair<'_>, change: &Change, text: &str, carried: &mut Carried) {
    let (table, column) = (&pair.series.table, &pair.series.column);
    let mut note = |text: String| {
        carried.left.push(Left {
            text,
            blocks: false,
        })
    };
    if let Change::Grant(grant) = change {
        let is_about = grant.columns.contains(column)
            && matches!(&grant.on, Privileged::Objects { names, .. } if names.contains(table));
        match is_about && !grant.revoke && pair.series.moved.is_none() {
            true => carried.at_start.push(granted(pair, grant)),
            false if is_about => note(format!(
                "privileges of the column {} are granted or revoked: do the same for {}",
                pair.series.old(),
                pair.series.successors()
            )),
            false => {}
        }
        return;
    }
    if let Change::Create {
        kind: ObjectKind::Statistics,
        name,
        of: Some(of),
        ..
    } = change
    {
        let exists = pair.schema.table_of_statistics(name) == Some(table);
        if of == table && exists && statistics::uses(pair, text) {
            match statistics::beside(pair, name, text) {
                Some(sql) => carried.statistics.push((name.name.clone(), sql)),
                None => note(format!(
                    "the statistics {name} fall with {}: create them for {}",
                    pair.series.old(),
                    pair.series.successors()
                )),
            }
        }
        return;
    }
    carried.left.extend(named(pair, change).map(|text| Left {
        text,
        blocks: false,
    }));
}

/// An object that a file has written for the old column, in words.
fn named(pair: &Pair<'_>, change: &Change) -> Option<String> {
    let (table, column) = (&pair.series.table, &pair.series.column);
    let (old, new) = (pair.series.old(), pair.series.successors());
    if let Change::CreateRoutine(create) = change {
        let words = create.body.as_ref().map(|body| &body.words);
        let uses = words.is_some_and(|words| words.contains(column) && words.contains(&table.name));
        let exists = !pair.schema.routines(&create.routine).is_empty();
        let is_own = create.routine.name.starts_with(&function(pair.series).name);
        return (uses && exists && !is_own).then(|| {
            format!(
                "the function {} names {old}: let it use {new}",
                create.routine
            )
        });
    }
    let Change::AlterColumn {
        table: on,
        column: of,
        action,
    } = change
    else {
        return None;
    };
    let what = match action {
        ColumnAction::Statistics(_) => "statistics target",
        ColumnAction::Storage(_) => "storage",
        ColumnAction::Compression(_) => "compression",
        ColumnAction::SetParameters(_) => "parameters",
        ColumnAction::SetDefault(_)
        | ColumnAction::DropDefault
        | ColumnAction::SetExpression(_)
        | ColumnAction::DropExpression { .. }
        | ColumnAction::AddIdentity(_)
        | ColumnAction::SetIdentity { .. }
        | ColumnAction::DropIdentity { .. }
        | ColumnAction::ResetParameters(_)
        | ColumnAction::Options => return None,
    };
    (on == table && of == column)
        .then(|| format!("{old} has a {what} of its own: set the same for {new}"))
}

/// The same privileges for the new columns.
fn granted(pair: &Pair<'_>, grant: &Grant) -> String {
    let new: Vec<String> = pair
        .series
        .targets
        .iter()
        .map(|target| target.column.clone())
        .collect();
    let columns = quote_list(&new);
    let privileges = grant
        .privileges
        .iter()
        .map(|one| format!("{} ({columns})", one.to_uppercase()));
    let grantees = grant.grantees.iter().map(|role| match role.as_str() {
        "public" | "current_user" | "current_role" | "session_user" => role.to_uppercase(),
        role => quote_ident(role),
    });
    let allowed = match grant.grantees.iter().any(|role| role == "public") {
        true => format!(
            "-- onward: allow overbroad-grant because \"{} has the same privilege\"\n",
            pair.series.old()
        ),
        false => String::new(),
    };
    format!(
        "{allowed}GRANT {} ON {} TO {}{};\n",
        privileges.collect::<Vec<_>>().join(", "),
        quote_name(&pair.series.table),
        grantees.collect::<Vec<_>>().join(", "),
        if grant.option {
            " WITH GRANT OPTION"
        } else {
            ""
        }
    )
}

/// What PostgreSQL does not drop a column under.
fn dependents(pair: &Pair<'_>, carried: &mut Carried) {
    let object = Object::Column(pair.table.id, pair.old.id);
    for one in pair.schema.dependents(&object) {
        if let Object::Policy(_, name) = &one
            && let Some(part) = pair.table.policies.iter().find(|part| part.name == *name)
            && let Some(sql) = altered(pair, part)
        {
            carried.policies.push(sql);
            continue;
        }
        if let Object::Published(_, publication) = &one
            && let Some(published) = published(pair, publication)
        {
            carried.published.push(published);
            carried.left.push(Left {
                text: format!(
                    "the publication {publication} lists {}: add {} to the tables of its subscribers before a release publishes it",
                    pair.series.old(),
                    pair.series.successors()
                ),
                blocks: false,
            });
            continue;
        }
        let is_own = |name: &String| {
            let mut triggers = pair.table.triggers.iter();
            triggers
                .any(|part| part.name == *name && part.definition.function == function(pair.series))
        };
        let text = match &one {
            Object::Trigger(_, name) if is_own(name) => continue,
            // Foreign keys follow, or are left, on their own.
            Object::Constraint(..) => continue,
            Object::Published(_, publication) => format!(
                "the publication {publication} lists {}: subscribers need {} first, then publish that",
                pair.series.old(),
                pair.series.successors()
            ),
            other => match pair.schema.named(other) {
                Some((kind, name, Some(part))) => {
                    format!("the {kind} {part} of {name} uses {}", pair.series.old())
                }
                Some((kind, name, None)) => format!("the {kind} {name} uses {}", pair.series.old()),
                None => format!("another object uses {}", pair.series.old()),
            },
        };
        carried.left.push(Left { text, blocks: true });
    }
}

/// The policy with the new column.
fn altered(pair: &Pair<'_>, part: &Part<Policy>) -> Option<String> {
    if pair.series.targets.len() != 1 || pair.series.moved.is_some() {
        return None;
    }
    let written = |word: &str, condition: &Option<crate::statement::Expression>| match condition {
        None => Some(String::new()),
        Some(condition) if condition.has_subquery => None,
        Some(condition) => Some(format!(
            "\n    {word} ({})",
            expression(pair, &condition.text)?
        )),
    };
    Some(format!(
        "ALTER POLICY {} ON {}{}{};\n",
        quote_ident(&part.name),
        quote_name(&pair.table.name),
        written("USING", &part.definition.using)?,
        written("WITH CHECK", &part.definition.check)?
    ))
}
