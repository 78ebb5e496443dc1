//! Constants, as far as their order is known without the server.

use std::cmp::Ordering;

use super::claim::Sign;
use super::words::{string, unwrapped};
use crate::statement::DataType;

/// The value of a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Constant {
    /// A number without its point, and how many of its digits are behind it.
    Number(i128, u32),
    /// A date, or a date and a time, in ISO 8601 with six digits behind the second; and its time zone.
    Moment(String, String),
    /// A text of which is known that different words are different values, but not their order.
    Word(String),
    /// `TRUE` and `FALSE`.
    Flag(bool),
    /// A constant that is equal only to one with the same words.
    Same(String),
}

impl Constant {
    /// Whether the comparison is true; `None` if it is not known.
    pub(super) fn is(&self, sign: Sign, other: &Self) -> Option<bool> {
        let order = self.order(other);
        Some(match sign {
            Sign::Below => order?.is_lt(),
            Sign::Most => order?.is_le(),
            Sign::Least => order?.is_ge(),
            Sign::Above => order?.is_gt(),
            Sign::Equal => self.equals(other)?,
            Sign::Other => !self.equals(other)?,
        })
    }

    fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one, places), Self::Number(other, others)) => {
                let shift = |number: &i128, by: u32| number.checked_mul(10_i128.checked_pow(by)?);
                let all = *places.max(others);
                Some(shift(one, all - places)?.cmp(&shift(other, all - others)?))
            }
            (Self::Moment(one, zone), Self::Moment(other, others)) => {
                (zone == others).then(|| one.cmp(other))
            }
            (one, other) => (one == other).then_some(Ordering::Equal),
        }
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Word(one), Self::Word(other)) => Some(one == other),
            (Self::Flag(one), Self::Flag(other)) => Some(one == other),
            (one, other) => Some(one.order(other)?.is_eq()),
        }
    }
}

/// How the constants of a type are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Whole,
    Number,
    /// Only whole numbers: others are rounded in different ways.
    Rounded,
    Date,
    Time,
    /// A time with a zone: a date without one depends on the session.
    Zoned,
    Word,
    /// `character(n)`, where spaces at the end do not count.
    Padded,
    Uuid,
    Flag,
    /// Constants are equal if their words are.
    Same,
}

impl Class {
    pub(super) fn of(data_type: &DataType) -> Self {
        if data_type.array || data_type.schema.is_some() {
            return Self::Same;
        }
        let classes = [
            ("smallint", Self::Whole),
            ("integer", Self::Whole),
            ("bigint", Self::Whole),
            ("numeric", Self::Number),
            ("real", Self::Rounded),
            ("double precision", Self::Rounded),
            ("date", Self::Date),
            ("timestamp without time zone", Self::Time),
            ("timestamp with time zone", Self::Zoned),
            ("text", Self::Word),
            ("character varying", Self::Word),
            ("character", Self::Padded),
            ("uuid", Self::Uuid),
            ("boolean", Self::Flag),
        ];
        let known = classes.iter().find(|(name, _)| *name == data_type.name);
        match known.map_or(Self::Same, |(_, class)| *class) {
            // A precision rounds the bounds of a partition, but not the constants of a check.
            Self::Number if !data_type.modifiers.is_empty() => Self::Rounded,
            Self::Time | Self::Zoned if !data_type.modifiers.is_empty() => Self::Same,
            class => class,
        }
    }

    /// Whether PostgreSQL compares the type with a constant of this type by an operator of the same
    /// family, and without the session's settings.
    fn accepts(self, cast: &str) -> bool {
        let whole = [
            "smallint", "int2", "integer", "int", "int4", "bigint", "int8",
        ];
        match self {
            Self::Whole => whole.contains(&cast),
            Self::Number | Self::Rounded => {
                whole.contains(&cast) || matches!(cast, "numeric" | "decimal")
            }
            Self::Date | Self::Time => {
                matches!(cast, "date" | "timestamp" | "timestamp without time zone")
            }
            Self::Zoned => matches!(cast, "timestamptz" | "timestamp with time zone"),
            Self::Word => matches!(cast, "text" | "varchar" | "character varying"),
            Self::Padded => false,
            Self::Uuid => cast == "uuid",
            Self::Flag => matches!(cast, "bool" | "boolean"),
            Self::Same => false,
        }
    }

    /// The value of a constant that is compared with a column of this class.
    pub(super) fn read(self, words: &[&str], own: &str) -> Option<Constant> {
        let words = unwrapped(words);
        let (literal, cast) = match words {
            words if words.contains(&"::") => {
                let mut sides = words.splitn(2, |word| *word == "::");
                (sides.next()?, sides.next().map(|of| of.join(" ")))
            }
            [cast, "(", value @ .., "as", of, ")"] if cast.eq_ignore_ascii_case("cast") => {
                (value, Some((*of).to_owned()))
            }
            [of @ .., text] if !of.is_empty() && of.iter().all(|word| is_word(word)) => {
                let is_text = text.starts_with('\'');
                (
                    words.get(of.len()..).filter(|_| is_text)?,
                    Some(of.join(" ")),
                )
            }
            all => (all, None),
        };
        let cast = cast.map(|cast| cast.to_ascii_lowercase());
        if cast.is_some_and(|cast| cast != own && !self.accepts(&cast)) {
            return None;
        }
        match unwrapped(literal) {
            ["-", number] => self.number(number).and_then(|constant| match constant {
                Constant::Number(digits, places) => Some(Constant::Number(-digits, places)),
                Constant::Same(words) => Some(Constant::Same(format!("-{words}"))),
                Constant::Moment(..) | Constant::Word(_) | Constant::Flag(_) => None,
            }),
            [word] if word.ends_with('\'') => self.text(&string(word)?),
            [word] if word.starts_with(|c: char| c.is_ascii_digit()) => self.number(word),
            [word] => {
                let known = flag(word).filter(|_| self == Self::Flag && word.len() > 3);
                known.map(Constant::Flag)
            }
            [..] => None,
        }
    }

    fn number(self, word: &str) -> Option<Constant> {
        match self {
            Self::Whole | Self::Number | Self::Rounded => self.text(word),
            Self::Same => Some(Constant::Same(word.to_owned())),
            Self::Date
            | Self::Time
            | Self::Zoned
            | Self::Word
            | Self::Padded
            | Self::Uuid
            | Self::Flag => None,
        }
    }

    fn text(self, text: &str) -> Option<Constant> {
        match self {
            // With a point, the column is cast.
            Self::Whole => Some(Constant::Number(text.trim().parse().ok()?, 0)),
            Self::Rounded => whole(text.trim()),
            Self::Number => number(text.trim()),
            Self::Date | Self::Time | Self::Zoned => Some(
                moment(text.trim(), self == Self::Zoned)
                    .unwrap_or_else(|| Constant::Same(text.to_owned())),
            ),
            Self::Word => Some(Constant::Word(text.to_owned())),
            Self::Padded => Some(Constant::Word(text.trim_end_matches(' ').to_owned())),
            Self::Uuid => Some(Constant::Word(text.to_ascii_lowercase())),
            Self::Flag => flag(text).map(Constant::Flag),
            Self::Same => Some(Constant::Same(format!("'{text}'"))),
        }
    }
}

fn is_word(word: &str) -> bool {
    word.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !word.starts_with(|c: char| c.is_ascii_digit())
}

fn flag(word: &str) -> Option<bool> {
    let word = word.to_ascii_lowercase();
    let is_true = ["true", "t", "yes", "y", "on", "1"].contains(&word.as_str());
    let is_false = ["false", "f", "no", "n", "off", "0"].contains(&word.as_str());
    (is_true || is_false).then_some(is_true)
}

fn number(text: &str) -> Option<Constant> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = places.bytes().all(|byte| byte.is_ascii_digit());
    let digits = format!("{whole}{places}");
    let digits = digits.parse().ok().filter(|_| is_plain)?;
    Some(Constant::Number(digits, u32::try_from(places.len()).ok()?))
}

/// A whole number, also as `200.00`.
fn whole(text: &str) -> Option<Constant> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let is_whole = places.bytes().all(|byte| byte == b'0');
    Some(Constant::Number(
        whole.parse().ok().filter(|_| is_whole)?,
        0,
    ))
}

/// A date, or a date and a time, in ISO 8601.
fn moment(text: &str, zoned: bool) -> Option<Constant> {
    let (date, rest) = text.split_at_checked(10)?;
    let is_date = date
        .bytes()
        .enumerate()
        .all(|(at, byte)| match [4, 7].contains(&at) {
            true => byte == b'-',
            false => byte.is_ascii_digit(),
        });
    let rest = rest.trim_start_matches(['T', ' ']);
    let of_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    let end = rest.find(|c| !of_time(c)).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(end);
    let full = match time.len() {
        0 => "00:00:00.000000".to_owned(),
        5 => format!("{time}:00.000000"),
        8 => format!("{time}.000000"),
        9.. => format!("{time:0<15}"),
        1..=4 | 6 | 7 => return None,
    };
    let shape = |(at, byte): (usize, u8)| match at {
        2 | 5 => byte == b':',
        8 => byte == b'.',
        at => byte.is_ascii_digit() && at < 15,
    };
    let is_time = full.bytes().enumerate().all(shape);
    let zone = match zone.trim() {
        "Z" | "z" | "UTC" | "+00" | "+00:00" | "+0000" => "+00",
        zone => zone,
    };
    // Without a zone in the type, PostgreSQL ignores the zone that is written.
    let zone = if zoned { zone } else { "" };
    (is_date && is_time).then(|| Constant::Moment(format!("{date} {full}"), zone.to_owned()))
}
