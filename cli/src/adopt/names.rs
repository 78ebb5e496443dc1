//! How each tool names its files, and in which order it runs them.

use crate::adopt::files::Order;
use crate::adopt::tool::Tool;

/// What a path is to a tool.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Migration {
        order: Order,
        title: String,
    },
    /// It takes a migration back, or sets how one runs.
    Unused,
    /// It has to become SQL before.
    Program(&'static str),
    /// The tool does not read it.
    Other,
}

pub(crate) fn role(tool: Tool, path: &str) -> Role {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    match tool {
        Tool::Sqlx | Tool::GolangMigrate => match stem.rsplit_once('.') {
            Some((_, "down")) => Role::Unused,
            Some((stem, "up")) => numbered(stem, extension),
            _ if tool == Tool::Sqlx => numbered(stem, extension),
            _ => Role::Other,
        },
        Tool::Goose if extension == "go" && starts_with_digit(stem) => Role::Program("Go"),
        Tool::Goose | Tool::Dbmate => numbered(stem, extension),
        Tool::Diesel => diesel(path, name),
        Tool::Refinery => match (stem.split_at_checked(1), extension) {
            (Some(("V" | "U", rest)), "rs") if rest.contains("__") => Role::Program("Rust"),
            (Some(("V" | "U", rest)), "sql") => versioned(rest, name),
            (_, _) => Role::Other,
        },
        Tool::Flyway => flyway(stem, extension, name),
        Tool::Rails if name == "structure.sql" => by_name("schema", name),
        Tool::Rails => Role::Other,
        Tool::EfCore | Tool::None if extension == "sql" => match numbered(stem, extension) {
            Role::Other => by_name(stem, name),
            role => role,
        },
        Tool::EfCore | Tool::None => Role::Other,
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn migration(numbers: Vec<u128>, is_last: bool, title: &str, name: &str) -> Role {
    Role::Migration {
        order: Order {
            is_last,
            numbers,
            name: name.to_owned(),
        },
        title: title.to_owned(),
    }
}

fn by_name(title: &str, name: &str) -> Role {
    migration(Vec::new(), true, title, name)
}

/// `20240131120000_title`, by its number and not by its letters.
fn numbered(stem: &str, extension: &str) -> Role {
    let digits = stem.len() - stem.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = stem.split_at(digits);
    let title = rest.trim_start_matches(['_', '-', '.', ' ']);
    match (number.parse(), extension) {
        (Ok(number), "sql") if title.len() < rest.len() => {
            migration(vec![number], false, title, stem)
        }
        (_, _) => Role::Other,
    }
}

/// `1.2__title` behind the letter.
fn versioned(rest: &str, name: &str) -> Role {
    let Some((version, title)) = rest.split_once("__") else {
        return Role::Other;
    };
    let numbers = version.split(['.', '_']).map(str::parse).collect();
    match numbers {
        Ok(numbers) => migration(numbers, false, title, name),
        Err(_) => Role::Other,
    }
}

fn flyway(stem: &str, extension: &str, name: &str) -> Role {
    match (stem.split_at_checked(1), extension) {
        (Some((letter, rest)), "sql") => match (letter, rest.strip_prefix("__")) {
            ("R", Some(title)) => by_name(title, name),
            ("V", _) => versioned(rest, name),
            ("U", _) if rest.contains("__") => Role::Unused,
            ("B", _) if rest.contains("__") => {
                Role::Program("a baseline, which stands for the migrations before it, not in")
            }
            (_, _) => Role::Other,
        },
        (_, "conf") if name.ends_with(".sql.conf") => Role::Unused,
        (Some(("V" | "R", rest)), "java" | "kt") if rest.contains("__") => Role::Program("Java"),
        (_, _) => Role::Other,
    }
}

/// `2024-01-31-120000_title/up.sql`, sorted by its letters.
fn diesel(path: &str, name: &str) -> Role {
    let folder = path
        .strip_suffix(name)
        .and_then(|path| path.strip_suffix('/'));
    let Some((version, title)) = folder.and_then(|folder| folder.split_once('_')) else {
        return Role::Other;
    };
    let version = version.replace('-', "");
    match name {
        "up.sql" if starts_with_digit(&version) => migration(Vec::new(), false, title, &version),
        "down.sql" | "metadata.toml" => Role::Unused,
        _ => Role::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_has_its_names() {
        for (tool, path, expected) in [
            (Tool::Sqlx, "20240131_a.sql", Some("a")),
            (Tool::Sqlx, "1_a.up.sql", Some("a")),
            (Tool::Sqlx, "notes.sql", None),
            (Tool::GolangMigrate, "000001_a.up.sql", Some("a")),
            (Tool::GolangMigrate, "000001_a.sql", None),
            (Tool::Diesel, "2024-01-31-120000_a_b/up.sql", Some("a_b")),
            (
                Tool::Diesel,
                "00000000000000_diesel_initial_setup/up.sql",
                Some("diesel_initial_setup"),
            ),
            (Tool::Refinery, "V1__a.sql", Some("a")),
            (Tool::Refinery, "U1__a.sql", Some("a")),
            (Tool::Flyway, "sub/V1_2__A b.sql", Some("A b")),
            (Tool::Flyway, "R__views.sql", Some("views")),
            (Tool::Goose, "00001_a.sql", Some("a")),
            (Tool::Rails, "structure.sql", Some("schema")),
            (Tool::None, "users.sql", Some("users")),
            (Tool::None, "README.md", None),
        ] {
            let title = match role(tool, path) {
                Role::Migration { title, .. } => Some(title),
                Role::Unused | Role::Program(_) | Role::Other => None,
            };
            assert_eq!(title.as_deref(), expected, "{path}");
        }
        for (tool, path) in [
            (Tool::Sqlx, "1_a.down.sql"),
            (Tool::GolangMigrate, "1_a.down.sql"),
            (Tool::Diesel, "1_a/down.sql"),
            (Tool::Flyway, "U1__a.sql"),
            (Tool::Flyway, "V1__a.sql.conf"),
        ] {
            assert_eq!(role(tool, path), Role::Unused, "{path}");
        }
    }

    #[test]
    fn numbers_count_as_numbers() {
        let order = |tool, path| match role(tool, path) {
            Role::Migration { order, .. } => Some(order),
            Role::Unused | Role::Program(_) | Role::Other => None,
        };
        for (tool, first, second) in [
            (Tool::Sqlx, "9_a.sql", "10_a.sql"),
            (Tool::Flyway, "V1.9__a.sql", "V1_10__a.sql"),
            (Tool::Flyway, "V9__a.sql", "R__a.sql"),
            (
                Tool::Diesel,
                "2024-01-01-000000_b/up.sql",
                "2024-01-02-000000_a/up.sql",
            ),
        ] {
            assert!(order(tool, first) < order(tool, second), "{first}");
        }
    }
}
