//! Settings, transactions, cursors, locks and maintenance.

use super::clause::{clause, name_span, whole};
use super::family::Family;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target};
use crate::statement::{
    Change, Clause, Command, LockMode, ReindexTarget, Spelled, TransactionCommand,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("session.grammar"),
    readers: &[
        (Syntax::Set, set),
        (Syntax::Reset, reset),
        (Syntax::Show, quiet),
        (Syntax::Begin, transaction),
        (Syntax::PrepareTransaction, transaction),
        (Syntax::RollbackTo, transaction),
        (Syntax::Commit, transaction),
        (Syntax::Savepoint, transaction),
        (Syntax::Prepare, opaque),
        (Syntax::Execute, opaque),
        (Syntax::Deallocate, quiet),
        (Syntax::DeclareCursor, declare),
        (Syntax::FetchCursor, quiet),
        (Syntax::Close, quiet),
        (Syntax::Listen, listen),
        (Syntax::Load, load),
        (Syntax::Lock, lock),
        (Syntax::Explain, explain),
        (Syntax::Analyze, maintenance),
        (Syntax::Vacuum, maintenance),
        (Syntax::Cluster, maintenance),
        (Syntax::Reindex, maintenance),
        (Syntax::AlterSystem, |target, node| {
            vec![other(target, node, Command::AlterSystem, true, true)]
        }),
    ],
};

fn other(target: Target<'_>, node: Node<'_>, command: Command, outside: bool, ddl: bool) -> Clause {
    let child = |rule| node.child(rule).map(|name: Node<'_>| target.name(name));
    let analyzed = node
        .child(Syntax::Analyzed)
        .map(|relation| target.named(relation));
    let change = Change::Other {
        command,
        object: child(Syntax::AnyName).or(child(Syntax::Name)).or(analyzed),
        outside_transaction: outside,
        ddl,
    };
    clause(node.first_line(), change)
}

/// Commands that are recognised by their first word and do not affect the schema.
fn quiet(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let commands = [
        ("SHOW", Command::Show),
        ("DEALLOCATE", Command::Deallocate),
        ("FETCH", Command::Fetch),
        ("MOVE", Command::Move),
        ("CLOSE", Command::Close),
    ];
    first_word(target, node, &commands, false)
}

/// `LISTEN`, `UNLISTEN`, `NOTIFY`.
fn listen(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let commands = [
        ("LISTEN", Command::Listen),
        ("UNLISTEN", Command::Unlisten),
        ("NOTIFY", Command::Notify),
    ];
    first_word(target, node, &commands, true)
}

/// `LOAD`, `CHECKPOINT`, `DISCARD`.
fn load(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    if node.starts_with("DISCARD") {
        let all = node.says("ALL");
        return vec![other(target, node, Command::Discard, all, true)];
    }
    let commands = [("LOAD", Command::Load), ("CHECKPOINT", Command::Checkpoint)];
    first_word(target, node, &commands, true)
}

/// The command with this first word.
fn first_word(
    target: Target<'_>,
    node: Node<'_>,
    commands: &[(&str, Command)],
    ddl: bool,
) -> Vec<Clause> {
    let said = commands.iter().find(|(word, _)| node.starts_with(word));
    let clause = said.map(|(_, command)| other(target, node, *command, false, ddl));
    clause.into_iter().collect()
}

/// The settings for which `SET` and `RESET` have a syntax of their own.
const SPELLED: [(&str, &str); 10] = [
    ("SESSION AUTHORIZATION", "session authorization"),
    (
        "SESSION CHARACTERISTICS AS TRANSACTION",
        "session characteristics",
    ),
    ("TRANSACTION", "transaction"),
    ("CONSTRAINTS", "constraints"),
    ("TIME ZONE", "timezone"),
    ("XML OPTION", "xmloption"),
    ("CATALOG", "catalog"),
    ("SCHEMA", "search_path"),
    ("NAMES", "client_encoding"),
    ("ROLE", "role"),
];

/// `SET name = value`, and the forms with a syntax of their own: `ROLE`, `TIME ZONE`, `CONSTRAINTS`.
fn set(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let (setting, value) = match node.child(Syntax::Setting) {
        Some(setting) => name_and_value(setting),
        None => {
            let scope = node.says("SESSION TRANSACTION") || node.says("LOCAL TRANSACTION");
            spelled(node, if scope { 2 } else { 1 })
        }
    };
    let ends_with_transaction = matches!(setting.as_str(), "constraints" | "transaction");
    let change = Change::Set {
        local: node.says("LOCAL") || ends_with_transaction,
        setting,
        value,
    };
    whole(node, change)
}

/// The setting that the words from the `n`th on spell, and the text after them.
fn spelled(node: Node<'_>, n: usize) -> (String, Option<String>) {
    let words: Vec<&str> = node.words().skip(n).map(|word| word.text()).collect();
    let known = SPELLED.iter().find_map(|(phrase, setting)| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        let fits = words.len() >= phrase.len()
            && phrase
                .iter()
                .zip(&words)
                .all(|(phrase, word)| word.eq_ignore_ascii_case(phrase));
        fits.then_some((*setting, phrase.len()))
    });
    let (setting, taken) = known.unwrap_or_default();
    let value = node.text_from(n + taken).to_owned();
    (setting.to_owned(), Some(value))
}

/// The folded name of a setting, and its value as it is written; `None` for `FROM CURRENT`.
pub(super) fn name_and_value(setting: Node<'_>) -> (String, Option<String>) {
    let Some(name) = setting.child(Syntax::SettingName) else {
        return spelled(setting, 0);
    };
    let sign = setting
        .words()
        .position(|word| word.text() == "=" || word.is("TO"));
    let value = sign.filter(|_| !setting.says("FROM CURRENT"));
    let value = value.map(|at| setting.text_from(at + 1).to_owned());
    (name::parts(name.words()).join("."), value)
}

fn reset(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let what = node.child(Syntax::ResetWhat);
    let name = what.and_then(|what| what.child(Syntax::SettingName));
    let setting = match (name, what) {
        (Some(name), _) => name::parts(name.words()).join("."),
        (None, Some(what)) if what.says("TRANSACTION") => "transaction_isolation".to_owned(),
        (None, Some(what)) if !what.says("ALL") => spelled(what, 0).0,
        (None, _) => "all".to_owned(),
    };
    let change = Change::Set {
        setting,
        value: None,
        local: false,
    };
    whole(node, change)
}

fn transaction(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let command = match node.is(Syntax::RollbackTo) {
        true => Some(TransactionCommand::RollbackTo),
        false => <TransactionCommand as Spelled>::ALL
            .iter()
            .copied()
            .find(|command| node.starts_with(command.words())),
    };
    let Some(command) = command else {
        return Vec::new();
    };
    whole(node, Change::TransactionControl { command })
}

/// Commands that run statements, now or later, that are not analyzed.
fn opaque(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let first = node.words().next().map(|word| word.text());
    let Some(command) = first.and_then(Spelled::spelled) else {
        return Vec::new();
    };
    whole(node, Change::Opaque { command })
}

fn declare(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let hold = node.says("WITH HOLD");
    vec![other(target, node, Command::Declare { hold }, false, false)]
}

fn lock(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let phrase = node.phrase();
    let written = phrase
        .rsplit_once(" MODE")
        .and_then(|(before, _)| before.rsplit_once(" IN "));
    let mode = match written {
        Some((_, mode)) => LockMode::spelled(mode),
        None => Some(LockMode::AccessExclusive),
    };
    let Some(mode) = mode else {
        return Vec::new();
    };
    let locks = node.all(Syntax::Relation).map(|relation| {
        let table = target.name(relation);
        clause(name_span(relation), Change::Lock { table, mode })
    });
    locks.collect()
}

/// It runs the statement only with `ANALYZE`.
fn explain(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    if is_on(node, "ANALYZE") || is_on(node, "ANALYSE") {
        return opaque(target, node);
    }
    vec![other(target, node, Command::Explain, false, false)]
}

/// Whether an option of maintenance is present and not switched off.
fn is_on(node: Node<'_>, option: &str) -> bool {
    let off = |value: &str| {
        let value = value.trim_matches('\'').to_ascii_lowercase();
        matches!(value.as_str(), "false" | "off" | "0" | "no")
    };
    let options = node.all(Syntax::MaintenanceOption);
    let mut named = options.filter(|inner| inner.starts_with(option));
    node.says(option) || named.any(|inner| !off(inner.text_from(1)))
}

/// PostgreSQL refuses these commands in a transaction block: active SQL transaction (25001). Measured on
/// PostgreSQL 15 to 18.
fn maintenance(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    // `CLUSTER index ON table`.
    let object = node
        .all(Syntax::AnyName)
        .last()
        .map(|name| target.name(name));
    let (command, outside, changes_schema) = match node.syntax() {
        Syntax::Vacuum => {
            let full = is_on(node, "FULL");
            (Command::Vacuum { full }, true, false)
        }
        Syntax::Cluster => (Command::Cluster, object.is_none(), true),
        Syntax::Reindex => {
            let Some((command, outside)) = reindex(node) else {
                return Vec::new();
            };
            (command, outside, true)
        }
        _ => (Command::Analyze, false, false),
    };
    let analyzed: Vec<Node<'_>> = node.all(Syntax::Analyzed).collect();
    if analyzed.len() > 1 {
        let each = analyzed.into_iter().map(|relation| {
            let change = Change::Other {
                command,
                object: Some(target.named(relation)),
                outside_transaction: outside,
                ddl: changes_schema,
            };
            clause(name_span(relation), change)
        });
        return each.collect();
    }
    let mut clause = other(target, node, command, outside, changes_schema);
    if let (Change::Other { object: told, .. }, Some(object)) = (&mut clause.change, object) {
        *told = Some(object);
    }
    vec![clause]
}

/// `REINDEX`, and whether it runs outside of a transaction: for many tables at once it uses one
/// transaction for each.
fn reindex(node: Node<'_>) -> Option<(Command, bool)> {
    let targets = <ReindexTarget as Spelled>::ALL.iter().copied();
    let target = { targets }.find(|target| node.says(target.words()))?;
    let concurrently = is_on(node, "CONCURRENTLY");
    let of_many = match target {
        ReindexTarget::Index | ReindexTarget::Table => false,
        ReindexTarget::Schema | ReindexTarget::Database | ReindexTarget::System => true,
    };
    let command = Command::Reindex {
        target,
        concurrently,
    };
    Some((command, of_many || concurrently))
}
