//! PostgreSQL's keywords: one list, for the grammar and for quoting names.

use std::sync::LazyLock;

/// What a keyword can name without quotes: its category in `pg_get_keywords()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Category {
    /// Anything.
    Unreserved,
    /// A column or a table, but not a function or type.
    Column,
    /// A function or a type, but not a column or table.
    TypeOrFunction,
    /// Nothing, without quotes.
    Reserved,
    /// Anything: this is a keyword only for the grammar of this crate, and not for PostgreSQL.
    Plain,
}

/// A keyword.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyword {
    /// The keyword in upper case.
    pub(crate) word: &'static str,
    pub(crate) category: Category,
    /// Whether it can be the label of an expression without `AS`.
    pub(crate) bare: bool,
}

/// All keywords of PostgreSQL 18.
pub(crate) fn all() -> impl Iterator<Item = Keyword> {
    listed(include_str!("keywords.grammar"))
}

/// The words of a list, which stand below their category.
pub(crate) fn listed(text: &'static str) -> impl Iterator<Item = Keyword> {
    let lines = text.lines();
    let mut head = (Category::Plain, false);
    let words = lines
        .filter(|line| !line.starts_with("--"))
        .map(move |line| {
            if let Some(written) = line.strip_suffix(':') {
                head = (category(written), written.ends_with(" bare"));
                return ("", head);
            }
            (line, head)
        });
    words.flat_map(|(line, (category, bare))| {
        line.split_whitespace().map(move |word| Keyword {
            word,
            category,
            bare,
        })
    })
}

fn category(head: &str) -> Category {
    match head.split(' ').next() {
        Some("unreserved") => Category::Unreserved,
        Some("column") => Category::Column,
        Some("type_or_function") => Category::TypeOrFunction,
        Some("plain") => Category::Plain,
        Some(_) | None => Category::Reserved,
    }
}

/// The keywords that need quotes as a name, in upper case, by their length: with it, few are compared.
static QUOTED: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    let quoted = all().filter(|keyword| match keyword.category {
        Category::Reserved | Category::TypeOrFunction => true,
        Category::Unreserved | Category::Column | Category::Plain => false,
    });
    let mut by_length = Vec::new();
    for keyword in quoted {
        let length = keyword.word.len();
        by_length.resize_with(by_length.len().max(length + 1), Vec::new);
        by_length[length].push(keyword.word);
    }
    by_length
});

/// Whether a column or table of this name needs quotes on PostgreSQL 15 to 18.
pub(crate) fn is_reserved(name: &str) -> bool {
    let Some(as_long) = QUOTED.get(name.len()) else {
        return false;
    };
    let first = name.bytes().next().unwrap_or_default().to_ascii_uppercase();
    for word in as_long {
        if word.as_bytes().first() == Some(&first) && word.eq_ignore_ascii_case(name) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_keyword_has_its_category() {
        let of = |word: &str| all().find(|keyword| keyword.word == word);
        for (word, category, bare) in [
            ("SELECT", Category::Reserved, true),
            ("WITH", Category::Reserved, false),
            ("CONCURRENTLY", Category::TypeOrFunction, true),
            ("PRECISION", Category::Column, false),
            ("ZONE", Category::Unreserved, true),
            ("SUPERUSER", Category::Plain, true),
        ] {
            let keyword = of(word).map(|keyword| (keyword.category, keyword.bare));
            assert_eq!(keyword, Some((category, bare)), "{word}");
        }
    }

    #[test]
    fn reserved_words_are_those_that_cannot_name_a_column() {
        assert_eq!(all().filter(|one| is_reserved(one.word)).count(), 101);
        assert!(is_reserved("user") && is_reserved("left"));
        assert!(!is_reserved("name") && !is_reserved("users"));
    }
}
