//! Plain mistakes that people make, each on a base of a few tables, and statements beside them that are right.

/// A file that runs behind the base.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name in the list.
    pub name: &'static str,
    /// The name of the file.
    pub file: &'static str,
    /// The SQLSTATE with which PostgreSQL refuses it; `None` if it is accepted.
    pub code: Option<&'static str>,
    /// The text of the file.
    pub sql: &'static str,
}

/// Cases with the file that runs before each of them.
#[derive(Clone, Debug)]
pub struct List {
    /// The text of `001_base.sql`.
    pub base: &'static str,
    /// The cases.
    pub cases: Vec<Case>,
}

/// What PostgreSQL 15 to 18 refuse.
///
/// ```
/// assert!(onward_cases::mistakes::mistakes().cases.len() > 400);
/// ```
#[must_use]
pub fn mistakes() -> List {
    List {
        base: include_str!("../mistakes/base.sql"),
        cases: read(include_str!("../mistakes/mistakes.sql")),
    }
}

/// What PostgreSQL 15 to 18 accept.
///
/// ```
/// assert!(onward_cases::mistakes::accepted().cases.iter().all(|case| case.code.is_none()));
/// ```
#[must_use]
pub fn accepted() -> List {
    List {
        base: include_str!("../mistakes/base_of_accepted.sql"),
        cases: read(include_str!("../mistakes/accepted.sql")),
    }
}

fn read(text: &'static str) -> Vec<Case> {
    let parts = text.split("\n--- ").skip(1);
    let case = |part: &'static str| {
        let (head, sql) = part.split_once('\n')?;
        let mut words = head.split(' ');
        Some(Case {
            name: words.next()?,
            file: words.next()?,
            code: words.next(),
            sql: sql.trim_end(),
        })
    };
    parts.filter_map(case).collect()
}
