//! Publications that list the old column: they publish both columns while both are in use, and then the new one.

use crate::replace::index::expression;
use crate::replace::pair::Pair;
use crate::schema::Publication;
use crate::statement::PublishedTable;
use crate::statement::to_sql::quote_name;
use crate::text::quote::{quote_ident, quote_list};

/// The two statements for a publication.
#[derive(Clone, Debug)]
pub(super) struct Published {
    /// With the old column and the new ones.
    pub(super) both: String,
    /// With the new ones alone.
    pub(super) alone: String,
}

/// `None` if the publication does not list the old column, or filters rows by it and the new one has other values.
pub(super) fn published(pair: &Pair<'_>, name: &str) -> Option<Published> {
    let mut all = pair.schema.publications();
    let publication = all.find(|one| one.name == name)?;
    if pair.series.moved.is_some() {
        return None;
    }
    let both = |column: &String| Some(column.clone());
    let alone = |column: &String| (*column != pair.series.column).then(|| column.clone());
    Some(Published {
        both: set(pair, publication, &both, &|text| Some(text.to_owned()))?,
        alone: set(pair, publication, &alone, &|text| expression(pair, text))?,
    })
}

/// `SET TABLE` with everything that the publication has, and the new columns behind those that stay.
fn set(
    pair: &Pair<'_>,
    publication: &Publication,
    stays: &dyn Fn(&String) -> Option<String>,
    filter: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let mut members = Vec::new();
    for (table, one) in &publication.members {
        let is_own = table.id == Some(pair.table.id);
        let mut columns = one.columns.clone();
        if is_own && !columns.is_empty() {
            columns = columns.iter().filter_map(stays).collect();
            let new = pair.new.iter().map(|new| new.name.clone());
            let new: Vec<String> = new.filter(|new| !columns.contains(new)).collect();
            columns.extend(new);
        }
        let condition = match &one.filter {
            Some(condition) if is_own => Some(filter(&condition.text)?),
            Some(condition) => Some(condition.text.clone()),
            None => None,
        };
        let name = table.id.and_then(|id| pair.schema.by_id(id));
        let name = name.map_or(&one.table, |relation| &relation.name);
        members.push(member(one, &quote_name(name), &columns, condition));
    }
    let schemas = publication
        .schemas
        .iter()
        .map(|schema| format!("TABLES IN SCHEMA {}", quote_ident(schema)));
    members.extend(schemas);
    Some(format!(
        "ALTER PUBLICATION {} SET {};\n",
        quote_ident(&publication.name),
        members.join(", ")
    ))
}

fn member(
    one: &PublishedTable,
    name: &str,
    columns: &[String],
    condition: Option<String>,
) -> String {
    let only = if one.only { "ONLY " } else { "" };
    let columns = match columns {
        [] => String::new(),
        columns => format!(" ({})", quote_list(columns)),
    };
    let condition = condition.map(|condition| format!(" WHERE ({condition})"));
    format!(
        "TABLE {only}{name}{columns}{}",
        condition.unwrap_or_default()
    )
}
