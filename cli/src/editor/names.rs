//! Where the object under the pointer was created, in whichever file.

use std::path::Path;

use lsp_types::{Location, Position};
use onward_analyzer::finding::Place;
use onward_analyzer::lower::lower;
use onward_analyzer::schema::Origin;
use onward_analyzer::split::split;
use onward_analyzer::statement::{Name, ObjectKind, Statement};

use super::answer;
use super::folder::Folder;
use super::place::Columns;

pub(super) fn definition(
    folder: &Folder,
    file: &Path,
    position: Position,
    columns: Columns,
) -> Option<Location> {
    let (_, source) = folder.source(file)?;
    let offset = columns.offset(&source.text, position);
    let own = &folder.analysis.module.schema;
    let text = split(&source.text);
    let mut pieces = text.statements.iter();
    let piece = pieces.find(|piece| piece.span.start <= offset && offset <= piece.span.end)?;
    let statement = lower(&source.text, piece, own);
    let origin = object(folder, &statement, offset)
        .or_else(|| column(folder, &statement, source, offset))?;
    let created = folder.analysis.module.sources.get(origin.file)?;
    let place = Place::at(created.path.clone(), origin.span.clone());
    answer::location(folder, &place, columns)
}

/// A name that the statement mentions: of a table, a type, a function, and so on.
fn object<'a>(folder: &'a Folder, statement: &Statement, offset: usize) -> Option<&'a Origin> {
    let schema = &folder.analysis.schema;
    let mut mentions = statement.mentions.iter();
    let mention = mentions.find(|one| one.span.start <= offset && offset <= one.span.end)?;
    let name = mention.resolved(&folder.analysis.module.schema);
    let kind = schema.kind_of(&name)?;
    schema.origin(kind, &name, None)
}

/// A word that is a column of one of the tables that the statement mentions.
fn column<'a>(
    folder: &'a Folder,
    statement: &Statement,
    source: &onward_analyzer::source::Source,
    offset: usize,
) -> Option<&'a Origin> {
    let word = word(&source.text, offset)?;
    let schema = &folder.analysis.schema;
    let tables = statement
        .mentions
        .iter()
        .map(|mention| mention.resolved(&folder.analysis.module.schema));
    let mut origins = tables
        .filter(|table: &Name| schema.column(table, &word).is_some())
        .filter_map(|table| schema.origin(ObjectKind::Column, &table, Some(&word)));
    origins.next()
}

/// The word at an offset, folded as PostgreSQL does unless it is quoted.
fn word(text: &str, offset: usize) -> Option<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let before = text.get(..offset)?;
    let after = text.get(offset..)?;
    let start = before.trim_end_matches(is_part).len();
    let end = offset + after.len() - after.trim_start_matches(is_part).len();
    let word = text.get(start..end).filter(|word| !word.is_empty())?;
    let is_quoted = text.get(..start)?.ends_with('"') && text.get(end..)?.starts_with('"');
    Some(match is_quoted {
        true => word.to_owned(),
        false => word.to_lowercase(),
    })
}
