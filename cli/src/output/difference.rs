//! How a database differs from the files, as lines and as JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::census::{Compared, Difference, What};

/// A difference in a line.
pub(crate) fn line(difference: &Difference) -> String {
    let Difference { object, what } = difference;
    let name = format!("{}: {} {}", what.word(), object.kind, object.name);
    match what {
        What::Missing | What::Extra => name,
        What::Different {
            property,
            by_files,
            in_database,
        } => {
            let [here, by_files] = shown(in_database.as_deref(), by_files.as_deref());
            format!("{name}: {property} is {here}; by the files it is {by_files}")
        }
    }
}

/// Both values; of long ones the first lines that differ.
fn shown(one: Option<&str>, other: Option<&str>) -> [String; 2] {
    const NONE: &str = "not set";
    let [one, other] = [one, other].map(|value| value.unwrap_or(NONE));
    if !one.contains('\n') && !other.contains('\n') {
        return [one, other].map(str::to_owned);
    }
    let pairs = one.lines().zip(other.lines());
    let (one, other) = { pairs.into_iter() }
        .find(|(one, other)| one != other)
        .unwrap_or((one, other));
    [one, other].map(|line| format!("`{}`", line.trim()))
}

/// A module in a line, and its differences below it.
pub(crate) fn write(out: &mut impl Write, compared: &Compared) -> io::Result<()> {
    let Compared {
        schema, applied, ..
    } = compared;
    let migrations = super::count(*applied, "migration");
    match compared.differences.len() {
        0 => writeln!(out, "{schema}: as its {migrations} left it"),
        n => {
            let differences = super::count(n, "difference");
            writeln!(
                out,
                "{schema}: {differences} from what its {migrations} left"
            )?;
            let mut lines = compared.differences.iter().map(line);
            lines.try_for_each(|line| writeln!(out, "  {line}"))
        }
    }
}

/// A module. Keys are only ever added.
#[derive(Serialize)]
pub(crate) struct ComparedJson<'a> {
    schema: &'a str,
    folder: &'a str,
    applied: usize,
    differences: Vec<DifferenceJson<'a>>,
}

impl<'a> ComparedJson<'a> {
    pub(crate) fn new(compared: &'a Compared) -> Self {
        Self {
            schema: compared.schema,
            folder: compared.folder,
            applied: compared.applied,
            differences: compared
                .differences
                .iter()
                .map(DifferenceJson::new)
                .collect(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct DifferenceJson<'a> {
    /// `missing`, `extra` or `different`.
    what: &'static str,
    kind: &'a str,
    object: &'a str,
    property: Option<&'a str>,
    by_files: Option<&'a str>,
    in_database: Option<&'a str>,
}

impl<'a> DifferenceJson<'a> {
    pub(crate) fn new(difference: &'a Difference) -> Self {
        let (property, by_files, in_database) = match &difference.what {
            What::Missing | What::Extra => (None, None, None),
            What::Different {
                property,
                by_files,
                in_database,
            } => (
                Some(property.as_str()),
                by_files.as_deref(),
                in_database.as_deref(),
            ),
        };
        Self {
            what: difference.what.word(),
            kind: &difference.object.kind,
            object: &difference.object.name,
            property,
            by_files,
            in_database,
        }
    }
}
