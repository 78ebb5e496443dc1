//! Any text is split and parsed without losing a byte: a bounded run with the same texts each time.

use onward_analyzer::split::split;

use crate::promises::{lower_points_inside, split_keeps_all};

/// Characters that decide where statements end, and text that is hard to read.
const PIECES: &[&str] = &[
    ";",
    "'",
    "''",
    "\"",
    "\\",
    "\\'",
    "$$",
    "$a$",
    "$",
    "$1",
    "--",
    "/*",
    "*/",
    "/",
    "*",
    "-",
    "(",
    ")",
    ",",
    ".",
    "::",
    "||",
    "=",
    "E'",
    "U&'",
    "U&\"",
    "B'",
    "N'",
    "1",
    "1.5e3",
    "0x1F",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\u{b}",
    "\u{a0}",
    "\u{feff}",
    "ä",
    "日本",
    "🦀",
    "\0",
    "a",
    "t",
    "AS",
    "ON",
    "TO",
    "IF EXISTS",
    "NOT NULL",
    "DEFAULT",
    "PRIMARY KEY",
    "CREATE",
    "TABLE",
    "ALTER TABLE t",
    "ADD COLUMN",
    "RENAME",
    "DROP",
    "INDEX",
    "VIEW",
    "FUNCTION",
    "OR REPLACE",
    "RULE",
    "DO ALSO",
    "TRIGGER",
    "BEGIN ATOMIC",
    "BEGIN",
    "CASE",
    "WHEN",
    "END",
    "SELECT",
    "FROM",
    "stdin",
    "COPY",
    "INSERT INTO",
    "VALUES (",
    "UPDATE",
    "SET",
    "DELETE FROM",
    "WITH",
    "COMMENT ON",
    "DO",
    "int",
    "text",
    "\\.",
    "\\d",
];

/// Valid statements, to be broken.
const SEEDS: &[&str] = &[
    "CREATE TABLE s.t (id int PRIMARY KEY, \"ä\" text DEFAULT 'x;y' CHECK (\"ä\" <> ''), c text COLLATE \"C\"); -- end",
    "ALTER TABLE s.t ADD COLUMN a int, DROP COLUMN b, ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (b) NOT VALID;",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT 3",
    "DO $x$ BEGIN EXECUTE 'DROP TABLE t'; END $x$; COPY t FROM stdin;\n1\t2\n\\.\nSELECT E'\\'' 'b';",
    "INSERT INTO t (a) SELECT 1 ON CONFLICT DO NOTHING; /* a /* b */ c */ DROP INDEX CONCURRENTLY IF EXISTS s.i;",
    "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b); \\d t\nREINDEX TABLE t",
];

/// A linear congruential generator: the numbers need not be good, only the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn piece(&mut self) -> &'static str {
        PIECES[self.below(PIECES.len())]
    }

    /// A heap of pieces, mostly with spaces between them.
    fn heap(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.below(24) {
            text += self.piece();
            text += if self.below(3) == 0 { "" } else { " " };
        }
        text
    }

    /// A valid statement with some characters replaced by pieces, or cut off.
    fn broken(&mut self) -> String {
        let mut text: Vec<String> = SEEDS[self.below(SEEDS.len())]
            .chars()
            .map(String::from)
            .collect();
        for _ in 0..=self.below(3) {
            let at = self.below(text.len());
            text[at] = self.piece().to_owned();
        }
        let end = if self.below(4) == 0 {
            self.below(text.len())
        } else {
            text.len()
        };
        text[..end].concat()
    }
}

fn texts(seed: u64, count: usize) -> impl Iterator<Item = String> {
    let mut numbers = Numbers(seed);
    (0..count).map(move |n| {
        if n % 2 == 0 {
            numbers.heap()
        } else {
            numbers.broken()
        }
    })
}

#[test]
fn no_byte_of_any_text_is_lost() {
    SEEDS.iter().for_each(|text| split_keeps_all(text));
    texts(1, 40_000).for_each(|text| split_keeps_all(&text));
}

#[test]
fn line_endings_do_not_change_where_statements_end() {
    for text in texts(2, 10_000).map(|text| text.replace('\r', "")) {
        let windows = text.replace('\n', "\r\n");
        let cut = |text: &str| -> Vec<String> {
            let statements = split(text).statements.into_iter();
            statements
                .map(|raw| text[raw.span].replace("\r\n", "\n"))
                .collect()
        };
        assert_eq!(cut(&text), cut(&windows), "{text:?}");
    }
}

#[test]
fn all_byte_ranges_are_inside_of_the_text() {
    SEEDS.iter().for_each(|text| lower_points_inside(text));
    texts(3, 8_000).for_each(|text| lower_points_inside(&text));
}
