//! Indexes: how they are built, copied to partitions and renamed.

use super::constraint::same;
use super::generated_name::{choose_index_column_names, figure_colname, index_name_addition};
use super::{
    Class, Constraint, ConstraintKind, Index, IndexKey, Origin, Relation, RelationId, Schema,
};
use crate::statement::{CreateIndex, Expression, Name, ReplicaIdentity};

impl Schema {
    pub(super) fn create_index(&mut self, create: &CreateIndex, origin: &Origin) {
        let Some(relation) = self.relation(&create.table) else {
            return;
        };
        let id = relation.id;
        let name = match &create.index {
            Some((name, _)) => name.clone(),
            None => {
                let keys = create.keys.iter().map(|key| match &key.column {
                    Some(column) => column.clone(),
                    None => figure_colname(&key.expression),
                });
                let names = index_name_addition(choose_index_column_names(
                    keys.chain(create.include.iter().cloned()),
                ));
                self.choose_relation_name(&create.table, &names, "idx", false)
            }
        };
        let mut keys = Vec::with_capacity(create.keys.len());
        let mut columns = Vec::new();
        for key in &create.keys {
            let column = key.column.as_ref();
            keys.push(IndexKey {
                column: column.and_then(|name| Some(relation.column(name)?.id)),
                expression: key.expression.clone(),
                descending: key.descending,
                nulls_first: key.nulls_first,
                class: key.class.clone(),
                collation: key.collation.clone(),
            });
            columns.append(&mut relation.ids(&key.expression.columns));
        }
        let include = relation.ids(&create.include);
        columns.extend_from_slice(&include);
        if let Some(filter) = &create.predicate {
            columns.append(&mut relation.ids(&filter.columns));
        }
        columns.dedup();
        let index = Index {
            name,
            method: create.method.clone(),
            keys,
            include,
            predicate: create.predicate.clone(),
            columns,
            unique: create.unique,
            nulls_not_distinct: create.nulls_not_distinct,
            valid: !create.only || relation.children.is_empty(),
            origin: origin.clone(),
        };
        self.push_index(id, index);
        if !create.only {
            self.pass_indexes_on(id, origin);
        }
    }

    /// The index of a partitioned table becomes valid when each partition has one like it, and all are attached.
    pub(super) fn attach_index(&mut self, name: &Name) {
        let Some(Class::Index(id)) = self.classes.get(name) else {
            return;
        };
        let id = *id;
        let Some(relation) = self.relations.get(&id) else {
            return;
        };
        let mut indexes = relation.indexes.iter();
        let Some(at) = indexes.position(|index| index.name == name.name) else {
            return;
        };
        let keys = |table: &Relation, index: &Index| -> Vec<Option<String>> {
            let keys = index.keys.iter();
            keys.map(|key| table.name_of(key.column?).map(str::to_owned))
                .collect()
        };
        let wanted = relation
            .indexes
            .get(at)
            .map(|index| (index.unique, keys(relation, index)));
        let has = |child: &RelationId| {
            self.relations.get(child).is_some_and(|child| {
                let mut own = child.indexes.iter();
                own.any(|own| own.valid && Some((own.unique, keys(child, own))) == wanted)
            })
        };
        let is_whole = relation.children.iter().all(has);
        let relation = self.relations.get_mut(&id);
        if let Some(index) = relation.and_then(|relation| relation.indexes.get_mut(at)) {
            index.valid |= is_whole;
        }
    }

    /// Does nothing if the name is taken.
    pub(super) fn push_index(&mut self, id: RelationId, index: Index) {
        let Some(relation) = self.relations.get_mut(&id) else {
            return;
        };
        let name = Name {
            schema: relation.name.schema.clone(),
            name: index.name.clone(),
        };
        if !self.classes.contains_key(&name) {
            self.classes.insert(name, Class::Index(id));
            relation.indexes.push(index);
        }
    }

    /// Builds on each partition the indexes of its table that it does not have.
    pub(super) fn pass_indexes_on(&mut self, id: RelationId, origin: &Origin) {
        for child in self.family(id).into_iter().skip(1) {
            let partition = self.relations.get(&child);
            let of = partition.and_then(|child| child.partition_of.as_ref());
            let parent = of.and_then(|(parent, _)| self.relations.get(&parent.id?));
            if let Some(parent) = parent.cloned() {
                self.copy_indexes(child, &parent, origin);
            }
        }
    }

    /// Copies the indexes and keys of a table to another one, under generated names.
    pub(super) fn copy_indexes(&mut self, id: RelationId, source: &Relation, origin: &Origin) {
        for index in &source.indexes {
            let Some(target) = self.relations.get(&id) else {
                return;
            };
            let schema = target.name.schema.clone();
            let mut copy = index.clone();
            for key in &mut copy.keys {
                let column = key.column.and_then(|column| source.name_of(column));
                key.column = column.and_then(|name| Some(target.column(name)?.id));
            }
            copy.columns = same(source, &index.columns, target);
            copy.include = same(source, &index.include, target);
            let kept = source.constraints.iter().find(|c| c.name == index.name);
            let kept = kept.filter(|constraint| constraint.kind.is_indexed());
            // The index of a key stands only for that of a key of the same kind.
            let kind_of = |known: &Index| {
                let mut constraints = target.constraints.iter();
                constraints
                    .find(|one| one.name == known.name)
                    .map(|one| &one.kind)
            };
            let text = |value: &Option<Expression>| value.as_ref().map(|value| value.text.clone());
            let alike = |known: &Index| {
                kept.is_none_or(|kept| kind_of(known) == Some(&kept.kind))
                    && known.keys.len() == copy.keys.len()
                    && { known.keys.iter().zip(&copy.keys) }.all(|(one, other)| is_same(one, other))
                    && known.unique == copy.unique
                    && text(&known.predicate) == text(&copy.predicate)
                    && known.method == copy.method
            };
            if target.indexes.iter().any(alike) {
                continue;
            }
            let named = |column| target.name_of(column).unwrap_or_default().to_owned();
            let keys = copy.keys.iter().map(|key| match key.column {
                Some(column) => named(column),
                None => figure_colname(&key.expression),
            });
            let names =
                choose_index_column_names(keys.chain(copy.include.iter().copied().map(named)));
            let (columns, label) = match kept.map(|constraint| &constraint.kind) {
                Some(ConstraintKind::PrimaryKey) => (String::new(), "pkey"),
                Some(ConstraintKind::Exclude(_)) => (index_name_addition(&names), "excl"),
                Some(ConstraintKind::Unique) => (index_name_addition(&names), "key"),
                Some(
                    ConstraintKind::Check { .. }
                    | ConstraintKind::NotNull
                    | ConstraintKind::ForeignKey { .. },
                )
                | None => (index_name_addition(&names), "idx"),
            };
            copy.name = self.choose_relation_name(&target.name, &columns, label, kept.is_some());
            copy.origin = origin.clone();
            let constraint = kept.map(|kept| Constraint {
                name: copy.name.clone(),
                columns: same(source, &kept.columns, target),
                origin: origin.clone(),
                ..kept.clone()
            });
            self.push_index(id, copy);
            if let Some(constraint) = &constraint {
                self.note_constraint(&schema, &constraint.name);
            }
            let Some(target) = self.relations.get_mut(&id) else {
                return;
            };
            if let Some(constraint) = constraint {
                if constraint.kind == ConstraintKind::PrimaryKey {
                    let in_key =
                        |column: &&mut super::Column| constraint.columns.contains(&column.id);
                    for column in target.columns.iter_mut().filter(in_key) {
                        column.not_null = true;
                    }
                }
                target.constraints.push(constraint);
            }
        }
    }

    /// The index of a partition that belongs to this index of its table.
    pub(crate) fn copy_of<'a>(
        &self,
        table: &Relation,
        index: &Index,
        partition: &'a Relation,
    ) -> Option<&'a Index> {
        let named = |relation: &Relation, index: &Index| -> Vec<Option<String>> {
            let keys = index.keys.iter();
            let names = keys.map(|key| relation.name_of(key.column?).map(str::to_owned));
            names.collect()
        };
        let is_part = partition.id != table.id && partition.partition_of.is_some();
        let mut indexes = partition.indexes.iter().filter(|_| is_part);
        indexes.find(|copy| {
            copy.unique == index.unique
                && copy.method == index.method
                && copy.predicate == index.predicate
                && named(partition, copy) == named(table, index)
        })
    }

    /// Renames the index, and the constraint that it enforces.
    pub(super) fn rename_index(&mut self, id: RelationId, from: &str, to: &str) {
        let Some(relation) = self.relations.get_mut(&id) else {
            return;
        };
        let named = |name: &str| Name {
            schema: relation.name.schema.clone(),
            name: name.to_owned(),
        };
        if from == to || self.classes.contains_key(&named(to)) {
            return;
        }
        if self.classes.remove(&named(from)).is_some() {
            self.classes.insert(named(to), Class::Index(id));
        }
        for index in relation.indexes.iter_mut().filter(|i| i.name == from) {
            to.clone_into(&mut index.name);
        }
        if relation.replica_identity == ReplicaIdentity::Index(from.to_owned()) {
            relation.replica_identity = ReplicaIdentity::Index(to.to_owned());
        }
        let kept =
            |constraint: &&mut Constraint| constraint.name == from && constraint.kind.is_indexed();
        let schema = relation.name.schema.clone();
        for constraint in relation.constraints.iter_mut().filter(kept) {
            to.clone_into(&mut constraint.name);
        }
        self.note_constraint(&schema, to);
    }
}

/// Whether two keys are the same, wherever they are written.
fn is_same(one: &IndexKey, other: &IndexKey) -> bool {
    let expression = |key: &IndexKey| key.column.is_none().then(|| key.expression.text.clone());
    one.column == other.column
        && expression(one) == expression(other)
        && (one.descending, one.nulls_first) == (other.descending, other.nulls_first)
        && (&one.class, &one.collation) == (&other.class, &other.collation)
}
