//! Histories of any length, each with many of one thing: what the check needs for them has to grow as they do.
//!
//! - `series` has many statements about one thing, or about many.
//! - `actions` has one statement with many actions on a table of an earlier file.
//! - `lists` has one statement with a long list in it.

mod actions;
mod lists;
mod series;

/// The names of files with their texts.
pub type Files = Vec<(String, String)>;

/// A kind of history.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in tables and on the command line.
    pub word: &'static str,
    /// The largest length that is of interest: PostgreSQL's limit for columns, or far more than people write.
    pub most: usize,
    files: fn(usize) -> Files,
}

impl Kind {
    /// The files of the module `app` with so many of the thing.
    ///
    /// ```
    /// use onward_cases::growth;
    ///
    /// let kinds = growth::kinds();
    /// let kind = kinds.iter().find(|kind| kind.word == "add-check").unwrap();
    /// let files = kind.files(2);
    /// assert_eq!(files[1].1, "ALTER TABLE app.t\n  ADD CHECK (c0 > 0),\n  ADD CHECK (c1 > 0);\n");
    /// ```
    #[must_use]
    pub fn files(&self, length: usize) -> Files {
        (self.files)(length)
    }
}

const fn kind(word: &'static str, most: usize, files: fn(usize) -> Files) -> Kind {
    Kind { word, most, files }
}

/// Every kind.
#[must_use]
pub fn kinds() -> Vec<Kind> {
    [series::KINDS, actions::KINDS, lists::KINDS].concat()
}

/// The most columns of a table.
const COLUMNS: usize = 1600;

/// A first startup migration, and a second one unless it is empty.
fn startup(first: String, second: String) -> Files {
    let files = [("001_a.sql", first), ("002_b.sql", second)];
    let files = files.into_iter().filter(|(_, sql)| !sql.is_empty());
    files.map(|(name, sql)| (name.to_owned(), sql)).collect()
}

fn each(length: usize, one: impl Fn(usize) -> String) -> String {
    (0..length).map(one).collect()
}

fn list(length: usize, between: &str, one: impl Fn(usize) -> String) -> String {
    (0..length).map(one).collect::<Vec<_>>().join(between)
}

/// `app.t` with the columns `c0`, `c1` and so on.
fn wide(length: usize) -> String {
    let columns = list(length, ",\n  ", |at| format!("c{at} bigint"));
    format!("CREATE TABLE app.t (\n  {columns}\n);\n")
}

/// `app.p0`, `app.p1` and so on.
fn tables(length: usize) -> String {
    each(length, |at| {
        format!("CREATE TABLE app.p{at} (id bigint PRIMARY KEY);\n")
    })
}

/// `app.t` with a key.
fn keyed() -> String {
    "CREATE TABLE app.t (id bigint PRIMARY KEY, a text);\n".to_owned()
}
