//! `onward.toml`, a module's own settings.
//!
//! ```toml
//! schema = "auth"   # the one schema the module owns; default: the folder's name
//! min_pg = 15       # the oldest PostgreSQL the migrations run on, 15 to 18; default: 15
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

/// The oldest version of PostgreSQL that a module can be for, and the default of `min_pg`.
///
/// ```
/// assert_eq!(onward_analyzer::settings::OLDEST, 15);
/// ```
pub const OLDEST: u8 = 15;

/// The newest version whose grammar is known.
///
/// ```
/// assert_eq!(onward_analyzer::settings::NEWEST, 18);
/// ```
pub const NEWEST: u8 = 18;

/// What a module can set. Every key is optional.
///
/// ```
/// let settings = onward_analyzer::settings::read("schema = 'identity'");
/// assert_eq!(settings.map(|settings| settings.schema), Ok(Some("identity".to_owned())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `schema`: the one schema the module owns. Default: the folder's name.
    pub schema: Option<String>,
    /// `min_pg`: the oldest PostgreSQL that the migrations run on, 15 to 18; what only a newer one
    /// understands is an error. Default: 15.
    pub min_pg: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            schema: None,
            min_pg: OLDEST,
        }
    }
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
        let mut mistake = |span, message| wrong.push((span, message));
        match key.get_ref().as_ref() {
            "schema" => match value.get_ref().as_str() {
                Some(schema) => settings.schema = Some(schema.to_owned()),
                None => mistake(
                    value.span(),
                    Message::new(
                        "`schema` has to be a string",
                        "it is the name of the one schema that the module owns",
                        "write `schema = \"auth\"`",
                    ),
                ),
            },
            "min_pg" => match version(value.get_ref()) {
                Some(min_pg) => settings.min_pg = min_pg,
                None => mistake(
                    value.span(),
                    Message::new(
                        format!("`min_pg` has to be a number from {OLDEST} to {NEWEST}"),
                        "it is the oldest major version of PostgreSQL that the migrations run on",
                        format!("write `min_pg = {OLDEST}`"),
                    ),
                ),
            },
            unknown => mistake(key.span(), unknown_key(unknown)),
        }
    }
    if wrong.is_empty() {
        Ok(settings)
    } else {
        Err(wrong)
    }
}

fn version(value: &toml::de::DeValue<'_>) -> Option<u8> {
    let number: u8 = value.as_integer()?.to_string().parse().ok()?;
    (OLDEST..=NEWEST).contains(&number).then_some(number)
}

fn unknown_key(key: &str) -> Message {
    let guess = nearest(key, ["schema", "min_pg"]).map(|known| format!("did you mean `{known}`? "));
    Message::new(
        format!("`{key}` is no setting"),
        "a setting that nothing reads would look as if it worked",
        format!(
            "{}the settings are `schema` and `min_pg`",
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
            ("min_pg = 14", 9..11, "from 15 to 18"),
            ("min_pg = '16'", 9..13, "from 15 to 18"),
            ("schema = ", 9..9, "is no TOML"),
            ("[runtime]\nx = 1", 1..8, "`runtime` is no setting"),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(wrong[0].0, span, "{text}");
            assert!(wrong[0].1.what.contains(what), "{text}: {:?}", wrong[0].1);
        }
        assert_eq!(read(""), Ok(Settings::default()));
        assert_eq!(read("min_pg = 17").map(|settings| settings.min_pg), Ok(17));
    }
}
