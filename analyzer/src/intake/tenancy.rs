//! `[tenancy]` in `onward.toml`: which tables hold rows of tenants, and how a session names its tenant.
//!
//! ```toml
//! [tenancy]
//! mode = "required"           # "off" is the default
//! column = "tenant_id"        # the column of each table with the tenant of a row
//! type = "uuid"               # its type
//! setting = "app.tenant_id"   # the setting with the tenant of the session
//!
//! [tenancy.global]            # tables that are the same for all tenants, each with the reason
//! "auth.permissions" = "a permission is a name that the code checks"
//! ```

use std::collections::BTreeMap;

use super::settings::{Settings, Value, Wrong, mistake, unknown_key};
use crate::statement::{DataType, Name};
use crate::text::nearest::nearest;

/// How the tables of a module are kept apart by tenant.
///
/// ```
/// let settings = onward_analyzer::settings::read("[tenancy]\nmode = 'required'")?;
/// let tenancy = settings.tenancy.expect("it is required");
/// assert_eq!((tenancy.column.as_str(), tenancy.setting.as_str()), ("tenant_id", "app.tenant_id"));
/// # Ok::<(), Vec<(std::ops::Range<usize>, onward_analyzer::finding::Message)>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenancy {
    /// `column`: the column with the tenant of a row.
    pub column: String,
    /// `type`: the type of the column, as PostgreSQL prints it.
    pub data_type: String,
    /// `setting`: the setting with the tenant of a session, in lower case.
    pub setting: String,
    /// `[tenancy.global]`: the tables without tenants, each with the reason.
    pub global: BTreeMap<Name, String>,
}

impl Default for Tenancy {
    fn default() -> Self {
        Self {
            column: Self::COLUMN.to_owned(),
            data_type: "uuid".to_owned(),
            setting: "app.tenant_id".to_owned(),
            global: BTreeMap::new(),
        }
    }
}

impl Tenancy {
    /// The default of `column`.
    pub(super) const COLUMN: &str = "tenant_id";

    /// Whether a column has the type of tenants.
    ///
    /// ```
    /// use onward_analyzer::{settings::Tenancy, statement::DataType};
    ///
    /// let of = |name: &str| DataType { name: name.into(), ..DataType::default() };
    /// let tenancy = Tenancy::default();
    /// assert!(tenancy.is_type(&of("uuid")) && !tenancy.is_type(&of("bigint")));
    /// ```
    #[must_use]
    pub fn is_type(&self, data_type: &DataType) -> bool {
        let plain = DataType {
            modifiers: Vec::new(),
            ..data_type.clone()
        };
        plain.to_string() == self.data_type || data_type.to_string() == self.data_type
    }
}

const KEYS: [&str; 5] = ["mode", "column", "type", "setting", "global"];
const MODES: [&str; 2] = ["required", "off"];
const WHY: &str = "it decides which tables must keep tenants apart";

/// Other names of types that PostgreSQL prints under their first one.
const TYPES: [(&str, &str); 8] = [
    ("bigint", "int8"),
    ("integer", "int"),
    ("integer", "int4"),
    ("smallint", "int2"),
    ("character varying", "varchar"),
    ("bpchar", "character"),
    ("bpchar", "char"),
    ("numeric", "decimal"),
];

pub(super) fn read(settings: &mut Settings, value: &Value<'_>) -> Result<(), Wrong> {
    let Some(table) = value.get_ref().as_table() else {
        return mistake(
            value,
            "`tenancy` must be a table",
            WHY,
            "write `[tenancy]` and below it `mode = \"required\"`",
        );
    };
    let mut tenancy = Tenancy::default();
    let mut is_required = false;
    let mut wrong = Vec::new();
    for (name, value) in table {
        let outcome = match name.get_ref().as_ref() {
            "mode" => mode(value).map(|mode| is_required = mode == MODES[0]),
            "column" => text(value, "column", "tenant_id").map(|text| tenancy.column = text),
            "type" => text(value, "type", "uuid").map(|text| tenancy.data_type = type_name(&text)),
            "setting" => setting(value).map(|text| tenancy.setting = text),
            "global" => global(value).map(|tables| tenancy.global = tables),
            other => Err(vec![(name.span(), unknown_key(other, &KEYS))]),
        };
        wrong.extend(outcome.err().into_iter().flatten());
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    settings.tenancy = is_required.then_some(tenancy);
    Ok(())
}

fn mode<'a>(value: &'a Value<'_>) -> Result<&'a str, Wrong> {
    let mode = value.get_ref().as_str();
    if let Some(mode) = mode.filter(|mode| MODES.contains(mode)) {
        return Ok(mode);
    }
    let guess = mode.and_then(|mode| nearest(mode, MODES));
    let guess = guess.map(|guess| format!("did you mean \"{guess}\"? "));
    let help = guess.unwrap_or_default() + "write `mode = \"required\"`, or `mode = \"off\"`";
    mistake(value, "`mode` must be \"required\" or \"off\"", WHY, help)
}

fn text(value: &Value<'_>, key: &str, example: &str) -> Result<String, Wrong> {
    let text = value.get_ref().as_str().map(str::trim);
    match text.filter(|text| !text.is_empty()) {
        Some(text) => Ok(text.to_owned()),
        None => mistake(
            value,
            &format!("`{key}` must be a text"),
            "it says how the tenant of a row and the tenant of a session are compared",
            format!("write `{key} = \"{example}\"`"),
        ),
    }
}

/// PostgreSQL accepts a setting of one's own only with a dot in its name.
fn setting(value: &Value<'_>) -> Result<String, Wrong> {
    let text = text(value, "setting", "app.tenant_id")?.to_lowercase();
    match text.split_once('.') {
        Some((class, name)) if !class.is_empty() && !name.is_empty() => Ok(text),
        Some(_) | None => mistake(
            value,
            "`setting` must be a name with a dot",
            "PostgreSQL accepts other settings than its own only as `prefix.name`",
            "write `setting = \"app.tenant_id\"`",
        ),
    }
}

fn type_name(text: &str) -> String {
    let text = text.to_lowercase();
    let known = TYPES.iter().find(|(_, other)| *other == text);
    known.map_or(text, |(name, _)| (*name).to_owned())
}

fn global(value: &Value<'_>) -> Result<BTreeMap<Name, String>, Wrong> {
    let form = "write `[tenancy.global]` and below it `\"auth.permissions\" = \"the same for every tenant\"`";
    let why = "it lists the tables that are the same for all tenants, each with the reason";
    let Some(table) = value.get_ref().as_table() else {
        return mistake(value, "`global` must be a table", why, form);
    };
    let mut tables = BTreeMap::new();
    for (name, reason) in table {
        let Some(known) = Name::read(name.get_ref()) else {
            return Err(vec![(
                name.span(),
                crate::finding::Message::new(
                    format!("`{}` is not a table with its schema", name.get_ref()),
                    why,
                    form,
                ),
            )]);
        };
        let said = reason.get_ref().as_str().map(str::trim);
        let Some(said) = said.filter(|said| !said.is_empty()) else {
            return mistake(
                reason,
                &format!("{known} needs a reason"),
                why,
                format!("write `\"{known}\" = \"<why its rows are not those of one tenant>\"`"),
            );
        };
        tables.insert(known, said.to_owned());
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use crate::intake::settings::read;

    #[test]
    fn each_mistake_is_reported_with_the_nearest_word() {
        for (text, span, what, help) in [
            ("tenancy = 1", 10..11, "must be a table", "[tenancy]"),
            (
                "[tenancy]\nmod = 'required'",
                10..13,
                "`mod` is not a setting",
                "did you mean `mode`?",
            ),
            (
                "[tenancy]\nmode = 'requierd'",
                17..27,
                "must be",
                "did you mean \"required\"?",
            ),
            ("[tenancy]\nsetting = 'tenant'", 20..28, "a dot", "app."),
            ("[tenancy]\ncolumn = ''", 19..21, "a text", "tenant_id"),
            (
                "[tenancy.global]\nplans = 'x'",
                17..22,
                "not a table",
                "tenancy.global",
            ),
            (
                "[tenancy.global]\n'a.plans' = ''",
                29..31,
                "a reason",
                "a.plans",
            ),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(wrong[0].0, span, "{text}");
            assert!(wrong[0].1.what.contains(what), "{text}: {:?}", wrong[0].1);
            assert!(wrong[0].1.help.contains(help), "{text}: {:?}", wrong[0].1);
        }
        let off = read("[tenancy]\ncolumn = 'org_id'").map(|settings| settings.tenancy);
        assert_eq!(off, Ok(None), "it is off without a mode");
        let text = "[tenancy]\nmode = 'required'\ntype = 'INT8'";
        let read = read(text).map(|settings| settings.tenancy.map(|tenancy| tenancy.data_type));
        assert_eq!(read, Ok(Some("bigint".to_owned())));
    }
}
