//! What is asked for, and the series that it means.

use crate::intake::directive::{Moved, Series, Target};
use crate::lower::lower;
use crate::schema::resolve::{Fits, fits};
use crate::schema::{Column, Relation, Schema};
use crate::statement::to_sql::data_type as type_sql;
use crate::statement::{Change, ColumnValue, DataType, Name, ObjectKind};
use crate::text::quote::quote_ident;
use crate::text::split::split;

/// A column to replace, and by what.
///
/// ```
/// use onward_analyzer::replace::{Request, Wanted};
/// use onward_analyzer::statement::Name;
///
/// let table = Name { schema: "shop".into(), name: "orders".into() };
/// let request = Request::new(table, "total", Wanted { column: "price".into(), ..Wanted::default() });
/// assert!(request.moved.is_none() && !request.keeps_name);
/// ```
#[derive(Clone, Debug)]
pub struct Request {
    /// The table of the old column.
    pub table: Name,
    /// The old column.
    pub column: String,
    /// The new columns.
    pub targets: Vec<Wanted>,
    /// The old column's value as an expression over the new ones; without it, the only new one's value.
    pub back: Option<String>,
    /// The other table to which the column moves.
    pub moved: Option<Moved>,
    /// Whether the new column takes the old name in the end.
    pub keeps_name: bool,
    /// Which files are written.
    pub part: Part,
}

/// A new column.
///
/// ```
/// let wanted = onward_analyzer::replace::Wanted { column: "first".into(), ..Default::default() };
/// assert!(wanted.using.is_none());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Its folded name.
    pub column: String,
    /// Its type; without it, that of the old column.
    pub data_type: Option<String>,
    /// Its value as an expression over the old column; without it, that of the old column.
    pub using: Option<String>,
}

/// Which files of a series are written.
///
/// ```
/// assert_eq!(onward_analyzer::replace::Part::default(), onward_analyzer::replace::Part::All);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All of them.
    #[default]
    All,
    /// All but the one that drops the old column.
    Begin,
    /// Only the one that drops the old column.
    End,
}

impl Request {
    /// One column by another, in the same table.
    ///
    /// ```
    /// use onward_analyzer::{replace::{Request, Wanted}, statement::Name};
    ///
    /// let table = Name { schema: "shop".into(), name: "orders".into() };
    /// let request = Request::new(table, "total", Wanted { column: "price".into(), ..Wanted::default() });
    /// assert_eq!(request.targets[0].column, "price");
    /// ```
    #[must_use]
    pub fn new(table: Name, column: &str, target: Wanted) -> Self {
        Self {
            table,
            column: column.to_owned(),
            targets: vec![target],
            back: None,
            moved: None,
            keeps_name: false,
            part: Part::All,
        }
    }
}

/// The series, with a column definition for each target.
pub(super) struct Planned {
    pub(super) series: Series,
    /// The type of each new column.
    pub(super) new: Vec<DataType>,
    /// The same as SQL, with its collation.
    pub(super) types: Vec<String>,
}

/// The old column, if it can be replaced.
pub(super) fn old<'a>(
    schema: &'a Schema,
    request: &Request,
) -> Result<(&'a Relation, &'a Column), String> {
    let name = format!("{}.{}", request.table, request.column);
    let table = schema.relation(&request.table);
    let table =
        table.ok_or_else(|| format!("the files do not create the table {}", request.table))?;
    if table.kind != ObjectKind::Table {
        return Err(format!(
            "{} is a {}, and only columns of tables can be replaced",
            table.name, table.kind
        ));
    }
    let column = table.column(&request.column);
    let column = column.ok_or_else(|| format!("the files do not create the column {name}"))?;
    if let Some((parent, _)) = &table.partition_of {
        return Err(format!(
            "{} is a partition: replace the column of {}",
            table.name, parent.name
        ));
    }
    if !table.parents.is_empty() || table.partition_by.is_none() && !table.children.is_empty() {
        return Err(format!(
            "{} takes part in inheritance, in which a trigger does not follow",
            table.name
        ));
    }
    if matches!(column.value, ColumnValue::Generated { .. }) {
        return Err(format!(
            "{name} is generated from other columns: nothing writes it, so add the new one and drop this"
        ));
    }
    let by = table.partition_by.iter().flat_map(|by| &by.parts);
    let uses = by.clone().any(|part| {
        part.column.as_deref() == Some(&request.column)
            || part.expression.columns.contains(&request.column)
    });
    if uses {
        return Err(format!(
            "{} is partitioned by {name}: rows move with it, and a new table is needed",
            table.name
        ));
    }
    Ok((table, column))
}

/// Fills in what the request leaves open.
pub(super) fn planned(
    schema: &Schema,
    request: &Request,
    (table, old): (&Relation, &Column),
) -> Result<Planned, String> {
    let name = format!("{}.{}", request.table, request.column);
    let from = old
        .data_type
        .as_ref()
        .ok_or_else(|| format!("the type of {name} is not known"))?;
    let to = request
        .moved
        .as_ref()
        .map_or(&request.table, |moved| &moved.table);
    let mut series = Series {
        table: request.table.clone(),
        column: request.column.clone(),
        moved: request.moved.clone(),
        keeps_name: request.keeps_name,
        ..Series::default()
    };
    let (mut new, mut types) = (Vec::new(), Vec::new());
    for wanted in &request.targets {
        let known = schema.relation(to).and_then(|to| to.column(&wanted.column));
        if known.is_some() {
            return Err(format!("{to}.{} exists already", wanted.column));
        }
        let data_type = match &wanted.data_type {
            Some(text) => type_of(schema, table, text)?,
            None => from.clone(),
        };
        let using = match &wanted.using {
            Some(using) => using.clone(),
            None if request.targets.len() > 1 => {
                return Err(format!(
                    "how is {} computed from {name}? Give each new column its expression",
                    wanted.column
                ));
            }
            None => converted(schema, &request.column, from, &data_type),
        };
        let collation = old
            .collation
            .as_ref()
            .filter(|_| wanted.data_type.is_none());
        let collation =
            collation.map(|name| format!(" COLLATE {}", crate::statement::to_sql::collation(name)));
        types.push(type_sql(&data_type) + &collation.unwrap_or_default());
        series.targets.push(Target {
            column: wanted.column.clone(),
            using,
        });
        new.push(data_type);
    }
    series.back = match (&request.back, request.targets.as_slice(), new.as_slice()) {
        (Some(back), _, _) => back.clone(),
        (
            None,
            [
                Wanted {
                    using: None,
                    column,
                    ..
                },
            ],
            [data_type],
        ) => converted(schema, column, data_type, from),
        (None, _, _) => {
            return Err(format!(
                "how is {name} computed from the new columns? The running release still reads it: say so with --back"
            ));
        }
    };
    Ok(Planned { series, new, types })
}

/// The column as the other type.
fn converted(schema: &Schema, column: &str, from: &DataType, to: &DataType) -> String {
    let column = quote_ident(column);
    match from.name == to.name || fits(schema, from, to) == Fits::Yes {
        true => column,
        false => format!("{column}::{}", type_sql(to)),
    }
}

/// A type as PostgreSQL reads it.
fn type_of(schema: &Schema, table: &Relation, text: &str) -> Result<DataType, String> {
    let sql = format!(
        "ALTER TABLE {} ADD COLUMN onward_new {text};",
        crate::statement::to_sql::quote_name(&table.name)
    );
    let first = split(&sql).statements.into_iter().next();
    let added = first.map(|raw| lower(&sql, &raw, schema.owned()).clauses);
    match added
        .unwrap_or_default()
        .into_iter()
        .next()
        .map(|one| one.change)
    {
        Some(Change::AddColumn { column, .. }) => Ok(column.data_type),
        Some(_) | None => Err(format!("`{text}` is not a type")),
    }
}
