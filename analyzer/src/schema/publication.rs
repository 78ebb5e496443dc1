//! Publications, and the writes that PostgreSQL refuses because a subscriber could not identify the row.

use super::{ColumnId, ConstraintKind, Reference, Relation, RelationId, Schema};
use crate::statement::{
    Name, ObjectKind, Parameter, Persistence, Publication as Written, PublicationAction,
    PublishedTable, ReplicaIdentity,
};

/// A publication as it is now.
///
/// ```
/// # use onward_analyzer::schema::Schema;
/// let schema = Schema::after("a", &["CREATE TABLE t (b int);", "CREATE PUBLICATION p FOR TABLE t;"]);
/// let p = schema.publications().next().expect("p is there");
/// assert!(p.members[0].0.id.is_some());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// Its name.
    pub name: String,
    /// `FOR ALL TABLES`.
    pub everything: bool,
    /// `TABLES IN SCHEMA`.
    pub schemas: Vec<String>,
    /// `TABLE`: each table with its columns and filter.
    pub members: Vec<(Reference, PublishedTable)>,
    /// Its options.
    pub options: Vec<Parameter>,
}

impl Publication {
    /// Whether it publishes this kind of change: `insert`, `update`, `delete` or `truncate`.
    fn publishes(&self, change: &str) -> bool {
        let Some(list) = self.option("publish") else {
            return true;
        };
        let list = list.value.as_deref().unwrap_or_default();
        let mut words = list.trim_matches('\'').split(',').map(str::trim);
        words.any(|word| word.eq_ignore_ascii_case(change))
    }

    /// Whether changes of partitions are published as changes of the partitioned table.
    fn via_root(&self) -> bool {
        let option = self.option("publish_via_partition_root");
        option.is_some_and(|option| {
            let value = option
                .value
                .as_deref()
                .map(|value| value.trim_matches('\''));
            value.is_none_or(|value| {
                ["true", "on", "yes", "1"]
                    .iter()
                    .any(|on| value.eq_ignore_ascii_case(on))
            })
        })
    }

    fn option(&self, name: &str) -> Option<&Parameter> {
        self.options.iter().find(|option| option.name == name)
    }
}

/// Why PostgreSQL refuses UPDATE or DELETE of a published table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The table has no replica identity (55000).
    NoIdentity,
    /// A column of the filter is not part of the replica identity (42P10).
    Filter(String),
    /// The list of columns lacks one of the replica identity (42P10); `None` if that is the whole row.
    Columns(Option<String>),
}

/// The writes of a table that PostgreSQL refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) publication: String,
    /// The table or partition.
    pub(crate) table: Name,
    pub(crate) updates: bool,
    pub(crate) deletes: bool,
    pub(crate) why: Refusal,
}

enum Identity<'a> {
    Row,
    Columns(&'a [ColumnId]),
    Index(Vec<ColumnId>),
    None,
}

impl Schema {
    /// The publications that the files create, by name.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// assert_eq!(Schema::after("a", &["CREATE PUBLICATION p;"]).publications().count(), 1);
    /// ```
    pub fn publications(&self) -> impl Iterator<Item = &Publication> {
        self.publications.values()
    }

    pub(super) fn create_publication(&mut self, name: &Name, written: &Written) {
        let members = self.members(&written.tables);
        let publication = Publication {
            name: name.name.clone(),
            everything: written.everything,
            schemas: written.schemas.clone(),
            members,
            options: written.options.clone(),
        };
        self.publications.insert(name.name.clone(), publication);
    }

    pub(super) fn alter_publication(
        &mut self,
        name: &Name,
        action: PublicationAction,
        written: &Written,
    ) {
        let members = self.members(&written.tables);
        let Some(known) = self.publications.get_mut(&name.name) else {
            return;
        };
        match action {
            PublicationAction::Set if !written.options.is_empty() => {
                let is_set =
                    |old: &Parameter| written.options.iter().any(|new| new.name == old.name);
                known.options.retain(|old| !is_set(old));
                known.options.extend_from_slice(&written.options);
            }
            PublicationAction::Set => {
                known.members = members;
                known.schemas.clone_from(&written.schemas);
            }
            PublicationAction::Add => {
                known.members.extend(members);
                known.schemas.extend_from_slice(&written.schemas);
            }
            PublicationAction::Drop => {
                let gone = |member: &Reference| members.iter().any(|(one, _)| one.id == member.id);
                known.members.retain(|(member, _)| !gone(member));
                known
                    .schemas
                    .retain(|schema| !written.schemas.contains(schema));
            }
        }
    }

    /// The publications that list the column of the table, or name it in their filter.
    pub(super) fn publications_of<'a>(
        &'a self,
        table: RelationId,
        column: &'a str,
    ) -> impl Iterator<Item = &'a str> {
        let names = move |(member, published): &(Reference, PublishedTable)| {
            let filter = published.filter.iter().flat_map(|filter| &filter.columns);
            let mut columns = published.columns.iter().chain(filter);
            member.id == Some(table) && columns.any(|name| name == column)
        };
        let publications = self.publications.values();
        let publications = publications.filter(move |one| one.members.iter().any(names));
        publications.map(|one| one.name.as_str())
    }

    /// Removes a table from a publication.
    pub(super) fn unpublish(&mut self, table: RelationId, publication: &str) {
        if let Some(known) = self.publications.get_mut(publication) {
            known.members.retain(|(member, _)| member.id != Some(table));
        }
    }

    pub(super) fn rename_publication(&mut self, name: &str, to: &str) {
        if let Some(mut known) = self.publications.remove(name) {
            to.clone_into(&mut known.name);
            self.publications.insert(to.to_owned(), known);
        }
    }

    fn members(&self, tables: &[PublishedTable]) -> Vec<(Reference, PublishedTable)> {
        let members = tables.iter().map(|one| {
            let reference = Reference {
                id: self.id(&one.table),
                name: one.table.clone(),
            };
            (reference, one.clone())
        });
        members.collect()
    }

    /// The writes that PostgreSQL refuses of a table, or of one of its partitions: an UPDATE of a partitioned
    /// table changes these.
    pub(crate) fn refused_writes(&self, table: &Name) -> Option<Refused> {
        if self.publications.is_empty() {
            return None;
        }
        let table = self.relation(table)?;
        let family = match table.partition_by {
            Some(_) => self.family(table.id),
            None => vec![table.id],
        };
        let family = family.iter().filter_map(|id| self.relations.get(id));
        let mut leaves = family.filter(|one| one.partition_by.is_none());
        leaves.find_map(|leaf| self.refused_of(leaf))
    }

    fn refused_of(&self, leaf: &Relation) -> Option<Refused> {
        let is_known = leaf.columns_known && self.is_certain(&leaf.name, &leaf.origin);
        if leaf.kind != ObjectKind::Table || !is_known {
            return None;
        }
        let line = self.line(leaf);
        self.publications.values().find_map(|publication| {
            let (updates, deletes) = (
                publication.publishes("update"),
                publication.publishes("delete"),
            );
            let is_asked = (updates || deletes) && self.is_member(publication, leaf, &line);
            let why = is_asked
                .then(|| self.refusal(publication, leaf, &line))
                .flatten()?;
            Some(Refused {
                publication: publication.name.clone(),
                table: leaf.name.clone(),
                updates,
                deletes,
                why,
            })
        })
    }

    /// The relation and everything that it inherits from, the nearest first.
    fn line(&self, relation: &Relation) -> Vec<RelationId> {
        let mut line = vec![relation.id];
        let mut at = 0;
        while let Some(one) = line.get(at).and_then(|id| self.relations.get(id)) {
            let parents = one.parents.iter().filter_map(|parent| parent.id);
            let new: Vec<RelationId> = parents.filter(|id| !line.contains(id)).collect();
            line.extend(new);
            at += 1;
        }
        line
    }

    fn is_member(&self, publication: &Publication, leaf: &Relation, line: &[RelationId]) -> bool {
        let is_partition = leaf.partition_of.is_some();
        let listed = publication.members.iter().any(|(member, written)| {
            let above = member.id.is_some_and(|id| line.contains(&id));
            above && (member.id == Some(leaf.id) || is_partition || !written.only)
        });
        let lasts = leaf.persistence == Persistence::Permanent;
        let schemas = line.iter().take(if is_partition { line.len() } else { 1 });
        let mut schemas = schemas.filter_map(|id| self.relations.get(id));
        listed
            || lasts
                && (publication.everything
                    || schemas.any(|one| publication.schemas.contains(&one.name.schema)))
    }

    fn refusal(
        &self,
        publication: &Publication,
        leaf: &Relation,
        line: &[RelationId],
    ) -> Option<Refusal> {
        let identity = identity(leaf);
        let columns: Vec<&str> = match &identity {
            Identity::Row | Identity::None => Vec::new(),
            Identity::Columns(ids) => names(leaf, ids),
            Identity::Index(ids) => names(leaf, ids),
        };
        if let Some(written) = member_of(publication, line) {
            let filtered = written.filter.iter().flat_map(|filter| &filter.outer);
            let is_row = matches!(identity, Identity::Row);
            let is_other = |name: &&String| !is_row && !columns.contains(&name.as_str());
            if let Some(other) = filtered
                .filter(|name| leaf.column(name).is_some())
                .find(is_other)
            {
                return Some(Refusal::Filter(other.clone()));
            }
            if !written.columns.is_empty() {
                let is_listed = |name: &str| written.columns.iter().any(|one| one == name);
                let missing = columns.iter().find(|name| !is_listed(name));
                match missing {
                    _ if is_row => return Some(Refusal::Columns(None)),
                    Some(missing) => return Some(Refusal::Columns(Some((*missing).to_owned()))),
                    None => {}
                }
            }
        }
        matches!(identity, Identity::None).then_some(Refusal::NoIdentity)
    }
}

/// The entry whose filter and columns PostgreSQL applies: that of the table itself or, through the root, that
/// of its topmost table.
fn member_of<'a>(publication: &'a Publication, line: &[RelationId]) -> Option<&'a PublishedTable> {
    let entry = |id: &RelationId| {
        let mut members = publication.members.iter();
        let member = members.find(|(member, _)| member.id == Some(*id));
        member.map(|(_, written)| written)
    };
    match publication.via_root() {
        true => line.iter().rev().find_map(entry),
        false => line.first().and_then(entry),
    }
}

/// What identifies a changed row: PostgreSQL does not take a key that is deferrable.
fn identity(table: &Relation) -> Identity<'_> {
    match &table.replica_identity {
        ReplicaIdentity::Full => Identity::Row,
        ReplicaIdentity::Nothing => Identity::None,
        ReplicaIdentity::Default => {
            let mut constraints = table.constraints.iter();
            let key = constraints.find(|one| one.kind == ConstraintKind::PrimaryKey);
            match key.filter(|key| !key.deferrable) {
                Some(key) => Identity::Columns(&key.columns),
                None => Identity::None,
            }
        }
        ReplicaIdentity::Index(name) => {
            let index = table.indexes.iter().find(|index| index.name == *name);
            match index {
                Some(index) => {
                    Identity::Index(index.keys.iter().filter_map(|key| key.column).collect())
                }
                None => Identity::None,
            }
        }
    }
}

fn names<'a>(table: &'a Relation, ids: &[ColumnId]) -> Vec<&'a str> {
    ids.iter().filter_map(|id| table.name_of(*id)).collect()
}
