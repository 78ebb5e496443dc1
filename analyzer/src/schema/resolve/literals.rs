//! Strings that the input functions of types certainly refuse.

use crate::schema::{Answer, Schema, TypeKind};
use crate::statement::{Attribute, DataType, Name, ObjectKind};

const SYNTAX: &str = "invalid input syntax (22P02)";

/// PostgreSQL's words and its code, if the input function of the type certainly refuses the string:
/// `invalid input syntax (22P02)`.
pub(crate) fn refusal(schema: &Schema, data_type: &DataType, text: &str) -> Option<&'static str> {
    if data_type.array {
        let known = data_type.is_built_in() || is_certain(schema, data_type);
        return array(schema, data_type, text.trim()).filter(|_| known);
    }
    if !data_type.is_built_in() {
        return of_module(schema, data_type, text);
    }
    let text = text.trim();
    match data_type.name.as_str() {
        "smallint" => integer(text, i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => integer(text, i64::from(i32::MIN), i64::from(i32::MAX)),
        "bigint" => integer(text, i64::MIN, i64::MAX),
        "numeric" | "real" | "double precision" => match is_number(text) {
            true => None,
            false => Some(SYNTAX),
        },
        "boolean" => match is_boolean(text) {
            true => None,
            false => Some(SYNTAX),
        },
        "uuid" => match is_uuid(text) {
            true => None,
            false => Some(SYNTAX),
        },
        "json" | "jsonb" => match super::json::may_be(text) {
            true => None,
            false => Some(SYNTAX),
        },
        "inet" | "cidr" => match may_be_address(text) {
            true => None,
            false => Some(SYNTAX),
        },
        "date" | "timestamp without time zone" | "timestamp with time zone" => moment(text),
        "time without time zone" | "time with time zone" => {
            match has_digit(text) || says(text, &["now", "allballs"]) {
                true => None,
                false => Some("invalid input syntax (22007)"),
            }
        }
        "interval" => match is_interval(text) {
            true => None,
            false => Some("invalid input syntax (22007)"),
        },
        "money" => match has_digit(text) {
            true => None,
            false => Some(SYNTAX),
        },
        "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" => {
            range(text)
        }
        _other => None,
    }
}

const ARRAY: &str = "malformed array literal (22P02)";

/// An array: without quotes and lower bounds, its items too.
fn array(schema: &Schema, data_type: &DataType, text: &str) -> Option<&'static str> {
    let Some(inner) = text.strip_prefix('{') else {
        let has_bounds = text.starts_with('[') && text.contains("]=") || text.contains("] =");
        return (!has_bounds).then_some(ARRAY);
    };
    let Some(inner) = inner.strip_suffix('}') else {
        return Some(ARRAY);
    };
    if inner.contains(['"', '{', '}', '\\']) || inner.trim().is_empty() {
        return None;
    }
    let of = DataType {
        array: false,
        ..data_type.clone()
    };
    let mut items = inner.split(',').map(str::trim);
    items.find_map(|item| match item {
        "" => Some(ARRAY),
        item if item.eq_ignore_ascii_case("null") => None,
        item => refusal(schema, &of, item),
    })
}

/// A range of numbers or dates.
fn range(text: &str) -> Option<&'static str> {
    const MALFORMED: &str = "malformed range literal (22P02)";
    if text.eq_ignore_ascii_case("empty") {
        return None;
    }
    let inner = text.strip_prefix(['(', '[']);
    let Some(inner) = inner.and_then(|inner| inner.strip_suffix([')', ']'])) else {
        return Some(MALFORMED);
    };
    if inner.contains(['"', '\\']) {
        return None;
    }
    let Some((from, to)) = inner.split_once(',') else {
        return Some(MALFORMED);
    };
    let is_day =
        |text: &str| text.len() == 10 && moment(text).is_none() && text.split('-').count() == 3;
    let falls = match (from.parse::<i64>(), to.parse::<i64>()) {
        (Ok(from), Ok(to)) => from > to,
        (_, _) => is_day(from) && is_day(to) && from > to,
    };
    falls.then_some("range lower bound must be less than or equal to range upper bound (22000)")
}

/// The words of an interval (`deltatktbl` in `datetime.c`), which are compared by their first ten letters.
const UNITS: &str = " ago c cent centuries century d day days dec decade decades decs h hour hours hr hrs m \
    microsecon mil millennia millennium millenium mils millisecon min mins minute minutes mon mons month months ms msec \
    msecond mseconds msecs qtr quarter s sec second seconds secs us usec usecond useconds usecs w week weeks y year \
    years yr yrs ";

fn is_interval(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if lower.contains("inf") || lower.starts_with('p') {
        return true;
    }
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic());
    let is_unit = |word: &str| {
        let start = word.get(..10).unwrap_or(word);
        word.is_empty() || UNITS.contains(&format!(" {start} "))
    };
    has_digit(&lower) && words.all(is_unit)
}

fn own_name(schema: &Schema, data_type: &DataType) -> Name {
    Name {
        schema: data_type
            .schema
            .clone()
            .unwrap_or_else(|| schema.own.clone()),
        name: data_type.name.clone(),
    }
}

fn is_certain(schema: &Schema, data_type: &DataType) -> bool {
    let name = own_name(schema, data_type);
    schema.exists(ObjectKind::Type, &name, None) == Answer::Yes
}

/// A value of the type below a domain.
fn of_module(schema: &Schema, data_type: &DataType, text: &str) -> Option<&'static str> {
    if !is_certain(schema, data_type) {
        return None;
    }
    match &schema.type_of(&own_name(schema, data_type))?.kind {
        TypeKind::Domain(column) if column.data_type != *data_type => {
            refusal(schema, &column.data_type, text)
        }
        TypeKind::Composite(attributes) => row(schema, attributes, text),
        // `unknown-object` reports labels.
        TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Other => None,
    }
}

/// A row: without quotes, a value for each attribute.
fn row(schema: &Schema, attributes: &[Attribute], text: &str) -> Option<&'static str> {
    let inner = text.trim().strip_prefix('(');
    let Some(inner) = inner.and_then(|inner| inner.strip_suffix(')')) else {
        return Some("malformed record literal (22P02)");
    };
    if inner.contains(['"', '(', ')', '\\']) {
        return None;
    }
    let items: Vec<&str> = inner.split(',').collect();
    if items.len() != attributes.len() && !(attributes.is_empty() && inner.is_empty()) {
        return Some("malformed record literal (22P02)");
    }
    let mut pairs = items.iter().zip(attributes);
    pairs.find_map(|(item, attribute)| match item.is_empty() {
        true => None,
        false => refusal(schema, &attribute.data_type, item),
    })
}

fn integer(text: &str, least: i64, most: i64) -> Option<&'static str> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    // From PostgreSQL 16 on, `0x1F` and `1_000` are numbers too.
    let is_newer = |c: char| c.is_ascii_hexdigit() || "_xXoO".contains(c);
    if digits.is_empty()
        || !digits.starts_with(|c: char| c.is_ascii_digit())
        || !digits.chars().all(is_newer)
    {
        return Some(SYNTAX);
    }
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let value = text.strip_prefix('+').unwrap_or(text).parse::<i64>();
    let fits = value.is_ok_and(|value| (least..=most).contains(&value));
    (!fits).then_some("value is out of range (22003)")
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let special = ["nan", "inf", "infinity"];
    let is_part = |c: char| c.is_ascii_hexdigit() || "._xXoO+-pP".contains(c);
    says(digits, &special)
        || digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && has_digit(digits)
            && digits.chars().all(is_part)
}

fn is_boolean(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let whole = ["true", "false", "yes", "no", "on", "off", "1", "0"];
    // Any beginning of a word that no other word has.
    !text.is_empty() && text != "o" && whole.iter().any(|word| word.starts_with(&text))
}

fn is_uuid(text: &str) -> bool {
    let inner = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let digits: String = inner
        .unwrap_or(text)
        .chars()
        .filter(|c| *c != '-')
        .collect();
    digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit())
}

fn may_be_address(text: &str) -> bool {
    if text.contains(':') {
        return text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || ":./".contains(c));
    }
    let (address, mask) = text.split_once('/').unwrap_or((text, "0"));
    let parts: Vec<&str> = address.split('.').collect();
    let is_byte = |part: &&str| part.parse::<u8>().is_ok();
    let is_mask = mask.parse::<u8>().is_ok_and(|bits| bits <= 32);
    parts.len() <= 4 && parts.iter().all(is_byte) && is_mask
}

/// A date or a moment: without a digit it is one of a few words.
fn moment(text: &str) -> Option<&'static str> {
    let words = [
        "now",
        "today",
        "tomorrow",
        "yesterday",
        "epoch",
        "infinity",
        "+infinity",
        "-infinity",
    ];
    if !has_digit(text) {
        let mut parts = text.split_whitespace();
        let is_one = parts.any(|part| says(part, &words));
        return (!is_one).then_some("invalid input syntax (22007)");
    }
    let mut parts = text.get(..10).filter(|_| text.len() == 10)?.split('-');
    let mut number = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        part.parse::<u32>().ok()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _other => 31,
    };
    let fits = (1..=12).contains(&month) && (1..=days).contains(&day);
    (!fits).then_some("date/time field value out of range (22008)")
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

fn says(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(name: &str, text: &str) -> bool {
        let data_type = DataType {
            name: name.to_owned(),
            ..DataType::default()
        };
        refusal(&Schema::new("app"), &data_type, text).is_some()
    }

    /// Each is cast on PostgreSQL 15 by a test of the claims; here is what must not be refused.
    #[test]
    fn what_postgresql_takes_is_taken() {
        for (name, text) in [
            ("integer", " -42 "),
            ("numeric", "1.5e3"),
            ("numeric", "NaN"),
            ("double precision", "-Infinity"),
            ("boolean", "of"),
            ("boolean", "T"),
            ("uuid", "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}"),
            ("jsonb", " [1, 2] "),
            ("json", "-1"),
            ("inet", "::1/128"),
            ("cidr", "10.1"),
            ("date", "January 8, 1999"),
            ("date", "today"),
            ("date", "2024-02-29"),
            ("timestamp with time zone", "infinity"),
            ("time without time zone", "allballs"),
            ("interval", "1 day"),
            ("daterange", "empty"),
            ("daterange", "[2024-01-01,2024-02-01)"),
            ("int4range", "(,5]"),
            ("interval", "1 year 2 mons -3 days 04:05:06.7"),
            ("interval", "P1Y2M"),
            ("interval", "@ 5 microseconds ago"),
            ("interval", "1-2"),
            ("money", "$5"),
            ("text", "nope"),
        ] {
            assert!(!refuses(name, text), "{name} {text}");
        }
    }

    #[test]
    fn what_postgresql_refuses_is_refused() {
        for (name, text) in [
            ("integer", "x"),
            ("integer", ""),
            ("integer", "1.5"),
            ("smallint", "40000"),
            ("numeric", "1,5"),
            ("boolean", "o"),
            ("boolean", "maybe"),
            ("uuid", "nope"),
            ("jsonb", "nope"),
            ("json", "{"),
            ("json", ""),
            ("inet", "localhost"),
            ("inet", "10.0.0.256"),
            ("date", "nope"),
            ("date", ""),
            ("date", "2023-02-29"),
            ("timestamp without time zone", "monday"),
            ("interval", "soon"),
            ("interval", "3 fortnight"),
            ("int4range", "[5,1]"),
            ("money", "free"),
            ("daterange", "2024-01-01"),
        ] {
            assert!(refuses(name, text), "{name} {text}");
        }
    }
}
