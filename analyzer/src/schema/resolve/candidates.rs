//! Which operators and functions of `pg_catalog` take values of these types.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Kind;
use super::casts::{Sort, becomes, sort};
use crate::schema::{Schema, TypeKind};
use crate::statement::ObjectKind;

/// An operator or a function.
struct Candidate {
    takes: Vec<&'static str>,
    /// How many arguments it needs: the others have defaults.
    needs: usize,
    result: &'static str,
}

type Candidates = BTreeMap<&'static str, Vec<Candidate>>;

static OPERATORS: LazyLock<Candidates> = LazyLock::new(|| {
    listed(include_str!("operators.txt"), |one| {
        let (sides, result) = one.rsplit_once(", ")?;
        let takes: Vec<&str> = sides.split(", ").collect();
        Some(Candidate {
            needs: takes.len(),
            takes,
            result,
        })
    })
});

static FUNCTIONS: LazyLock<Candidates> = LazyLock::new(|| {
    listed(include_str!("signatures.txt"), |one| {
        let (needs, rest) = one.split_once('|')?;
        let (takes, result) = rest.split_once('|')?;
        let takes = takes.split(", ").filter(|name| !name.is_empty());
        Some(Candidate {
            needs: needs.parse().ok()?,
            takes: takes.collect(),
            result,
        })
    })
});

fn listed(text: &'static str, read: fn(&'static str) -> Option<Candidate>) -> Candidates {
    let lines = text.lines().filter(|line| !line.starts_with("# "));
    let lines = lines.filter_map(|line| line.split_once(' '));
    let read = |(name, list): (&'static str, &'static str)| {
        (name, list.split("; ").filter_map(read).collect())
    };
    lines.map(read).collect()
}

/// A value, as far as the choice of an operator is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    /// A string without a type.
    Literal,
    /// This type of PostgreSQL's own, or a domain over it.
    Of(String),
    /// An enum type of the module.
    Enum,
}

impl Given {
    fn fits(&self, takes: &str) -> bool {
        match self {
            Self::Literal => true,
            Self::Enum => is_open(takes) || takes == "anyenum",
            Self::Of(name) => match takes {
                "anyrange" | "anycompatiblerange" => {
                    name.ends_with("range") && !name.ends_with("multirange")
                }
                "anymultirange" | "anycompatiblemultirange" => name.ends_with("multirange"),
                _other => is_open(takes) || becomes(name, takes),
            },
        }
    }
}

/// Whether a parameter takes every type that is not an array.
fn is_open(takes: &str) -> bool {
    let open = ["anyelement", "anynonarray", "anycompatible", "\"any\""];
    open.contains(&takes) || takes == "anycompatiblenonarray"
}

/// What is known of the call of an operator or a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// None takes such values.
    Refused,
    /// One does; its result.
    Taken(Kind),
    /// The values are not known well enough.
    Unknown,
}

/// What an operator makes of its operands, the left one first.
pub(super) fn operator(schema: &Schema, name: &str, kinds: &[&Kind]) -> Chosen {
    choose(OPERATORS.get(name), schema, kinds)
}

/// What a function makes of its arguments.
pub(super) fn function(schema: &Schema, name: &str, kinds: &[Kind]) -> Chosen {
    let kinds: Vec<&Kind> = kinds.iter().collect();
    choose(FUNCTIONS.get(name), schema, &kinds)
}

/// Whether there is an operator for two values of this type: then a string beside one is read as the other.
pub(super) fn pairs(name: &str, of: &str) -> bool {
    let mut all = OPERATORS.get(name).into_iter().flatten();
    all.any(|one| one.takes == [of, of])
}

/// The type that an operator takes for a value without one beside a value of this type; the value on the left is first.
pub(super) fn beside(schema: &Schema, name: &str, kinds: [&Kind; 2]) -> Option<Kind> {
    let at = kinds.iter().position(|kind| **kind == Kind::Literal)?;
    let known = kinds.iter().copied().find(|kind| **kind != Kind::Literal)?;
    if let Kind::Of(data_type) = known
        && data_type.array
    {
        let same = ["=", "<", ">", "<=", ">=", "<>", "@>", "<@", "&&"].contains(&name);
        return same.then(|| known.clone());
    }
    match given(schema, known)? {
        Given::Literal => None,
        Given::Enum => ["=", "<", ">", "<=", ">=", "<>"]
            .contains(&name)
            .then(|| known.clone()),
        Given::Of(of) if pairs(name, &of) => Some(Kind::named(&of)),
        Given::Of(_) => position(OPERATORS.get(name), schema, &kinds, at),
    }
}

/// The types that a function takes for its arguments without one.
pub(super) fn arguments(schema: &Schema, name: &str, kinds: &[Kind]) -> Vec<Option<Kind>> {
    let kinds: Vec<&Kind> = kinds.iter().collect();
    let each = kinds.iter().enumerate().map(|(at, kind)| match kind {
        Kind::Literal => position(FUNCTIONS.get(name), schema, &kinds, at),
        Kind::Unknown | Kind::Row | Kind::Of(_) => None,
    });
    each.collect()
}

/// The type that all fitting candidates take at a position; `text` comes before others, as PostgreSQL has it.
fn position(
    candidates: Option<&Vec<Candidate>>,
    schema: &Schema,
    kinds: &[&Kind],
    at: usize,
) -> Option<Kind> {
    if brings_others(schema) {
        return None;
    }
    let given = kinds.iter().map(|kind| given(schema, kind));
    let given = given.collect::<Option<Vec<Given>>>()?;
    let fits = |one: &&Candidate| {
        (one.needs..=one.takes.len()).contains(&given.len())
            && given.iter().zip(&one.takes).all(|(it, to)| it.fits(to))
    };
    let exact = |one: &&&Candidate| {
        let pairs = given.iter().zip(&one.takes);
        let differ = pairs.filter(|(it, to)| matches!(it, Given::Of(name) if name != *to));
        differ.count()
    };
    let fitting: Vec<&Candidate> = candidates?.iter().filter(fits).collect();
    // Those that need the fewest conversions.
    let least = fitting.iter().map(|one| exact(&one)).min()?;
    let best = fitting.iter().filter(|one| exact(one) == least);
    let types: std::collections::BTreeSet<&str> =
        best.filter_map(|one| one.takes.get(at).copied()).collect();
    let only = match types.contains("text") {
        true => Some("text"),
        false => types.first().copied().filter(|_| types.len() == 1),
    };
    let is_open = |name: &str| name.starts_with("any") || name == "\"any\"" || name == "record";
    only.filter(|name| !is_open(name)).map(named)
}

fn choose(candidates: Option<&Vec<Candidate>>, schema: &Schema, kinds: &[&Kind]) -> Chosen {
    let Some(candidates) = candidates.filter(|_| !brings_others(schema)) else {
        return Chosen::Unknown;
    };
    let given = kinds.iter().map(|kind| given(schema, kind));
    let Some(given) = given.collect::<Option<Vec<Given>>>() else {
        return Chosen::Unknown;
    };
    let fits = |one: &&Candidate| {
        (one.needs..=one.takes.len()).contains(&given.len())
            && given.iter().zip(&one.takes).all(|(it, to)| it.fits(to))
    };
    let fitting: Vec<&Candidate> = candidates.iter().filter(fits).collect();
    if fitting.is_empty() {
        return Chosen::Refused;
    }
    // A string is read as the type on the other side, if there is an operator for that.
    let known = given.iter().find(|it| **it != Given::Literal);
    let is_exact = |one: &&&Candidate| {
        let types = given.iter().map(|it| match it {
            Given::Literal => known,
            Given::Of(_) | Given::Enum => Some(it),
        });
        let mut pairs = types.zip(&one.takes);
        one.takes.len() == given.len()
            && pairs.all(|(it, to)| matches!(it, Some(Given::Of(name)) if name == to))
    };
    let exact = fitting.iter().find(is_exact).map(|one| one.result);
    let mut results = fitting.iter().map(|one| one.result);
    let first = results
        .next()
        .filter(|first| results.all(|one| one == *first));
    Chosen::Taken(match exact.or(first) {
        Some(result) if !result.starts_with("any") && result != "record" => named(result),
        Some(_) | None => Kind::Unknown,
    })
}

/// Whether the module has operators or casts of its own, or may have those of an extension.
fn brings_others(schema: &Schema) -> bool {
    let mut kinds = schema.others.keys().map(|(kind, _)| *kind);
    schema.has_extensions
        || kinds.any(|kind| matches!(kind, ObjectKind::Cast | ObjectKind::Operator))
}

fn named(name: &str) -> Kind {
    let Some(element) = name.strip_suffix("[]") else {
        return Kind::named(name);
    };
    Kind::Of(crate::statement::DataType {
        name: element.to_owned(),
        array: true,
        ..Default::default()
    })
}

fn given(schema: &Schema, kind: &Kind) -> Option<Given> {
    let data_type = match kind {
        Kind::Literal => return Some(Given::Literal),
        Kind::Of(data_type) => data_type,
        Kind::Unknown | Kind::Row => return None,
    };
    if data_type.array || data_type.set {
        return None;
    }
    let unclear = ["record", "unknown", "void", "trigger", "\"char\""];
    match sort(schema, data_type) {
        Sort::BuiltIn(name)
            if unclear.contains(&name.as_str())
                || name.starts_with("any")
                || name.starts_with("reg")
                || name.starts_with("pg_")
                || name.ends_with("vector") =>
        {
            None
        }
        Sort::BuiltIn(name) => Some(Given::Of(name)),
        Sort::Own(name) => {
            let known = schema.type_of(&name)?;
            matches!(known.kind, TypeKind::Enum(_)).then_some(Given::Enum)
        }
        Sort::Unknown => None,
    }
}

/// The type that both values take where one of them is chosen: in `UNION`, `CASE` and `COALESCE`.
pub(super) fn meets(schema: &Schema, left: &Kind, right: &Kind) -> bool {
    match (given(schema, left), given(schema, right)) {
        (Some(Given::Of(one)), Some(Given::Of(other))) => {
            becomes(&one, &other) || becomes(&other, &one)
        }
        (Some(Given::Enum), Some(Given::Of(_))) | (Some(Given::Of(_)), Some(Given::Enum)) => false,
        (_, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Vec<Kind> {
        let kinds = names.iter().map(|name| match *name {
            "'" => Kind::Literal,
            name => Kind::named(name),
        });
        kinds.collect()
    }

    #[test]
    fn the_lists_are_read() {
        assert!(OPERATORS.len() > 60 && FUNCTIONS.len() > 200);
        let schema = Schema::new("app");
        let operator = |name, names: &[&str]| {
            let kinds = of(names);
            super::operator(&schema, name, &kinds.iter().collect::<Vec<_>>())
        };
        let taken = |name| Chosen::Taken(Kind::named(name));
        for (name, sides, chosen) in [
            ("=", ["integer", "bigint"], taken("boolean")),
            ("=", ["character varying", "integer"], Chosen::Refused),
            ("->>", ["jsonb", "'"], taken("text")),
            ("-", ["date", "date"], taken("integer")),
            (
                "-",
                ["timestamp with time zone", "integer"],
                Chosen::Refused,
            ),
            ("||", ["text", "integer"], taken("text")),
            ("||", ["integer", "integer"], Chosen::Refused),
            (
                "@>",
                ["tstzrange", "'"],
                Chosen::Taken(Kind::named("boolean")),
            ),
        ] {
            assert_eq!(operator(name, &sides), chosen, "{sides:?} {name}");
        }
        let function = |name, names: &[&str]| super::function(&schema, name, &of(names));
        assert_eq!(function("lower", &["integer"]), Chosen::Refused);
        assert_eq!(function("lower", &["character varying"]), taken("text"));
        assert_eq!(function("sum", &["bigint"]), taken("numeric"));
        assert_eq!(function("sum", &["text"]), Chosen::Refused);
        let round = function("round", &["double precision", "integer"]);
        assert_eq!(round, Chosen::Refused);
        assert_eq!(function("nope", &["text"]), Chosen::Unknown);
    }
}
