//! A text that is put together while the compiler evaluates constants, where there is no allocator.

use crate::plan::version::{Category, Version};

/// More than a screen; what does not fit is left out.
const MOST: usize = 8192;

pub(crate) struct Text {
    bytes: [u8; MOST],
    len: usize,
    is_full: bool,
}

impl Text {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; MOST],
            len: 0,
            is_full: false,
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds the parts one after the other; a part that does not fit ends the text.
    pub(crate) const fn push(&mut self, parts: &[&str]) {
        let mut part = 0;
        while part < parts.len() {
            let bytes = parts[part].as_bytes();
            self.is_full |= self.len + bytes.len() > MOST;
            let mut at = 0;
            while at < bytes.len() && !self.is_full {
                self.bytes[self.len] = bytes[at];
                self.len += 1;
                at += 1;
            }
            part += 1;
        }
    }

    /// `003`, `S001`, `100` or `DM001`.
    pub(crate) const fn push_version(&mut self, version: Version) {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let prefix = match version.category() {
            Category::Startup | Category::Release => "",
            Category::Seed => "S",
            Category::Data => "DM",
        };
        let number = version.number() as usize;
        self.push(&[
            prefix,
            DIGITS[number / 100 % 10],
            DIGITS[number / 10 % 10],
            DIGITS[number % 10],
        ]);
    }

    pub(crate) const fn as_str(&self) -> &str {
        let (written, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(written) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

/// `==` of texts, which constants do not have.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// `<` of texts, byte by byte, as `str` has it.
pub(crate) const fn is_before(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return a[at] < b[at];
        }
        at += 1;
    }
    a.len() < b.len()
}

/// Whether these are the same types. A length counts where both have one: a view's columns have theirs from the query.
pub(crate) const fn same_type(a: &str, b: &str) -> bool {
    if same(a, b) {
        return true;
    }
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (first, second) = (has_length(a), has_length(b));
    if first && second {
        return false;
    }
    let (mut x, mut y) = (0, 0);
    loop {
        x = behind_length(a, x);
        y = behind_length(b, y);
        if x == a.len() || y == b.len() {
            return x == a.len() && y == b.len();
        }
        if a[x] != b[y] {
            return false;
        }
        x += 1;
        y += 1;
    }
}

const fn has_length(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'(' {
            return true;
        }
        at += 1;
    }
    false
}

/// The place behind a length that begins at this one.
const fn behind_length(text: &[u8], at: usize) -> usize {
    if at >= text.len() || text[at] != b'(' {
        return at;
    }
    let mut end = at;
    while end < text.len() && text[end] != b')' {
        end += 1;
    }
    if end < text.len() { end + 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_the_same_whatever_the_length_that_one_of_them_lacks() {
        for (a, b, expected) in [
            ("uuid", "uuid", true),
            ("uuid", "bigint", false),
            ("character varying", "character varying(20)", true),
            ("character varying(20)", "character varying", true),
            ("character varying(20)", "character varying(30)", false),
            ("numeric(10,2)[]", "numeric[]", true),
            ("numeric(10,2)[]", "numeric", false),
            (
                "timestamp with time zone",
                "timestamp(3) with time zone",
                true,
            ),
            (
                "timestamp with time zone",
                "timestamp without time zone",
                false,
            ),
            ("time", "timestamp", false),
        ] {
            assert_eq!(same_type(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn texts_have_the_order_of_strings() {
        let texts = ["", "a", "a_b", "aa", "b", "B", "é"];
        for a in texts {
            for b in texts {
                assert_eq!(is_before(a, b), a < b, "{a} {b}");
                assert_eq!(same(a, b), a == b, "{a} {b}");
            }
        }
    }

    #[test]
    fn a_text_that_is_full_keeps_what_it_has() {
        let mut text = Text::new();
        text.push(&["a", &"b".repeat(MOST), "c"]);
        text.push_version(Version::__new(Category::Seed, 42));
        assert_eq!(text.as_str(), "a");
        let mut text = Text::new();
        text.push_version(Version::__new(Category::Seed, 42));
        assert_eq!(text.as_str(), "S042");
    }
}
