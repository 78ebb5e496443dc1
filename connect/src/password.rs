//! Password files: a line for each server, `host:port:database:user:password`.

use std::fs;
use std::path::Path;

/// Whom a password is for.
pub(crate) struct Login<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) database: &'a str,
    pub(crate) user: &'a str,
}

/// The text of the file, or a note why it is not read. A file that is not there is no fault.
pub(crate) fn read(file: &Path) -> Result<Option<String>, String> {
    let Ok(facts) = fs::metadata(file) else {
        return Ok(None);
    };
    if !facts.is_file() {
        return Err(format!(
            "the password file {} is not a plain file, and is not read",
            file.display()
        ));
    }
    if is_open_to_others(&facts) {
        return Err(format!(
            "the password file {0} can be read by other users, so it is not used: chmod 0600 {0}",
            file.display()
        ));
    }
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) => Err(format!(
            "the password file {} cannot be read: {error}",
            file.display()
        )),
    }
}

#[cfg(unix)]
fn is_open_to_others(facts: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    facts.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &fs::Metadata) -> bool {
    false
}

/// The password of the first line that fits.
pub(crate) fn find(text: &str, login: &Login<'_>) -> Option<String> {
    let port = login.port.to_string();
    let asked = [login.host, &port, login.database, login.user];
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(fields).find_map(|fields| {
        let (password, names) = fields.split_last()?;
        let fits = names.len() == asked.len()
            && names
                .iter()
                .zip(asked)
                .all(|(field, asked)| field.any || field.text == asked);
        fits.then(|| password.text.clone())
    })
}

struct Field {
    text: String,
    /// A `*` without a backslash.
    any: bool,
}

/// The first four fields, and all that is behind them as the password.
fn fields(line: &str) -> Vec<Field> {
    let mut fields = vec![Field {
        text: String::new(),
        any: line.starts_with("*:"),
    }];
    let mut letters = line.char_indices();
    while let Some((at, letter)) = letters.next() {
        let letter = match letter {
            ':' if fields.len() < 5 => {
                fields.push(Field {
                    text: String::new(),
                    any: line[at + 1..].starts_with("*:") && fields.len() < 4,
                });
                continue;
            }
            '\\' => letters.next().map_or('\\', |(_, letter)| letter),
            letter => letter,
        };
        if let Some(field) = fields.last_mut() {
            field.text.push(letter);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let text = "\
            # a comment\n\
            db:5432:shop:me:one\n\
            db:*:shop:*:t\\:w\\\\o:x\n\
            \\*:1:a:b:star\n\
            localhost:*:*:me:*\n";
        for (host, port, database, user, password) in [
            ("db", 5432, "shop", "me", Some("one")),
            ("db", 1, "shop", "you", Some("t:w\\o:x")),
            ("db", 1, "other", "me", None),
            ("x", 1, "a", "b", None),
            ("*", 1, "a", "b", Some("star")),
            ("localhost", 7, "x", "me", Some("*")),
        ] {
            let login = Login {
                host,
                port,
                database,
                user,
            };
            assert_eq!(find(text, &login).as_deref(), password, "{host} {user}");
        }
    }
}
