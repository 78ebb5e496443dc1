//! Indexes and keys of partitioned tables: on the parent alone, on each partition without blocking writes, and then
//! attached.

use crate::replace::index::{Beside, partitions};
use crate::replace::pair::Pair;
use crate::replace::trigger::fitting;
use crate::schema::{ConstraintKind, Relation};
use crate::statement::Name;
use crate::statement::to_sql::quote_name;
use crate::text::quote::quote_ident;

/// Several partitions in one file.
const ALLOWED: &str = "-- onward: allow wide-lock-window because \"each statement takes a moment: the indexes exist\"\n";

/// The files of an index, each with its title.
pub(super) fn steps(pair: &Pair<'_>, one: &Beside<'_>) -> Vec<(String, String)> {
    let partitions = partitions(pair, pair.to).unwrap_or_default();
    let demand = one.demand(pair).filter(|_| one.is(&ConstraintKind::Unique));
    let parent = match &demand {
        Some(demand) => format!(
            "ALTER TABLE ONLY {} ADD CONSTRAINT {} {demand};\n",
            quote_name(&pair.to.name),
            quote_ident(&one.name)
        ),
        None => one.build(pair.to, &one.name, "ONLY"),
    };
    let mut steps = vec![(one.name.clone(), parent)];
    if partitions.is_empty() {
        return steps;
    }
    let rest = one
        .name
        .strip_prefix(&format!("{}_", pair.to.name.name))
        .unwrap_or(&one.name);
    let (mut builds, mut attaches) = (String::new(), String::new());
    for partition in &partitions {
        let name = fitting(&format!("{}_{rest}", partition.name.name));
        builds += &one.build(partition, &name, "CONCURRENTLY");
        if demand.is_some() {
            let name = quote_ident(&name);
            let allowed = match attaches.is_empty() {
                true => "",
                false => ALLOWED,
            };
            attaches += &format!(
                "{allowed}ALTER TABLE {} ADD CONSTRAINT {name} UNIQUE USING INDEX {name};\n",
                quote_name(&partition.name)
            );
        }
        attaches += &format!(
            "ALTER INDEX {} ATTACH PARTITION {};\n",
            beside(&one.name, pair.to),
            beside(&name, partition)
        );
    }
    steps.push((format!("{}_partitions", one.name), builds));
    steps.push((format!("{}_attach", one.name), attaches));
    if one.is(&ConstraintKind::PrimaryKey) {
        let builds = partitions
            .iter()
            .map(|partition| one.build(partition, &primary_of(pair, partition), "CONCURRENTLY"));
        steps.push((format!("{}_primary", one.name), builds.collect()));
    }
    steps
}

/// The index of a partition that becomes its primary key: the one that is attached cannot.
fn primary_of(pair: &Pair<'_>, partition: &Relation) -> String {
    let new = pair.new.first().map_or("", |new| new.name.as_str());
    fitting(&format!("{}_{new}_pkey", partition.name.name))
}

/// Gives each partition its primary key, over the index that exists, and then the table, to which they are attached. The
/// unique index that old code and new code used meanwhile falls, unless a foreign key leads to it.
pub(super) fn primary(pair: &Pair<'_>, one: &Beside<'_>, built: &str) -> Option<String> {
    let demand = one.demand(pair)?;
    let (mut keys, mut attaches) = (String::new(), String::new());
    for partition in partitions(pair, pair.to)? {
        let index = primary_of(pair, partition);
        let name = quote_ident(&index);
        keys += &format!(
            "ALTER TABLE {} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name};\n",
            quote_name(&partition.name)
        );
        attaches += &format!(
            "ALTER INDEX {} ATTACH PARTITION {};\n",
            beside(&one.old.name, pair.to),
            beside(&index, partition)
        );
    }
    let parent = format!(
        "ALTER TABLE ONLY {} ADD CONSTRAINT {} {demand};\n",
        quote_name(&pair.to.name),
        quote_ident(&one.old.name)
    );
    let mut references = pair.schema.foreign_keys_to(&pair.to.name);
    let is_needed = references.next().is_some();
    let falls = match is_needed {
        true => String::new(),
        false => format!(
            "-- onward: allow drop-index-without-concurrently because \"this file has locked the table already\"\n\
             DROP INDEX {};\n",
            beside(built, pair.to)
        ),
    };
    Some([keys, parent, attaches, falls].concat())
}

/// The name of an index of the table.
fn beside(name: &str, table: &Relation) -> String {
    quote_name(&Name {
        schema: table.name.schema.clone(),
        name: name.to_owned(),
    })
}
