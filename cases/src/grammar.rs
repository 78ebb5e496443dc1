//! The statements of the folder `grammar/`, with what is expected of each.

/// A statement that PostgreSQL accepts.
pub struct Accepted {
    /// The statement, without its semicolon.
    pub sql: &'static str,
    /// The first major version that accepts it.
    pub version: u8,
    /// The kind of statement and the names that the analyzer must read from it.
    pub outline: &'static str,
}

/// A statement that PostgreSQL refuses.
pub struct Rejected {
    /// The statement, without its semicolon.
    pub sql: &'static str,
    /// The words at which the server reports the error.
    pub place: &'static str,
}

/// The statements that PostgreSQL accepts.
///
/// ```
/// let of_16 = onward_cases::grammar::accepted().filter(|row| row.version == 16);
/// assert!(of_16.count() > 0);
/// ```
pub fn accepted() -> impl Iterator<Item = Accepted> {
    rows(include_str!("../grammar/accepted.sql")).map(|(sql, mark)| {
        let numbered = mark.split_once(' ').and_then(|(version, outline)| {
            let version = version.parse().ok()?;
            Some((version, outline))
        });
        let (version, outline) = numbered.unwrap_or((15, mark));
        Accepted {
            sql,
            version,
            outline,
        }
    })
}

/// The statements that PostgreSQL refuses.
///
/// ```
/// assert!(onward_cases::grammar::rejected().all(|row| row.sql.contains(row.place)));
/// ```
pub fn rejected() -> impl Iterator<Item = Rejected> {
    rows(include_str!("../grammar/rejected.sql")).map(|(sql, place)| Rejected { sql, place })
}

/// The statements before each `; --~ mark`, with the mark; a statement can take several lines.
fn rows(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut rest = file;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            if !rest.starts_with("--") {
                break;
            }
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
        let (sql, behind) = rest.split_once("; --~")?;
        let (mark, behind) = behind.split_once('\n').unwrap_or((behind, ""));
        rest = behind;
        Some((sql, mark.trim()))
    })
}
