//! Converts between byte offsets and lines and columns.

/// A position in a text: line and column, both from 1, the column in characters.
///
/// ```
/// use onward_analyzer::position::Position;
///
/// let position = Position::of("SELECT 1;\nSELECT 'ä', x;", 22);
/// assert_eq!((position.line, position.column), (2, 12));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Where the lines of a text begin, so that many positions cost one pass over it.
///
/// ```
/// use onward_analyzer::position::Lines;
///
/// let lines = Lines::of("SELECT 1;\nSELECT 2;");
/// assert_eq!((lines.position(17).line, lines.line(2)), (2, "SELECT 2;"));
/// ```
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a str,
    /// The offsets of the line ends.
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines of a text.
    ///
    /// ```
    /// # use onward_analyzer::position::Lines;
    /// assert_eq!(Lines::of("SELECT 1;").line(1), "SELECT 1;");
    /// ```
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let ends = text.match_indices('\n').map(|(end, _)| end).collect();
        Self { text, ends }
    }

    /// As [`Position::of`].
    ///
    /// ```
    /// # use onward_analyzer::position::{Lines, Position};
    /// assert_eq!(Lines::of("a\nbc").position(3), Position { line: 2, column: 2 });
    /// ```
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let earlier = self.ends.partition_point(|end| *end < offset);
        let start = earlier
            .checked_sub(1)
            .and_then(|last| self.ends.get(last))
            .map_or(0, |end| end + 1);
        let before = self.text.as_bytes().get(start..offset).unwrap_or_default();
        Position {
            line: earlier + 1,
            column: String::from_utf8_lossy(before).chars().count() + 1,
        }
    }

    /// The text of a line, counted from 1, without its end.
    ///
    /// ```
    /// # use onward_analyzer::position::Lines;
    /// assert_eq!(Lines::of("a\nbc").line(2), "bc");
    /// ```
    #[must_use]
    pub fn line(&self, number: usize) -> &'a str {
        let start = match number.checked_sub(2) {
            Some(last) => self.ends.get(last).map_or(self.text.len(), |end| end + 1),
            None => 0,
        };
        let rest = self.text.get(start..).unwrap_or_default();
        rest.lines().next().unwrap_or_default()
    }
}

impl Position {
    /// The position of a byte offset; for an offset past the end, the position after the last character.
    ///
    /// ```
    /// # use onward_analyzer::position::Position;
    /// assert_eq!(Position::of("ab\ncdef", 5), Position { line: 2, column: 3 });
    /// ```
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        Lines::of(text).position(offset)
    }

    /// The byte offset of this position in `text`, or of the nearest position that exists.
    ///
    /// ```
    /// # use onward_analyzer::position::Position;
    /// assert_eq!(Position { line: 2, column: 3 }.offset_in("ab\ncdef"), 5);
    /// ```
    #[must_use]
    pub fn offset_in(self, text: &str) -> usize {
        let line: usize = text
            .split_inclusive('\n')
            .take(self.line.saturating_sub(1))
            .map(str::len)
            .sum();
        let column: usize = text[line..]
            .chars()
            .take(self.column.saturating_sub(1))
            .map(char::len_utf8)
            .sum();
        line + column
    }
}
