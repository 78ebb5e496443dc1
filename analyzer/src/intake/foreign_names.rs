//! Names as other tools write them: their order there, and one numbering for all of them.

use std::collections::BTreeSet;

use crate::intake::file_name::{Category, Version, WrongName, next_free, title, version_of};

/// Each file with a name of another tool and its name here, in the order in which that tool runs them; empty if there
/// is one at most. Their versions are added to the `given` ones. A file has no name here when no number is free.
pub(super) fn foreign_names<'a>(
    names: impl Iterator<Item = &'a str>,
    given: &mut BTreeSet<Version>,
) -> Vec<(String, Option<String>)> {
    let mut foreign: Vec<Foreign> = names.filter_map(Foreign::read).collect();
    if foreign.len() < 2 {
        return Vec::new();
    }
    foreign.sort_by(|a, b| (&a.order, a.name).cmp(&(&b.order, b.name)));
    let own: Option<BTreeSet<Version>> = foreign.iter().map(Foreign::own_version).collect();
    let keeps = own.is_some_and(|own| own.len() == foreign.len() && own.is_disjoint(given));
    let renamed = foreign.into_iter().map(|file| {
        let version = match keeps {
            true => file.own_version(),
            false => next_free(Category::Startup, given).map(startup),
        };
        given.extend(version);
        let name = version.map(|version| format!("{version}_{}.sql", file.title));
        (file.name.to_owned(), name)
    });
    renamed.collect()
}

/// A startup migration: other tools know no other kind.
const fn startup(number: u16) -> Version {
    let category = Category::Startup;
    Version { category, number }
}

/// A name of another tool, taken apart.
struct Foreign<'a> {
    name: &'a str,
    /// The numbers by which the tool sorts its files; a file that runs after every change has none, and is last.
    order: (bool, Vec<u128>),
    title: String,
}

impl<'a> Foreign<'a> {
    /// sqlx, dbmate and Atlas write timestamps, goose and golang-migrate numbers with other widths, Flyway and refinery
    /// `V1_2__title`. `None` for a name that is valid here, that is not a tool's, or that undoes a migration.
    fn read(name: &'a str) -> Option<Self> {
        if version_of(name).is_some() || WrongName::explain(name, &BTreeSet::new()).goes_back {
            return None;
        }
        let stem = name.get(..name.len().checked_sub(".sql".len())?)?;
        let stem = stem.strip_suffix(".up").unwrap_or(stem);
        let (numbers, rest) = match (stem.split_once("__"), stem.chars().next()?) {
            (Some((version, rest)), 'V' | 'v') => (version.get(1..)?, rest),
            (Some(("R", rest)), 'R') => ("", rest),
            (_, '0'..='9') => by_number(stem)?,
            (_, _) => return None,
        };
        let numbers = numbers.split(|c: char| !c.is_ascii_digit());
        let numbers = numbers.filter(|digits| !digits.is_empty());
        let order: Vec<u128> = numbers.map(str::parse).collect::<Result<_, _>>().ok()?;
        Some(Self {
            name,
            order: (order.is_empty(), order),
            title: title(rest),
        })
    }

    /// The startup migration with the file's own number, if it has one that is possible.
    fn own_version(&self) -> Option<Version> {
        let [number] = self.order.1.as_slice() else {
            return None;
        };
        let (first, last) = Category::Startup.range();
        let number = u16::try_from(*number).ok()?;
        (first..=last).contains(&number).then(|| startup(number))
    }
}

/// The digits at the start of a name, and the rest. A timestamp may be in several parts, `2023-01-31-120000_title`. Three
/// digits are a version with another mistake.
fn by_number(stem: &str) -> Option<(&str, &str)> {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let first = digits(stem);
    if first == 3 {
        return None;
    }
    let mut end = first;
    while let Some(rest) = stem.get(end + 1..).filter(|_| first >= 4) {
        let more = digits(rest);
        let is_closed = rest
            .get(more..)
            .is_some_and(|text| !text.starts_with(char::is_alphanumeric));
        match more >= 2 && is_closed {
            true => end += 1 + more,
            false => break,
        }
    }
    Some((stem.get(..end)?, stem.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(names: &[&str], taken: &[&str]) -> Vec<String> {
        let mut given = taken
            .iter()
            .filter_map(|text| Version::parse(text))
            .collect();
        let all = foreign_names(names.iter().copied(), &mut given).into_iter();
        all.map(|(from, to)| format!("{from} {}", to.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn files_keep_the_order_of_their_tool() {
        for (names, taken, expected) in [
            (
                &["20240102_b.sql", "20231231235959_a.sql", "20240103_c.sql"][..],
                &[][..],
                &[
                    "20240102_b.sql 001_b.sql",
                    "20240103_c.sql 002_c.sql",
                    "20231231235959_a.sql 003_a.sql",
                ][..],
            ),
            (
                &["10_j.sql", "2_b.sql", "1_a.sql"],
                &[],
                &[
                    "1_a.sql 001_a.sql",
                    "2_b.sql 002_b.sql",
                    "10_j.sql 010_j.sql",
                ],
            ),
            (
                &["000001_a.up.sql", "000002_b.up.sql", "000001_a.down.sql"],
                &["001"],
                &["000001_a.up.sql 002_a.sql", "000002_b.up.sql 003_b.sql"],
            ),
            (
                &[
                    "R__views.sql",
                    "V10__j.sql",
                    "V2__b.sql",
                    "V1.1__a2.sql",
                    "V1__Init Db.sql",
                    "U1__no.sql",
                ],
                &[],
                &[
                    "V1__Init Db.sql 001_init_db.sql",
                    "V1.1__a2.sql 002_a2.sql",
                    "V2__b.sql 003_b.sql",
                    "V10__j.sql 004_j.sql",
                    "R__views.sql 005_views.sql",
                ],
            ),
            (
                &[
                    "2023-01-31-120000_create_users.sql",
                    "2023-02-01-120000_2fa.sql",
                ],
                &[],
                &[
                    "2023-01-31-120000_create_users.sql 001_create_users.sql",
                    "2023-02-01-120000_2fa.sql 002_2fa.sql",
                ],
            ),
            (
                &["20240101_a.sql", "20240102_b.sql"],
                &["098"],
                &["20240101_a.sql 099_a.sql", "20240102_b.sql "],
            ),
            // One file, or none of another tool.
            (
                &["20240101_a.sql", "003-b.sql", "create.sql", "200_c.sql"],
                &[],
                &[],
            ),
        ] {
            assert_eq!(renamed(names, taken), expected);
        }
    }
}
