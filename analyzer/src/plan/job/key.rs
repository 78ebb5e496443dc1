//! The key by which a table is walked: the columns of a unique index, none of them nullable.

use super::{Key, KeyProblem, Refusal};
use crate::schema::{Index, Relation, Schema};
use crate::statement::to_sql;
use crate::statement::{DataType, ObjectKind, Walk};

/// The relation that is walked, and its key. The table that is changed comes before the others; of several
/// sources, the first that can be walked.
pub(super) fn find<'a>(
    schema: &Schema,
    walks: &'a [Walk],
    by: &[String],
) -> Result<(&'a Walk, Vec<Key>), Refusal> {
    let of = |walk: &Walk| schema.relation(&walk.table);
    let has_all = |walk: &&Walk| {
        of(walk).is_some_and(|table| by.iter().all(|column| table.column(column).is_some()))
    };
    let mut all = walks.iter().filter(has_all);
    let Some(first) = all.next() else {
        let unknown = walks.iter().find(|walk| of(walk).is_none());
        return match unknown {
            Some(walk) => keys(schema, walk, by).map(|keys| (walk, keys)),
            None => Err(missing(schema, walks, by)),
        };
    };
    let found = keys(schema, first, by);
    if first.is_target || found.is_ok() && first.obstacles.is_empty() {
        return found.map(|keys| (first, keys));
    }
    let mut others = all.filter(|walk| walk.obstacles.is_empty());
    let other = others.find_map(|walk| Some((walk, keys(schema, walk, by).ok()?)));
    match other {
        Some(other) => Ok(other),
        None => found.map(|keys| (first, keys)),
    }
}

fn missing(schema: &Schema, walks: &[Walk], by: &[String]) -> Refusal {
    let first = walks.first().and_then(|walk| schema.relation(&walk.table));
    let lacks = |column: &&String| first.is_none_or(|first| first.column(column).is_none());
    Refusal::NoColumns {
        tables: walks.iter().map(|walk| walk.table.clone()).collect(),
        column: by.iter().find(lacks).cloned().unwrap_or_default(),
        usable: first.map(usable).unwrap_or_default(),
    }
}

fn keys(schema: &Schema, walk: &Walk, by: &[String]) -> Result<Vec<Key>, Refusal> {
    let relation = schema.relation(&walk.table);
    let refuse = |problem| Refusal::Key {
        table: walk.table.clone(),
        problem,
        usable: relation.map(usable).unwrap_or_default(),
    };
    let relation = relation.ok_or_else(|| refuse(KeyProblem::Unknown))?;
    if let Some(problem) = problem(relation, walk, by) {
        return Err(refuse(problem));
    }
    let keys = by.iter().map(|column| {
        let data_type = relation.column(column)?.data_type.as_ref()?;
        Some(Key {
            column: column.clone(),
            data_type: sql_type(schema, data_type),
        })
    });
    let keys = keys.collect::<Option<_>>();
    keys.ok_or_else(|| refuse(KeyProblem::Unknown))
}

fn problem(relation: &Relation, walk: &Walk, by: &[String]) -> Option<KeyProblem> {
    if relation.kind != ObjectKind::Table {
        return Some(KeyProblem::NotATable(relation.kind));
    }
    if !relation.children.is_empty() && relation.partition_by.is_none() && !walk.only {
        return Some(KeyProblem::Inherited);
    }
    let unique = || relation.indexes.iter().filter(|index| index.unique);
    let over = unique().find(|index| columns(relation, index).as_deref() == Some(by));
    let is_nullable = |column: &&String| !relation.is_surely_not_null(column);
    let nullable = by.iter().find(is_nullable);
    if unique().any(|index| serves(relation, index) && named(relation, index) == by) {
        return nullable.cloned().map(KeyProblem::Nullable);
    }
    if let Some(index) = over {
        return Some(match index.predicate {
            Some(_) => KeyProblem::Partial(index.name.clone()),
            None => KeyProblem::Unordered(index.name.clone()),
        });
    }
    let holds = |index: &&Index| {
        let own = named(relation, index);
        serves(relation, index) && by.iter().all(|column| own.contains(column))
    };
    Some(match unique().find(holds) {
        Some(index) => KeyProblem::PartOf {
            index: index.name.clone(),
            columns: named(relation, index),
        },
        None => KeyProblem::NotUnique,
    })
}

/// Whether the rows can be read in the order of the index, all of them.
fn serves(relation: &Relation, index: &Index) -> bool {
    let first_is_descending = index.keys.first().is_some_and(|key| key.descending);
    let in_order = index.keys.iter().all(|key| {
        let collation = key.column.and_then(|id| {
            let column = relation.columns.iter().find(|column| column.id == id)?;
            column.collation.as_ref()
        });
        key.column.is_some()
            && key.class.is_none()
            && (key.collation.is_none() || key.collation.as_ref() == collation)
            && key.descending == first_is_descending
            && key.nulls_first.is_none_or(|first| first == key.descending)
    });
    let is_btree = index.method.is_empty() || index.method == "btree";
    index.unique && index.valid && index.predicate.is_none() && is_btree && in_order
}

/// The columns of an index without expressions.
fn columns(relation: &Relation, index: &Index) -> Option<Vec<String>> {
    let names = index.keys.iter().map(|key| relation.name_of(key.column?));
    names.map(|name| name.map(str::to_owned)).collect()
}

fn named(relation: &Relation, index: &Index) -> Vec<String> {
    columns(relation, index).unwrap_or_default()
}

/// The keys by which the table can be walked, the primary key first.
pub(crate) fn usable(relation: &Relation) -> Vec<Vec<String>> {
    let is_primary = |index: &&Index| {
        let ids: Vec<_> = index.keys.iter().filter_map(|key| key.column).collect();
        ids == relation.primary_key()
    };
    let (primary, others): (Vec<_>, Vec<_>) = relation
        .indexes
        .iter()
        .filter(|index| serves(relation, index))
        .partition(is_primary);
    let all = primary.into_iter().chain(others);
    let all = all.map(|index| named(relation, index));
    let present = |key: &Vec<String>| key.iter().all(|column| relation.is_surely_not_null(column));
    all.filter(present).collect()
}

/// The type as SQL. Modifiers are left out, except where the type without them is another one.
fn sql_type(schema: &Schema, data_type: &DataType) -> String {
    let mut plain = data_type.clone();
    if plain.name != "bit" {
        plain.modifiers.clear();
    }
    plain.fields = None;
    if plain.schema.is_none() && schema.made_type(data_type).is_some() {
        plain.schema = Some(schema.own_name(&data_type.name).schema);
    }
    to_sql::data_type(&plain)
}
