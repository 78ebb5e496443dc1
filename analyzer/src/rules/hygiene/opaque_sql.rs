//! Code that runs unchecked.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, Rule, SpannedMessage, WARN};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::intake::file_name::Category;
use crate::schema::Deed;
use crate::schema::extension::changing;
use crate::statement::{Call, Change, Name};

pub(super) static RULE: Rule = Rule {
    id: "opaque-sql",
    summary: "CALL, EXECUTE, a call of a function that changes the schema or is not known, or a block that runs text put \
              together at run time: the code is not checked",
    page: include_str!("opaque_sql.md"),
    aliases: &["unchecked-do-block", "opaque-dynamic-sql", "execute"],
    group: Group::Hygiene,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: DENY,
        data: WARN,
    },
    check: Check::Of(&[Subject::Opaque, Subject::Call], &Check::Parts(check)),
};

const UNSEEN: &str = "no rule sees what the code does to the schema, and later files are checked without its changes";
const HELP: &str = "write the statements as plain SQL. If that is not possible, write above the statement why the code is \
                    safe: `-- onward: allow opaque-sql because \"<reason>\"`";

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    if let Change::Opaque { command } = context.change() {
        let what = format!("{command} runs code that Onward cannot check");
        let message = Message::new(what, UNSEEN, HELP);
        return vec![(context.clause.span.clone(), message)];
    }
    let runs = context.is_first() && { context.statement.clauses.iter() }
        .any(|clause| clause.change.runs_queries());
    let calls = context.statement.calls.iter().filter(|_| runs);
    calls
        .filter_map(|call| Some((call.span.clone(), called(context, call)?)))
        .collect()
}

fn called(context: &Context<'_>, call: &Call) -> Option<Message> {
    if context.schema.distribution(call).is_some() {
        return None;
    }
    let name = context.schema.called(call);
    let of_extension = changing(&call.name);
    let related = || {
        let routine = context.schema.routines(&name).first()?;
        context.first_made(&routine.origin, &name.to_string())
    };
    let (what, why) = match context.schema.deed(call) {
        Deed::Reads => return None,
        Deed::Unknown if context.is_external(&name) => return None,
        Deed::ChangesRows if !is_schema_migration(context) => return None,
        Deed::ChangesRows => {
            let why = "rows are changed in a schema migration, and no rule sees how: the statements of the body hold \
                       locks on the rows together with the table locks of the file's DDL";
            let what = format!("this calls {name}, whose body changes rows");
            let message = Message::new(what, why, HELP).with_related(related());
            return Some(message.mild(true, Severity::Warn));
        }
        Deed::ChangesSchema => match of_extension.filter(|_| related().is_none()) {
            Some(changing) => {
                let lock = changing
                    .lock
                    .map(|lock| format!(" under {lock} on the table"));
                let what = format!(
                    "{}() of the extension {} changes the schema{}",
                    call.name,
                    changing.extension,
                    lock.unwrap_or_default()
                );
                (what, UNSEEN)
            }
            None => (
                format!("this calls {name}, whose body changes the schema"),
                UNSEEN,
            ),
        },
        Deed::RunsText => (
            format!("this calls {name}, whose body runs code that Onward cannot check"),
            UNSEEN,
        ),
        Deed::Unknown => (unknown(call, &name), UNSEEN),
    };
    Some(Message::new(what, why, HELP).with_related(related()))
}

fn unknown(call: &Call, name: &Name) -> String {
    let written = match call.schema {
        Some(_) => name.to_string(),
        None => call.name.clone(),
    };
    format!("this calls {written}, which no file of the module creates: it may change anything")
}

fn is_schema_migration(context: &Context<'_>) -> bool {
    match context.category() {
        Some(Category::Startup | Category::Release) => true,
        Some(Category::Seed | Category::Data) | None => false,
    }
}
