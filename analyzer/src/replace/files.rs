//! The files of a series, with their numbers, and the schema as they leave it.

use std::collections::BTreeSet;

use crate::finding::SuggestedFile;
use crate::intake::file_name::{Category, Version, free, next_free, snake_case};
use crate::intake::module::Source;
use crate::schema::Schema;

/// Whether numbers are certainly free for a startup file, a data migration and so many release files.
pub(super) fn are_free(sources: &[Source], releases: usize) -> bool {
    let has = |category, count: usize| {
        free(category, sources.iter().map(|source| &source.version)).len() >= count
    };
    has(Category::Startup, 1) && has(Category::Data, 1) && has(Category::Release, releases)
}

/// The files so far.
pub(super) struct Files {
    pub(super) schema: Schema,
    taken: BTreeSet<Version>,
    pub(super) written: Vec<SuggestedFile>,
    /// Categories of which no number is free.
    pub(super) full: BTreeSet<Category>,
}

impl Files {
    pub(super) fn new(schema: &Schema, sources: &[Source]) -> Self {
        Self {
            schema: schema.clone(),
            taken: sources.iter().map(|source| source.version).collect(),
            written: Vec::new(),
            full: BTreeSet::new(),
        }
    }

    /// Adds a file with the next free number.
    pub(super) fn add(&mut self, category: Category, title: &str, sql: String) -> Option<Version> {
        let Some(number) = next_free(category, &self.taken) else {
            self.full.insert(category);
            return None;
        };
        let version = Version { category, number };
        self.taken.insert(version);
        // No file of the module has this index: these files are all newer than those that it has.
        self.schema.add_file(usize::MAX - usize::from(number), &sql);
        self.written.push(SuggestedFile {
            file: format!("{version}_{}.sql", snake_case(title)),
            sql,
        });
        Some(version)
    }

    /// A release file.
    pub(super) fn release(&mut self, title: &str, sql: String) {
        self.add(Category::Release, title, sql);
    }
}
