//! Partitions whose bounds PostgreSQL does not accept.

use std::cmp::Ordering;

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::schema::Relation;
use crate::schema::resolve::refusal;
use crate::statement::{
    Bound, Change, Datum, Name, ObjectKind, PartitionBy, PartitionStrategy, TableAction,
};

pub(super) static RULE: Rule = Rule {
    id: "refused-partition",
    summary: "PostgreSQL does not accept the bounds of a partition",
    page: include_str!("refused_partition.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::CreateTable, Subject::AlterTable],
        &Check::Parts(check),
    ),
};

/// A partition that a clause creates or attaches.
struct New<'a> {
    partition: &'a Name,
    parent: &'a Name,
    bound: &'a Bound,
    attached: bool,
}

fn new<'a>(context: &Context<'a>) -> Option<New<'a>> {
    match context.change() {
        Change::CreateTable(create) => {
            let is_there = create.if_not_exists && context.schema.kind_of(&create.table).is_some();
            let (parent, bound) = create.partition_of.as_ref().filter(|_| !is_there)?;
            Some(New {
                partition: &create.table,
                parent,
                bound,
                attached: false,
            })
        }
        Change::AlterTable {
            kind: ObjectKind::Table,
            table,
            action:
                TableAction::AttachPartition {
                    partition,
                    bound: Some(bound),
                },
        } => Some(New {
            partition,
            parent: table,
            bound,
            attached: true,
        }),
        _ => None,
    }
}

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Some(new) = new(context) else {
        return Vec::new();
    };
    let Some(parent) = context.certain(new.parent) else {
        return Vec::new();
    };
    let reason = match &parent.partition_by {
        None => Some(Reason {
            what: format!("{} is not partitioned", new.parent),
            why: "table is not partitioned (42P17)",
            help: format!(
                "create {} with PARTITION BY: an existing table cannot be partitioned later",
                new.parent
            ),
        }),
        Some(by) => own(&new, by)
            .or_else(|| values(context, &new, parent, by))
            .or_else(|| joined(context, &new))
            .or_else(|| beside_others(context, &new, parent, by)),
    };
    let found =
        reason.map(|reason| refused(&context.clause.span, reason.what, reason.why, reason.help));
    found.into_iter().collect()
}

struct Reason {
    what: String,
    why: &'static str,
    help: String,
}

/// What is wrong with the bounds alone.
fn own(new: &New<'_>, by: &PartitionBy) -> Option<Reason> {
    let reason = |why, help: &str| {
        Some(Reason {
            what: format!("the bounds of {} are wrong", new.partition),
            why,
            help: help.to_owned(),
        })
    };
    let (strategy, wrong) = match (by.strategy, new.bound) {
        (PartitionStrategy::Range, Bound::Range { .. } | Bound::Default)
        | (PartitionStrategy::List, Bound::In(_) | Bound::Default)
        | (PartitionStrategy::Hash, Bound::Hash(_)) => ("", ""),
        (PartitionStrategy::Hash, Bound::Default) => (
            "",
            "a hash-partitioned table may not have a default partition (42P16)",
        ),
        (PartitionStrategy::Range, Bound::In(_) | Bound::Hash(_)) => (
            "write FOR VALUES FROM (...) TO (...)",
            "invalid bound specification for a range partition (42P16)",
        ),
        (PartitionStrategy::List, Bound::Range { .. } | Bound::Hash(_)) => (
            "write FOR VALUES IN (...)",
            "invalid bound specification for a list partition (42P16)",
        ),
        (PartitionStrategy::Hash, Bound::Range { .. } | Bound::In(_)) => (
            "write FOR VALUES WITH (MODULUS m, REMAINDER r)",
            "invalid bound specification for a hash partition (42P16)",
        ),
    };
    if !wrong.is_empty() {
        let help = match strategy {
            "" => "create a partition for each remainder",
            help => help,
        };
        return reason(wrong, help);
    }
    match new.bound {
        Bound::Range { .. } => range(new, by),
        Bound::Hash(_) => match new.bound.modulus()? {
            (0, _) => reason(
                "modulus for hash partition must be an integer value greater than zero (42P16)",
                "write a modulus of 1 or more",
            ),
            (modulus, remainder) if remainder >= modulus => reason(
                "remainder for hash partition must be less than modulus (42P16)",
                "remainders count from 0 to the modulus - 1",
            ),
            (_, _) => None,
        },
        Bound::Default | Bound::In(_) => None,
    }
}

/// A string that is not a value of the partition key.
fn values(
    context: &Context<'_>,
    new: &New<'_>,
    parent: &Relation,
    by: &PartitionBy,
) -> Option<Reason> {
    let types: Vec<_> = { by.parts.iter() }
        .map(|part| parent.column(part.column.as_ref()?)?.data_type.as_ref())
        .collect();
    let is_list = by.strategy == PartitionStrategy::List;
    let lists = new.bound.lists();
    let mut data = lists.iter().flat_map(|list| {
        let of = move |at: usize| if is_list { 0 } else { at };
        list.iter()
            .enumerate()
            .map(move |(at, datum)| (of(at), datum))
    });
    data.find_map(|(at, datum)| {
        let Datum::Text(text) = datum else {
            return None;
        };
        let data_type = types.get(at).copied().flatten()?;
        let why = refusal(context.schema, data_type, text)?;
        Some(Reason {
            what: format!(
                "the bound '{text}' of {} is not a value of {data_type}",
                new.partition
            ),
            why,
            help: format!("write values of the type {data_type}"),
        })
    })
}

fn range(new: &New<'_>, by: &PartitionBy) -> Option<Reason> {
    let lists = new.bound.lists();
    let [from, to] = lists.as_slice() else {
        return None;
    };
    let reason = |what: String, why, help: &str| {
        Some(Reason {
            what,
            why,
            help: help.to_owned(),
        })
    };
    let count = by.keys.len();
    let partition = new.partition;
    if from.len() != count || to.len() != count {
        return reason(
            format!(
                "{} has {count} partition key columns, and the bounds of {partition} do not",
                new.parent
            ),
            "FROM and TO must specify exactly one value per partitioning column (42P16)",
            "write one value for each column; MINVALUE and MAXVALUE leave a side open",
        );
    }
    if from.contains(&Datum::Null) || to.contains(&Datum::Null) {
        return reason(
            format!("a bound of {partition} is NULL"),
            "cannot specify NULL in range bound (42P17)",
            "write MINVALUE or MAXVALUE. Rows with a null key go into the DEFAULT partition",
        );
    }
    if mixes(from) || mixes(to) {
        return reason(
            format!("a value follows MINVALUE or MAXVALUE in the bounds of {partition}"),
            "every bound following MINVALUE or MAXVALUE must be the same (42804)",
            "repeat MINVALUE or MAXVALUE for the columns behind it",
        );
    }
    let is_empty = matches!(order(from, to), Some(Ordering::Equal | Ordering::Greater));
    is_empty.then(|| Reason {
        what: format!("the range of {partition} is empty: FROM is not less than TO"),
        why: "empty range bound specified for the partition (42P17)",
        help: "write the lower bound behind FROM, and the upper bound, which does not belong to the partition, behind TO"
            .to_owned(),
    })
}

/// Whether something else follows `MINVALUE` or `MAXVALUE`.
fn mixes(values: &[Datum]) -> bool {
    let mut pairs = values.windows(2);
    pairs.any(|pair| match pair {
        [open @ (Datum::Least | Datum::Greatest), next] => open != next,
        [..] => false,
    })
}

/// The order of two rows of values, where it is known.
fn order(one: &[Datum], other: &[Datum]) -> Option<Ordering> {
    for (one, other) in one.iter().zip(other) {
        match one.compare(other)? {
            Ordering::Equal => {}
            different => return Some(different),
        }
    }
    Some(Ordering::Equal)
}

/// What a table cannot be that is attached.
fn joined(context: &Context<'_>, new: &New<'_>) -> Option<Reason> {
    let joined = context.certain(new.partition).filter(|_| new.attached)?;
    let partition = new.partition;
    let (what, why, help) = if joined.id == context.certain(new.parent)?.id {
        (
            format!("{partition} becomes a partition of itself"),
            "circular inheritance not allowed (42P07)",
            "name the table that becomes the partition behind ATTACH PARTITION",
        )
    } else if joined.partition_of.is_some() {
        (
            format!("{partition} is a partition already"),
            "the table is already a partition (42809)",
            "detach it from the other table first",
        )
    } else if !joined.parents.is_empty() {
        (
            format!("{partition} inherits from another table"),
            "cannot attach inheritance child as partition (42809)",
            "end the inheritance first: ALTER TABLE ... NO INHERIT ...",
        )
    } else if joined.partition_by.is_none() && !joined.children.is_empty() {
        (
            format!("other tables inherit from {partition}"),
            "cannot attach inheritance parent as partition (42809)",
            "end the inheritance first: ALTER TABLE ... NO INHERIT ...",
        )
    } else {
        return columns(context, new, joined);
    };
    Some(Reason {
        what,
        why,
        help: help.to_owned(),
    })
}

/// A partition has exactly the columns of its table.
fn columns(context: &Context<'_>, new: &New<'_>, joined: &Relation) -> Option<Reason> {
    let parent = context.certain(new.parent)?;
    let lacks = |relation: &Relation, other: &Relation| {
        let mut names = other.columns.iter().map(|column| column.name.clone());
        names.find(|name| relation.column(name).is_none())
    };
    let reason = |what, why, help: &str| {
        Some(Reason {
            what,
            why,
            help: help.to_owned(),
        })
    };
    if let Some(column) = lacks(joined, parent) {
        return reason(
            format!(
                "{} has no column `{column}`, which {} has",
                new.partition, new.parent
            ),
            "child table is missing a column (42804)",
            "add the column to the table before it is attached",
        );
    }
    if let Some(column) = lacks(parent, joined) {
        return reason(
            format!(
                "{} has a column `{column}`, which {} has not",
                new.partition, new.parent
            ),
            "the table contains a column that is not found in the parent (42804)",
            "create the table with `(LIKE <parent> INCLUDING ALL)`: a partition has exactly the parent's columns",
        );
    }
    let mut pairs = parent
        .columns
        .iter()
        .filter_map(|column| Some((column, joined.column(&column.name)?)));
    let (column, why, help) = pairs.find_map(|(own, other)| {
        let types = own.data_type.as_ref().zip(other.data_type.as_ref());
        if types
            .is_some_and(|(own, other)| own != other && own.is_built_in() && other.is_built_in())
        {
            return Some((
                own,
                "child table has a different type for the column (42804)",
                "give both columns the same type",
            ));
        }
        (own.not_null && !other.not_null).then_some((
            own,
            "a column in the child table must be marked NOT NULL (42804)",
            "make the column NOT NULL before the table is attached",
        ))
    })?;
    reason(
        format!(
            "{}.{} does not fit to {}",
            new.partition, column.name, new.parent
        ),
        why,
        help,
    )
}

/// A partition that takes rows which another one has.
fn beside_others(
    context: &Context<'_>,
    new: &New<'_>,
    parent: &Relation,
    by: &PartitionBy,
) -> Option<Reason> {
    let values = new.bound.lists();
    let rivals = context.schema.rivals(parent.id, new.bound, &values);
    rivals.into_iter().find_map(|child| {
        let child = context.schema.by_id(child)?;
        let (_, bound) = child.partition_of.as_ref()?;
        let known = context.schema.bound_of(child.id);
        let why = collides(by, (new.bound, &values), (bound, known))?;
        context.certain(&child.name)?;
        Some(Reason {
            what: format!(
                "{} would take rows of the partition {}",
                new.partition, child.name
            ),
            why,
            help: format!("choose bounds beside those of {}", child.name),
        })
    })
}

/// The bounds, each with its values.
fn collides(
    by: &PartitionBy,
    (new, values): (&Bound, &[Vec<Datum>]),
    (old, known): (&Bound, &[Vec<Datum>]),
) -> Option<&'static str> {
    const OVERLAP: &str = "the partition would overlap another partition (42P17)";
    let is_both = match (new, old) {
        (Bound::Default, Bound::Default) => {
            return Some("conflicts with the existing default partition (42P17)");
        }
        (Bound::In(_), Bound::In(_)) => {
            let is_taken = |value: &Datum| known.iter().flatten().any(|other| other == value);
            values.iter().flatten().any(|value| match value {
                Datum::Number(_) | Datum::Text(_) | Datum::Null => is_taken(value),
                Datum::Least | Datum::Greatest | Datum::Other => false,
            })
        }
        (Bound::Range { .. }, Bound::Range { .. }) => {
            let before = |one: Option<&Vec<Datum>>, other: Option<&Vec<Datum>>| {
                let order = one.zip(other).and_then(|(one, other)| order(one, other));
                order == Some(Ordering::Less)
            };
            let mut lists = values.iter().chain(known);
            lists.all(|list| list.len() == by.keys.len())
                && before(values.first(), known.get(1))
                && before(known.first(), values.get(1))
        }
        (Bound::Hash(_), Bound::Hash(_)) => {
            let ((modulus, remainder), (other, of_other)) = (new.modulus()?, old.modulus()?);
            let (least, greatest) = (modulus.min(other), modulus.max(other));
            if least == 0 {
                return None;
            }
            if greatest % least != 0 {
                return Some(
                    "every hash partition modulus must be a factor of the next larger modulus (42P17)",
                );
            }
            remainder % least == of_other % least
        }
        (
            Bound::Default | Bound::In(_) | Bound::Range { .. } | Bound::Hash(_),
            Bound::Default | Bound::In(_) | Bound::Range { .. } | Bound::Hash(_),
        ) => false,
    };
    is_both.then_some(OVERLAP)
}
