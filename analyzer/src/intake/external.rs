//! An object of another schema that the module declares to use, with what it expects of the object.

use crate::intake::file_name::Version;
use crate::lower::lower;
use crate::statement::{Change, ColumnValue, CreateTable, DataType, Name, Persistence};
use crate::text::split::split;

/// A declared object: its name, and as far as the author writes it, its columns and the migration of its owner that
/// has to be there.
///
/// ```
/// use onward_analyzer::external::External;
///
/// let users = External::read("auth.users (id uuid, email text) since 003").unwrap();
/// assert_eq!(users.name.to_string(), "auth.users");
/// assert_eq!(users.columns[1].0, "email");
/// assert_eq!(users.since.map(|since| since.to_string()).as_deref(), Some("003"));
/// assert!(External::read("auth.users id").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// The object.
    pub name: Name,
    /// The columns that the module uses, with their types.
    pub columns: Vec<(String, DataType)>,
    /// The migration of the owner that has to be there.
    pub since: Option<Version>,
}

impl External {
    /// Reads `schema.name`, behind it the columns in parentheses as `CREATE TABLE` has them, and `since 003`. Both may be
    /// left out.
    ///
    /// ```
    /// let roles = onward_analyzer::external::External::read("auth.roles since 012");
    /// assert!(roles.is_some_and(|roles| roles.columns.is_empty()));
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = match text.rfind(')') {
            Some(end) => end + 1,
            None => text.find(char::is_whitespace).unwrap_or(text.len()),
        };
        let (object, rest) = text.split_at_checked(end)?;
        let rest = rest.trim();
        let since = match rest.strip_prefix("since ") {
            Some(version) => Some(Version::parse(version.trim())?),
            None if rest.is_empty() => None,
            None => return None,
        };
        let (name, columns) = match object.contains('(') {
            true => with_columns(object)?,
            false => (Name::read(object)?, Vec::new()),
        };
        Some(Self {
            name,
            columns,
            since,
        })
    }
}

/// The columns are those of a table, so the grammar of tables reads them; nothing else of a table may stand there.
fn with_columns(object: &str) -> Option<(Name, Vec<(String, DataType)>)> {
    let text = format!("CREATE TABLE {object}");
    let split = split(&text);
    let [raw] = split.statements.as_slice() else {
        return None;
    };
    let statement = lower(&text, raw, "");
    let [clause] = statement.clauses.as_slice() else {
        return None;
    };
    let Change::CreateTable(create) = &clause.change else {
        return None;
    };
    let only_columns = CreateTable {
        table: create.table.clone(),
        columns: create.columns.clone(),
        persistence: Persistence::Permanent,
        ..CreateTable::default()
    };
    let are_plain = create.columns.iter().all(|column| {
        column.constraints.is_empty() && !column.not_null && column.value == ColumnValue::None
    });
    let is_it = are_plain
        && !create.columns.is_empty()
        && **create == only_columns
        && !create.table.schema.is_empty();
    is_it.then(|| {
        let columns = create.columns.iter();
        let columns = columns.map(|column| (column.name.clone(), column.data_type.clone()));
        (create.table.clone(), columns.collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_names_an_object_its_columns_and_a_version() {
        let read = |text| {
            External::read(text).map(|one| {
                let columns = one.columns.iter();
                let columns = columns.map(|(name, of)| format!("{name} {of}"));
                let since = one.since.map(|since| since.to_string());
                (
                    one.name.to_string(),
                    columns.collect::<Vec<_>>().join(", "),
                    since.unwrap_or_default(),
                )
            })
        };
        for (text, expected) in [
            ("auth.users", ("auth.users", "", "")),
            ("Auth.USERS since 003", ("auth.users", "", "003")),
            (
                "auth.users(id int8, name varchar(20))",
                ("auth.users", "id bigint, name character varying(20)", ""),
            ),
            (
                " auth.\"Users\" (\"Id\" int[], mood auth.mood)  since 001 ",
                ("auth.Users", "Id integer[], mood auth.mood", "001"),
            ),
        ] {
            let (name, columns, since) = expected;
            let expected = (name.to_owned(), columns.to_owned(), since.to_owned());
            assert_eq!(read(text), Some(expected), "{text}");
        }
        for text in [
            "users",
            "users (id int)",
            "auth.users id",
            "auth.users since",
            "auth.users since 3",
            "auth.users ()",
            "auth.users (id)",
            "auth.users (id int PRIMARY KEY)",
            "auth.users (id int NOT NULL)",
            "auth.users (id int DEFAULT 1)",
            "auth.users (id serial)",
            "auth.users (id int, CHECK (id > 0))",
            "auth.users (LIKE auth.others)",
            "auth.users (id int); DROP TABLE auth.users (x)",
            "auth.score(numeric)",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
