//! A table: constants for its columns, and a struct for its rows.

use std::fmt::Write as _;

use onward_analyzer::typed::{Column, Table};

use super::doc;
use crate::names::{constant, snake, unique};
use crate::rust_type::OwnTypes;

/// The module of a table. Its types are those of the module around it.
pub(super) fn write(text: &mut String, of: (&Table, &str), schema: &str, own: &OwnTypes) {
    let (table, module) = of;
    let kind = if table.is_view { "view" } else { "table" };
    let title = format!("The {kind} `{}`.", table.quoted);
    doc(text, &[Some(&title), table.comment.as_deref()]);
    let _ = write!(text, "pub mod {module} {{ ");
    let names = table.columns.iter().map(|column| constant(&column.name));
    let constants = unique(names, &["TABLE"]);
    for (column, name) in table.columns.iter().zip(&constants) {
        write_column(text, table, column, name);
    }
    let _ = write!(
        text,
        "#[doc = \"Its name and its columns.\"] pub const TABLE: ::onward::types::Table = \
         ::onward::types::Table::__new({schema:?}, {:?}, {:?}, &[{}]); ",
        table.name,
        table.quoted,
        constants.join(", ")
    );
    if table.is_whole {
        write_row(text, table, own);
    }
    text.push_str("} ");
}

fn write_column(text: &mut String, table: &Table, column: &Column, name: &str) {
    let mut says = format!("`{}`", column.data_type);
    if column.data_type.is_empty() {
        says = "The type is not known".to_owned();
    }
    if !column.nullable {
        says.push_str(", not null");
    }
    if column.in_key {
        says.push_str(", in the primary key");
    }
    if let Some(default) = &column.default {
        let _ = write!(says, ", default `{default}`");
    }
    says.push('.');
    doc(text, &[Some(&says), column.comment.as_deref()]);
    deprecated(text, column);
    let _ = write!(
        text,
        "pub const {name}: ::onward::types::Column = ::onward::types::Column::__new([{:?}, {:?}, \
         {:?}, {:?}], {}, {}, {}); ",
        table.name,
        column.name,
        column.quoted,
        column.data_type,
        column.nullable,
        optional(column.default.as_deref()),
        column.in_key,
    );
}

fn deprecated(text: &mut String, column: &Column) {
    if let Some(note) = &column.deprecated {
        let _ = write!(text, "#[deprecated(note = {note:?})] ");
    }
}

fn optional(value: Option<&str>) -> String {
    match value {
        Some(value) => format!("::core::option::Option::Some({value:?})"),
        None => "::core::option::Option::None".to_owned(),
    }
}

fn write_row(text: &mut String, table: &Table, own: &OwnTypes) {
    let title = format!("A row of `{}`.", table.quoted);
    doc(text, &[Some(&title)]);
    text.push_str("#[derive(Clone, Debug, PartialEq)] pub struct Row { ");
    let names = table.columns.iter().map(|column| snake(&column.name));
    let fields = unique(names, &[]);
    for (column, field) in table.columns.iter().zip(&fields) {
        let rust = own.of_sort(&column.sort, "super").rust;
        if let Some(comment) = &column.comment {
            doc(text, &[Some(comment)]);
        }
        deprecated(text, column);
        let _ = match column.nullable {
            true => write!(text, "pub {field}: ::core::option::Option<{rust}>, "),
            false => write!(text, "pub {field}: {rust}, "),
        };
    }
    text.push_str(
        "} impl ::core::convert::TryFrom<&::onward::types::driver::Row> for Row { \
         type Error = ::onward::types::driver::Error; \
         fn try_from(row: &::onward::types::driver::Row) -> \
         ::core::result::Result<Self, Self::Error> { ::core::result::Result::Ok(Self { ",
    );
    for (column, field) in table.columns.iter().zip(&fields) {
        let _ = write!(text, "{field}: row.try_get({:?})?, ", column.name);
    }
    text.push_str("}) } } ");
}
