//! Which relations may have a foreign key to a relation, or read it.
//!
//! The lookup may name more than what is true now: a caller checks the dependents themselves.

use super::lookup::Link;
use super::{Relation, RelationId, Schema};
use crate::statement::{DataType, Name};

impl Schema {
    pub(super) fn dependents_of(&self, on: Option<RelationId>) -> impl Iterator<Item = &Relation> {
        let ids = on.into_iter().flat_map(|on| self.referrers(on));
        ids.filter_map(|id| self.relations.get(&id))
    }

    /// Those that may refer to a relation in one way.
    pub(super) fn linked_to(
        &self,
        on: Option<RelationId>,
        link: Link,
    ) -> impl Iterator<Item = &Relation> {
        let ids = on.into_iter().flat_map(move |on| self.linked(on, link));
        ids.filter_map(|id| self.relations.get(&id))
    }

    /// The relation with this identity.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int);"]);
    /// let t = schema.relation(&Name { schema: "a".into(), name: "t".into() });
    /// assert_eq!(t.and_then(|t| schema.by_id(t.id)), t);
    /// ```
    #[must_use]
    pub fn by_id(&self, id: RelationId) -> Option<&Relation> {
        self.relations.get(&id)
    }

    /// The relation and all below it: its partitions, their partitions, and tables that inherit.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int); CREATE TABLE u () INHERITS (t);"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// assert_eq!(schema.with_children(&t).count(), 2);
    /// ```
    pub fn with_children(&self, table: &Name) -> impl Iterator<Item = &Relation> {
        let family = self.id(table).map(|id| self.family(id)).into_iter();
        family.flatten().filter_map(|id| self.relations.get(&id))
    }

    /// Whether this file creates the relation or sequence, or it is the session's own.
    pub(crate) fn is_of(&self, name: &Name, file: usize) -> bool {
        let relation = self.relation(name).map(|relation| &relation.origin);
        let sequence = self.sequence(name).map(|sequence| &sequence.origin);
        let is_new = relation
            .or(sequence)
            .is_some_and(|origin| origin.file == file);
        is_new || name.is_temporary()
    }

    /// The table of an index.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int PRIMARY KEY);"]);
    /// let key = Name { schema: "a".into(), name: "t_pkey".into() };
    /// assert_eq!(schema.table_of_index(&key).map(|t| t.name.name.as_str()), Some("t"));
    /// ```
    #[must_use]
    pub fn table_of_index(&self, index: &Name) -> Option<&Relation> {
        match self.classes.get(index)? {
            super::Class::Index(id) => self.relations.get(id),
            super::Class::Relation(_) | super::Class::Sequence | super::Class::Composite => None,
        }
    }

    /// The table of extended statistics.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int, c int); CREATE STATISTICS s ON b, c FROM t;"]);
    /// let s = Name { schema: "a".into(), name: "s".into() };
    /// assert_eq!(schema.table_of_statistics(&s).map(|t| t.name.as_str()), Some("t"));
    /// ```
    #[must_use]
    pub fn table_of_statistics(&self, statistics: &Name) -> Option<&Name> {
        self.statistics.get(statistics)
    }

    /// The names of a table's extended statistics.
    pub(crate) fn statistics_of(&self, table: &Name) -> impl Iterator<Item = &Name> {
        let of_it = self.statistics.iter().filter(move |(_, of)| *of == table);
        of_it.map(|(name, _)| name)
    }

    /// A name without a schema, resolved as in the module.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// assert_eq!(Schema::new("auth").own_name("users").to_string(), "auth.users");
    /// ```
    #[must_use]
    pub fn own_name(&self, name: &str) -> Name {
        Name {
            schema: self.own.clone(),
            name: name.to_owned(),
        }
    }

    /// The type of a column, if the files create that type.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::DataType;
    /// let schema = Schema::after("a", &["CREATE DOMAIN d AS int;"]);
    /// let d = DataType { name: "d".into(), ..DataType::default() };
    /// assert!(schema.made_type(&d).is_some());
    /// ```
    #[must_use]
    pub fn made_type(&self, data_type: &DataType) -> Option<&super::Type> {
        let schema = data_type.schema.as_ref().unwrap_or(&self.own);
        self.type_of(&Name {
            schema: schema.clone(),
            name: data_type.name.clone(),
        })
    }

    /// The sequences that the columns of a relation own, with the columns.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// # use onward_analyzer::statement::Name;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b serial);"]);
    /// let t = Name { schema: "a".into(), name: "t".into() };
    /// assert_eq!(schema.sequences_of(&t).count(), 1);
    /// ```
    pub fn sequences_of(&self, table: &Name) -> impl Iterator<Item = (&Name, super::ColumnId)> {
        let columns = self
            .relation(table)
            .into_iter()
            .flat_map(|table| &table.columns);
        let ids: Vec<super::ColumnId> = columns.map(|column| column.id).collect();
        let names = self.owned_by(&ids).into_iter();
        names.filter_map(|name| {
            let (name, sequence) = self.sequences.get_key_value(&name)?;
            Some((name, sequence.owner?.1))
        })
    }
}
