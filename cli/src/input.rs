//! SQL files and standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use onward_analyzer::file_name::version_of;
use onward_analyzer::settings;

/// Why a file cannot be parsed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("cannot read `{file}`; name an SQL file that exists, or `-` for standard input")]
    Io { file: String, source: io::Error },
    #[error("`{file}` is not UTF-8 from byte {at} on; save it as UTF-8")]
    NotUtf8 { file: String, at: usize },
    #[error("`{file}` has an error: {what}; correct it, or give `--min-pg`")]
    Settings { file: String, what: String },
    #[error("`{file}` holds a NUL byte at offset {at}, where PostgreSQL stops reading; remove it")]
    Nul { file: String, at: usize },
}

/// The oldest PostgreSQL that must accept the file. A file named like a migration belongs to the module
/// of its folder, whose `onward.toml` has the version; any other file is read for the newest.
pub(crate) fn min_pg_beside(file: &Path) -> Result<u8, FileError> {
    let name = file.file_name().and_then(|name| name.to_str());
    if name.and_then(version_of).is_none() {
        return Ok(settings::NEWEST);
    }
    let path = file.with_file_name(settings::FILE);
    if !path.exists() {
        return Ok(settings::OLDEST);
    }
    let shown = path.to_string_lossy();
    let settings = settings::read(&read(&path, &shown)?).map_err(|wrong| FileError::Settings {
        file: shown.to_string(),
        what: wrong
            .into_iter()
            .map(|(_, message)| message.what)
            .collect::<Vec<_>>()
            .join("; "),
    })?;
    Ok(settings.min_pg)
}

pub(crate) fn read(path: &Path, shown: &str) -> Result<String, FileError> {
    let file = || shown.to_owned();
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        fs::read(path).map(|read| bytes = read)
    };
    result.map_err(|source| FileError::Io {
        file: file(),
        source,
    })?;
    let text = String::from_utf8(bytes).map_err(|error| FileError::NotUtf8 {
        file: file(),
        at: error.utf8_error().valid_up_to(),
    })?;
    match text.find('\0') {
        Some(at) => Err(FileError::Nul { file: file(), at }),
        None => Ok(text),
    }
}
