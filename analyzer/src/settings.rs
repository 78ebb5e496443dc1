//! `onward.toml`, a module's own settings.
//!
//! ```toml
//! schema = "auth"   # the one schema the module owns; default: the folder's name
//! ```

use std::ops::Range;

use crate::directive::nearest;
use crate::finding::Message;

/// The name of the settings file in a module's folder.
///
/// ```
/// assert_eq!(onward_analyzer::settings::FILE, "onward.toml");
/// ```
pub const FILE: &str = "onward.toml";

/// What a module can set. Every key is optional.
///
/// ```
/// let settings = onward_analyzer::settings::read("schema = 'identity'");
/// assert_eq!(settings.map(|settings| settings.schema), Ok(Some("identity".to_owned())));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `schema`: the one schema the module owns. Default: the folder's name.
    pub schema: Option<String>,
}

/// Reads the file's text.
///
/// # Errors
///
/// What is wrong and where: no TOML, an unknown key, a value of the wrong type.
///
/// ```
/// let wrong = onward_analyzer::settings::read("shema = 'auth'").unwrap_err();
/// assert!(wrong[0].1.help.contains("did you mean `schema`?"));
/// ```
pub fn read(text: &str) -> Result<Settings, Vec<(Range<usize>, Message)>> {
    let table = toml::de::DeTable::parse(text).map_err(|error| {
        vec![(
            error.span().unwrap_or(0..0),
            Message::new(
                format!("`{FILE}` is no TOML: {}", error.message()),
                "the macro and the command line read the module's settings from this file",
                "correct the file, or remove it: every setting has a default",
            ),
        )]
    })?;
    let mut settings = Settings::default();
    let mut wrong = Vec::new();
    for (key, value) in table.get_ref() {
        match (key.get_ref().as_ref(), value.get_ref().as_str()) {
            ("schema", Some(schema)) => settings.schema = Some(schema.to_owned()),
            ("schema", None) => wrong.push((
                value.span(),
                Message::new(
                    "`schema` has to be a string",
                    "it is the name of the one schema that the module owns",
                    "write `schema = \"auth\"`",
                ),
            )),
            (unknown, _) => wrong.push((key.span(), unknown_key(unknown))),
        }
    }
    if wrong.is_empty() {
        Ok(settings)
    } else {
        Err(wrong)
    }
}

fn unknown_key(key: &str) -> Message {
    let guess = nearest(key, ["schema"]).map(|known| format!("did you mean `{known}`? "));
    Message::new(
        format!("`{key}` is no setting"),
        "a setting that nothing reads would look as if it worked",
        format!(
            "{}the only setting of this version is `schema`",
            guess.unwrap_or_default()
        ),
    )
}

/// Why a schema's name cannot be used, if it cannot.
///
/// ```
/// use onward_analyzer::settings::wrong_schema;
///
/// assert_eq!(wrong_schema("auth"), None);
/// assert!(wrong_schema("my-auth").is_some());
/// assert!(wrong_schema("pg_auth").is_some());
/// ```
#[must_use]
pub fn wrong_schema(schema: &str) -> Option<Message> {
    let starts_well = schema.starts_with(|c: char| c.is_ascii_lowercase());
    let all_well = schema
        .bytes()
        .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    let why = if !starts_well || !all_well || schema.len() > 48 {
        "a module's schema is an identifier that needs no quotes: a-z, then a-z, 0-9 and `_`, at \
         most 48 bytes"
    } else if schema.starts_with("pg_") || schema == "information_schema" {
        "PostgreSQL keeps the names that start with `pg_`, and `information_schema`, for itself"
    } else {
        return None;
    };
    Some(Message::new(
        format!("`{schema}` cannot be the name of a module's schema"),
        why,
        format!("rename the folder, or set `schema = \"...\"` in its `{FILE}`"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, span, what) in [
            ("shema = 'a'", 0..5, "`shema` is no setting"),
            ("schema = 1", 9..10, "has to be a string"),
            ("schema = ", 9..9, "is no TOML"),
            ("[runtime]\nx = 1", 1..8, "`runtime` is no setting"),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(wrong[0].0, span, "{text}");
            assert!(wrong[0].1.what.contains(what), "{text}: {:?}", wrong[0].1);
        }
        assert_eq!(read(""), Ok(Settings::default()));
    }
}
