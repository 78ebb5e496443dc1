//! What a person sees: lines that are broken between words at the terminal's width, and a few colours.
//!
//! Everything that is written passes here, once. When a reader has closed its end of a pipe, as `head` does, that is not
//! an error: what is left is not shown, and the exit status stays that of the answer.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;

/// When the output has colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    fn is_on(self, is_terminal: bool) -> bool {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Auto => {
                is_terminal
                    && !is_set("NO_COLOR")
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// Output to a terminal, a file or a pipe.
pub(crate) struct Screen<W> {
    inner: W,
    look: Look,
    /// What has no line end yet.
    line: Vec<u8>,
    is_closed: bool,
}

/// How lines are shown.
#[derive(Clone, Copy)]
struct Look {
    width: Option<usize>,
    has_colours: bool,
}

impl<W: Write + IsTerminal> Screen<W> {
    /// Text for people. On a terminal it is broken at its width.
    pub(crate) fn of(inner: W, colour: Colour) -> Self {
        let is_terminal = inner.is_terminal();
        let width = is_terminal.then(terminal_size::terminal_size).flatten();
        let look = Look {
            width: width.map(|(width, _)| usize::from(width.0)),
            has_colours: colour.is_on(is_terminal),
        };
        Self::new(inner, look)
    }
}

impl<W: Write> Screen<W> {
    /// Text for programs, as it is.
    pub(crate) fn plain(inner: W) -> Self {
        let look = Look {
            width: None,
            has_colours: false,
        };
        Self::new(inner, look)
    }

    const fn new(inner: W, look: Look) -> Self {
        Self {
            inner,
            look,
            line: Vec::new(),
            is_closed: false,
        }
    }

    fn through(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        match self.inner.write_all(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            answer => answer,
        }
    }
}

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.look.width.is_none() && !self.look.has_colours {
            return self.through(bytes).map(|()| bytes.len());
        }
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                let shown = self.look.show(&String::from_utf8_lossy(&line));
                self.through(shown.as_bytes())?;
            }
        }
        Ok(bytes.len())
    }

    /// A question has no line end, and is shown all the same.
    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        self.through(&rest)?;
        match self.inner.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            answer => answer,
        }
    }
}

/// The words that lines begin with, and their colours as SGR numbers.
const MARKS: [(&str, &str); 5] = [
    ("error", "1;31"),
    ("warning", "1;33"),
    ("note", "1;36"),
    ("help", "1;36"),
    ("because", "1"),
];

impl Look {
    fn show(self, line: &str) -> String {
        let lines = match self.width {
            Some(width) => broken(line, width),
            None => line.to_owned(),
        };
        match self.has_colours {
            true => coloured(&lines),
            false => lines,
        }
    }
}

/// The first word of a line that ends with a colon, such as `error:`, `error[rule]:` or `shop:`, and where it begins.
fn mark(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches(' ');
    let text = text.strip_prefix("= ").unwrap_or(text);
    let word = text.split_whitespace().next()?;
    let is_word = |c: char| c.is_alphanumeric() || "_-.[]:/#".contains(c);
    let is_mark = word.len() > 1 && word.ends_with(':') && word.chars().all(is_word);
    is_mark.then(|| (line.len() - text.len(), word))
}

/// A line of prose between its words. Source, SQL and tables stay as they are: a break would change them.
fn broken(line: &str, width: usize) -> String {
    let text = line.trim_end_matches(['\n', '\r']);
    let Some((at, _)) = mark(text).filter(|_| text.chars().count() > width) else {
        return line.to_owned();
    };
    let indent = " ".repeat(at + 2);
    let (mut shown, mut column) = (text[..at].to_owned(), at);
    for (number, word) in text[at..].split_whitespace().enumerate() {
        let length = word.chars().count();
        if number > 0 && column + 1 + length > width {
            shown.push('\n');
            shown.push_str(&indent);
            column = indent.len();
        } else if number > 0 {
            shown.push(' ');
            column += 1;
        }
        shown.push_str(word);
        column += length;
    }
    shown.push('\n');
    shown
}

/// The mark of a line in its colour, and what leads to a place in a file in blue.
fn coloured(lines: &str) -> String {
    let painted = |text: &str, colour: &str| format!("\u{1b}[{colour}m{text}\u{1b}[0m");
    let one = |line: &str| {
        if let Some((at, word)) = mark(line) {
            let is = |(name, _): &&(&str, &str)| {
                word.strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with([':', '[']))
            };
            if let Some((_, colour)) = MARKS.iter().find(is) {
                let rest = &line[at + word.len()..];
                return [&line[..at], &painted(word, colour), rest].concat();
            }
        }
        let end = line.find("-->").map(|at| at + "-->".len());
        let digits = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
        let gutter = digits
            .starts_with('|')
            .then(|| line.len() - digits.len() + 1);
        match end.or(gutter) {
            Some(end)
                if line[..end]
                    .trim_start_matches([' ', '-', '>', '|'])
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b" |".contains(&b)) =>
            {
                [&painted(&line[..end], "1;34"), &line[end..]].concat()
            }
            _ => line.to_owned(),
        }
    };
    lines.split_inclusive('\n').map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, width: Option<usize>, has_colours: bool) -> io::Result<String> {
        let mut bytes = Vec::new();
        let mut screen = Screen::new(&mut bytes, Look { width, has_colours });
        screen.write_all(text.as_bytes())?;
        screen.flush()?;
        drop(screen);
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn prose_is_broken_between_words_and_source_is_not() -> io::Result<()> {
        let note =
            "note: errors in migrations/shop: 3. `onward check migrations/shop` prints them\n";
        assert_eq!(
            shown(note, Some(40), false)?,
            "note: errors in migrations/shop: 3.\n  `onward check migrations/shop` prints\n  them\n"
        );
        let because =
            "  because: Connection refused by the server of the database (os error 111)\n";
        for line in shown(because, Some(40), false)?.lines() {
            assert!(line.len() <= 40 && line.starts_with("  "), "{line}");
        }
        for line in [
            "3 | ALTER TABLE shop.products DROP COLUMN legacy_code, DROP COLUMN other;\n",
            "  CREATE INDEX CONCURRENTLY products_name_idx ON shop.products (name);\n",
            "-- Three roles for a service, in the database that you are connected to.\n",
            "  --> migrations/shop/100_drop_products_legacy_code.sql:3:1 and further\n",
            "note: short\n",
        ] {
            assert_eq!(shown(line, Some(40), false)?, line);
        }
        Ok(())
    }

    #[test]
    fn marks_have_colours_and_no_other_byte_changes() -> io::Result<()> {
        let text = "error[drop-column]: it\n  --> a.sql:1:1\n1 | ALTER\n  |\n  because: x\nshop: 2\nGo on? ";
        let painted = shown(text, None, true)?;
        assert!(
            painted.starts_with("\u{1b}[1;31merror[drop-column]:\u{1b}[0m it\n"),
            "{painted:?}"
        );
        assert!(
            painted.contains("\u{1b}[1;34m  -->\u{1b}[0m a.sql"),
            "{painted:?}"
        );
        assert!(
            painted.contains("\u{1b}[1;34m1 |\u{1b}[0m ALTER"),
            "{painted:?}"
        );
        assert!(painted.contains("\nshop: 2\nGo on? "), "{painted:?}");
        let mut plain = painted;
        for code in ["1;31", "1;34", "1", "0"] {
            plain = plain.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(plain, text);
        Ok(())
    }

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn a_reader_that_is_gone_is_no_error() -> io::Result<()> {
        let mut screen = Screen::plain(Closed);
        writeln!(screen, "a")?;
        writeln!(screen, "b")?;
        screen.flush()
    }
}
