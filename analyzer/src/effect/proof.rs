//! Whether the valid `CHECK`s of a table prove where its rows belong, so that PostgreSQL does not scan
//! them.
//!
//! The conditions of partitions are written here as PostgreSQL writes them in `get_qual_from_partbound()`.

use super::builder::EffectBuilder;
use crate::schema::Relation;
use crate::schema::proof::{Claim, Operand, Reader, Sign, words};
use crate::statement::{Bound, Name, PartitionBy};

impl EffectBuilder<'_> {
    /// Whether every row of a table certainly lies within the bounds of a partition, and within those of
    /// the partitioned table, if it is a partition itself.
    pub(super) fn lies_within(&self, member: &Relation, table: &Name, bound: &Bound) -> bool {
        let Some(parent) = self.schema.relation(table) else {
            return false;
        };
        let mut bounds = vec![(parent, bound)];
        while let Some((above, bound)) = bounds
            .last()
            .and_then(|(table, _)| table.partition_of.as_ref())
        {
            match above.id.and_then(|id| self.schema.by_id(id)) {
                Some(above) => bounds.push((above, bound)),
                None => return false,
            }
        }
        let proven = |(table, bound): &(&Relation, &Bound)| match self.demand(member, table, bound)
        {
            Demand::Nothing => true,
            Demand::Claim(claim) => self.schema.proves(member, &claim),
            Demand::Unknown => false,
        };
        bounds.iter().all(proven)
    }

    /// Whether no row of the default partition, or of a partition of it, can lie within these bounds.
    pub(super) fn lies_outside(&self, member: &Relation, table: &Relation, bound: &Bound) -> bool {
        match self.demand(member, table, bound) {
            Demand::Claim(claim) => self.schema.proves(member, &claim.negated()),
            Demand::Nothing | Demand::Unknown => false,
        }
    }

    /// What the rows of a partition with these bounds satisfy.
    fn demand(&self, member: &Relation, table: &Relation, bound: &Bound) -> Demand {
        let Some(by) = &table.partition_by else {
            return Demand::Unknown;
        };
        let reader = Reader::new(self.schema, member);
        if *bound != Bound::Default {
            return within(&reader, by, bound).map_or(Demand::Unknown, Demand::Claim);
        }
        let partitions = table
            .children
            .iter()
            .filter_map(|child| self.schema.by_id(*child));
        let others = partitions.filter(|other| other.id != member.id);
        let bounds = others.filter_map(|other| other.partition_of.as_ref());
        let bounds = bounds.filter(|(_, bound)| *bound != Bound::Default);
        let bounds: Vec<&Bound> = bounds.map(|(_, bound)| bound).collect();
        match bounds.is_empty() {
            true => Demand::Nothing,
            false => elsewhere(&reader, by, &bounds)
                .map_or(Demand::Unknown, |claim| Demand::Claim(claim.negated())),
        }
    }
}

/// What the rows of a partition satisfy.
enum Demand {
    Nothing,
    Claim(Claim),
    Unknown,
}

/// What the rows within these bounds satisfy; `None` if the bounds are not understood.
fn within(reader: &Reader<'_>, by: &PartitionBy, bound: &Bound) -> Option<Claim> {
    match bound {
        Bound::Range { from, to } => {
            let keys = keys(reader, by);
            let range = ranged(reader, &keys, &values(from), &values(to))?;
            Some(Claim::All(present(keys).chain(range).collect()))
        }
        Bound::In(list) => listed(reader, keys(reader, by).first()?, &values(list)),
        Bound::Default | Bound::Hash(_) => None,
    }
}

/// What the rows of all these partitions satisfy, in the form in which PostgreSQL denies it for the
/// default partition.
fn elsewhere(reader: &Reader<'_>, by: &PartitionBy, bounds: &[&Bound]) -> Option<Claim> {
    let keys = keys(reader, by);
    let mut lists = Vec::new();
    let mut ranges = Vec::new();
    for bound in bounds {
        match bound {
            Bound::Range { from, to } => {
                let range = ranged(reader, &keys, &values(from), &values(to))?;
                ranges.push(Claim::All(range));
            }
            Bound::In(list) => lists.extend(values(list)),
            Bound::Default | Bound::Hash(_) => return None,
        }
    }
    match ranges.is_empty() {
        true => listed(reader, keys.first()?, &lists),
        false => Some(Claim::All(
            present(keys).chain([Claim::Any(ranges)]).collect(),
        )),
    }
}

fn keys(reader: &Reader<'_>, by: &PartitionBy) -> Vec<Operand> {
    by.keys.iter().map(|key| reader.operand(key)).collect()
}

fn present(keys: Vec<Operand>) -> impl Iterator<Item = Claim> {
    keys.into_iter().map(Claim::NotNull)
}

/// The values between the commas.
fn values(text: &str) -> Vec<String> {
    let mut values = vec![Vec::new()];
    let mut depth = 0_i32;
    for word in words(text) {
        depth += i32::from(word == "(") - i32::from(word == ")");
        match (word == "," && depth == 0, values.last_mut()) {
            (true, _) | (_, None) => values.push(Vec::new()),
            (false, Some(value)) => value.push(word),
        }
    }
    values.iter().map(|words| words.join(" ")).collect()
}

fn listed(reader: &Reader<'_>, key: &Operand, values: &[String]) -> Option<Claim> {
    let (null, values): (Vec<&String>, Vec<&String>) =
        values.iter().partition(|value| *value == "null");
    let values: Vec<String> = values.into_iter().cloned().collect();
    let equal = match values.is_empty() {
        true => None,
        false => Some(reader.one_of(key, &values)?),
    };
    Some(match (null.is_empty(), equal) {
        (true, equal) => Claim::All(
            [Claim::NotNull(key.clone())]
                .into_iter()
                .chain(equal)
                .collect(),
        ),
        (false, Some(equal)) => Claim::Any(vec![Claim::Null(key.clone()), equal]),
        (false, None) => Claim::Null(key.clone()),
    })
}

/// One end of a range: the values of the key's columns up to the first that is unbounded.
struct End {
    values: Vec<String>,
    /// The sign of the first arms, of an arm before `MINVALUE` or `MAXVALUE`, and of the last arm.
    signs: (Sign, Sign, Sign),
    /// Whether an unbounded column follows.
    open: bool,
}

/// A range of several columns is ordered by the first, then by the second, and so on:
/// `a > 1 OR (a = 1 AND b >= 3)`.
fn ranged(
    reader: &Reader<'_>,
    keys: &[Operand],
    from: &[String],
    to: &[String],
) -> Option<Vec<Claim>> {
    let mut all = Vec::new();
    let end = |values: &[String], signs, unbounded: &str| {
        let bounded: Vec<String> = values
            .iter()
            .take_while(|value| !matches!(value.as_str(), "minvalue" | "maxvalue"))
            .cloned()
            .collect();
        let open = values.get(bounded.len()).map(String::as_str) == Some(unbounded);
        End {
            values: bounded,
            signs,
            open,
        }
    };
    let lower = end(from, (Sign::Above, Sign::Least, Sign::Least), "minvalue");
    let upper = end(to, (Sign::Below, Sign::Most, Sign::Below), "maxvalue");
    let same = { lower.values.iter().zip(&upper.values) }
        .take_while(|(one, other)| one == other)
        .count();
    for (key, value) in keys.iter().zip(&lower.values).take(same) {
        all.push(reader.compare(key, Sign::Equal, value)?);
    }
    for end in [lower, upper] {
        let arms = (same..end.values.len()).map(|last| arm(reader, keys, &end, same, last));
        let mut arms = arms.collect::<Option<Vec<Claim>>>()?;
        match arms.len() {
            0 => {}
            1 => all.append(&mut arms),
            2.. => all.push(Claim::Any(arms)),
        }
    }
    Some(all)
}

/// The columns before the last are equal to the bound.
fn arm(
    reader: &Reader<'_>,
    keys: &[Operand],
    end: &End,
    first: usize,
    last: usize,
) -> Option<Claim> {
    let (strict, before_open, at_end) = end.signs;
    let is_end = last + 1 == end.values.len();
    let sign = if last + 1 == keys.len() {
        at_end
    } else if is_end && end.open {
        before_open
    } else {
        strict
    };
    let terms = (first..=last).map(|at| {
        let sign = if at == last { sign } else { Sign::Equal };
        reader.compare(keys.get(at)?, sign, end.values.get(at)?)
    });
    let mut terms = terms.collect::<Option<Vec<Claim>>>()?;
    match terms.len() {
        0 | 1 => terms.pop(),
        2.. => Some(Claim::All(terms)),
    }
}
