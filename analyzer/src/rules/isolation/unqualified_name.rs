//! Names whose meaning depends on `search_path`.

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, DENY, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, SuggestedFile};
use crate::rules::facts::names::of_other_databases;
use crate::statement::catalogued;
use crate::statement::{
    Change, CreateRoutine, Mention, Mentioned, ObjectKind, Persistence, Statement,
};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "unqualified-name",
    summary: "names a table, type or routine without its schema",
    page: include_str!("unqualified_name.md"),
    aliases: &["require-table-schema", "require-schema-qualified"],
    group: Group::Isolation,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: DENY,
        data: DENY,
    },
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Option<SpannedMessage> {
    // The names inside a routine are reported with the routine.
    if context.runs == Execution::InRoutine {
        return None;
    }
    let mut mentions: Vec<&Mention> = bare(context, context.statement).collect();
    for clause in &context.statement.clauses {
        if let Change::CreateRoutine(routine) = &clause.change
            && !sets_search_path(routine)
        {
            inside(context, routine, &mut mentions);
        }
    }
    let first = *mentions.first()?;
    let mut names: Vec<&str> = Vec::new();
    for mention in &mentions {
        if !names.contains(&mention.name.as_str()) {
            names.push(&mention.name);
        }
    }
    let own = &context.module.schema;
    let what = match names.as_slice() {
        [one] => format!("{one} is named without its schema"),
        [rest @ .., last] => format!(
            "{} and {last} are named without their schemas",
            rest.join(", ")
        ),
        [] => return None,
    };
    let called = first.span.start >= context.statement.span.start
        && bare(context, context.statement).next().is_none();
    let why = if called {
        "the search_path of the session that calls the routine decides which object this is; it \
         can be an object that another role has created for that purpose"
    } else {
        "search_path decides which object this is: with another setting of a role, a database or a \
         pool it is another object, or the statement fails: relation does not exist (42P01)"
    };
    let qualified: Vec<String> = { names.iter() }
        .map(|name| format!("{}.{}", quote_ident(own), quote_ident(name)))
        .collect();
    let or = match called {
        true => {
            ", and add `SET search_path = ''` to the routine, so that its first call reports every \
             other name without a schema"
        }
        false => "",
    };
    if let Some(stranger) = mentions.iter().find(|one| is_stranger(context, one)) {
        let help = format!("write the schema of {} in front of it{or}", stranger.name);
        return Some((first.span.clone(), Message::new(what, why, help)));
    }
    let help = format!("write {}{or}", qualified.join(", "));
    let message = Message::new(what, why, help);
    // The body may also use objects of an extension, whose schema only the author knows.
    let suggested_files = match called {
        true => Vec::new(),
        false => vec![SuggestedFile {
            file: context.file_name().to_owned(),
            sql: with_schema(context, &mentions),
        }],
    };
    Some((first.span.clone(), message.with_files(suggested_files)))
}

/// Whether this is a type that the module has not created, such as one of an extension.
fn is_stranger(context: &Context<'_>, mention: &Mention) -> bool {
    let name = mention.resolved(&context.module.schema);
    let is_made = matches!(
        context.change(),
        Change::CreateType { name: made, .. } | Change::CreateDomain { name: made, .. } if *made == name
    );
    let is_known =
        context.schema.type_of(&name).is_some() || context.schema.relation(&name).is_some();
    mention.kind == Mentioned::Type && !is_made && !is_known
}

/// The statement with the module's schema in front of the names.
fn with_schema(context: &Context<'_>, mentions: &[&Mention]) -> String {
    let span = &context.statement.span;
    let mut places: Vec<usize> = mentions.iter().map(|mention| mention.span.start).collect();
    places.sort_unstable();
    let mut sql = String::new();
    let mut at = context.kept_from(context.statement);
    for place in places {
        sql += context.text(&(at..place));
        sql += &quote_ident(&context.module.schema);
        sql.push('.');
        at = place;
    }
    sql + context.text(&(at..span.end)) + ";"
}

fn sets_search_path(routine: &CreateRoutine) -> bool {
    routine
        .settings
        .iter()
        .any(|setting| setting.name == "search_path")
}

/// What a statement names without a schema and that is not from `pg_catalog`.
fn bare<'a>(context: &Context<'_>, statement: &'a Statement) -> impl Iterator<Item = &'a Mention> {
    let bare = statement.mentions.iter().filter(|one| one.schema.is_none());
    bare.filter(|mention| match mention.kind {
        Mentioned::Relation => !is_temporary(context, mention),
        Mentioned::Parent => true,
        // `unknown-object` says which of PostgreSQL's types is meant.
        Mentioned::Type => {
            of_other_databases(&mention.name).is_none() || !is_stranger(context, mention)
        }
        // `GRANT ... ON FUNCTION lower(text)` is about PostgreSQL's own.
        Mentioned::Routine => {
            matches!(context.change(), Change::CreateRoutine(_))
                || is_own(context, ObjectKind::Function, mention)
                || !catalogued::is_built_in(&mention.name)
        }
        // Only a function that the history has created is certainly not from `pg_catalog`.
        Mentioned::Call => is_own(context, ObjectKind::Function, mention),
        Mentioned::Schema => false,
    })
}

fn is_temporary(context: &Context<'_>, mention: &Mention) -> bool {
    let relation = context
        .schema
        .relation(&mention.resolved(&context.module.schema));
    relation.is_some_and(|relation| relation.persistence == Persistence::Temporary)
}

fn is_own(context: &Context<'_>, kind: ObjectKind, mention: &Mention) -> bool {
    let name = mention.resolved(&context.module.schema);
    context.schema.origin(kind, &name, None).is_some()
}

/// The same for the body of a routine. In a trigger function an unknown name may be a transition
/// table.
fn inside<'a>(context: &Context<'_>, routine: &'a CreateRoutine, found: &mut Vec<&'a Mention>) {
    let is_trigger = routine
        .returns
        .as_ref()
        .is_some_and(|returns| returns.name == "trigger");
    let mut made: Vec<&str> = Vec::new();
    for statement in routine.body.iter().flat_map(|body| &body.statements) {
        for clause in &statement.clauses {
            if let Change::CreateTable(create) = &clause.change
                && create.persistence == Persistence::Temporary
            {
                made.push(&create.table.name);
            }
        }
        let bare = bare(context, statement).filter(|mention| {
            let is_object = mention.kind != Mentioned::Relation
                || !is_trigger
                || is_own(context, ObjectKind::Table, mention);
            is_object && !made.contains(&mention.name.as_str())
        });
        found.extend(bare);
    }
}
