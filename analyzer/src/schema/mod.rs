//! The schema model: what exists just before a statement runs. It is folded over the files in the order
//! in which they run.
//!
//! Relations and columns have identities that survive renames. Everything that refers to them, such as
//! constraints, indexes and views, stores the identity and not the name. Names that PostgreSQL generates
//! are generated here by the same rules. What cannot be known from the files is [`Answer::Unknown`].

mod apply;
mod bounds;
mod column;
mod constraint;
mod deed;
mod dependency;
mod dependents;
mod distribution;
mod drop;
pub(crate) mod extension;
mod generated_name;
mod index;
mod lookup;
mod names;
mod namespace;
mod not_null;
mod object;
pub(crate) mod operator_class;
mod privilege;
pub(crate) mod proof;
mod publication;
mod queries;
mod reach;
mod relation;
mod relations;
mod rename;
pub(crate) mod resolve;
mod subset;
mod table;
#[cfg(test)]
mod tests;
mod uncertainty;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

pub(crate) use constraint::Alike;
pub use deed::Deed;
pub(crate) use dependency::Object;
pub use dependency::Uses;
pub use distribution::Placement;
pub(crate) use distribution::{Distribution, Moves};
pub(crate) use generated_name::{generated_name, name_of};
pub use object::{Routine, Sequence, Type, TypeKind};
pub use publication::Publication;
pub(crate) use publication::{Refusal, Refused};
pub use queries::Answer;
pub(crate) use queries::offered;
pub use reach::Reach;
pub use relation::{
    Column, ColumnId, Constraint, ConstraintKind, Index, IndexKey, Part, Reference, Relation,
    RelationId,
};

use lookup::Lookup;
use names::Names;
pub(crate) use namespace::Namespace;
use relations::Relations;

use crate::lower::lower;
use crate::statement::{Change, Name, ObjectKind, Scope, Statement};
use crate::text::split::split;

/// The place where something was first created.
///
/// ```
/// # use onward_analyzer::schema::Origin;
/// let origin = Origin { file: 0, span: 13..23 };
/// assert_eq!(origin.file, 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The index of the file.
    pub file: usize,
    /// The byte range of the clause in the file.
    pub span: Range<usize>,
}

impl Origin {
    /// Another byte range of the same file; this one if `span` is `None`.
    fn at(&self, span: &Range<usize>) -> Self {
        let span = if span.is_empty() { &self.span } else { span };
        Self {
            file: self.file,
            span: span.clone(),
        }
    }

    const fn order(&self) -> (usize, usize) {
        (self.file, self.span.start)
    }
}

/// What a name in the namespace of relations belongs to: tables, views, indexes, sequences and composite
/// types share one namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Relation(RelationId),
    /// An index of this relation.
    Index(RelationId),
    Sequence,
    Composite,
}

/// All objects that the files have created so far.
///
/// ```
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::statement::{Name, ObjectKind};
///
/// let users = Name { schema: "auth".into(), name: "users".into() };
/// assert!(Schema::default().origin(ObjectKind::Table, &users, None).is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The schema that the module owns. Of other schemas, the model contains only what the module's files
    /// create there.
    own: String,
    /// The oldest major version of PostgreSQL that the files run on; 0 if it makes no difference.
    major: u8,
    next: usize,
    classes: Names<Class>,
    relations: Relations,
    sequences: Names<Sequence>,
    types: Arc<BTreeMap<Name, Type>>,
    /// The routines by name, each with its overloads.
    routines: Arc<BTreeMap<Name, Vec<Routine>>>,
    others: BTreeMap<(ObjectKind, Name), Origin>,
    /// The tables of extended statistics.
    statistics: BTreeMap<Name, Name>,
    publications: BTreeMap<String, Publication>,
    /// The roles that may add or change rows of a table.
    writers: BTreeSet<(RelationId, String)>,
    /// The extensions that the files create, each with its schema.
    extensions: BTreeMap<String, String>,
    /// The place where the last code ran that may have changed anything.
    uncertain_since: Option<Origin>,
    /// Whether something has created objects that no statement names, such as an import.
    has_untracked_objects: bool,
    /// Whether an extension whose objects are not listed has created some, which only the extension can
    /// drop.
    has_extensions: bool,
    /// Objects that may or may not exist: a statement names them that may not have run, or they end with
    /// their session.
    uncertain: BTreeSet<Name>,
    lookup: Lookup,
}

impl Schema {
    /// The empty schema of a module that owns the schema with this name.
    ///
    /// ```
    /// use onward_analyzer::schema::Schema;
    ///
    /// assert_eq!(Schema::new("auth").relations().count(), 0);
    /// ```
    #[must_use]
    pub fn new(own: &str) -> Self {
        Self {
            own: own.to_owned(),
            ..Self::default()
        }
    }

    /// The schema after these files; each item is the text of a file, in order.
    ///
    /// ```
    /// use onward_analyzer::schema::Schema;
    /// use onward_analyzer::statement::Name;
    ///
    /// let schema = Schema::after("auth", &["CREATE TABLE users (id int);"]);
    /// let users = Name { schema: "auth".into(), name: "users".into() };
    /// assert!(schema.relation(&users).is_some());
    /// ```
    #[must_use]
    pub fn after(own: &str, files: &[&str]) -> Self {
        let mut schema = Self::new(own);
        for (file, text) in files.iter().enumerate() {
            schema.add_file(file, text);
        }
        schema
    }

    /// Applies the statements of one more file; `file` is its index.
    ///
    /// ```
    /// use onward_analyzer::schema::Schema;
    ///
    /// let mut schema = Schema::after("auth", &["CREATE TABLE users (id int);"]);
    /// schema.add_file(1, "DROP TABLE users;");
    /// assert_eq!(schema.relations().count(), 0);
    /// ```
    pub fn add_file(&mut self, file: usize, text: &str) {
        let mut scope = Scope::from(self.own.as_str());
        for raw in &split(text).statements {
            let statement = lower(text, raw, &scope);
            scope.follow(&statement);
            self.run(file, &statement);
        }
        self.end_file();
    }

    /// Applies a statement, and the statements of a `DO` block.
    pub(crate) fn run(&mut self, file: usize, statement: &Statement) {
        self.apply_calls(file, statement);
        for clause in &statement.clauses {
            self.apply(file, clause);
            if let Change::Do { body, .. } = &clause.change {
                for inner in &body.statements {
                    self.run(file, inner);
                }
            }
        }
    }

    fn fresh(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn id(&self, name: &Name) -> Option<RelationId> {
        self.find(name).map(|relation| relation.id)
    }

    /// The relation of this name.
    fn find(&self, name: &Name) -> Option<&Relation> {
        match self.classes.get(name)? {
            Class::Relation(id) => self.relations.get(id),
            Class::Index(_) | Class::Sequence | Class::Composite => None,
        }
    }

    fn relation_mut(&mut self, name: &Name) -> Option<&mut Relation> {
        let id = self.id(name)?;
        self.relations.get_mut(&id)
    }

    /// The relation and all that inherit from it, each once.
    fn family(&self, id: RelationId) -> Vec<RelationId> {
        let mut family = vec![id];
        if self
            .relations
            .get(&id)
            .is_none_or(|one| one.children.is_empty())
        {
            return family;
        }
        let mut seen = BTreeSet::from([id]);
        let mut at = 0;
        while let Some(relation) = family.get(at).and_then(|id| self.relations.get(id)) {
            for child in &relation.children {
                if seen.insert(*child) {
                    family.push(*child);
                }
            }
            at += 1;
        }
        family
    }
}
