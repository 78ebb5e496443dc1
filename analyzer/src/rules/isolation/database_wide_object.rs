//! Objects that are in no schema, or that take effect in every schema.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::finding::{Message, Severity};
use crate::statement::{CastContext, Change, Command, DataType, Definition, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "database-wide-object",
    summary: "creates or changes an event trigger, cast, language or other object that takes effect in the whole \
              database",
    page: include_str!("database_wide_object.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let own = &context.module.schema;
    let is_own = |data_type: &DataType| {
        data_type.schema.as_ref().unwrap_or(own) == own && !data_type.is_built_in()
    };
    if let Change::Create {
        name, definition, ..
    } = context.change()
    {
        match definition {
            Definition::Cast {
                to,
                context: applied,
            } => {
                let from_own = name.schema == *own && context.schema.type_of(name).is_some();
                return cast(
                    &name.name,
                    &to.to_string(),
                    *applied,
                    from_own || is_own(to),
                );
            }
            Definition::DefaultClass(of) if !is_own(of) => return Some(default_class(name, of)),
            Definition::DefaultClass(_)
            | Definition::Named
            | Definition::Extension { .. }
            | Definition::Publication(_)
            | Definition::Aggregate(_)
            | Definition::Rule(_) => {}
        }
    }
    let (verb, kind, name) = created_or_changed(context.change())?;
    let effect = effect(kind, context.change())?;
    Some(Message::new(
        format!(
            "{verb} the {kind} `{}`, which the whole database shares",
            name.name
        ),
        format!("{effect}; a module owns only its schema"),
        "let the administrator of the database create it, or a separate module for such objects, whose onward.toml allows \
         it: `[severity]` and `database-wide-object = \"allow\"`",
    ))
}

fn created_or_changed(change: &Change) -> Option<(&'static str, ObjectKind, &Name)> {
    match change {
        Change::Create { kind, name, .. } => Some(("creates", *kind, name)),
        Change::Rename {
            kind,
            name,
            part: None,
            ..
        } => Some(("renames", *kind, name)),
        Change::Other {
            command: Command::Create(kind),
            object: Some(name),
            ..
        } => Some(("creates", *kind, name)),
        Change::Other {
            command: Command::Alter(kind),
            object: Some(name),
            ..
        } => Some(("changes", *kind, name)),
        Change::AlterPublication { name, .. } => Some(("changes", ObjectKind::Publication, name)),
        _ => None,
    }
}

/// What an object of this kind does outside of the module; `None` for kinds that are in a schema.
fn effect(kind: ObjectKind, change: &Change) -> Option<&'static str> {
    match kind {
        ObjectKind::EventTrigger => Some(
            "its function runs at every CREATE, ALTER and DROP of every module, and if it fails, so do their migrations",
        ),
        ObjectKind::Language => Some(
            "every role with USAGE can write functions in it, and creating it needs a superuser",
        ),
        ObjectKind::ForeignDataWrapper => {
            Some("servers of all modules use it, and creating it needs a superuser")
        }
        ObjectKind::Server | ObjectKind::UserMapping => Some(
            "foreign tables of all modules can use it, and its address and password differ from one installation to the next",
        ),
        ObjectKind::AccessMethod => {
            Some("tables and indexes of all modules can use it, and creating it needs a superuser")
        }
        ObjectKind::Subscription => Some(
            "it writes into the tables of all modules, connects to another server, and its address and password differ from \
             one installation to the next",
        ),
        ObjectKind::Transform => Some("functions of all modules in that language use it"),
        ObjectKind::Publication => is_of_all(change).then_some(
            "it publishes the tables of every module, also those that are created later",
        ),
        _ => None,
    }
}

fn is_of_all(change: &Change) -> bool {
    match change {
        Change::Create {
            definition: Definition::Publication(publication),
            ..
        } => publication.everything,
        _ => false,
    }
}

fn default_class(name: &Name, of: &DataType) -> Message {
    Message::new(
        format!("makes the operator class {name} the default for {of}, which all modules use"),
        "every index on such a column that names no operator class uses it from now on, in every module; most need a superuser",
        "remove DEFAULT, and name the operator class in the indexes that need it",
    )
}

fn cast(from: &str, to: &str, applied: CastContext, of_module: bool) -> Option<Message> {
    let when = match applied {
        CastContext::Explicit if of_module => return None,
        CastContext::Explicit => "where a statement writes it",
        CastContext::Assignment => "where a value is stored in a column of the other type",
        CastContext::Implicit => "in any expression, where a statement does not ask for it",
    };
    let message = Message::new(
        format!("creates a cast from {from} to {to}, which the whole database shares"),
        format!(
            "PostgreSQL applies it {when}, in statements of all modules and of the running release: comparisons and calls can \
             choose another operator or function, or become ambiguous (42725)"
        ),
        "write the conversion where it is needed, `value::type`; for a cast of the module's own type, allow this: `-- onward: \
         allow database-wide-object because \"...\"`",
    );
    Some(message.mild(of_module, Severity::Warn))
}
