//! Reads `onward.toml`, the settings of a module.
//!
//! ```toml
//! schema = "auth"   # the one schema that the module owns; default: the folder's name
//! min_pg = 15       # the oldest PostgreSQL that the migrations run on, 15 to 18; default: 15
//! lint_from = "012" # the first file that is checked; older ones are read only for the model of the
//!                   # schema. One for each category: ["012", "103", "S004"]; default: all are checked
//!
//! [severity]        # allow, warn or deny; what is forbidden stays forbidden
//! varchar-with-limit = "deny"
//!
//! [data]
//! healthy = ["SELECT count(*) < 1000 FROM auth.queue"]  # data migrations wait while one is not true
//!
//! [externals]
//! reads = [                    # objects of other schemas that the module may use; with the columns and their types,
//!     "vuln.advisories",       # and the first migration that has them, as far as `onward::modules!` shall compare them
//!     "auth.users (id uuid) since 003",
//! ]
//!
//! [tenancy]
//! mode = "required"  # each table keeps tenants apart; `tenancy` reads the rest of this table
//!
//! [citus]
//! mode = "schema"    # the module runs on a Citus cluster; `citus` reads the rest of this table
//! ```

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::finding::Message;
pub use crate::intake::citus::Citus;
use crate::intake::external::External;
use crate::intake::file_name::Version;
use crate::intake::question::{Purpose, Question};
pub use crate::intake::tenancy::Tenancy;
use crate::statement::Scope;
use crate::text::nearest::nearest;

/// The name of the settings file in a module's folder.
///
/// ```
/// assert_eq!(onward_analyzer::settings::FILE, "onward.toml");
/// ```
pub const FILE: &str = "onward.toml";

/// The id of findings about this file.
pub(crate) const FINDING: &str = "settings";

/// The oldest supported major version of PostgreSQL, and the default of `min_pg`.
///
/// ```
/// assert_eq!(onward_analyzer::settings::OLDEST, 15);
/// ```
pub const OLDEST: u8 = 15;

/// The newest major version of PostgreSQL whose grammar is known.
///
/// ```
/// assert_eq!(onward_analyzer::settings::NEWEST, 18);
/// ```
pub const NEWEST: u8 = 18;

/// The settings of a module. Every key is optional.
///
/// ```
/// let settings = onward_analyzer::settings::read("schema = 'identity'");
/// assert_eq!(settings.map(|settings| settings.schema), Ok(Some("identity".to_owned())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `schema`: the one schema the module owns. Default: the folder's name.
    pub schema: Option<String>,
    /// `min_pg`: the oldest PostgreSQL that the migrations run on, 15 to 18. SQL that only a newer version
    /// accepts is an error. Default: 15.
    pub min_pg: u8,
    /// `lint_from`: the first version of a category that is checked. Older files are applied and cannot be
    /// edited; they are read only for the model of the schema. Default: all are checked.
    pub lint_from: Vec<Version>,
    /// `[severity]`: its lines, which are not yet checked against the rules.
    pub severities: Vec<ChosenSeverity>,
    /// `[data] healthy`: queries of one boolean, each with its place; every data migration waits while one is not
    /// true.
    pub healthy: Vec<(Range<usize>, String)>,
    /// `[externals] reads`: objects of other schemas that the module may use, each with its place.
    pub reads: Vec<(Range<usize>, External)>,
    /// `[tenancy]`: how tenants are kept apart; `None` if the mode is "off".
    pub tenancy: Option<Tenancy>,
    /// `[citus]`: how a Citus cluster keeps the tables; `None` if the mode is "off".
    pub citus: Option<Citus>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            schema: None,
            min_pg: OLDEST,
            lint_from: Vec::new(),
            severities: Vec::new(),
            healthy: Vec::new(),
            reads: Vec::new(),
            tenancy: None,
            citus: None,
        }
    }
}

impl Settings {
    /// Whether a file is checked, and not only read for the model of the schema.
    ///
    /// ```
    /// use onward_analyzer::file_name::Version;
    ///
    /// let settings = onward_analyzer::settings::read("lint_from = '016'").unwrap();
    /// assert_eq!(Version::parse("015").map(|old| settings.checks(old)), Some(false));
    /// ```
    #[must_use]
    pub fn checks(&self, version: Version) -> bool {
        let mut from = self.lint_from.iter();
        from.all(|from| from.category != version.category || from.number <= version.number)
    }
}

/// A line of `[severity]`, as written.
///
/// ```
/// let settings = onward_analyzer::settings::read("[severity]\nversion-gap = 'deny'").unwrap();
/// assert_eq!(settings.severities[0].rule, "version-gap");
/// assert_eq!(settings.severities[0].severity.as_deref(), Some("deny"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenSeverity {
    /// The name of a rule; there may be no such rule.
    pub rule: String,
    /// The value, if it is a string.
    pub severity: Option<String>,
    /// The byte range of the name in the file.
    pub span: Range<usize>,
}

pub(super) type Wrong = Vec<(Range<usize>, Message)>;
pub(super) type Value<'a> = toml::Spanned<DeValue<'a>>;

/// A key, and the function that reads its value.
struct Key {
    name: &'static str,
    set: fn(&mut Settings, &Value<'_>) -> Result<(), Wrong>,
}

const KEYS: [Key; 8] = [
    Key {
        name: "schema",
        set: schema,
    },
    Key {
        name: "min_pg",
        set: min_pg,
    },
    Key {
        name: "lint_from",
        set: lint_from,
    },
    Key {
        name: "severity",
        set: severity,
    },
    Key {
        name: "data",
        set: data,
    },
    Key {
        name: "externals",
        set: externals,
    },
    Key {
        name: "tenancy",
        set: crate::intake::tenancy::read,
    },
    Key {
        name: "citus",
        set: crate::intake::citus::read,
    },
];

/// Reads the text of the file.
///
/// # Errors
///
/// Every mistake with its byte range: text that is not TOML, an unknown key, a value of the wrong type.
///
/// ```
/// let wrong = onward_analyzer::settings::read("shema = 'auth'").unwrap_err();
/// assert!(wrong[0].1.help.contains("did you mean `schema`?"));
/// ```
pub fn read(text: &str) -> Result<Settings, Wrong> {
    let table = DeTable::parse(text).map_err(|error| {
        vec![(
            error.span().unwrap_or(0..0),
            Message::new(
                format!("`{FILE}` is not valid TOML: {}", error.message()),
                "the macro and the command read the module's settings from this file",
                "correct the file, or delete it: every setting has a default",
            ),
        )]
    })?;
    let mut settings = Settings::default();
    let mut wrong = Vec::new();
    for (name, value) in table.get_ref() {
        let known = KEYS.iter().find(|key| key.name == name.get_ref().as_ref());
        let outcome = match known {
            Some(key) => (key.set)(&mut settings, value),
            None => Err(vec![(
                name.span(),
                unknown_key(name.get_ref(), &KEYS.map(|key| key.name)),
            )]),
        };
        wrong.extend(outcome.err().into_iter().flatten());
    }
    if wrong.is_empty() {
        Ok(settings)
    } else {
        Err(wrong)
    }
}

pub(super) fn mistake<T>(
    value: &Value<'_>,
    what: &str,
    why: &str,
    help: impl Into<String>,
) -> Result<T, Wrong> {
    Err(vec![(value.span(), Message::new(what, why, help))])
}

pub(super) fn unknown_key(key: &str, known: &[&str]) -> Message {
    let guess =
        nearest(key, known.iter().copied()).map(|known| format!("did you mean `{known}`? "));
    Message::new(
        format!("`{key}` is not a setting"),
        "an unknown setting has no effect",
        format!(
            "{}the settings are `{}`",
            guess.unwrap_or_default(),
            known.join("`, `")
        ),
    )
}

fn schema(settings: &mut Settings, value: &Value<'_>) -> Result<(), Wrong> {
    let Some(schema) = value.get_ref().as_str() else {
        return mistake(
            value,
            "`schema` must be a string",
            "it is the name of the one schema that the module owns",
            "write `schema = \"auth\"`",
        );
    };
    settings.schema = Some(schema.to_owned());
    Ok(())
}

fn min_pg(settings: &mut Settings, value: &Value<'_>) -> Result<(), Wrong> {
    let number = value.get_ref().as_integer();
    let number = number.and_then(|number| number.to_string().parse::<u8>().ok());
    let Some(number) = number.filter(|number| (OLDEST..=NEWEST).contains(number)) else {
        return mistake(
            value,
            &format!("`min_pg` must be a number from {OLDEST} to {NEWEST}"),
            "it is the oldest major version of PostgreSQL that the migrations run on",
            format!("write `min_pg = {OLDEST}`"),
        );
    };
    settings.min_pg = number;
    Ok(())
}

fn lint_from(settings: &mut Settings, value: &Value<'_>) -> Result<(), Wrong> {
    let one = std::slice::from_ref(value);
    let texts = value.get_ref().as_array().map_or(one, |many| many);
    for text in texts {
        let version = text.get_ref().as_str().and_then(Version::parse);
        let Some(version) = version else {
            return mistake(
                text,
                "`lint_from` must be a version",
                "it is the first file that is checked; older files are read only for the model of the schema",
                "write `lint_from = \"012\"`, or one for each category: `lint_from = [\"012\", \"103\", \
                 \"S004\"]`",
            );
        };
        settings.lint_from.push(version);
    }
    Ok(())
}

fn severity(settings: &mut Settings, value: &Value<'_>) -> Result<(), Wrong> {
    let Some(table) = value.get_ref().as_table() else {
        return mistake(
            value,
            "`severity` must be a table",
            "it sets the severity of single rules in this module",
            "write `[severity]` and below it `<rule> = \"warn\"`",
        );
    };
    let chosen = table.iter().map(|(name, value)| ChosenSeverity {
        rule: name.get_ref().to_string(),
        severity: value.get_ref().as_str().map(str::to_owned),
        span: name.span(),
    });
    settings.severities.extend(chosen);
    Ok(())
}

fn data(settings: &mut Settings, value: &Value<'_>) -> Result<(), Wrong> {
    let form = "write `[data]` and below it `healthy = [\"SELECT count(*) < 1000 FROM <table>\"]`";
    let why =
        "its queries let every data migration of the module wait while one of them is not true";
    let Some(table) = value.get_ref().as_table() else {
        return mistake(value, "`data` must be a table", why, form);
    };
    for (name, value) in table {
        if name.get_ref() != "healthy" {
            let known = ["healthy"];
            return Err(vec![(name.span(), unknown_key(name.get_ref(), &known))]);
        }
        let one = std::slice::from_ref(value);
        for query in value.get_ref().as_array().map_or(one, |many| many) {
            let Some(text) = query.get_ref().as_str() else {
                return mistake(query, "`healthy` must be a list of queries", why, form);
            };
            let asked = Question::at(Purpose::Healthy, text, 0, &Scope::default());
            if let Some((what, _)) = asked.mistake() {
                return mistake(query, &format!("this query of `healthy` {what}"), why, form);
            }
            let text = text.trim().trim_end_matches(';').trim_end();
            settings.healthy.push((query.span(), text.to_owned()));
        }
    }
    Ok(())
}

fn externals(settings: &mut Settings, value: &Value<'_>) -> Result<(), Wrong> {
    let form = "write `[externals]` and below it `reads = [\"vuln.advisories\"]`";
    let why = "it lists the objects of other schemas that the module may use";
    let Some(table) = value.get_ref().as_table() else {
        return mistake(value, "`externals` must be a table", why, form);
    };
    for (name, value) in table {
        if name.get_ref() != "reads" {
            return Err(vec![(name.span(), unknown_key(name.get_ref(), &["reads"]))]);
        }
        let Some(names) = value.get_ref().as_array() else {
            let what = "`reads` must be a list of names with their schemas";
            return mistake(value, what, why, form);
        };
        for name in names {
            let text = name.get_ref().as_str().unwrap_or_default();
            let Some(external) = External::read(text) else {
                let what = "`reads` must be a list of names with their schemas";
                let form = "write `\"<schema>.<name>\"`, or with what the module expects of it: `\"auth.users (id uuid, \
                            email text) since 003\"`";
                return mistake(name, what, why, form);
            };
            settings.reads.push((name.span(), external));
        }
    }
    Ok(())
}

/// Why this name cannot be a module's schema; `None` if it can.
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
        "the schema of a module must be an identifier that needs no quotes: a-z, then a-z, 0-9 and `_`, at \
         most 48 bytes"
    } else if schema.starts_with("pg_") || schema == "information_schema" {
        "PostgreSQL reserves `information_schema` and all names that begin with `pg_`"
    } else {
        return None;
    };
    Some(Message::new(
        format!("`{schema}` cannot be the schema of a module"),
        why,
        format!("rename the folder, or set `schema = \"...\"` in its `{FILE}`"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_is_reported_with_its_place() {
        for (text, span, what) in [
            ("shema = 'a'", 0..5, "`shema` is not a setting"),
            ("schema = 1", 9..10, "must be a string"),
            ("min_pg = 14", 9..11, "from 15 to 18"),
            ("min_pg = '16'", 9..13, "from 15 to 18"),
            ("schema = ", 9..9, "is not valid TOML"),
            ("[runtime]\nx = 1", 1..8, "`runtime` is not a setting"),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(wrong[0].0, span, "{text}");
            assert!(wrong[0].1.what.contains(what), "{text}: {:?}", wrong[0].1);
        }
        assert_eq!(read(""), Ok(Settings::default()));
        assert_eq!(read("min_pg = 17").map(|settings| settings.min_pg), Ok(17));
    }
}
