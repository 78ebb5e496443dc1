//! `ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY`, recognised in its text.
//!
//! The server does it in two transactions. When it is ended in between, the partition stays marked,
//! and only `DETACH PARTITION ... FINALIZE` ends it, which can run in a transaction.

/// The two names of a statement, as written: the server reads them, quotes and all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detach<'a> {
    pub(crate) parent: &'a str,
    pub(crate) partition: &'a str,
}

impl<'a> Detach<'a> {
    /// `None` for every other statement, and for one with comments between its words.
    pub(crate) fn of(sql: &'a str) -> Option<Self> {
        let rest = after(sql, &["ALTER", "TABLE"])?;
        let rest = after(rest, &["IF", "EXISTS"]).unwrap_or(rest);
        let rest = after(rest, &["ONLY"]).unwrap_or(rest);
        let (parent, rest) = name(rest)?;
        let rest = after(rest, &["DETACH", "PARTITION"])?;
        let (partition, rest) = name(rest)?;
        after(rest, &["CONCURRENTLY"])?
            .trim()
            .is_empty()
            .then_some(Self { parent, partition })
    }
}

/// What comes behind these words.
fn after<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().try_fold(text, |text, word| {
        let text = text.trim_start();
        let (start, rest) = text.split_at_checked(word.len())?;
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || "_$\".".contains(c));
        (start.eq_ignore_ascii_case(word) && ends).then_some(rest)
    })
}

/// A name with or without a schema, quoted or not, and what comes behind it.
fn name(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let mut is_quoted = false;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            is_quoted ^= *c == '"';
            !(is_quoted || c.is_alphanumeric() || "_\".".contains(*c))
        })
        .map_or(text.len(), |(end, _)| end);
    let (name, rest) = text.split_at_checked(end)?;
    // A dollar could end the quote of the block that the name gets into.
    (!name.is_empty() && !is_quoted && !name.contains('$')).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_names_are_found_as_they_are_written() {
        for (sql, expected) in [
            (
                "ALTER TABLE shop.orders DETACH PARTITION shop.orders_2023 CONCURRENTLY",
                Some(("shop.orders", "shop.orders_2023")),
            ),
            (
                "alter table if exists only orders\n  detach partition \"Orders of \"\"23\"\"\" concurrently ",
                Some(("orders", "\"Orders of \"\"23\"\"\"")),
            ),
            ("ALTER TABLE orders DETACH PARTITION orders_2023", None),
            ("ALTER TABLE orders DETACH PARTITION o FINALIZE", None),
            (
                "ALTER TABLE orders /* */ DETACH PARTITION o CONCURRENTLY",
                None,
            ),
            ("VACUUM orders", None),
            (
                "ALTER TABLE o DETACH PARTITION p$onward$ CONCURRENTLY",
                None,
            ),
            (
                "ALTER TABLE \"$onward$\" DETACH PARTITION p CONCURRENTLY",
                None,
            ),
            ("ALTER TABLE \"orders DETACH PARTITION o CONCURRENTLY", None),
            ("", None),
        ] {
            let found = Detach::of(sql).map(|detach| (detach.parent, detach.partition));
            assert_eq!(found, expected, "{sql}");
        }
    }
}
