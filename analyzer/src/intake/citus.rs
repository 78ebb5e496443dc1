//! `[citus]` in `onward.toml`: the module runs on a Citus cluster, which keeps rows on several servers.
//!
//! ```toml
//! [citus]
//! mode = "schema"           # the schema is on one server, and moves as a whole; "off" is the default
//! # or
//! mode = "row"              # the rows of each table are spread by a column
//! column = "tenant_id"      # by which one; default: the column of `[tenancy]`
//! unsafe_triggers = true    # the servers run with citus.enable_unsafe_triggers
//! ```

use super::settings::{Settings, Tenancy, Value, Wrong, mistake, unknown_key};
use crate::text::nearest::nearest;

/// How a Citus cluster keeps the tables of a module.
///
/// ```
/// use onward_analyzer::settings::{Citus, read};
///
/// assert_eq!(read("[citus]\nmode = 'schema'")?.citus, Some(Citus::Schema));
/// # Ok::<(), Vec<(std::ops::Range<usize>, onward_analyzer::finding::Message)>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Citus {
    /// `mode = "schema"`: all tables of the schema are on one server.
    Schema,
    /// `mode = "row"`: each table with the distribution column is spread by it; the others are reference tables, which
    /// are whole on every server.
    Row {
        /// `column`, if it is written.
        column: Option<String>,
        /// `unsafe_triggers`: the servers accept triggers on tables that are spread.
        unsafe_triggers: bool,
    },
}

impl Settings {
    /// The column by whose values a Citus cluster spreads rows; `None` if it does not.
    ///
    /// ```
    /// let settings = onward_analyzer::settings::read("[citus]\nmode = 'row'")?;
    /// assert_eq!(settings.distribution_column(), Some("tenant_id"));
    /// # Ok::<(), Vec<(std::ops::Range<usize>, onward_analyzer::finding::Message)>>(())
    /// ```
    #[must_use]
    pub fn distribution_column(&self) -> Option<&str> {
        let Some(Citus::Row { column, .. }) = &self.citus else {
            return None;
        };
        let of_tenants = self.tenancy.as_ref().map(|tenancy| tenancy.column.as_str());
        let written = column.as_deref().or(of_tenants);
        Some(written.unwrap_or(Tenancy::COLUMN))
    }
}

const KEYS: [&str; 3] = ["mode", "column", "unsafe_triggers"];
const MODES: [&str; 3] = ["schema", "row", "off"];
const WHY: &str = "it decides which definitions the servers of the cluster refuse";

pub(super) fn read(settings: &mut Settings, value: &Value<'_>) -> Result<(), Wrong> {
    let Some(table) = value.get_ref().as_table() else {
        return mistake(
            value,
            "`citus` must be a table",
            WHY,
            "write `[citus]` and below it `mode = \"schema\"` or `mode = \"row\"`",
        );
    };
    let mut chosen = None;
    let mut column = None;
    let mut unsafe_triggers = false;
    let mut of_rows = None;
    let mut wrong = Vec::new();
    for (name, value) in table {
        let outcome = match name.get_ref().as_ref() {
            "mode" => mode(value).map(|mode| chosen = Some(mode)),
            "column" => text(value).map(|text| column = Some(text)),
            "unsafe_triggers" => flag(value).map(|flag| unsafe_triggers = flag),
            other => Err(vec![(name.span(), unknown_key(other, &KEYS))]),
        };
        if name.get_ref() != "mode" {
            of_rows = of_rows.or(Some((name.get_ref(), value)));
        }
        wrong.extend(outcome.err().into_iter().flatten());
    }
    if let (Some("schema"), Some((name, value))) = (chosen, of_rows) {
        let what = format!("`{name}` has no effect with `mode = \"schema\"`");
        let help = "delete the line, or write `mode = \"row\"`";
        wrong.extend(
            mistake::<()>(value, &what, "a schema is not spread", help)
                .err()
                .into_iter()
                .flatten(),
        );
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    settings.citus = match chosen {
        Some("schema") => Some(Citus::Schema),
        Some("row") => Some(Citus::Row {
            column,
            unsafe_triggers,
        }),
        Some(_) | None => None,
    };
    Ok(())
}

fn mode<'a>(value: &'a Value<'_>) -> Result<&'a str, Wrong> {
    let mode = value.get_ref().as_str();
    if let Some(mode) = mode.filter(|mode| MODES.contains(mode)) {
        return Ok(mode);
    }
    let guess = mode.and_then(|mode| nearest(mode, MODES));
    let guess = guess.map(|guess| format!("did you mean \"{guess}\"? "));
    let help = guess.unwrap_or_default() + "write `mode = \"schema\"` or `mode = \"row\"`";
    mistake(
        value,
        "`mode` must be \"schema\", \"row\" or \"off\"",
        WHY,
        help,
    )
}

fn text(value: &Value<'_>) -> Result<String, Wrong> {
    let text = value.get_ref().as_str().map(str::trim);
    match text.filter(|text| !text.is_empty()) {
        Some(text) => Ok(text.to_owned()),
        None => mistake(
            value,
            "`column` must be the name of a column",
            "rows with the same value in it are on the same server",
            "write `column = \"tenant_id\"`",
        ),
    }
}

fn flag(value: &Value<'_>) -> Result<bool, Wrong> {
    match value.get_ref().as_bool() {
        Some(flag) => Ok(flag),
        None => mistake(
            value,
            "`unsafe_triggers` must be true or false",
            "it declares that the servers run with citus.enable_unsafe_triggers",
            "write `unsafe_triggers = true`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::Citus;
    use crate::intake::settings::read;

    #[test]
    fn each_mistake_is_reported_with_the_nearest_word() {
        for (text, span, what, help) in [
            ("citus = 1", 8..9, "must be a table", "[citus]"),
            (
                "[citus]\nmod = 'row'",
                8..11,
                "`mod` is not a setting",
                "did you mean `mode`?",
            ),
            (
                "[citus]\nmode = 'rows'",
                15..21,
                "must be",
                "did you mean \"row\"?",
            ),
            (
                "[citus]\nmode = 'row'\ncolumn = 1",
                30..31,
                "name of a column",
                "tenant_id",
            ),
            (
                "[citus]\nmode = 'row'\nunsafe_triggers = 1",
                39..40,
                "true or false",
                "= true",
            ),
            (
                "[citus]\ncolumn = 'a'\nmode = 'schema'",
                17..20,
                "`column` has no effect",
                "delete the line",
            ),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(wrong[0].0, span, "{text}");
            assert!(wrong[0].1.what.contains(what), "{text}: {:?}", wrong[0].1);
            assert!(wrong[0].1.help.contains(help), "{text}: {:?}", wrong[0].1);
        }
    }

    #[test]
    fn the_distribution_column_is_that_of_tenants_unless_it_is_written() {
        let column = |text: &str| {
            let settings = read(text).unwrap();
            settings.distribution_column().map(str::to_owned)
        };
        let tenancy = "[tenancy]\nmode = 'required'\ncolumn = 'org_id'\n";
        assert_eq!(
            column("[citus]\nmode = 'row'").as_deref(),
            Some("tenant_id")
        );
        assert_eq!(
            column(&format!("{tenancy}[citus]\nmode = 'row'")).as_deref(),
            Some("org_id")
        );
        let written = format!("{tenancy}[citus]\nmode = 'row'\ncolumn = 'shop_id'");
        assert_eq!(column(&written).as_deref(), Some("shop_id"));
        assert_eq!(column(&format!("{tenancy}[citus]\nmode = 'schema'")), None);
        assert_eq!(
            read("[citus]\nmode = 'off'").map(|read| read.citus),
            Ok(None)
        );
        assert_eq!(
            read("[citus]").map(|read| read.citus),
            Ok::<Option<Citus>, _>(None)
        );
    }
}
