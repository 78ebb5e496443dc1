//! The databases of a fleet: lines with a name and a URL. No message of this file shows a line, which may hold a password.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// A database with the name that operators call it by.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) url: String,
}

/// Why it is unknown which databases are meant.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TargetsError {
    #[error("`{file}` cannot be read; write a file with a name and a URL in each line")]
    File { file: String, source: io::Error },
    #[error("the command of --targets-from cannot be run")]
    Command(#[source] io::Error),
    #[error("the command of --targets-from failed ({0}); nothing was done on any database")]
    Failed(std::process::ExitStatus),
    #[error("the targets are not UTF-8 from byte {0} on")]
    NotUtf8(usize),
    #[error("line {0} of the targets has one word; write a name, a space and a URL")]
    OneWord(usize),
    #[error("line {0} of the targets begins with a URL; write a name and a space before it")]
    NoName(usize),
    #[error(
        "lines {first} and {second} of the targets have the same name, `{name}`; names tell databases apart"
    )]
    Twice {
        name: String,
        first: usize,
        second: usize,
    },
    #[error("there are no targets; write a line with a name and a URL for each database")]
    None,
    #[error("there is no target `{name}` for --canary; the targets are {known}")]
    NoCanary { name: String, known: String },
}

/// Those that a file names, or that a command prints.
pub(crate) fn named(
    file: Option<&Path>,
    command: Option<&str>,
) -> Result<Vec<Target>, TargetsError> {
    let bytes = match (file, command) {
        (Some(file), _) => of_file(file)?,
        (None, Some(command)) => of_command(command)?,
        (None, None) => Vec::new(),
    };
    let text = String::from_utf8(bytes);
    parse(&text.map_err(|error| TargetsError::NotUtf8(error.utf8_error().valid_up_to()))?)
}

fn of_file(file: &Path) -> Result<Vec<u8>, TargetsError> {
    let mut bytes = Vec::new();
    let read = match file.to_str() {
        Some("-") => io::stdin().lock().read_to_end(&mut bytes).map(drop),
        _ => fs::read(file).map(|read| bytes = read),
    };
    match read {
        Ok(()) => Ok(bytes),
        Err(source) => Err(TargetsError::File {
            file: file.display().to_string(),
            source,
        }),
    }
}

fn of_command(command: &str) -> Result<Vec<u8>, TargetsError> {
    let output = Command::new("sh")
        .args(["-c", command])
        .stderr(Stdio::inherit())
        .output()
        .map_err(TargetsError::Command)?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(TargetsError::Failed(output.status)),
    }
}

fn parse(text: &str) -> Result<Vec<Target>, TargetsError> {
    let mut targets = Vec::new();
    let mut lines = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let words = line.split_once(char::is_whitespace);
        let (name, url) = words.unwrap_or((line, ""));
        if name.contains("://") || name.contains('=') {
            return Err(TargetsError::NoName(number));
        }
        if url.is_empty() {
            return Err(TargetsError::OneWord(number));
        }
        if let Some(first) = lines.insert(name, number) {
            return Err(TargetsError::Twice {
                name: name.to_owned(),
                first,
                second: number,
            });
        }
        targets.push(Target {
            name: name.to_owned(),
            url: url.trim().to_owned(),
        });
    }
    match targets.is_empty() {
        true => Err(TargetsError::None),
        false => Ok(targets),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_name_and_a_url() {
        let text = "# all of them\n\neu-1  postgres://u:p%23@h/db\r\n\tus-1\thost=h dbname=db user=u # far\n";
        let targets = parse(text).unwrap_or_default();
        let all: Vec<_> = targets.iter().map(|one| (&*one.name, &*one.url)).collect();
        let expected = [
            ("eu-1", "postgres://u:p%23@h/db"),
            ("us-1", "host=h dbname=db user=u"),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_line_that_cannot_be_meant_is_refused_and_not_shown() {
        for (text, says) in [
            ("", "there are no targets"),
            ("# only\n  \n", "there are no targets"),
            (
                "a postgres://u:hush@h/d\nhush",
                "line 2 of the targets has one word",
            ),
            (
                "postgres://u:hush@h/d",
                "line 1 of the targets begins with a URL",
            ),
            (
                "postgres://u:hush@h/d # main",
                "line 1 of the targets begins with a URL",
            ),
            (
                "host=h password=hush",
                "line 1 of the targets begins with a URL",
            ),
            (
                "a x\n\na postgres://u:hush@h/d",
                "lines 1 and 3 of the targets have the same name, `a`",
            ),
        ] {
            let error = parse(text).err().map(|error| error.to_string());
            let error = error.unwrap_or_default();
            assert!(
                error.contains(says) && !error.contains("hush"),
                "{text}: {error}"
            );
        }
    }
}
