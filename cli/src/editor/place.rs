//! Places as an editor counts them: lines from 0, and columns in the units that it has chosen.

use std::ops::Range as Bytes;

use lsp_types::{Position, PositionEncodingKind, Range};

/// In what a client counts columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// Bytes of UTF-8, where the client can.
    Utf8,
    /// Units of UTF-16, which every client can.
    Utf16,
}

impl Columns {
    pub(super) fn of(offered: Option<&[PositionEncodingKind]>) -> Self {
        match offered.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8)) {
            true => Self::Utf8,
            false => Self::Utf16,
        }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
        }
    }

    pub(super) fn position(self, text: &str, offset: usize) -> Position {
        let before = text.get(..offset).unwrap_or(text);
        let (line, rest) = match before.rfind('\n') {
            Some(end) => (
                before.matches('\n').count(),
                before.get(end + 1..).unwrap_or_default(),
            ),
            None => (0, before),
        };
        let column = rest.chars().map(|letter| self.width(letter)).sum::<usize>();
        Position::new(number(line), number(column))
    }

    pub(super) fn range(self, text: &str, bytes: &Bytes<usize>) -> Range {
        Range::new(
            self.position(text, bytes.start),
            self.position(text, bytes.end),
        )
    }

    /// The byte at a position, or the nearest that there is.
    pub(super) fn offset(self, text: &str, position: Position) -> usize {
        let lines = text.split_inclusive('\n');
        let mut start = 0;
        for (number, line) in lines.enumerate() {
            if u32::try_from(number) == Ok(position.line) {
                return start + self.column(line.trim_end_matches('\n'), position.character);
            }
            start += line.len();
        }
        text.len()
    }

    fn column(self, line: &str, column: u32) -> usize {
        let mut left = usize::try_from(column).unwrap_or(usize::MAX);
        for (at, letter) in line.char_indices() {
            match left.checked_sub(self.width(letter)) {
                Some(rest) if left > 0 => left = rest,
                Some(_) | None => return at,
            }
        }
        line.len()
    }
}

/// The top of a file, where an editor shows what is about all of it, and where a new text begins.
pub(super) fn top() -> Range {
    Range::new(Position::new(0, 0), Position::new(0, 0))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_the_units_of_the_client() {
        let text = "SELECT 1;\nSELECT '𝄞ä', x;\n";
        let x = text.find('x').unwrap();
        assert_eq!(Columns::Utf16.position(text, x), Position::new(1, 14));
        assert_eq!(Columns::Utf8.position(text, x), Position::new(1, 17));
        for columns in [Columns::Utf8, Columns::Utf16] {
            assert_eq!(columns.offset(text, columns.position(text, x)), x);
        }
    }

    #[test]
    fn a_place_that_is_not_there_is_the_nearest() {
        let text = "ab\ncd";
        assert_eq!(Columns::Utf16.offset(text, Position::new(0, 9)), 2);
        assert_eq!(Columns::Utf16.offset(text, Position::new(7, 0)), 5);
        assert_eq!(Columns::Utf16.offset("", Position::new(0, 0)), 0);
    }
}
