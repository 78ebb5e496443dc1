//! Normalises the text of a file, and converts positions back to the bytes of the file.

/// A normalised text, with what is needed to find a position in the original.
///
/// ```
/// use onward_analyzer::normalize::Normal;
///
/// let normal = Normal::of("\u{feff}SELECT\r\n1");
/// assert_eq!(normal.text, "SELECT\n1");
/// assert_eq!(normal.original(7), 11);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normal {
    /// The text without a leading byte order mark, and with LF as line ending.
    pub text: String,
    /// The number of bytes that were dropped at the start: the byte order mark.
    mark: usize,
    /// The offsets in `text` of line feeds that had a carriage return before them.
    returns: Vec<usize>,
}

impl Normal {
    /// Removes what editors add to the same SQL: a byte order mark, and carriage returns at line ends.
    ///
    /// ```
    /// use onward_analyzer::normalize::Normal;
    ///
    /// assert_eq!(Normal::of("\u{feff}a\r\nb").text, "a\nb");
    /// ```
    #[must_use]
    pub fn of(original: &str) -> Self {
        let body = original.strip_prefix('\u{feff}').unwrap_or(original);
        let mark = original.len() - body.len();
        // Most texts have none, and the search for one byte is many times faster than that for two: `query!` reads the files
        // again each time, in a macro that is not optimised.
        if !body.contains('\r') {
            return Self {
                text: body.to_owned(),
                mark,
                returns: Vec::new(),
            };
        }
        let mut text = String::with_capacity(body.len());
        let mut returns = Vec::new();
        for (n, line) in body.split("\r\n").enumerate() {
            if n > 0 {
                returns.push(text.len());
                text.push('\n');
            }
            text.push_str(line);
        }
        Self {
            text,
            mark,
            returns,
        }
    }

    /// Converts a byte offset in the text to one in the original.
    ///
    /// ```
    /// use onward_analyzer::normalize::Normal;
    ///
    /// assert_eq!(Normal::of("a\r\nb").original(2), 3);
    /// ```
    #[must_use]
    pub fn original(&self, offset: usize) -> usize {
        self.mark + offset + self.returns.partition_point(|&at| at < offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_offset_is_converted_to_the_same_character_of_the_original() {
        for original in [
            "",
            "a",
            "\u{feff}",
            "\u{feff}\r\n",
            "a\r\n\r\nb\r\rc\n\r\nä",
            "\r",
        ] {
            let normal = Normal::of(original);
            for (at, c) in normal.text.char_indices() {
                let rest = &original[normal.original(at)..];
                assert!(
                    rest.starts_with(c) || c == '\n' && rest.starts_with("\r\n"),
                    "{original:?} at {at}"
                );
            }
            assert_eq!(normal.original(normal.text.len()), original.len());
        }
    }
}
