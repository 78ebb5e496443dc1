//! Whether a string is JSON, as RFC 8259 has it and PostgreSQL reads it.

/// How deep values may be nested before nothing is said of them.
const DEPTH: usize = 64;

/// Whether the string may be JSON.
pub(super) fn may_be(text: &str) -> bool {
    let mut reader = Reader { rest: text };
    match reader.value(0) {
        Some(is_read) => is_read && reader.spaced().is_empty(),
        None => true,
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn spaced(&mut self) -> &'a str {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.rest
    }

    fn takes(&mut self, what: &str) -> bool {
        match self.spaced().strip_prefix(what) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// `None` if it is nested too deeply.
    fn value(&mut self, depth: usize) -> Option<bool> {
        if depth > DEPTH {
            return None;
        }
        let words = ["true", "false", "null"];
        if self.takes("{") {
            return self.list("}", |reader| {
                if !(reader.string() && reader.takes(":")) {
                    return Some(false);
                }
                reader.value(depth + 1)
            });
        }
        if self.takes("[") {
            return self.list("]", |reader| reader.value(depth + 1));
        }
        let is_read = match self.spaced().starts_with('"') {
            true => self.string(),
            false => words.iter().any(|word| self.takes(word)) || self.number(),
        };
        Some(is_read)
    }

    fn list(&mut self, end: &str, mut item: impl FnMut(&mut Self) -> Option<bool>) -> Option<bool> {
        if self.takes(end) {
            return Some(true);
        }
        loop {
            if !item(self)? {
                return Some(false);
            }
            if !self.takes(",") {
                return Some(self.takes(end));
            }
        }
    }

    fn string(&mut self) -> bool {
        if !self.takes("\"") {
            return false;
        }
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = self.rest.get(at + 1..).unwrap_or_default();
                    return true;
                }
                '\\' => match chars.next() {
                    Some((_, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {}
                    Some(_) | None => return false,
                },
                c if u32::from(c) < 0x20 => return false,
                _other => {}
            }
        }
        false
    }

    fn number(&mut self) -> bool {
        let text = self.spaced();
        let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c)));
        let (number, rest) = text.split_at(end.unwrap_or(text.len()));
        self.rest = rest;
        let digits = number.strip_prefix('-').unwrap_or(number);
        let has_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        digits.starts_with(|c: char| c.is_ascii_digit())
            && !(has_zero && digits[1..].starts_with(|c: char| c.is_ascii_digit()))
            && !digits.ends_with('.')
            && number.parse::<f64>().is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::may_be;

    #[test]
    fn json_is_told_from_what_is_not() {
        for text in [
            "{}",
            " [1, 2.5e3, -0, true, null, \"a\\n\\u00e4\"] ",
            "{\"a\": {\"b\": [{}]}, \"c\": \"'\"}",
            "\"x\"",
            "0e1",
        ] {
            assert!(may_be(text), "{text}");
        }
        for text in [
            "{a: 1}",
            "{'a': 1}",
            "{\"a\": 1,}",
            "[1 2]",
            "[1,]",
            "nope",
            "01",
            "1.",
            "{\"a\"}",
            "",
            "\"a",
            "{} {}",
            "\"\\x\"",
        ] {
            assert!(!may_be(text), "{text}");
        }
    }
}
