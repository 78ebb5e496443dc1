//! The questions that can be asked of the schema.

mod names;
pub(crate) mod offered;

use crate::schema::lookup::{Link, target};
use crate::schema::{
    Class, Column, Constraint, Index, Namespace, Origin, Relation, Routine, Schema, Sequence, Type,
};
use crate::statement::{Bound, Name, ObjectKind};

/// An answer that may not be known from the files.
///
/// ```
/// use onward_analyzer::schema::{Answer, Schema};
/// use onward_analyzer::statement::{Name, ObjectKind};
///
/// let users = Name { schema: "auth".into(), name: "users".into() };
/// let exists = |text: &str| Schema::after("auth", &[text]).exists(ObjectKind::Table, &users, None);
/// assert_eq!(exists("CREATE TABLE users (id int);"), Answer::Yes);
/// assert_eq!(exists("CREATE TABLE user (id int);"), Answer::Unknown, "user is a reserved word");
/// assert_eq!(exists("SELECT 1;"), Answer::No);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes, for certain.
    Yes,
    /// No, for certain.
    No,
    /// It is not known from the files.
    Unknown,
}

impl Schema {
    /// All relations, the oldest first.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int);", "CREATE VIEW v AS TABLE t;"]);
    /// assert_eq!(schema.relations().count(), 2);
    /// ```
    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        self.relations.values()
    }

    /// The schema that the module owns.
    pub(crate) fn owned(&self) -> &str {
        &self.own
    }

    /// Whether the name is in the module's own schema.
    pub(crate) fn is_own(&self, name: &Name) -> bool {
        name.schema == self.own
    }

    /// The table or view of this name.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int);"]);
    /// let name = Name { schema: "a".into(), name: "t".into() };
    /// assert_eq!(schema.relation(&name).map(|table| table.columns.len()), Some(1));
    /// ```
    #[must_use]
    pub fn relation(&self, name: &Name) -> Option<&Relation> {
        self.find(name)
    }

    /// A column of a table.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int8);"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// let b = schema.column(&t, "b").and_then(|b| b.data_type.as_ref());
    /// assert_eq!(b.map(ToString::to_string).as_deref(), Some("bigint"));
    /// ```
    #[must_use]
    pub fn column(&self, table: &Name, column: &str) -> Option<&Column> {
        self.relation(table)?.column(column)
    }

    /// The type of this name.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TYPE mood AS ENUM ('calm');"]);
    /// assert!(schema.type_of(&Name { schema: "a".into(), name: "mood".into() }).is_some());
    /// ```
    #[must_use]
    pub fn type_of(&self, name: &Name) -> Option<&Type> {
        self.types.get(name)
    }

    /// All types, by name.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// assert_eq!(Schema::after("a", &["CREATE DOMAIN d AS int;"]).types().count(), 1);
    /// ```
    pub fn types(&self) -> impl Iterator<Item = (&Name, &Type)> {
        self.types.iter()
    }

    /// The functions and procedures with this name, the oldest first.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let f = Name { schema: "a".into(), name: "f".into() };
    /// assert!(Schema::default().routines(&f).is_empty());
    /// ```
    #[must_use]
    pub fn routines(&self, name: &Name) -> &[Routine] {
        self.routines.get(name).map_or(&[], Vec::as_slice)
    }

    /// The sequence of this name.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE SEQUENCE s;"]);
    /// assert!(schema.sequence(&Name { schema: "a".into(), name: "s".into() }).is_some());
    /// ```
    #[must_use]
    pub fn sequence(&self, name: &Name) -> Option<&Sequence> {
        self.sequences.get(name)
    }

    /// All sequences, by name.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// assert_eq!(Schema::after("a", &["CREATE TABLE t (b serial);"]).sequences().count(), 1);
    /// ```
    pub fn sequences(&self) -> impl Iterator<Item = (&Name, &Sequence)> {
        self.sequences.iter()
    }

    /// Where an object, or a column or constraint (`part`) of a table, was created.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::{Name, ObjectKind};
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int);"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// let b = schema.origin(ObjectKind::Column, &t, Some("b"));
    /// assert_eq!(b.map(|origin| origin.span.clone()), Some(16..17));
    /// ```
    #[must_use]
    pub fn origin(&self, kind: ObjectKind, name: &Name, part: Option<&str>) -> Option<&Origin> {
        let relation = || self.relation(name);
        match (Namespace::of(kind), part) {
            (Namespace::Relation, _) => {
                let relation = relation().filter(|one| family(one.kind) == family(kind));
                relation.map(|relation| &relation.origin)
            }
            (Namespace::Index, _) => {
                let Some(Class::Index(id)) = self.classes.get(name) else {
                    return None;
                };
                let mut indexes = self.relations.get(id)?.indexes.iter();
                Some(&indexes.find(|index| index.name == name.name)?.origin)
            }
            (Namespace::Sequence, _) => self.sequences.get(name).map(|sequence| &sequence.origin),
            (Namespace::Type, _) => self.types.get(name).map(|known| &known.origin),
            (Namespace::Routine, _) => self.routines(name).first().map(|routine| &routine.origin),
            (Namespace::Column, Some(part)) => Some(&relation()?.column(part)?.origin),
            (Namespace::Constraint, Some(part)) => {
                let mut constraints = relation()?.constraints.iter();
                Some(&constraints.find(|one| one.name == part)?.origin)
            }
            (Namespace::Trigger, Some(part)) => {
                let mut triggers = relation()?.triggers.iter();
                Some(&triggers.find(|one| one.name == part)?.origin)
            }
            (Namespace::Policy, Some(part)) => {
                let mut policies = relation()?.policies.iter();
                Some(&policies.find(|one| one.name == part)?.origin)
            }
            (Namespace::Rule, Some(part)) => {
                let mut rules = relation()?.rules.iter();
                Some(&rules.find(|one| one.name == part)?.origin)
            }
            (Namespace::Schema | Namespace::Other, _) => self.others.get(&(kind, name.clone())),
            (Namespace::Label | Namespace::Attribute, _) => {
                self.types.get(name).map(|known| &known.origin)
            }
            (
                Namespace::Column
                | Namespace::Constraint
                | Namespace::Trigger
                | Namespace::Policy
                | Namespace::Rule,
                None,
            ) => None,
        }
    }

    /// Whether the object exists, or this part of a table.
    ///
    /// Unknown are: objects of other schemas that the files do not create; objects that are older than
    /// code that may have changed anything; missing objects that such code or an extension may have
    /// created; and parts of a table whose columns are not known.
    ///
    /// ```
    /// # use onward_analyzer::schema::{Answer, Schema};
    /// # use onward_analyzer::statement::{Name, ObjectKind};
    /// let schema = Schema::after("a", &["CREATE TABLE t AS SELECT 1;"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// assert_eq!(schema.exists(ObjectKind::Column, &t, Some("b")), Answer::Unknown);
    /// ```
    #[must_use]
    pub fn exists(&self, kind: ObjectKind, name: &Name, part: Option<&str>) -> Answer {
        match self.of_statements(kind, name, part) {
            Answer::No if self.may_be_of_extension(name, part) => Answer::Unknown,
            answer => answer,
        }
    }

    /// Whether `DROP ... IF EXISTS` certainly drops nothing: the files have not created the object, and
    /// PostgreSQL does not drop the objects of an extension alone.
    pub(crate) fn has_nothing_to_drop(
        &self,
        kind: ObjectKind,
        name: &Name,
        part: Option<&str>,
    ) -> bool {
        if let (Namespace::Attribute, Some(part)) = (Namespace::of(kind), part) {
            let known = self
                .type_of(name)
                .filter(|known| !known.has_attribute(part));
            return known.is_some_and(|known| self.is_certain(name, &known.origin));
        }
        !kind.is_in_no_schema() && self.of_statements(kind, name, part) == Answer::No
    }

    /// Tables of an extension have all their parts from it.
    fn may_be_of_extension(&self, name: &Name, part: Option<&str>) -> bool {
        self.has_extensions && (part.is_none() || self.relation(name).is_none())
    }

    /// The same, if no extension has created it.
    fn of_statements(&self, kind: ObjectKind, name: &Name, part: Option<&str>) -> Answer {
        if self.uncertain.contains(name) {
            return Answer::Unknown;
        }
        let since = self.uncertain_since.as_ref();
        if let Some(origin) = self.origin(kind, name, part) {
            let doubtful = since.is_some_and(|since| origin.order() <= since.order());
            return if doubtful {
                Answer::Unknown
            } else {
                Answer::Yes
            };
        }
        let open = match (part, self.relation(name)) {
            // What was created after such code is as it was created.
            (Some(_), Some(relation)) => {
                let doubtful = since.is_some_and(|since| relation.origin.order() <= since.order());
                doubtful || !relation.columns_known
            }
            (None, _) | (_, None) => {
                // The name may belong to an object that may or may not exist.
                let is_generated =
                    matches!(Namespace::of(kind), Namespace::Index | Namespace::Sequence);
                let hidden = is_generated && !self.uncertain.is_empty();
                hidden
                    || self.has_untracked_objects
                    || name.schema != self.own
                    || since.is_some()
                    || self.is_brought(name)
            }
        };
        match open {
            true => Answer::Unknown,
            false => Answer::No,
        }
    }

    /// Whether the table may have rows: an earlier file creates it.
    ///
    /// ```
    /// # use onward_analyzer::schema::{Answer, Schema};
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int);"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// assert_eq!(schema.is_older_than(&t, 0), Answer::No);
    /// assert_eq!(schema.is_older_than(&t, 1), Answer::Yes);
    /// ```
    #[must_use]
    pub fn is_older_than(&self, table: &Name, file: usize) -> Answer {
        match self.relation(table) {
            Some(relation) if relation.origin.file < file => Answer::Yes,
            Some(_) => Answer::No,
            None => Answer::Unknown,
        }
    }

    /// Whether a valid `CHECK` ensures that the column contains no null.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int CHECK (b IS NOT NULL));"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// assert!(schema.proves_not_null(&t, "b"));
    /// ```
    #[must_use]
    pub fn proves_not_null(&self, table: &Name, column: &str) -> bool {
        let relation = self.relation(table);
        relation.is_some_and(|relation| self.proofs_of_not_null(relation, column).next().is_some())
    }

    /// The foreign keys that reference a table, each with its own table.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int PRIMARY KEY);", "CREATE TABLE u (t int REFERENCES t);"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// let keys: Vec<_> = schema.foreign_keys_to(&t).map(|(_, key)| key.name.as_str()).collect();
    /// assert_eq!(keys, ["u_t_fkey"]);
    /// ```
    pub fn foreign_keys_to(&self, table: &Name) -> impl Iterator<Item = (&Relation, &Constraint)> {
        let id = self.id(table);
        let points = move |constraint: &Constraint| {
            target(&constraint.kind).is_some_and(|parent| parent.id == id)
        };
        self.linked_to(id, Link::Key).flat_map(move |relation| {
            let keys = relation.constraints.iter().filter(move |one| points(one));
            keys.map(move |key| (relation, key))
        })
    }

    /// The indexes of a table that use a column.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int, c int); CREATE INDEX ON t (c) WHERE b > 0;"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// assert_eq!(schema.indexes_over(&t, "b").count(), 1);
    /// ```
    pub fn indexes_over(&self, table: &Name, column: &str) -> impl Iterator<Item = &Index> {
        let id = self.column(table, column).map(|column| column.id);
        let relation = self.relation(table).into_iter();
        let indexes = relation.flat_map(|relation| &relation.indexes);
        indexes.filter(move |index| id.is_some_and(|id| index.columns.contains(&id)))
    }

    /// The views that read a table or view.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int); CREATE VIEW v AS SELECT b FROM t;"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// assert_eq!(schema.views_over(&t).map(|v| v.name.name.as_str()).collect::<Vec<_>>(), ["v"]);
    /// ```
    pub fn views_over(&self, table: &Name) -> impl Iterator<Item = &Relation> {
        let id = self.id(table);
        self.linked_to(id, Link::Query)
            .filter(move |view| view.reads.iter().any(|read| read.id == id))
    }

    /// The default partition of a table.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let text = "CREATE TABLE t (b int) PARTITION BY LIST (b); CREATE TABLE d PARTITION OF t DEFAULT;";
    /// let schema = Schema::after("a", &[text]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// assert_eq!(schema.default_partition(&t).map(|d| d.name.name.as_str()), Some("d"));
    /// ```
    #[must_use]
    pub fn default_partition(&self, table: &Name) -> Option<&Relation> {
        let id = self.id(table);
        self.linked_to(id, Link::Default).find(|child| {
            let of = child.partition_of.as_ref();
            of.is_some_and(|(of, bound)| of.id == id && *bound == Bound::Default)
        })
    }
}

/// `DROP TABLE` and `ALTER TABLE ... RENAME` also accept a foreign table.
const fn family(kind: ObjectKind) -> ObjectKind {
    match kind {
        ObjectKind::ForeignTable => ObjectKind::Table,
        kind => kind,
    }
}
