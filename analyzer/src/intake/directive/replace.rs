//! `replace`: a series of files that replaces a column by another one, or by several.

use std::ops::Range;

use super::{Directive, WrongDirective, wrong};
use crate::statement::Name;
use crate::statement::to_sql::quote_name;
use crate::text::quote::{quote_ident, quote_list};
use crate::text::split::{Token, TokenKind, tokens_and_comments};

/// What a series replaces, and by what: the line with which its first file begins.
///
/// ```
/// use onward_analyzer::directive::{Directive, read};
///
/// let line = "-- onward: replace shop.orders.total with total_cents using (total * 100) back (total_cents / 100.0)";
/// let Some(Ok(Directive::Replace(series))) = read(line, "shop") else { panic!("it is a series") };
/// assert_eq!(series.targets[0].column, "total_cents");
/// assert_eq!(format!("-- onward: {}", series.directive()), line);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// The table of the old column.
    pub table: Name,
    /// The old column.
    pub column: String,
    /// The new columns, each with the expression over the old one that is its value.
    pub targets: Vec<Target>,
    /// The expression over the new columns that is the value of the old one.
    pub back: String,
    /// Where the new column is, if in another table.
    pub moved: Option<Moved>,
    /// Whether the new column takes the old name when the old one is dropped.
    pub keeps_name: bool,
}

/// A new column.
///
/// ```
/// let target = onward_analyzer::directive::Target { column: "first".into(), using: "split_part(name, ' ', 1)".into() };
/// assert!(target.using.contains("name"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Its folded name.
    pub column: String,
    /// Its value, as an expression over the old column.
    pub using: String,
}

/// The other table to which a column moves.
///
/// ```
/// let moved = onward_analyzer::directive::Moved { table: Default::default(), by: vec!["order_id".into()] };
/// assert_eq!(moved.by.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// The table of the new column.
    pub table: Name,
    /// Its columns that hold the primary key of the old column's table, in the order of that key.
    pub by: Vec<String>,
}

impl Series {
    /// The table of the new columns.
    ///
    /// ```
    /// use onward_analyzer::directive::{Series, Target};
    /// use onward_analyzer::statement::Name;
    ///
    /// let total = Target { column: "price".into(), using: "total".into() };
    /// let series = Series {
    ///     table: Name { schema: "shop".into(), name: "orders".into() },
    ///     column: "total".into(),
    ///     targets: vec![total],
    ///     back: "price".into(),
    ///     ..Series::default()
    /// };
    /// assert_eq!(series.to(), &series.table);
    /// ```
    #[must_use]
    pub fn to(&self) -> &Name {
        self.moved
            .as_ref()
            .map_or(&self.table, |moved| &moved.table)
    }

    /// The name of the old column as SQL: `shop.orders.total`.
    ///
    /// ```
    /// use onward_analyzer::directive::{Series, Target};
    /// use onward_analyzer::statement::Name;
    ///
    /// let total = Target { column: "price".into(), using: "total".into() };
    /// let series = Series {
    ///     table: Name { schema: "shop".into(), name: "orders".into() },
    ///     column: "total".into(),
    ///     targets: vec![total],
    ///     back: "price".into(),
    ///     ..Series::default()
    /// };
    /// assert_eq!(series.old(), "shop.orders.total");
    /// ```
    #[must_use]
    pub fn old(&self) -> String {
        format!("{}.{}", quote_name(&self.table), quote_ident(&self.column))
    }

    /// The names of the new columns as SQL, separated by commas.
    ///
    /// ```
    /// use onward_analyzer::directive::{Series, Target};
    /// use onward_analyzer::statement::Name;
    ///
    /// let total = Target { column: "price".into(), using: "total".into() };
    /// let series = Series {
    ///     table: Name { schema: "shop".into(), name: "orders".into() },
    ///     column: "total".into(),
    ///     targets: vec![total],
    ///     back: "price".into(),
    ///     ..Series::default()
    /// };
    /// assert_eq!(series.successors(), "price");
    /// ```
    #[must_use]
    pub fn successors(&self) -> String {
        let names = self.targets.iter().map(|target| match &self.moved {
            Some(moved) => format!(
                "{}.{}",
                quote_name(&moved.table),
                quote_ident(&target.column)
            ),
            None => quote_ident(&target.column),
        });
        names.collect::<Vec<_>>().join(", ")
    }

    /// The directive behind `-- onward: `.
    ///
    /// ```
    /// use onward_analyzer::directive::{Series, Target};
    /// use onward_analyzer::statement::Name;
    ///
    /// let total = Target { column: "price".into(), using: "total".into() };
    /// let series = Series {
    ///     table: Name { schema: "shop".into(), name: "orders".into() },
    ///     column: "total".into(),
    ///     targets: vec![total],
    ///     back: "price".into(),
    ///     ..Series::default()
    /// };
    /// assert_eq!(series.directive(), "replace shop.orders.total with price using (total) back (price)");
    /// ```
    #[must_use]
    pub fn directive(&self) -> String {
        let targets = self.targets.iter().map(|target| {
            let name = match &self.moved {
                Some(moved) => format!(
                    "{}.{}",
                    quote_name(&moved.table),
                    quote_ident(&target.column)
                ),
                None => quote_ident(&target.column),
            };
            let by = self
                .moved
                .as_ref()
                .map(|moved| format!(" by {}", quote_list(&moved.by)));
            format!("{name}{} using ({})", by.unwrap_or_default(), target.using)
        });
        let keeps = match self.keeps_name {
            true => format!(" keeping {}", quote_ident(&self.column)),
            false => String::new(),
        };
        format!(
            "replace {} with {} back ({}){keeps}",
            self.old(),
            targets.collect::<Vec<_>>().join(", "),
            self.back
        )
    }

    /// The directive of the file that ends the series.
    ///
    /// ```
    /// use onward_analyzer::directive::{Series, Target};
    /// use onward_analyzer::statement::Name;
    ///
    /// let total = Target { column: "price".into(), using: "total".into() };
    /// let series = Series {
    ///     table: Name { schema: "shop".into(), name: "orders".into() },
    ///     column: "total".into(),
    ///     targets: vec![total],
    ///     back: "price".into(),
    ///     ..Series::default()
    /// };
    /// assert_eq!(series.end(), "replace shop.orders.total ends");
    /// ```
    #[must_use]
    pub fn end(&self) -> String {
        format!("replace {} ends", self.old())
    }
}

/// How the directive is written.
pub(super) const FORM: &str =
    "replace <table>.<column> with <column> using (<expression>) back (<expression>)";

pub(super) fn replace(rest: &str, schema: &str) -> Result<Directive, WrongDirective> {
    let mut words = Words::of(rest);
    let read = match words.column(schema) {
        Some((table, column)) if words.word("ends") => {
            Some(Directive::ReplaceEnds { table, column })
        }
        Some((table, column)) => words
            .series(table, column, schema)
            .map(|series| Directive::Replace(Box::new(series))),
        None => None,
    };
    read.filter(|_| words.is_at_end()).ok_or_else(|| {
        wrong(
            format!("`replace {rest}` does not say which column is replaced, by which, and how values are converted"),
            format!(
                "write `-- onward: {FORM}` in the file that begins the series, as `onward replace` does, and `-- onward: \
                 replace <table>.<column> ends` in the file that drops the old column"
            ),
        )
    })
}

/// The tokens of the line that are not read yet.
struct Words<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        let tokens = tokens_and_comments(text).into_iter();
        Self {
            text,
            tokens: tokens
                .filter(|token| token.kind != TokenKind::Comment)
                .collect(),
            at: 0,
        }
    }

    fn is_at_end(&self) -> bool {
        self.at == self.tokens.len()
    }

    fn now(&self) -> Option<(TokenKind, &'a str, Range<usize>)> {
        let token = self.tokens.get(self.at)?;
        Some((token.kind, self.text.get(token.span())?, token.span()))
    }

    /// Whether this word is next; it is read then.
    fn word(&mut self, word: &str) -> bool {
        let is_it = self.now().is_some_and(|(kind, text, _)| {
            kind == TokenKind::Word && text.eq_ignore_ascii_case(word)
        });
        self.at += usize::from(is_it);
        is_it
    }

    fn symbol(&mut self, symbol: char) -> bool {
        let is_it = self
            .now()
            .is_some_and(|(kind, _, _)| kind == TokenKind::Symbol(symbol));
        self.at += usize::from(is_it);
        is_it
    }

    fn identifier(&mut self) -> Option<String> {
        let (kind, text, _) = self.now()?;
        let name = match kind {
            TokenKind::Word => text.to_lowercase(),
            TokenKind::QuotedWord => text
                .strip_prefix('"')?
                .strip_suffix('"')?
                .replace("\"\"", "\""),
            TokenKind::Literal
            | TokenKind::Number
            | TokenKind::Symbol(_)
            | TokenKind::Comment
            | TokenKind::Psql => return None,
        };
        self.at += 1;
        Some(name)
    }

    fn path(&mut self) -> Option<Vec<String>> {
        let mut parts = vec![self.identifier()?];
        while self.symbol('.') {
            parts.push(self.identifier()?);
        }
        Some(parts)
    }

    /// `shop.orders.total`, or without the module's own schema.
    fn column(&mut self, schema: &str) -> Option<(Name, String)> {
        column_of(self.path()?, schema)
    }

    /// What is between two parentheses.
    fn expression(&mut self) -> Option<String> {
        let (_, _, open) = self.now()?;
        if !self.symbol('(') {
            return None;
        }
        let mut depth = 1_usize;
        while let Some((kind, _, span)) = self.now() {
            self.at += 1;
            match kind {
                TokenKind::Symbol('(') => depth += 1,
                TokenKind::Symbol(')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = self.text.get(open.end..span.start)?.trim();
                return (!inside.is_empty()).then(|| inside.to_owned());
            }
        }
        None
    }

    fn series(&mut self, table: Name, column: String, schema: &str) -> Option<Series> {
        if !self.word("with") {
            return None;
        }
        let mut series = Series {
            table,
            column,
            ..Series::default()
        };
        loop {
            let mut path = self.path()?;
            let target = path.pop()?;
            if !path.is_empty() {
                path.push(target.clone());
                let (table, _) = column_of(path, schema)?;
                let by = if self.word("by") {
                    self.names()?
                } else {
                    return None;
                };
                series.moved = Some(Moved { table, by });
            }
            if !self.word("using") {
                return None;
            }
            series.targets.push(Target {
                column: target,
                using: self.expression()?,
            });
            if !self.symbol(',') {
                break;
            }
        }
        if !self.word("back") {
            return None;
        }
        series.back = self.expression()?;
        series.keeps_name = self.word("keeping");
        let is_old = !series.keeps_name || self.identifier()? == series.column;
        let is_one = series.targets.len() == 1 || series.moved.is_none() && !series.keeps_name;
        (is_old && is_one).then_some(series)
    }

    fn names(&mut self) -> Option<Vec<String>> {
        let mut names = vec![self.identifier()?];
        while self.symbol(',') {
            names.push(self.identifier()?);
        }
        Some(names)
    }
}

/// A table and a column of a path with two or three parts.
fn column_of(mut path: Vec<String>, schema: &str) -> Option<(Name, String)> {
    let column = path.pop()?;
    let name = path.pop()?;
    let schema = path.pop().unwrap_or_else(|| schema.to_owned());
    path.is_empty().then_some((Name { schema, name }, column))
}

/// A column as it is written on a command line: `shop.orders.total`, or without the module's own schema.
///
/// ```
/// let read = onward_analyzer::directive::column("orders.total", "shop");
/// assert_eq!(read.map(|(table, column)| format!("{table} {column}")), Some("shop.orders total".to_owned()));
/// ```
#[must_use]
pub fn column(text: &str, schema: &str) -> Option<(Name, String)> {
    let mut words = Words::of(text);
    let column = words.column(schema)?;
    words.is_at_end().then_some(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(text: &str) -> Option<Series> {
        match replace(text, "shop") {
            Ok(Directive::Replace(series)) => Some(*series),
            _ => None,
        }
    }

    #[test]
    fn every_form_is_read_and_written_again() {
        for line in [
            "replace shop.orders.total with total_cents using (round(total * 100)) back (total_cents / 100.0)",
            "replace shop.orders.id with id_new using (id) back (id_new) keeping id",
            "replace shop.people.name with first using (split_part(name, ' ', 1)), last using (split_part(name, ')', 2)) \
             back (concat_ws(' ', first, last))",
            "replace shop.orders.total with shop.order_totals.total by order_id using (total) back (total)",
            "replace shop.\"Orders\".\"a.b\" with \"New\" using (\"a.b\") back (\"New\")",
        ] {
            let read = series(line.strip_prefix("replace ").unwrap_or_default());
            assert_eq!(read.map(|series| series.directive()).as_deref(), Some(line));
        }
        let end = replace("orders.total ends", "shop");
        assert!(matches!(end, Ok(Directive::ReplaceEnds { column, .. }) if column == "total"));
    }

    #[test]
    fn anything_else_is_wrong() {
        for line in [
            "",
            "total with b using (a) back (b)",
            "t.a with b",
            "t.a with b using (a)",
            "t.a with b using () back (b)",
            "t.a with b using (a back (b)",
            "t.a with b using (a) back (b) keeping b",
            "t.a with s.u.b using (a) back (b)",
            "t.a ends here",
        ] {
            assert!(replace(line, "shop").is_err(), "{line}");
        }
    }
}
