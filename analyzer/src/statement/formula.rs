//! Conditions that can be evaluated without a server: what a `CHECK` says about a row that an `INSERT`
//! leaves at null or at the default.

use std::cmp::Ordering;

/// A value, as far as it is known.
///
/// ```
/// use onward_analyzer::statement::Known;
///
/// assert_eq!(Known::default(), Known::Unknown);
/// assert!(Known::Present.is_surely_not_null() && !Known::Unknown.is_surely_not_null());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// Nothing is known about it.
    #[default]
    Unknown,
    /// It is not null.
    Present,
    /// Null.
    Null,
    /// True or false.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A text, or a label of an enum: equal only to itself.
    Text(String),
    /// A value of another type, as its string is written: another string can mean the same value.
    Literal(String),
}

impl Known {
    /// Whether the value is certainly another one than null.
    ///
    /// ```
    /// use onward_analyzer::statement::Known;
    ///
    /// assert!(Known::Present.is_surely_not_null() && !Known::Unknown.is_surely_not_null());
    /// ```
    #[must_use]
    pub const fn is_surely_not_null(&self) -> bool {
        match self {
            Self::Unknown | Self::Null => false,
            Self::Present | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Literal(_) => {
                true
            }
        }
    }

    /// Whether it is one known constant, which each row has again.
    ///
    /// ```
    /// use onward_analyzer::statement::Known;
    ///
    /// assert!(Known::Bool(true).is_constant() && !Known::Present.is_constant());
    /// ```
    #[must_use]
    pub const fn is_constant(&self) -> bool {
        match self {
            Self::Unknown | Self::Present | Self::Null => false,
            Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Literal(_) => true,
        }
    }

    /// What a test of a truth value returns, for a null `null`.
    fn tested(&self, null: &Self, test: impl Fn(bool) -> bool) -> Self {
        match self {
            Self::Bool(is) => Self::Bool(test(*is)),
            Self::Null => null.clone(),
            Self::Unknown | Self::Present | Self::Number(_) | Self::Text(_) | Self::Literal(_) => {
                Self::Unknown
            }
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Literal(text) | Self::Number(text) => Some(text),
            Self::Unknown | Self::Present | Self::Null | Self::Bool(_) => None,
        }
    }

    /// How two values that are not null compare; `None` if that is not known.
    fn compare(&self, other: &Self) -> Option<Compared> {
        match (self, other) {
            (Self::Bool(one), Self::Bool(other)) => Some(Compared::Ordered(one.cmp(other))),
            (Self::Number(_), _) | (_, Self::Number(_)) => {
                ordered(self.text()?, other.text()?).map(Compared::Ordered)
            }
            (Self::Text(one), Self::Text(other)) if one != other => Some(Compared::Different),
            (
                Self::Unknown
                | Self::Present
                | Self::Null
                | Self::Bool(_)
                | Self::Text(_)
                | Self::Literal(_),
                _,
            ) => {
                let same = self.text()? == other.text()?;
                same.then_some(Compared::Ordered(Ordering::Equal))
            }
        }
    }
}

enum Compared {
    Ordered(Ordering),
    /// Not equal; the order depends on the collation.
    Different,
}

/// The order of two numbers. Numbers that are too close for a `f64` have none.
fn ordered(one: &str, other: &str) -> Option<Ordering> {
    if let (Ok(one), Ok(other)) = (one.parse::<i128>(), other.parse::<i128>()) {
        return Some(one.cmp(&other));
    }
    let (left, right): (f64, f64) = (one.parse().ok()?, other.parse().ok()?);
    let order = left.partial_cmp(&right)?;
    (order != Ordering::Equal || one == other).then_some(order)
}

/// The sign of a comparison.
///
/// ```
/// use onward_analyzer::statement::Sign;
///
/// assert_ne!(Sign::Less, Sign::LessOrEqual);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Sign {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Sign {
    fn holds(self, compared: &Compared) -> Option<bool> {
        let order = match (compared, self) {
            (Compared::Ordered(order), _) => *order,
            (Compared::Different, Self::Equal) => return Some(false),
            (Compared::Different, Self::Different) => return Some(true),
            (Compared::Different, _) => return None,
        };
        Some(match self {
            Self::Equal => order == Ordering::Equal,
            Self::Different => order != Ordering::Equal,
            Self::Less => order == Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterOrEqual => order != Ordering::Less,
        })
    }
}

/// An expression in a form that can be evaluated.
///
/// ```
/// use onward_analyzer::statement::{Formula, Known};
///
/// let required = Formula::Not(Box::new(Formula::IsNull(Box::new(Formula::Column("a".into())))));
/// assert_eq!(required.value(&|_| Known::Null), Known::Bool(false));
/// assert_eq!(required.value(&|_| Known::Unknown), Known::Unknown);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Formula {
    /// An expression of which nothing is known.
    #[default]
    Unknown,
    /// A constant.
    Constant(Known),
    /// A column; in a domain's check, `value`.
    Column(String),
    /// `NOT`.
    Not(Box<Self>),
    /// Operands of `AND`.
    All(Vec<Self>),
    /// Operands of `OR`.
    Any(Vec<Self>),
    /// `IS NULL`.
    IsNull(Box<Self>),
    /// `IS TRUE`, or `IS FALSE`.
    Is(Box<Self>, bool),
    /// A comparison.
    Compare(Box<Self>, Sign, Box<Self>),
    /// `IS DISTINCT FROM`.
    Distinct(Box<Self>, Box<Self>),
    /// A cast to the type with this name.
    Cast(Box<Self>, String),
    /// A call of a function of PostgreSQL.
    Call(String, Vec<Self>),
    /// An operator, or another function, that returns null if an operand is null.
    Strict(Vec<Self>),
}

impl Formula {
    /// Its value in a row with these columns. What a function or operator returns is known only for a
    /// few of them.
    ///
    /// ```
    /// use onward_analyzer::statement::{Formula, Known};
    ///
    /// let is_null = Formula::IsNull(Box::new(Formula::Column("a".into())));
    /// assert_eq!(is_null.value(&|_| Known::Present), Known::Bool(false));
    /// ```
    #[must_use]
    pub fn value(&self, column: &dyn Fn(&str) -> Known) -> Known {
        match self {
            Self::Unknown => Known::Unknown,
            Self::Constant(value) => value.clone(),
            Self::Column(name) => column(name),
            Self::Not(inner) => inner.value(column).tested(&Known::Null, |is| !is),
            Self::All(terms) => joined(terms, false, column),
            Self::Any(terms) => joined(terms, true, column),
            Self::IsNull(inner) => {
                let value = inner.value(column);
                let is_known = value == Known::Null || value.is_surely_not_null();
                let answer = Known::Bool(value == Known::Null);
                if is_known { answer } else { Known::Unknown }
            }
            Self::Is(inner, wanted) => {
                let value = inner.value(column);
                value.tested(&Known::Bool(false), |is| is == *wanted)
            }
            Self::Compare(left, sign, right) => {
                let (left, right) = (left.value(column), right.value(column));
                if left == Known::Null || right == Known::Null {
                    return Known::Null;
                }
                let holds = left.compare(&right).and_then(|is| sign.holds(&is));
                holds.map_or(Known::Unknown, Known::Bool)
            }
            Self::Distinct(left, right) => distinct(&left.value(column), &right.value(column)),
            Self::Cast(inner, to) => cast(inner.value(column), to),
            Self::Call(name, arguments) => {
                let values = arguments.iter().map(|one| one.value(column));
                called(name, &values.collect::<Vec<_>>())
            }
            Self::Strict(operands) => strict(&values(operands, column)),
        }
    }
}

fn values(operands: &[Formula], column: &dyn Fn(&str) -> Known) -> Vec<Known> {
    operands.iter().map(|one| one.value(column)).collect()
}

/// `AND`, which one false operand decides, or `OR`, which one true operand decides.
fn joined(terms: &[Formula], decisive: bool, column: &dyn Fn(&str) -> Known) -> Known {
    let values = values(terms, column);
    let is = |value: &Known| values.contains(value);
    if is(&Known::Bool(decisive)) {
        Known::Bool(decisive)
    } else if values
        .iter()
        .any(|one| matches!(one, Known::Unknown) || one.is_opaque())
    {
        Known::Unknown
    } else if is(&Known::Null) {
        Known::Null
    } else {
        Known::Bool(!decisive)
    }
}

impl Known {
    /// Whether it is no truth value, although it stands for one.
    const fn is_opaque(&self) -> bool {
        !matches!(self, Self::Null | Self::Bool(_))
    }
}

fn distinct(left: &Known, right: &Known) -> Known {
    let is_null = |value: &Known| *value == Known::Null;
    if is_null(left) && is_null(right) {
        return Known::Bool(false);
    }
    let one_is_present = left.is_surely_not_null() || right.is_surely_not_null();
    if (is_null(left) || is_null(right)) && one_is_present {
        return Known::Bool(true);
    }
    let differ = left
        .compare(right)
        .and_then(|is| Sign::Different.holds(&is));
    differ.map_or(Known::Unknown, Known::Bool)
}

fn strict(operands: &[Known]) -> Known {
    match operands.contains(&Known::Null) {
        true => Known::Null,
        false => Known::Unknown,
    }
}

/// The value as a value of the type with this name.
pub(crate) fn cast(value: Known, to: &str) -> Known {
    const WHOLE: [&str; 3] = ["smallint", "integer", "bigint"];
    const BROKEN: [&str; 3] = ["numeric", "real", "double precision"];
    let is_whole = |text: &str| text.parse::<i128>().is_ok();
    match value {
        Known::Unknown => Known::Unknown,
        Known::Null => Known::Null,
        Known::Bool(is) if to == "boolean" => Known::Bool(is),
        Known::Number(text) | Known::Text(text) | Known::Literal(text)
            if WHOLE.contains(&to) && is_whole(&text)
                || BROKEN.contains(&to) && text.parse::<f64>().is_ok() =>
        {
            Known::Number(text)
        }
        Known::Text(text) | Known::Literal(text) if to == "boolean" => boolean(&text),
        Known::Text(text) if matches!(to, "text" | "character varying") => Known::Text(text),
        Known::Text(text) | Known::Literal(text) => Known::Literal(text),
        Known::Present | Known::Bool(_) | Known::Number(_) => Known::Present,
    }
}

fn boolean(text: &str) -> Known {
    let word = text.trim().to_ascii_lowercase();
    let is = |words: [&str; 6]| words.contains(&word.as_str());
    if is(["t", "true", "y", "yes", "on", "1"]) {
        Known::Bool(true)
    } else if is(["f", "false", "n", "no", "off", "0"]) {
        Known::Bool(false)
    } else {
        Known::Present
    }
}

/// Functions that return null if an argument is null, and what they return otherwise is not known here.
const STRICT: [&str; 33] = [
    "abs",
    "array_length",
    "array_ndims",
    "array_upper",
    "btrim",
    "cardinality",
    "ceil",
    "date_part",
    "date_trunc",
    "extract",
    "floor",
    "inet_merge",
    "isfinite",
    "json_array_length",
    "json_typeof",
    "jsonb_array_length",
    "left",
    "lower_inf",
    "ltrim",
    "masklen",
    "mod",
    "overlay",
    "position",
    "regexp_replace",
    "replace",
    "right",
    "round",
    "rtrim",
    "split_part",
    "starts_with",
    "strpos",
    "substring",
    "trunc",
];

/// Functions of one text, and what they return for it.
fn of_text(name: &str, text: &str) -> Option<Known> {
    let number = |length: usize| Known::Number(length.to_string());
    let ascii = |changed: String| text.is_ascii().then_some(Known::Text(changed));
    let is = |names: &[&str]| names.contains(&name);
    if is(&["length", "char_length", "character_length"]) {
        Some(number(text.chars().count()))
    } else if is(&["octet_length"]) {
        Some(number(text.len()))
    } else if is(&["lower"]) {
        ascii(text.to_ascii_lowercase())
    } else if is(&["upper"]) {
        ascii(text.to_ascii_uppercase())
    } else if is(&["btrim"]) {
        Some(Known::Text(text.trim_matches(' ').to_owned()))
    } else if is(&["jsonb_typeof", "json_typeof"]) {
        Some(json_type(text))
    } else {
        None
    }
}

fn called(name: &str, values: &[Known]) -> Known {
    let nulls = values.iter().filter(|value| **value == Known::Null).count();
    let present = values
        .iter()
        .filter(|value| value.is_surely_not_null())
        .count();
    let all_known = nulls + present == values.len();
    if name == "coalesce" {
        let first = values.iter().find(|value| **value != Known::Null);
        return first.cloned().unwrap_or(Known::Null);
    }
    if matches!(name, "num_nulls" | "num_nonnulls") && all_known {
        let count = if name == "num_nulls" { nulls } else { present };
        return Known::Number(count.to_string());
    }
    let known = match values {
        [Known::Text(text)] => of_text(name, text),
        [Known::Literal(text)] if name.ends_with("_typeof") => of_text(name, text),
        [..] => None,
    };
    let is_strict = || STRICT.contains(&name) || of_text(name, "").is_some();
    match known {
        Some(value) => value,
        None if is_strict() => strict(values),
        None => Known::Unknown,
    }
}

fn json_type(text: &str) -> Known {
    let word = match text.trim_start().chars().next() {
        Some('{') => "object",
        Some('[') => "array",
        Some('"') => "string",
        Some('t' | 'f') => "boolean",
        Some('n') => "null",
        Some('-' | '0'..='9') => "number",
        Some(_) | None => return Known::Present,
    };
    Known::Text(word.to_owned())
}
