//! Between the text that is analysed and the bytes that stand in the file.

/// A text as the analyzer reads it, and the way back to where it came from.
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
    /// Without a leading byte order mark, with line endings as LF.
    pub text: String,
    /// The bytes that were dropped at the start.
    mark: usize,
    /// The line feeds in `text` that had a carriage return before them.
    returns: Vec<usize>,
}

impl Normal {
    /// Drops what makes the same SQL differ from editor to editor.
    #[must_use]
    pub fn of(original: &str) -> Self {
        let body = original.strip_prefix('\u{feff}').unwrap_or(original);
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
            mark: original.len() - body.len(),
            returns,
        }
    }

    /// The byte of the original for a byte of the text.
    #[must_use]
    pub fn original(&self, offset: usize) -> usize {
        self.mark + offset + self.returns.partition_point(|&at| at < offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_finds_its_way_back() {
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
