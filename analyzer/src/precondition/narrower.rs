//! Which values a narrower type does not take.

use crate::statement::DataType;

/// The integers of a type.
const INTEGERS: [(&str, &str, &str); 3] = [
    ("smallint", "-32768", "32767"),
    ("integer", "-2147483648", "2147483647"),
    ("bigint", "-9223372036854775808", "9223372036854775807"),
];

/// A condition that is true for a value that does not fit; `None` if every value fits, or if it is not known which do.
/// `is_converted` says that the value is an expression whose type is not known to be the old one.
pub(crate) fn narrower(
    old: &DataType,
    new: &DataType,
    value: &str,
    is_converted: bool,
) -> Option<String> {
    let is_plain = |one: &DataType| one.schema.is_none() && !one.array && !one.set;
    if !is_plain(old) || !is_plain(new) {
        return None;
    }
    if is_text(new) {
        let limit = length(new)?;
        let known = if is_converted { None } else { length(old) };
        let is_shorter = known.is_none_or(|known| known > limit);
        let from_text = is_converted || is_text(old) || old.name == "text";
        // Spaces beyond the limit are cut off without an error.
        return (from_text && is_shorter).then(|| {
            format!(
                "rtrim(substr(({value})::text, {}), ' ') <> ''",
                limit.saturating_add(1)
            )
        });
    }
    if let Some((_, least, greatest)) = integer(new) {
        let is_wider = match integer(old) {
            Some((_, _, known)) => known.len() > greatest.len(),
            None => is_number(old),
        };
        return (is_wider && !is_converted)
            .then(|| format!("round({value}::numeric) NOT BETWEEN {least} AND {greatest}"));
    }
    if new.name == "numeric" && !is_converted && (is_number(old) || integer(old).is_some()) {
        let (precision, scale) = digits(new)?;
        let fits = digits(old).is_some_and(|(old_precision, old_scale)| {
            old_scale <= scale && old_precision - old_scale <= precision - scale
        });
        return (!fits).then(|| {
            format!(
                "{value} <> 'NaN' AND abs(round({value}::numeric, {scale})) >= 10::numeric ^ ({})",
                precision - scale
            )
        })
        .map(|condition| match integer(old) {
            // An integer has no value that is not a number.
            Some(_) => condition.replacen(&format!("{value} <> 'NaN' AND "), "", 1),
            None => condition,
        });
    }
    None
}

fn is_text(one: &DataType) -> bool {
    matches!(one.name.as_str(), "character varying" | "character")
}

/// How many characters; none is as many as there are.
fn length(one: &DataType) -> Option<u64> {
    match (one.modifiers.first(), one.name.as_str()) {
        (Some(limit), _) => limit.trim().parse().ok(),
        (None, "character") => Some(1),
        (None, _) => None,
    }
}

fn integer(one: &DataType) -> Option<(&'static str, &'static str, &'static str)> {
    INTEGERS.into_iter().find(|(name, _, _)| *name == one.name)
}

fn is_number(one: &DataType) -> bool {
    matches!(one.name.as_str(), "numeric" | "real" | "double precision")
}

/// Precision and scale.
fn digits(one: &DataType) -> Option<(i64, i64)> {
    match one.name.as_str() {
        "numeric" => {
            let mut parts = one.modifiers.iter().map(|part| part.trim().parse::<i64>());
            let precision = parts.next()?.ok()?;
            Some((precision, parts.next().and_then(Result::ok).unwrap_or(0)))
        }
        "smallint" => Some((5, 0)),
        "integer" => Some((10, 0)),
        "bigint" => Some((19, 0)),
        _ => None,
    }
}
