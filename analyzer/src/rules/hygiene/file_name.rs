//! File names that belong to no category.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::file_name::WHY;
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "file-name",
    summary: "a file name that is not a version and a title",
    page: include_str!("file_name.md"),
    aliases: &["file-order"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    match fact {
        Fact::WrongName { name, wrong } if !wrong.goes_back => Some(wrong.message(name)),
        Fact::ForeignNames { folder, names } => Some(foreign(folder, names)),
        _ => None,
    }
}

/// One finding for all of them, because the numbers depend on each other.
fn foreign(folder: &str, names: &[(String, Option<String>)]) -> Message {
    let first = names.first().map_or("", |(from, _)| from.as_str());
    let version = |to: &str| to.split('_').next().unwrap_or_default().to_owned();
    let named: Vec<_> = names
        .iter()
        .filter_map(|(from, to)| Some((from, to.as_ref()?)))
        .collect();
    let span = match (named.first(), named.last()) {
        (Some((_, from)), Some((_, to))) => format!("{} to {}", version(from), version(to)),
        (None, _) | (_, None) => String::new(),
    };
    let moves = named.iter().map(|(from, to)| {
        let path = |name: &str| in_shell(&format!("{folder}/{name}"));
        format!("\n    git mv {} {}", path(from), path(to))
    });
    let numbered = format!(
        "`onward adopt {} --from <tool>` renames them; by hand, number them {span}, in this order:{}",
        in_shell(folder),
        moves.collect::<String>()
    );
    Message::new(
        format!(
            "{} files are named as another tool names them, such as `{first}`",
            names.len()
        ),
        WHY,
        match (named.len(), names.len() - named.len()) {
            (_, 0) => numbered,
            (0, _) => FULL.to_owned(),
            (_, rest) => format!(
                "{FULL}: {rest} of these files would have no number. If that is done, {numbered}"
            ),
        },
    )
}

const FULL: &str = "a module has 99 startup migrations. As long as no database was migrated by Onward, put the oldest \
                    files together into one, in their order";

/// A path as a word of a shell.
fn in_shell(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    match path.chars().all(is_plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}
