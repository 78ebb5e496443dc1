//! What the files leave behind, without judging them: for code that only asks what there is.

use std::collections::BTreeMap;

use super::before_all_files;
use crate::intake::parsed::Parsed;
use crate::replace::{Phase, Replacement, replacements};
use crate::schema::{ColumnId, RelationId, Schema};
use crate::statement::{Change, ObjectKind, Statement};

/// What `COMMENT ON` says of tables, views and their columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comments {
    relations: BTreeMap<RelationId, String>,
    columns: BTreeMap<ColumnId, String>,
    /// The columns that a series of files replaces and has not dropped yet.
    pub(crate) replaced: Vec<Replacement>,
}

impl Comments {
    pub(crate) fn of_relation(&self, id: RelationId) -> Option<&str> {
        self.relations.get(&id).map(String::as_str)
    }

    pub(crate) fn of_column(&self, id: ColumnId) -> Option<&str> {
        self.columns.get(&id).map(String::as_str)
    }

    fn note(&mut self, statement: &Statement, schema: &Schema) {
        for clause in &statement.clauses {
            let Change::Comment {
                kind,
                name,
                part,
                text,
            } = &clause.change
            else {
                continue;
            };
            let Some(relation) = schema.relation(name) else {
                continue;
            };
            let (kind, part) = (*kind, part.as_deref());
            let column = part.and_then(|part| relation.column(part));
            match (kind == ObjectKind::Column, column, text) {
                (true, Some(column), Some(text)) => {
                    self.columns.insert(column.id, text.clone());
                }
                (true, Some(column), None) => drop(self.columns.remove(&column.id)),
                (true, None, _) => {}
                (false, _, Some(text)) if kind.is_of_table() && part.is_none() => {
                    self.relations.insert(relation.id, text.clone());
                }
                (false, _, None) if kind.is_of_table() && part.is_none() => {
                    self.relations.remove(&relation.id);
                }
                (false, _, _) => {}
            }
        }
    }
}

/// Folds the files in the order in which they run.
pub(crate) fn fold(parsed: &Parsed) -> (Schema, Comments) {
    watched(parsed, |_, _, _| {})
}

/// The same, and lets `see` look at each statement of a file just before it runs.
pub(crate) fn watched(
    parsed: &Parsed,
    mut see: impl FnMut(usize, &Statement, &Schema),
) -> (Schema, Comments) {
    let Parsed { module, files } = parsed;
    let mut schema = before_all_files(module);
    let mut comments = Comments::default();
    let begun = replacements(&module.sources, files);
    let open = begun.into_iter().filter(|one| one.phase < Phase::Ended);
    comments.replaced = open.collect();
    for (index, file) in files.iter().enumerate() {
        for external in &file.declared.externals {
            schema.mark_uncertain(&external.name);
        }
        for statement in &file.statements {
            see(index, statement, &schema);
            schema.run(index, statement);
            comments.note(statement, &schema);
        }
        schema.end_file();
    }
    (schema, comments)
}
