//! Conversions that do not lead back to the same value, as far as the types tell.

use crate::intake::directive::Target;
use crate::precondition::narrower;
use crate::replace::expression::read;
use crate::replace::pair::Pair;
use crate::schema::Column;
use crate::statement::{DataType, Value, ValueKind};

/// What is lost, and what to do about it.
pub(crate) fn losses(pair: &Pair<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (target, new) in pair.series.targets.iter().zip(&pair.new) {
        all.extend(narrow(pair, pair.old, new));
        all.extend(rounded(pair, target));
    }
    all.extend(divided(pair));
    all
}

/// A copy into a type that does not take every value.
fn narrow(pair: &Pair<'_>, old: &Column, new: &Column) -> Option<(String, String)> {
    let (from, to) = (old.data_type.as_ref()?, new.data_type.as_ref()?);
    if !pair.is_copy() {
        return None;
    }
    let is_text = |one: &DataType| {
        matches!(
            one.name.as_str(),
            "text" | "character varying" | "character"
        )
    };
    let loses = narrower(from, to, "value", false).is_some()
        || scale(from) > scale(to) && to.name == "numeric"
        || from.name == "numeric"
            && scale(from) != Some(0)
            && matches!(to.name.as_str(), "bigint" | "integer" | "smallint")
        || is_text(from) && !is_text(to) && !pair.is_rename() && to.name == "character"
        || from.name.starts_with("timestamp") && to.name == "date"
        || from.name == "double precision" && to.name == "real";
    loses.then(|| {
        (
            format!(
                "{} is {to}, which does not take every value of {}, {from}",
                new.name,
                pair.series.old()
            ),
            format!("give {} a type that takes every value of {from}", new.name),
        )
    })
}

/// Digits behind the point, of a numeric with a scale.
fn scale(data_type: &DataType) -> Option<u32> {
    match (data_type.name.as_str(), data_type.modifiers.as_slice()) {
        ("numeric", [_]) => Some(0),
        ("numeric", [_, scale]) => scale.parse().ok(),
        _ => None,
    }
}

/// `round(total * 100)` of a value with more than two digits behind the point.
fn rounded(pair: &Pair<'_>, target: &Target) -> Option<(String, String)> {
    let digits = scale(pair.old.data_type.as_ref()?)?;
    let read = read(pair.schema.owned(), &pair.series.table, &target.using)?;
    let factor = factor(&read.expression.value, &pair.series.column)?;
    let kept = u32::try_from(factor.len()).ok()?.checked_sub(1)?;
    let is_power = factor.starts_with('1') && factor.get(1..)?.chars().all(|c| c == '0');
    let is_whole = pair.new.iter().any(|new| {
        let data_type = new.data_type.as_ref();
        data_type.is_some_and(|one| matches!(one.name.as_str(), "bigint" | "integer" | "smallint"))
    });
    (is_power && is_whole && kept < digits).then(|| {
        (
            format!(
                "`{}` keeps {kept} digits behind the point, and {} has {digits}",
                target.using,
                pair.series.old()
            ),
            format!(
                "multiply by 1{}, and divide by the same on the way back",
                "0".repeat(digits as usize)
            ),
        )
    })
}

/// The number by which the column is multiplied, below a function that rounds or a cast.
fn factor(value: &Value, column: &str) -> Option<String> {
    match &value.kind {
        ValueKind::Called(called) => {
            let rounds =
                ["round", "trunc", "floor", "ceil", "ceiling"].contains(&called.name.as_str());
            let [inner] = called.arguments.as_slice() else {
                return None;
            };
            rounds.then(|| factor(inner, column)).flatten()
        }
        ValueKind::Cast(inner, _) => factor(inner, column),
        ValueKind::Operation {
            first: Some(first),
            rest,
        } => match (&first.kind, rest.as_slice()) {
            (ValueKind::Column(name), [(operator, other)]) if operator.name == "*" => {
                let ValueKind::Number(number) = &other.kind else {
                    return None;
                };
                (name.parts.last()? == column).then(|| number.clone())
            }
            _ => None,
        },
        ValueKind::Other(inner) => match inner.as_slice() {
            [inner] => factor(inner, column),
            _ => None,
        },
        _ => None,
    }
}

/// `total_cents / 100`, which is a division of integers.
fn divided(pair: &Pair<'_>) -> Option<(String, String)> {
    let ([target], [new]) = (pair.series.targets.as_slice(), pair.new.as_slice()) else {
        return None;
    };
    let is_integer =
        |one: &DataType| matches!(one.name.as_str(), "bigint" | "integer" | "smallint");
    let (old, new) = (pair.old.data_type.as_ref()?, new.data_type.as_ref()?);
    let read = read(pair.schema.owned(), pair.series.to(), &pair.series.back)?;
    let divides = divisor(&read.expression.value, &target.column)?;
    let is_whole = divides.chars().all(|c| c.is_ascii_digit()) && divides != "1";
    (is_integer(new) && !is_integer(old) && is_whole).then(|| {
        (
            format!(
                "`{}` divides integers: what is behind the point is cut off",
                pair.series.back
            ),
            format!("divide by {divides}.0"),
        )
    })
}

/// The number by which the column is divided.
fn divisor(value: &Value, column: &str) -> Option<String> {
    match &value.kind {
        ValueKind::Cast(inner, _) => divisor(inner, column),
        ValueKind::Operation {
            first: Some(first),
            rest,
        } => match (&first.kind, rest.as_slice()) {
            (ValueKind::Column(name), [(operator, other)]) if operator.name == "/" => {
                let ValueKind::Number(number) = &other.kind else {
                    return None;
                };
                (name.parts.last()? == column).then(|| number.clone())
            }
            _ => None,
        },
        ValueKind::Other(inner) => match inner.as_slice() {
            [inner] => divisor(inner, column),
            _ => None,
        },
        _ => None,
    }
}
