//! How the file runs, if it is a data migration.

use crate::check::context::FileContext;
use crate::intake::directive::Batch;
use crate::intake::file_name::Category;
use crate::intake::module::Source;
use crate::plan::Data;
use crate::plan::job::Refusal;

impl<'a> FileContext<'a> {
    /// How the data migration is split into batches.
    pub(crate) fn batch(&self) -> Option<&'a Batch> {
        self.read.declared.batch.as_ref()
    }

    /// Whether the data migration is cut into ranges of a key.
    pub(crate) fn has_ranges(&self) -> bool {
        self.batch().is_some_and(|batch| !batch.by.is_empty())
    }

    /// How the data migration runs, if nothing prevents that.
    pub(crate) fn data(&self) -> Option<&'a Data> {
        self.job?.as_ref().ok()
    }

    /// Why the data migration cannot be cut.
    pub(crate) fn uncuttable(&self) -> Option<&'a Refusal> {
        self.job?.as_ref().err()
    }

    /// The file behind this data migration that creates an object or a part of this name. It runs behind it because
    /// it requires it, or because a file before it does.
    pub(crate) fn created_behind(&self, name: &str) -> Option<&'a Source> {
        if self.category() != Some(Category::Data) {
            return None;
        }
        let behind = self.sources.iter().skip(self.file + 1).zip(self.later);
        let others = behind.filter(|(source, _)| source.version.category != Category::Data);
        let mut creating = others.filter(|(_, file)| {
            let clauses = file.statements.iter().flat_map(|one| &one.clauses);
            let created = clauses.flat_map(|clause| clause.change.creates());
            { created }.any(|one| one.part.as_deref().unwrap_or(&one.name.name) == name)
        });
        creating.next().map(|(source, _)| source)
    }
}
