//! Foreign keys and checks that follow the old column.

use crate::replace::carried::Left;
use crate::replace::index::{expression, following, renamed};
use crate::replace::pair::Pair;
use crate::schema::{ColumnId, Constraint, ConstraintKind, Relation};
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Expression, ForeignKey, ReferentialAction};
use crate::text::quote::quote_ident;

/// A constraint that is added as `NOT VALID` and then validated.
pub(super) struct Follower {
    /// The table that has it, as SQL.
    pub(super) table: String,
    /// Its title in a file's name.
    pub(super) title: String,
    pub(super) name: String,
    /// What stands behind `ADD CONSTRAINT <name>`.
    pub(super) demand: String,
    /// The foreign key that checks the same values, with its table as SQL. It falls before the old column does: its end
    /// then locks no other table.
    pub(super) instead_of: Option<(String, String)>,
    /// Whether it then takes the name of that one, which another table has.
    pub(super) takes_name: bool,
    /// Why a difference of types is meant.
    pub(super) differs: Option<String>,
}

/// The constraints that are added, and what is left to do.
pub(super) fn followers(pair: &Pair<'_>) -> (Vec<Follower>, Vec<Left>) {
    let (mut all, mut left) = (Vec::new(), Vec::new());
    for one in pair
        .table
        .constraints
        .iter()
        .filter(|one| one.columns.iter().any(|id| pair.is_old(*id)))
    {
        match &one.kind {
            ConstraintKind::Check { expression: check } => match carried_check(pair, one, check) {
                Some(follower) => all.push(follower),
                None if is_not_null(pair, check) => {}
                None => left.push(Left {
                    text: format!(
                        "the check {} falls with {}: write what {} has to satisfy",
                        one.name,
                        pair.series.old(),
                        pair.series.successors()
                    ),
                    blocks: false,
                }),
            },
            ConstraintKind::ForeignKey { .. }
                if is_of_partitioned(pair.to)
                    || !pair.keeps_keys()
                    || !is_whole_there(pair, one) =>
            {
                left.push(Left {
                    text: format!(
                        "the foreign key {} falls with {}: {} has none yet",
                        one.name,
                        pair.series.old(),
                        pair.series.successors()
                    ),
                    blocks: false,
                });
            }
            ConstraintKind::ForeignKey { .. } => all.extend(own_key(pair, one)),
            ConstraintKind::NotNull
            | ConstraintKind::PrimaryKey
            | ConstraintKind::Unique
            | ConstraintKind::Exclude(_) => {}
        }
    }
    for (child, key) in pair.schema.foreign_keys_to(&pair.table.name) {
        let ConstraintKind::ForeignKey { parent_columns, .. } = &key.kind else {
            continue;
        };
        if !parent_columns.iter().any(|id| pair.is_old(*id)) || child.partition_of.is_some() {
            continue;
        }
        match pair.keeps_keys()
            && !is_of_partitioned(child)
            && leads_there(pair, key)
            && built(pair, parent_columns)
        {
            true => {
                all.extend(reference(pair, child, key));
                left.extend(narrow(pair, child, key));
            }
            false => left.push(Left {
                text: format!(
                    "the foreign key {} of {} references {}",
                    key.name,
                    child.name,
                    pair.series.old()
                ),
                blocks: true,
            }),
        }
    }
    (all, left)
}

/// A column that references the new one with a narrower type, which is to be replaced next.
fn narrow(pair: &Pair<'_>, child: &Relation, key: &Constraint) -> Option<Left> {
    let ([column], [new]) = (key.columns.as_slice(), pair.new.as_slice()) else {
        return None;
    };
    let column = child.columns.iter().find(|one| one.id == *column)?;
    let wanted = new.data_type.as_ref()?;
    (column.data_type.as_ref() != Some(wanted)).then(|| Left {
        text: format!(
            "{}.{} still has the narrower type: onward replace <folder> {}.{} --keep-name --type {wanted}",
            child.name, column.name, child.name, column.name
        ),
        blocks: false,
    })
}

/// `NOT VALID` is not for the foreign keys of a partitioned table.
const fn is_of_partitioned(table: &Relation) -> bool {
    table.partition_by.is_some()
}

/// Whether a key over the new column can be built, to which the foreign key can lead.
fn built(pair: &Pair<'_>, parent: &[ColumnId]) -> bool {
    let (beside, _) = crate::replace::index::beside(pair);
    let mut all = beside.iter().filter(|one| one.old.unique);
    all.any(|one| {
        let keys = &one.old.keys;
        keys.len() == parent.len()
            && keys
                .iter()
                .all(|key| key.column.is_some_and(|id| parent.contains(&id)))
    })
}

/// Whether a foreign key of the old table is one of the table of the new column: it has the columns, and what happens to
/// a row there when the referenced one is deleted is what happens here.
fn is_whole_there(pair: &Pair<'_>, key: &Constraint) -> bool {
    let ConstraintKind::ForeignKey {
        on_delete,
        set_columns,
        ..
    } = &key.kind
    else {
        return false;
    };
    let has = key.columns.iter().all(|id| pair.successor(*id).is_some());
    has && (pair.series.moved.is_none()
        || set_columns.is_empty() && keeps_rows(*on_delete)
        || set_columns.is_empty()
            && *on_delete == ReferentialAction::SetNull
            && key.columns.len() == 1)
}

/// Whether a foreign key to the old table can lead to that of the new column. A trigger fills that one after the foreign
/// keys of the old table have changed the rows that reference it: those must not have changed.
fn leads_there(pair: &Pair<'_>, key: &Constraint) -> bool {
    let ConstraintKind::ForeignKey { on_update, .. } = &key.kind else {
        return false;
    };
    pair.series.moved.is_none() || keeps_rows(*on_update)
}

/// Whether no row that references another changes with it.
const fn keeps_rows(action: ReferentialAction) -> bool {
    matches!(
        action,
        ReferentialAction::NoAction | ReferentialAction::Restrict
    )
}

fn is_not_null(pair: &Pair<'_>, check: &Expression) -> bool {
    check.only_not_null && check.not_null == [pair.series.column.clone()]
}

fn carried_check(pair: &Pair<'_>, one: &Constraint, check: &Expression) -> Option<Follower> {
    if is_not_null(pair, check) || pair.series.targets.len() != 1 {
        return None;
    }
    let condition = expression(pair, &check.text)?;
    let inherits = if one.no_inherit { " NO INHERIT" } else { "" };
    (one.enforced && one.valid).then(|| Follower {
        table: quote_name(&pair.to.name),
        title: following(pair, &one.name),
        name: following(pair, &one.name),
        demand: format!("CHECK ({condition}){inherits}"),
        instead_of: None,
        takes_name: false,
        differs: None,
    })
}

/// The foreign key of the column itself.
fn own_key(pair: &Pair<'_>, one: &Constraint) -> Option<Follower> {
    let columns = one
        .columns
        .iter()
        .map(|id| renamed(pair, *id))
        .collect::<Option<_>>()?;
    let key = foreign_key(pair, pair.table, one, columns, &|parent, id| {
        parent.name_of(id).map(str::to_owned)
    })?;
    let key = written(one, key);
    let name = following(pair, &one.name);
    Some(Follower {
        table: quote_name(&pair.to.name),
        title: name.clone(),
        name,
        demand: key,
        instead_of: Some((quote_name(&pair.table.name), one.name.clone())),
        takes_name: false,
        differs: (!pair.is_rename()).then(|| {
            format!(
                "{} has the type of the column that it replaces, until that one follows",
                pair.series.successors()
            )
        }),
    })
}

/// The foreign key of a table that references the column.
fn reference(pair: &Pair<'_>, child: &Relation, one: &Constraint) -> Option<Follower> {
    let own = one
        .columns
        .iter()
        .map(|id| child.name_of(*id).map(str::to_owned));
    let mut key = foreign_key(pair, child, one, own.collect::<Option<_>>()?, &|_, id| {
        renamed(pair, id)
    })?;
    key.parent = pair.to.name.clone();
    let key = written(one, key);
    Some(Follower {
        table: quote_name(&child.name),
        title: format!("{}_to_{}", child.name.name, pair.new.first()?.name),
        name: crate::replace::trigger::fitting(&format!("{}_new", one.name)),
        demand: key,
        instead_of: Some((quote_name(&child.name), one.name.clone())),
        takes_name: true,
        differs: (!pair.is_rename()).then(|| {
            format!(
                "the column of {} is replaced by one of the same type next",
                child.name
            )
        }),
    })
}

fn foreign_key(
    pair: &Pair<'_>,
    child: &Relation,
    one: &Constraint,
    columns: Vec<String>,
    named: &dyn Fn(&Relation, ColumnId) -> Option<String>,
) -> Option<ForeignKey> {
    let ConstraintKind::ForeignKey {
        parent,
        parent_columns,
        match_full,
        on_delete,
        set_columns,
        on_update,
    } = &one.kind
    else {
        return None;
    };
    let set = set_columns.iter().map(|column| {
        match child.id == pair.table.id && *column == pair.series.column {
            true => pair
                .new
                .first()
                .map_or_else(String::new, |new| new.name.clone()),
            false => column.clone(),
        }
    });
    let known = pair.schema.relation(&parent.name)?;
    let parent_columns = parent_columns.iter().map(|id| named(known, *id));
    Some(ForeignKey {
        columns,
        parent: parent.name.clone(),
        parent_columns: parent_columns.collect::<Option<_>>()?,
        match_full: *match_full,
        on_delete: *on_delete,
        on_update: *on_update,
        set_columns: set.collect(),
        period: false,
    })
}

/// The key as SQL, deferrable as the other one is.
fn written(one: &Constraint, key: ForeignKey) -> String {
    let written = crate::statement::Constraint {
        deferrable: one.deferrable,
        initially_deferred: one.initially_deferred,
        ..crate::statement::Constraint::new(crate::statement::ConstraintKind::ForeignKey(key))
    };
    to_sql::constraint(&written)
}

impl Follower {
    pub(super) fn add(&self) -> String {
        let allowed = self
            .differs
            .as_ref()
            .map(|why| format!("-- onward: allow foreign-key-type-mismatch because \"{why}\"\n"));
        format!(
            "{}ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID;\n",
            allowed.unwrap_or_default(),
            self.table,
            quote_ident(&self.name),
            self.demand
        )
    }

    pub(super) fn validate(&self) -> String {
        format!(
            "ALTER TABLE {} VALIDATE CONSTRAINT {};\n",
            self.table,
            quote_ident(&self.name)
        )
    }

    /// Drops the one that it replaces, and takes its name.
    pub(super) fn take_over(&self) -> Option<String> {
        let (table, old) = self.instead_of.as_ref()?;
        let old = quote_ident(old);
        let name = quote_ident(&self.name);
        let drop = format!(
            "-- onward: allow drop-constraint because \"{} checks the same values\"\nALTER TABLE {table} DROP CONSTRAINT {old};\n",
            self.name
        );
        let rename = match self.takes_name {
            true => format!(
                "-- onward: allow rename-object because \"it takes the place of the key that had this name\"\n\
                 ALTER TABLE {} RENAME CONSTRAINT {name} TO {old};\n",
                self.table
            ),
            false => String::new(),
        };
        Some(drop + &rename)
    }
}
