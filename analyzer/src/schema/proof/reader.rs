//! Reads conditions of a table.

use std::collections::BTreeMap;

use super::claim::{Claim, Operand, Quantity, Sign};
use super::constant::{Class, Constant};
use super::words::{depth, name, parts, position, unwrapped, words};
use crate::schema::{ColumnId, Relation, Schema, TypeKind};
use crate::statement::{DataType, Expression};

/// PostgreSQL takes lists apart up to this length.
const LONGEST_LIST: usize = 100;

/// Deeper parentheses are not looked into.
const DEEPEST: i32 = 64;

/// Reads the conditions of one table.
pub(crate) struct Reader<'a> {
    schema: &'a Schema,
    table: &'a Relation,
    /// The current names of the columns that were renamed after the condition was written; `None` for
    /// names that are not a column any more.
    names: BTreeMap<&'a str, Option<&'a str>>,
    /// Whether any name before a column's stands for the table.
    has_alias: bool,
    /// The only name before a column that stands for the table.
    alias: Option<String>,
}

impl<'a> Reader<'a> {
    /// For conditions that are written with the current names.
    pub(crate) fn new(schema: &'a Schema, table: &'a Relation) -> Self {
        Self {
            schema,
            table,
            names: BTreeMap::new(),
            has_alias: false,
            alias: None,
        }
    }

    /// For conditions of a statement that knows the table by this name.
    pub(crate) fn known_as(self, alias: &str) -> Self {
        Self {
            alias: Some(alias.to_owned()),
            ..self
        }
    }

    /// For conditions of a statement about this table alone, which may have another name there.
    pub(crate) fn of_statement(schema: &'a Schema, table: &'a Relation) -> Self {
        Self {
            has_alias: true,
            ..Self::new(schema, table)
        }
    }

    /// For a `CHECK`, whose columns may have been renamed since.
    pub(super) fn of_check(
        schema: &'a Schema,
        table: &'a Relation,
        check: &'a Expression,
        columns: &[ColumnId],
    ) -> Self {
        let by_order = check.columns.len() == columns.len();
        let now = |(at, written): (usize, &'a String)| {
            let same = || table.column(written).map(|column| column.id);
            let id = match by_order {
                true => columns.get(at).copied(),
                false => same().filter(|id| columns.contains(id)),
            };
            (written.as_str(), id.and_then(|id| table.name_of(id)))
        };
        Self {
            schema,
            table,
            names: check.columns.iter().enumerate().map(now).collect(),
            has_alias: false,
            alias: None,
        }
    }

    /// What a condition requires.
    pub(crate) fn claim(&self, text: &str) -> Claim {
        let words = words(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match depth(&words) > DEEPEST {
            true => Claim::Other(self.spelled(&words)),
            false => self.read(&words),
        }
    }

    /// The column or expression that a text names.
    pub(crate) fn operand(&self, text: &str) -> Operand {
        let words = words(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.operand_of(&words)
    }

    /// `operand = ANY (constants)`, or a single comparison; `None` if one is not a constant that can be
    /// compared.
    pub(crate) fn one_of(&self, of: &Operand, values: &[String]) -> Option<Claim> {
        let words: Vec<Vec<String>> = values.iter().map(|value| words(value)).collect();
        let words: Vec<Vec<&str>> = { words.iter() }
            .map(|value| value.iter().map(String::as_str).collect())
            .collect();
        let known = words
            .iter()
            .all(|value| self.compared(of, Sign::Equal, value).is_some());
        let values: Vec<&[&str]> = words.iter().map(Vec::as_slice).collect();
        known.then(|| self.listed(&[&of.0], Sign::Equal, &values, false))?
    }

    /// `operand sign constant`; `None` if the text is not a constant that can be compared.
    pub(crate) fn compare(&self, of: &Operand, sign: Sign, text: &str) -> Option<Claim> {
        let words = words(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.compared(of, sign, &words)
    }

    fn read(&self, words: &[&str]) -> Claim {
        let words = unwrapped(words);
        for (separator, all) in [("or", false), ("and", true)] {
            let parts = parts(words, separator);
            if parts.len() > 1 {
                return Claim::joined(parts.iter().map(|part| self.read(part)), all);
            }
        }
        match words {
            ["not", rest @ ..] => self.read(rest).negated(),
            ["true"] => Claim::All(Vec::new()),
            ["false"] => Claim::Any(Vec::new()),
            words => self
                .test(words)
                .or_else(|| self.comparison(words))
                .or_else(|| self.flag(words, true))
                .unwrap_or_else(|| Claim::Other(self.spelled(words))),
        }
    }

    /// `IS NULL` and what means the same.
    fn test(&self, words: &[&str]) -> Option<Claim> {
        let at = position(words, |word| matches!(word, "is" | "isnull" | "notnull"))?;
        let (left, rest) = (words.get(..at)?, words.get(at..)?);
        let is_null = match rest {
            ["is", "null"] | ["isnull"] | ["is", "not", "distinct", "from", "null"] => true,
            ["is", "not", "null"] | ["notnull"] | ["is", "distinct", "from", "null"] => false,
            [..] => return Some(Claim::Other(self.spelled(words))),
        };
        let left = unwrapped(left);
        let row = match left {
            ["row", row @ ..] => unwrapped(row),
            row => row,
        };
        let fields = parts(row, ",");
        // A row in a DISTINCT FROM is null as a whole.
        let is_row = (fields.len() > 1 || left.first() == Some(&"row")) && rest.len() < 4;
        let test = |of: Operand| match is_null {
            true => Claim::Null(of),
            false => Claim::NotNull(of),
        };
        if is_row {
            let tests = fields.iter().map(|field| test(self.operand_of(field)));
            return Some(Claim::All(tests.collect()));
        }
        let of = self.operand_of(left);
        let is_composite = self.type_of(&of).is_some_and(|of| self.is_composite(of));
        Some(match is_composite {
            // `IS NOT NULL` of a row means that all its fields are not null.
            true => Claim::Other(self.spelled(words)),
            false => test(of),
        })
    }

    fn is_composite(&self, of: &DataType) -> bool {
        if of.is_built_in() {
            return false;
        }
        let of_row = |relation: &Relation| of.is_named(&relation.name);
        let mut types = self.schema.types().filter(|(name, _)| of.is_named(name));
        let of_type = types.any(|(_, known)| match &known.kind {
            TypeKind::Composite(_) => true,
            TypeKind::Domain(domain) => self.is_composite(&domain.data_type),
            TypeKind::Enum(_) | TypeKind::Other => false,
        });
        !of.array && (of_type || self.schema.relations().any(of_row))
    }

    fn comparison(&self, words: &[&str]) -> Option<Claim> {
        let of_list = |word: &str| matches!(word, "in" | "between");
        let at = position(words, |word| Sign::spelled(word).is_some() || of_list(word))?;
        let (left, word) = (words.get(..at)?, words.get(at)?);
        let right = words.get(at + 1..)?;
        let (left, negated) = match left {
            [left @ .., "not"] => (left, true),
            left => (left, false),
        };
        let claim = match Sign::spelled(word) {
            Some(sign) => self.signed(left, sign, right)?,
            None if *word == "in" => {
                self.listed(left, Sign::Equal, &parts(unwrapped(right), ","), false)?
            }
            None => self.between(left, right)?,
        };
        Some(if negated { claim.negated() } else { claim })
    }

    fn signed(&self, left: &[&str], sign: Sign, right: &[&str]) -> Option<Claim> {
        if let ["any" | "some" | "all", list @ ..] = right {
            let all = right.first() == Some(&"all");
            let list = unwrapped(list);
            if let [list] = list {
                // `'{a,b}'`, if no value has quotes or a comma.
                let inner = list.strip_prefix("'{")?.strip_suffix("}'")?;
                let values = inner.split(',').map(|value| format!("'{}'", value.trim()));
                let values: Vec<String> = values.collect();
                let values: Vec<[&str; 1]> = values.iter().map(|value| [value.as_str()]).collect();
                let values: Vec<&[&str]> = values.iter().map(|value| &value[..]).collect();
                let is_plain = !inner.contains(['"', '\\', '\'']);
                return self.listed(left, sign, &values, all).filter(|_| is_plain);
            }
            let array = match list.iter().position(|word| *word == "::") {
                Some(cast) => unwrapped(list.get(..cast)?),
                None => list,
            };
            let ["array", "[", values @ .., "]"] = array else {
                return None;
            };
            return self.listed(left, sign, &parts(values, ","), all);
        }
        // `(a IS NULL) = false`.
        for (side, other) in [(left, right), (right, left)] {
            if let (["true" | "false"], Sign::Equal | Sign::Other) = (other, sign)
                && self.flag(side, true).is_none()
            {
                let holds = (other == ["true"]) == (sign == Sign::Equal);
                let claim = self.read(side);
                return Some(if holds { claim } else { claim.negated() });
            }
        }
        let of = self.side(left);
        let compared = self.compared(&of, sign, right);
        compared.or_else(|| self.compared(&self.side(right), sign.mirrored(), left))
    }

    fn between(&self, left: &[&str], right: &[&str]) -> Option<Claim> {
        let (symmetric, limits) = match right {
            ["symmetric", limits @ ..] => (true, limits),
            ["asymmetric", limits @ ..] | limits => (false, limits),
        };
        let limits = parts(limits, "and");
        let [least, most] = limits.as_slice() else {
            return None;
        };
        let of = self.side(left);
        let within = |least: &[&str], most: &[&str]| {
            let least = self.compared(&of, Sign::Least, least)?;
            Some(Claim::All(vec![
                least,
                self.compared(&of, Sign::Most, most)?,
            ]))
        };
        let plain = within(least, most)?;
        Some(match symmetric {
            true => Claim::Any(vec![plain, within(most, least)?]),
            false => plain,
        })
    }

    /// A comparison with each of these constants, or with one of them.
    fn listed(&self, left: &[&str], sign: Sign, values: &[&[&str]], all: bool) -> Option<Claim> {
        let of = self.side(left);
        let list = |join: &str| {
            let words = values.iter().map(|value| self.spelled(value));
            let words: Vec<String> = words.collect();
            Claim::Other(format!("{} {join} {}", of.0, words.join(" , ")))
        };
        let is_flags = values.len() > 1 && self.class_of(&of) == Class::Flag;
        if values.len() > LONGEST_LIST || is_flags {
            return Some(match (sign, all) {
                (Sign::Equal, false) => list("="),
                (Sign::Other, true) => list("=").negated(),
                (_, _) => return None,
            });
        }
        let each = values.iter().map(|value| {
            let claim = self.compared(&of, sign, value);
            claim.unwrap_or_else(|| Claim::Other(self.spelled(value)))
        });
        let mut each: Vec<Claim> = each.collect();
        Some(match each.len() {
            0 | 1 => each.pop()?,
            2.. if all => Claim::List(Quantity::Every, each),
            2.. => Claim::List(Quantity::One, each),
        })
    }

    fn compared(&self, of: &Operand, sign: Sign, value: &[&str]) -> Option<Claim> {
        let own = self.type_of(of).map(|of| of.name.as_str());
        let constant = self.class_of(of).read(value, own.unwrap_or_default())?;
        Some(match (sign, constant) {
            // PostgreSQL simplifies `a <> true` to `NOT a`.
            (Sign::Other, Constant::Flag(value)) => {
                Claim::Compare(of.clone(), Sign::Equal, Constant::Flag(!value))
            }
            (sign, constant) => Claim::Compare(of.clone(), sign, constant),
        })
    }

    /// A column that is a condition itself.
    fn flag(&self, words: &[&str], value: bool) -> Option<Claim> {
        let of = self.operand_of(words);
        let is_flag = self.type_of(&of).is_some() && self.class_of(&of) == Class::Flag;
        is_flag.then_some(Claim::Compare(of, Sign::Equal, Constant::Flag(value)))
    }

    /// The type of an operand that is a column.
    fn type_of(&self, of: &Operand) -> Option<&'a DataType> {
        self.table.column(&of.0)?.data_type.as_ref()
    }

    fn class_of(&self, of: &Operand) -> Class {
        let Some(column) = self.table.column(&of.0) else {
            return Class::Same;
        };
        let Some(data_type) = &column.data_type else {
            return Class::Same;
        };
        // With another collation, different words can be equal.
        if column.collation.is_some() {
            return Class::Same;
        }
        let made = self.schema.made_type(data_type).map(|made| &made.kind);
        match made {
            Some(TypeKind::Enum(_)) if !data_type.array => Class::Word,
            Some(
                TypeKind::Enum(_) | TypeKind::Domain(_) | TypeKind::Composite(_) | TypeKind::Other,
            ) => Class::Same,
            None => Class::of(data_type),
        }
    }

    fn operand_of(&self, words: &[&str]) -> Operand {
        Operand(self.spelled(unwrapped(words)))
    }

    /// The side of a comparison. A cast between texts does not change what it compares.
    fn side(&self, words: &[&str]) -> Operand {
        if let [column @ .., "::", "text"] = unwrapped(words) {
            let column = self.operand_of(column);
            let is_text = self.type_of(&column).is_some_and(|of| {
                matches!(of.name.as_str(), "text" | "character varying") && !of.array
            });
            if is_text && self.class_of(&column) == Class::Word {
                return column;
            }
        }
        self.operand_of(words)
    }

    /// The words with the current names of columns, without the table's name before them, and without
    /// parentheses around a single word.
    fn spelled(&self, words: &[&str]) -> String {
        let mut spelled: Vec<String> = Vec::new();
        let mut rest = words;
        let own = |word: &str| {
            name(word).is_some_and(|name| {
                if let Some(alias) = &self.alias {
                    return name == *alias;
                }
                name == self.table.name.name || self.has_alias && self.table.column(&name).is_none()
            })
        };
        while let [first, behind @ ..] = rest {
            rest = match rest {
                [_, ".", table, ".", _, ..] if own(table) => rest.get(4..).unwrap_or_default(),
                [table, ".", _, ..] if own(table) && rest.get(3) != Some(&"(") => {
                    rest.get(2..).unwrap_or_default()
                }
                ["(", word, ")", ..] if spelled.last().is_none_or(|last| name(last).is_none()) => {
                    spelled.push(self.now(word));
                    rest.get(3..).unwrap_or_default()
                }
                [name, "(", ..] => {
                    spelled.push((*name).to_owned());
                    behind
                }
                [..] => {
                    spelled.push(self.now(first));
                    behind
                }
            };
        }
        spelled.join(" ")
    }

    /// A word, or the current name of the column that it is.
    fn now(&self, word: &str) -> String {
        let Some(written) = name(word) else {
            return word.to_owned();
        };
        match self.names.get(written.as_str()) {
            Some(Some(now)) => (*now).to_owned(),
            // No operand of another text has this word.
            Some(None) => format!("? {written}"),
            None => written,
        }
    }
}
