//! What another tool has applied in a database, compared with the files.

use clap::ValueEnum as _;

use crate::adopt::record::Record;
use crate::adopt::tool::Tool;

/// A line of the other tool's table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) version: String,
    /// False for a migration that failed, or that is marked as dirty.
    pub(crate) is_done: bool,
    pub(crate) checksum: Option<String>,
}

/// What a database has of the files.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    /// The last file that is applied.
    pub(crate) through: String,
    /// How many are applied, and how many of their checksums were compared.
    pub(crate) applied: usize,
    pub(crate) compared: usize,
}

impl Tool {
    /// The table where the tool keeps what it has applied; none where there is no such table.
    pub(crate) const fn table(self) -> Option<&'static str> {
        match self {
            Self::Sqlx => Some("_sqlx_migrations"),
            Self::Refinery => Some("refinery_schema_history"),
            Self::Diesel => Some("__diesel_schema_migrations"),
            Self::Flyway => Some("flyway_schema_history"),
            Self::Goose => Some("goose_db_version"),
            Self::GolangMigrate | Self::Dbmate => Some("schema_migrations"),
            Self::EfCore => Some("__EFMigrationsHistory"),
            // The structure is one file, whatever was migrated to it.
            Self::Rails | Self::None => None,
        }
    }

    /// Version, whether it is done, and the checksum, as texts; `{table}` is the quoted table.
    pub(crate) const fn query(self) -> &'static str {
        match self {
            Self::Sqlx => {
                "SELECT version::text, success::text, encode(checksum, 'hex') FROM {table} ORDER BY version"
            }
            Self::Flyway => {
                "SELECT coalesce(version, script), (success AND type = 'SQL')::text, checksum::text FROM {table} \
                 WHERE type <> 'SCHEMA' ORDER BY installed_rank"
            }
            Self::Goose => {
                "SELECT version_id::text, 'true', NULL FROM (SELECT DISTINCT ON (version_id) version_id, is_applied \
                 FROM {table} ORDER BY version_id, id DESC) newest WHERE is_applied AND version_id > 0 ORDER BY version_id"
            }
            Self::GolangMigrate => "SELECT version::text, (NOT dirty)::text, NULL FROM {table}",
            Self::EfCore => "SELECT \"MigrationId\", 'true', NULL FROM {table} ORDER BY 1",
            Self::Refinery => {
                "SELECT version::text, 'true', checksum FROM {table} ORDER BY version"
            }
            Self::Diesel | Self::Dbmate | Self::Rails | Self::None => {
                "SELECT version::text, 'true', NULL FROM {table} ORDER BY version"
            }
        }
    }
}

/// The tables in which other tools keep what they have applied.
pub(crate) fn tables() -> Vec<&'static str> {
    let tables = Tool::value_variants()
        .iter()
        .filter_map(|tool| tool.table());
    tables.chain(["ar_internal_metadata"]).collect()
}

/// How far a database is, or what is in the way.
pub(crate) fn compare(tool: Tool, records: &[Record], rows: &[Row]) -> Result<Proof, Vec<String>> {
    let name = tool.name();
    let mut problems = Vec::new();
    let (mut applied, mut compared) = (vec![false; records.len()], 0);
    for row in rows {
        let version = &row.version;
        if !row.is_done {
            problems.push(format!(
                "{version} failed there, or is marked as dirty: repair it with {name} first"
            ));
            continue;
        }
        let Some(at) = records.iter().position(|record| &record.version == version) else {
            problems.push(format!(
                "{version} was applied, and there is no file for it here"
            ));
            continue;
        };
        // golang-migrate keeps the last one only.
        let from = if tool == Tool::GolangMigrate { 0 } else { at };
        applied[from..=at].fill(true);
        match (&records[at].checksum, &row.checksum) {
            (Some(file), Some(there)) if !file.split('|').any(|one| one == there) => problems.push(format!(
                "{} was edited after {name} had applied it as {version}: its checksum there is another one",
                records[at].file.as_deref().unwrap_or("a file")
            )),
            (Some(_), Some(_)) => compared += 1,
            (_, _) => {}
        }
    }
    let count = applied.iter().filter(|is_applied| **is_applied).count();
    let hole = applied.iter().position(|is_applied| !is_applied);
    if let Some(record) = hole.filter(|at| *at < count).and_then(|at| records.get(at)) {
        problems.push(format!(
            "{} was not applied, and later ones were: apply it with {name} first",
            record.file.as_deref().unwrap_or(&record.version)
        ));
    }
    let last = applied.iter().zip(records).rev();
    let mut last =
        last.filter_map(|(is_applied, record)| record.file.clone().filter(|_| *is_applied));
    match last.next() {
        Some(through) if problems.is_empty() => Ok(Proof {
            through,
            applied: count,
            compared,
        }),
        None if problems.is_empty() => Err(vec![format!("{name} has applied nothing here")]),
        Some(_) | None => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(version: &str, is_done: bool, checksum: Option<&str>) -> Row {
        Row {
            version: version.to_owned(),
            is_done,
            checksum: checksum.map(str::to_owned),
        }
    }

    #[test]
    fn only_a_beginning_of_the_files_is_adopted() {
        let record = |file: &str, version: &str| Record {
            file: Some(file.to_owned()),
            version: version.to_owned(),
            checksum: Some(format!("sum{version}")),
        };
        let records = [
            record("001_a.sql", "1"),
            record("002_b.sql", "2"),
            record("003_c.sql", "3"),
        ];
        let sqlx = |rows: &[Row]| compare(Tool::Sqlx, &records, rows);
        let proof = |through: &str, applied, compared| {
            Ok(Proof {
                through: through.to_owned(),
                applied,
                compared,
            })
        };
        let one = row("1", true, Some("sum1"));
        assert_eq!(sqlx(std::slice::from_ref(&one)), proof("001_a.sql", 1, 1));
        let two = row("2", true, None);
        assert_eq!(sqlx(&[one.clone(), two]), proof("002_b.sql", 2, 1));
        for (rows, part) in [
            (&[][..], "applied nothing"),
            (&[row("1", false, None)], "dirty"),
            (
                &[one.clone(), row("3", true, None)],
                "002_b.sql was not applied",
            ),
            (&[one, row("9", true, None)], "no file for it"),
            (&[row("1", true, Some("x"))], "was edited"),
        ] {
            let problems = sqlx(rows).err().unwrap_or_default().join("\n");
            assert!(problems.contains(part), "{part}: {problems}");
        }
        let last = compare(Tool::GolangMigrate, &records, &[row("2", true, None)]);
        assert_eq!(last, proof("002_b.sql", 2, 0));
    }
}
