//! What each file was to the other tool: kept beside the module's files, because the names and the texts have changed.

use sha2::{Digest as _, Sha384};

use crate::adopt::siphash;
use crate::adopt::tool::Tool;

/// The file, in the module's folder.
pub(crate) const FILE: &str = "adopted.tsv";

/// A migration of the other tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// What it is called here; none for one that runs nothing.
    pub(crate) file: Option<String>,
    /// What the tool calls it in its table.
    pub(crate) version: String,
    /// Over its text, as the tool computes it, where that is known.
    pub(crate) checksum: Option<String>,
}

/// A line for each, in their order.
pub(crate) fn written(tool: Tool, records: &[Record]) -> String {
    let mut text = format!(
        "# {}\n# What each file was there. `onward adopt <folder> --url` compares it with a database.\n",
        tool.id()
    );
    for record in records {
        let file = record.file.as_deref().unwrap_or("-");
        let checksum = record.checksum.as_deref().unwrap_or("-");
        text.push_str(&[file, "\t", &record.version, "\t", checksum, "\n"].concat());
    }
    text
}

/// None for a text that is not one of these.
pub(crate) fn read(text: &str) -> Option<(Tool, Vec<Record>)> {
    let tool = text.lines().next()?.strip_prefix("# ")?;
    let tool = Tool::of(tool.trim())?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let records = lines.map(|line| {
        let mut fields = line.split('\t');
        let (file, version, checksum) = (fields.next()?, fields.next()?, fields.next()?);
        let given = |text: &str| Some(text.to_owned()).filter(|text| text != "-");
        Some(Record {
            file: given(file),
            version: version.to_owned(),
            checksum: given(checksum),
        })
    });
    Some((tool, records.collect::<Option<_>>()?))
}

/// The checksum of a file as the tool computes it; several with `|` between them if that depends on how the tool was built.
pub(crate) fn checksum(tool: Tool, path: &str, version: &str, text: &str) -> Option<String> {
    match tool {
        Tool::Sqlx => {
            let digest = Sha384::digest(text.as_bytes());
            Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
        }
        Tool::Flyway => Some(flyway(text).to_string()),
        Tool::Refinery => siphash::refinery(path, version, text),
        Tool::Diesel
        | Tool::Goose
        | Tool::GolangMigrate
        | Tool::Dbmate
        | Tool::EfCore
        | Tool::Rails
        | Tool::None => None,
    }
}

/// CRC-32 over the lines without their ends, as a signed number.
fn flyway(text: &str) -> i32 {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut crc = u32::MAX;
    for byte in text.lines().flat_map(str::bytes) {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = match crc & 1 {
                0 => crc >> 1,
                _ => (crc >> 1) ^ 0xEDB8_8320,
            };
        }
    }
    (!crc).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let record = |file: Option<&str>, version: &str, checksum: Option<&str>| Record {
            file: file.map(str::to_owned),
            version: version.to_owned(),
            checksum: checksum.map(str::to_owned),
        };
        let records = vec![
            record(None, "0", None),
            record(Some("001_a.sql"), "1.2", Some("ab")),
        ];
        let text = written(Tool::GolangMigrate, &records);
        assert_eq!(read(&text), Some((Tool::GolangMigrate, records)));
        assert_eq!(read("# unheard-of\n"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn flyways_checksum_is_crc_32_of_the_lines() {
        // The check value of CRC-32, whatever ends the lines.
        assert_eq!(flyway("123456789").cast_unsigned(), 0xCBF4_3926);
        assert_eq!(flyway("1234\r\n56789\n"), flyway("123456789"));
    }
}
