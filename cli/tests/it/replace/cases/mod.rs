//! Each kind of replacement on each shape of table, with the code of the release before and after it. A shape gives the
//! tables, a kind the column and the code.

mod kinds;
mod more;
mod shapes;

use self::kinds::{CENTS, Kind, MOVE, RENAME, SPLIT, WIDER, Written};
use self::shapes::{SHAPES, Shape};
use super::SEEDS;
use super::load::Code;

/// Tables, what is asked for, and the code of two releases.
pub(super) struct Case {
    pub(super) kind: &'static str,
    pub(super) shape: &'static str,
    pub(super) settings: &'static str,
    pub(super) before: String,
    /// The rows of before the series.
    pub(super) seed: String,
    /// What a connection of the service begins with: the code of both releases runs once with each of them.
    pub(super) sessions: Vec<String>,
    pub(super) arguments: Vec<String>,
    pub(super) old: Code,
    pub(super) new: Code,
    /// The number of rows that differ.
    pub(super) differs: String,
    /// The sum over the rows of before, when the series has ended.
    pub(super) sum: &'static str,
    pub(super) sum_before: i64,
    pub(super) sum_per_round: i64,
}

/// The cases of a kind: one for each shape, and what only this kind has.
pub(super) fn cases(kind: &'static str) -> Vec<Case> {
    let of = |shape: &Shape| match (kind, shape.has_items) {
        ("rename", _) => RENAME,
        ("retype", false) => CENTS,
        ("retype", true) => WIDER,
        ("split", _) => SPLIT,
        _ => MOVE,
    };
    let mut all: Vec<Case> = SHAPES.iter().map(|shape| case(&of(shape), shape)).collect();
    all.extend(more::cases(kind));
    all
}

fn case(kind: &Kind, shape: &Shape) -> Case {
    let filled = |text: &str| {
        text.replace("{column}", kind.column)
            .replace("{type}", kind.data_type)
            .replace("{rest}", kind.rest)
            .replace("{reference}", kind.reference)
            .replace("{value}", kind.value)
            .replace("{by}", shape.by)
            .replace("{seeds}", &SEEDS.to_string())
            .replace(
                "{role}",
                &format!("onward_{}_{}", kind.name, std::process::id()),
            )
    };
    let moves = kind.name == "move";
    let other = if moves { shape.other } else { "" };
    let (items, rows) = match shape.has_items {
        true => kind.items,
        false => ("", ""),
    };
    let code = |written: &Written| {
        let mut own: Vec<String> = written.own.iter().map(|sql| filled(sql)).collect();
        if shape.has_items {
            own.insert(own.len() - 1, filled(written.item));
        }
        Code {
            own,
            shared: filled(written.shared),
            copy: written.copy.filter(|_| shape.copies),
            forget: written.forget,
        }
    };
    Case {
        kind: kind.name,
        shape: shape.name,
        settings: shape.settings,
        before: filled(&[kind.allowed, shape.before, other, items].concat()),
        seed: filled(&[shape.seed, rows].concat()),
        sessions: shape.sessions.iter().map(|sql| filled(sql)).collect(),
        arguments: kind.arguments.iter().map(|one| filled(one)).collect(),
        old: code(&kind.old),
        new: code(&kind.new),
        differs: filled(kind.differs),
        sum: kind.sum,
        sum_before: kind.sum_before,
        sum_per_round: kind.sum_per_round,
    }
}
