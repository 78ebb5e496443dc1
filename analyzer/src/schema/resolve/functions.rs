//! The functions of `pg_catalog`: how many arguments they take, since which version, and what they return.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Kind;
use crate::text::nearest::nearest;

static FUNCTIONS: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("functions.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).collect()
});

/// The functions of one argument of any type, which `row.name` can call too:
/// `SELECT proname FROM pg_proc WHERE pronargs = 1 AND proargtypes[0] IN ('record'::regtype, 'anyelement'::regtype,
/// '"any"'::regtype, 'anynonarray'::regtype, ...)` on PostgreSQL 15 and 18.
pub(super) const TAKE_ANYTHING: &[&str] = &[
    "any_value",
    "array_agg",
    "concat",
    "count",
    "first_value",
    "hash_record",
    "json_agg",
    "json_agg_strict",
    "json_build_array",
    "json_build_object",
    "jsonb_agg",
    "jsonb_agg_strict",
    "jsonb_build_array",
    "jsonb_build_object",
    "lag",
    "last_value",
    "lead",
    "max",
    "min",
    "mode",
    "num_nonnulls",
    "num_nulls",
    "pg_collation_for",
    "pg_column_compression",
    "pg_column_size",
    "pg_typeof",
    "quote_literal",
    "quote_nullable",
    "record_out",
    "record_send",
    "row_to_json",
    "to_json",
    "to_jsonb",
];

/// Whether the function only is a window function (`prokind = 'w'` in `pg_proc`).
pub(super) fn is_of_windows(name: &str) -> bool {
    let windows = [
        "cume_dist",
        "dense_rank",
        "first_value",
        "lag",
        "last_value",
        "lead",
        "nth_value",
        "ntile",
        "percent_rank",
        "rank",
        "row_number",
    ];
    windows.contains(&name)
}

/// The functions that return the type of their argument, whatever number it is.
const OF_ARGUMENT: [&str; 4] = ["abs", "any_value", "max", "min"];

/// A function's line in the list.
pub(super) struct Known {
    name: &'static str,
    facts: &'static str,
}

/// The functions of `pg_catalog` with this name.
pub(super) fn known(name: &str) -> Option<Known> {
    let (name, facts) = FUNCTIONS.get_key_value(name)?;
    Some(Known { name, facts })
}

/// The name that was probably meant.
pub(super) fn similar(name: &str) -> Option<&'static str> {
    // Short names are close to too many others, and names with an underscore in front are not for people.
    nearest(name, FUNCTIONS.keys().copied())
}

impl Known {
    /// Each number of arguments from and to, with the version that brought it.
    fn arities(&self) -> impl Iterator<Item = (u8, usize, usize)> {
        let numbers = self.facts.split(" = ").next().unwrap_or_default();
        numbers.split(' ').flat_map(|part| {
            let (version, list) = part.split_once(':').unwrap_or(("15", part));
            let version = version.parse().unwrap_or(15);
            list.split(',').map(move |range| {
                if let Some(from) = range.strip_suffix('+') {
                    return (version, from.parse().unwrap_or(0), usize::MAX);
                }
                let (from, to) = range.split_once('-').unwrap_or((range, range));
                (version, from.parse().unwrap_or(0), to.parse().unwrap_or(0))
            })
        })
    }

    /// The version since which it takes so many arguments; `None` if it does not.
    pub(super) fn since(&self, arguments: usize) -> Option<u8> {
        let mut fits = self.arities();
        let fit = fits.find(|(_, from, to)| (*from..=*to).contains(&arguments));
        fit.map(|(version, _, _)| version)
    }

    pub(super) fn first_version(&self) -> u8 {
        let versions = self.arities().map(|(version, _, _)| version);
        versions.min().unwrap_or(15)
    }

    pub(super) fn result(&self, arguments: usize, kinds: &[Kind]) -> Kind {
        if let Some((_, result)) = self.facts.split_once(" = ") {
            return Kind::named(result);
        }
        match (self.name, kinds) {
            (name, [only]) if OF_ARGUMENT.contains(&name) && is_number(only) => only.clone(),
            ("length", [only]) if is_string(only) => Kind::named("integer"),
            ("lower" | "upper", [only]) if arguments == 1 && is_string(only) => Kind::named("text"),
            (_, _) => Kind::Unknown,
        }
    }
}

fn is_number(kind: &Kind) -> bool {
    [
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
    ]
    .iter()
    .any(|name| kind.is(name))
}

fn is_string(kind: &Kind) -> bool {
    *kind == Kind::Literal || kind.is("text") || kind.is("character varying")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let since = |name: &str, arguments| known(name).and_then(|known| known.since(arguments));
        assert_eq!(since("any_value", 1), Some(16));
        assert_eq!(
            (since("random", 0), since("random", 2)),
            (Some(15), Some(17))
        );
        assert_eq!((since("concat", 9), since("concat", 0)), (Some(15), None));
        assert_eq!(since("lower", 2), None);
        assert!(known("nwo").is_none());
        let now = known("now").map(|now| now.result(0, &[]));
        assert_eq!(now, Some(Kind::named("timestamp with time zone")));
        assert!(FUNCTIONS.len() > 2_500);
        assert!(
            FUNCTIONS
                .keys()
                .all(|name| known(name).is_some_and(|known| known.first_version() >= 15))
        );
    }
}
