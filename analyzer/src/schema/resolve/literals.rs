//! Strings that the input functions of types certainly refuse.

use crate::schema::{Answer, Schema, TypeKind};
use crate::statement::{DataType, Name, ObjectKind};

const SYNTAX: &str = "invalid input syntax (22P02)";

/// PostgreSQL's words and its code, if the input function of the type certainly refuses the string:
/// `invalid input syntax (22P02)`.
pub(crate) fn refusal(schema: &Schema, data_type: &DataType, text: &str) -> Option<&'static str> {
    if data_type.array {
        let trimmed = text.trim_start();
        let is_array = trimmed.starts_with('{') || trimmed.starts_with('[');
        let known = data_type.is_built_in() || is_certain(schema, data_type);
        return (known && !is_array).then_some("malformed array literal (22P02)");
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
        "json" | "jsonb" => match may_be_json(text) {
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
        "interval" => match has_digit(text) || text.to_ascii_lowercase().contains("inf") {
            true => None,
            false => Some("invalid input syntax (22007)"),
        },
        "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" => {
            let opens = text.starts_with(['(', '[']) || text.eq_ignore_ascii_case("empty");
            match opens {
                true => None,
                false => Some("malformed range literal (22P02)"),
            }
        }
        _other => None,
    }
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
        // `unknown-object` reports labels.
        TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Composite(_) | TypeKind::Other => None,
    }
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

fn may_be_json(text: &str) -> bool {
    let ends =
        |open: char, close: char| text.starts_with(open) && text.ends_with(close) && text.len() > 1;
    let is_word = ["true", "false", "null"].contains(&text);
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && is_number(text);
    is_word || is_number || ends('{', '}') || ends('[', ']') || ends('"', '"')
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
            ("daterange", "2024-01-01"),
        ] {
            assert!(refuses(name, text), "{name} {text}");
        }
    }
}
