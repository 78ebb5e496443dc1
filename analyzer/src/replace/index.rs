//! Indexes and keys that are built beside the old ones.

use crate::replace::carried::Left;
use crate::replace::expression::read;
use crate::replace::pair::Pair;
use crate::replace::trigger::fitting;
use crate::schema::{Constraint, ConstraintKind, Index, IndexKey, Relation};
use crate::statement::to_sql::{collation, constraint, quote_name};
use crate::statement::{self, Key};
use crate::text::quote::{quote_ident, quote_list};

/// An index that does for the new column what another one does for the old.
pub(super) struct Beside<'a> {
    pub(super) old: &'a Index,
    /// The key that the old one enforces.
    pub(super) key: Option<&'a Constraint>,
    pub(super) name: String,
    /// What stands behind the table's name.
    definition: String,
}

impl Beside<'_> {
    /// The statement that builds it on this table.
    pub(super) fn build(&self, table: &Relation, name: &str, how: &str) -> String {
        let (concurrently, only) = match how {
            "ONLY" => ("", "ONLY "),
            _ => ("CONCURRENTLY ", ""),
        };
        let unique = if self.old.unique { "UNIQUE " } else { "" };
        format!(
            "CREATE {unique}INDEX {concurrently}{} ON {only}{}{};\n",
            quote_ident(name),
            quote_name(&table.name),
            self.definition
        )
    }
}

impl Beside<'_> {
    /// The key over the new column, as it stands behind the name of a constraint.
    pub(super) fn demand(&self, pair: &Pair<'_>) -> Option<String> {
        let columns = self.old.keys.iter().map(|key| renamed(pair, key.column?));
        let include = self.old.include.iter().map(|id| renamed(pair, *id));
        let key = Key {
            columns: columns.collect::<Option<_>>()?,
            include: include.collect::<Option<_>>()?,
            nulls_not_distinct: self.old.nulls_not_distinct,
            ..Key::default()
        };
        let kind = match self.key?.kind {
            ConstraintKind::PrimaryKey => statement::ConstraintKind::PrimaryKey(key),
            ConstraintKind::Unique => statement::ConstraintKind::Unique(key),
            ConstraintKind::Check { .. }
            | ConstraintKind::NotNull
            | ConstraintKind::ForeignKey { .. }
            | ConstraintKind::Exclude(_) => return None,
        };
        Some(constraint(&statement::Constraint::new(kind)))
    }

    pub(super) fn is(&self, kind: &ConstraintKind) -> bool {
        self.key.is_some_and(|key| key.kind == *kind)
    }
}

/// The indexes over the old column: those to build, and what is left to do.
pub(super) fn beside<'a>(pair: &Pair<'a>) -> (Vec<Beside<'a>>, Vec<Left>) {
    let (mut all, mut left) = (Vec::new(), Vec::new());
    let relation = pair.table;
    for old in relation
        .indexes
        .iter()
        .filter(|index| index.columns.iter().any(|id| pair.is_old(*id)))
    {
        let key = relation
            .constraints
            .iter()
            .find(|one| one.name == old.name && one.kind.is_indexed());
        let what = match key {
            Some(key) => format!("the {} {}", word(key), old.name),
            None => format!("the index {}", old.name),
        };
        let is_primary = key.is_some_and(|key| key.kind == ConstraintKind::PrimaryKey);
        let partitions = partitions(pair, pair.to);
        let reason = match key {
            _ if pair.series.targets.len() != 1 => {
                Some("it is over a column that has no single successor".to_owned())
            }
            _ if !old.columns.iter().all(|id| pair.successor(*id).is_some()) => Some(format!(
                "{} does not have its other columns",
                pair.series.to()
            )),
            Some(Constraint {
                kind: ConstraintKind::Exclude(_),
                ..
            }) => Some(
                "no index that is built concurrently becomes an exclusion constraint".to_owned(),
            ),
            Some(key) if key.deferrable => Some("it is deferrable".to_owned()),
            Some(_) | None => match partitions {
                Some(_) => None,
                None => Some(
                    "its partitions are partitioned themselves, or have other owners".to_owned(),
                ),
            },
        };
        match (reason, definition(pair, old)) {
            (None, Some(definition)) => all.push(Beside {
                old,
                key,
                name: following(pair, &old.name),
                definition,
            }),
            (None, None) => left.push(Left {
                text: format!(
                    "{what}: write what it should be over {}",
                    pair.series.successors()
                ),
                blocks: is_primary,
            }),
            (Some(reason), _) => left.push(Left {
                text: format!(
                    "{what} is not built for {}: {reason}",
                    pair.series.successors()
                ),
                blocks: is_primary,
            }),
        }
    }
    (all, left)
}

/// The partitions of a table, if each is a plain one; none for a table that is not partitioned.
pub(super) fn partitions<'a>(pair: &Pair<'a>, relation: &Relation) -> Option<Vec<&'a Relation>> {
    if relation.partition_by.is_none() {
        return Some(Vec::new());
    }
    let known = relation.children.iter().map(|id| pair.schema.by_id(*id));
    let known: Option<Vec<&Relation>> = known.collect();
    known.filter(|all| all.iter().all(|one| one.partition_by.is_none()))
}

fn word(key: &Constraint) -> &'static str {
    match key.kind {
        ConstraintKind::PrimaryKey => "primary key",
        ConstraintKind::Unique => "unique key",
        ConstraintKind::Exclude(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::NotNull
        | ConstraintKind::ForeignKey { .. } => "constraint",
    }
}

/// The index that exists already for the new column, if a file has built it.
pub(super) fn built<'a>(pair: &Pair<'a>, old: &Index) -> Option<&'a Index> {
    let wanted = old.keys.iter().map(|key| pair.successor(key.column?));
    let wanted: Vec<_> = wanted.collect();
    let mut all = pair.to.indexes.iter();
    all.find(|index| {
        let columns = index.keys.iter().map(|key| pair.to.name_of(key.column?));
        index.unique == old.unique && columns.eq(wanted.iter().copied())
    })
}

/// What stands behind the table's name; `None` if it is not certain what the index should be.
fn definition(pair: &Pair<'_>, old: &Index) -> Option<String> {
    let keys = old.keys.iter().map(|key| key_of(pair, key));
    let keys: Vec<String> = keys.collect::<Option<_>>()?;
    let include: Option<Vec<String>> = old.include.iter().map(|id| renamed(pair, *id)).collect();
    let include = match include?.as_slice() {
        [] => String::new(),
        names => format!(" INCLUDE ({})", quote_list(names)),
    };
    let nulls = if old.nulls_not_distinct {
        " NULLS NOT DISTINCT"
    } else {
        ""
    };
    let filter = match &old.predicate {
        Some(predicate) => format!(" WHERE {}", expression(pair, &predicate.text)?),
        None => String::new(),
    };
    let is_btree = old.method.is_empty() || old.method == "btree";
    if !is_btree && !pair.is_rename() {
        return None;
    }
    let using = match is_btree {
        true => String::new(),
        false => format!(" USING {}", old.method),
    };
    Some(format!(
        "{using} ({}){include}{nulls}{filter}",
        keys.join(", ")
    ))
}

fn key_of(pair: &Pair<'_>, key: &IndexKey) -> Option<String> {
    let mut sql = match key.column {
        Some(id) => {
            let plain = key.class.is_none() && key.collation.is_none();
            if pair.is_old(id) && !plain && !pair.is_rename() {
                return None;
            }
            quote_ident(&renamed(pair, id)?)
        }
        None => format!("({})", expression(pair, &key.expression.text)?),
    };
    if let Some(name) = &key.collation {
        sql += &format!(" COLLATE {}", collation(name));
    }
    if let Some(class) = &key.class {
        sql += &format!(" {}", quote_ident(&class.name));
    }
    if key.descending {
        sql += " DESC";
    }
    match key.nulls_first {
        Some(true) => sql += " NULLS FIRST",
        Some(false) => sql += " NULLS LAST",
        None => {}
    }
    Some(sql)
}

/// The name of a column in the table of the new one, and that of the new one for the old.
pub(super) fn renamed(pair: &Pair<'_>, id: crate::schema::ColumnId) -> Option<String> {
    pair.successor(id).map(str::to_owned)
}

/// An expression over the table, with the new column for the old; `None` if it means something else there.
pub(super) fn expression(pair: &Pair<'_>, text: &str) -> Option<String> {
    let read = read(pair.schema.owned(), &pair.table.name, text)?;
    let columns = &read.expression.columns;
    let uses = columns.contains(&pair.series.column);
    let is_elsewhere = |column: &String| *column != pair.series.column;
    if pair.series.moved.is_some() && columns.iter().any(is_elsewhere) {
        return None;
    }
    let name = |column: &str| {
        let new = pair.new.first().filter(|_| column == pair.series.column)?;
        Some(quote_ident(&new.name))
    };
    match uses && !pair.is_rename() {
        true => None,
        false => read.with(&name),
    }
}

/// The name that follows from that of what belongs to the old column.
pub(super) fn following(pair: &Pair<'_>, name: &str) -> String {
    let (old, new) = (
        pair.series.column.as_str(),
        pair.series
            .targets
            .first()
            .map_or("", |one| one.column.as_str()),
    );
    let prefix = format!("{}_", pair.table.name.name);
    let of_other = pair.series.moved.as_ref().map(|moved| {
        let rest = name.strip_prefix(&prefix).unwrap_or(name);
        format!("{}_{rest}", moved.table.name)
    });
    let name = of_other.as_deref().unwrap_or(name);
    let words: Vec<&str> = name.split('_').collect();
    let olds: Vec<&str> = old.split('_').collect();
    let found = words
        .windows(olds.len())
        .rposition(|window| window == olds.as_slice());
    let named = match found {
        Some(at) => {
            let after = words.get(at + olds.len()..).unwrap_or_default();
            let before = words.get(..at).unwrap_or_default();
            [before, &[new], after].concat().join("_")
        }
        None => match name.rsplit_once('_') {
            Some((stem, "pkey")) => format!("{stem}_{new}_key"),
            Some((stem, end @ ("key" | "idx" | "fkey" | "check" | "excl"))) => {
                format!("{stem}_{new}_{end}")
            }
            Some(_) | None => format!("{name}_{new}"),
        },
    };
    let mut free = fitting(&named);
    let taken = |name: &str| {
        let constraints = pair.to.constraints.iter().map(|one| one.name.as_str());
        let mut all = pair
            .to
            .indexes
            .iter()
            .map(|one| one.name.as_str())
            .chain(constraints);
        all.any(|one| one == name)
            || pair
                .schema
                .kind_of(&crate::statement::Name {
                    schema: pair.to.name.schema.clone(),
                    name: name.to_owned(),
                })
                .is_some()
    };
    let mut n = 1;
    while taken(&free) {
        free = fitting(&format!(
            "{}_{n}",
            named.get(..named.len().min(59)).unwrap_or(&named)
        ));
        n += 1;
    }
    free
}
