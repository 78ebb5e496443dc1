//! The queries: which rows of a table are in the way.

use super::Question;
use super::question::Asked;
use crate::schema::Relation;
use crate::statement::to_sql::quote_name;
use crate::text::quote::quote_ident;

/// A table that is asked.
pub(super) struct Rows<'a> {
    pub(super) relation: &'a Relation,
}

/// The columns of the primary key.
pub(super) fn keys_of(relation: &Relation) -> Vec<String> {
    let keys = relation.primary_key().iter();
    keys.filter_map(|id| relation.name_of(*id).map(str::to_owned))
        .collect()
}

impl<'a> Rows<'a> {
    pub(super) const fn of(relation: &'a Relation) -> Self {
        Self { relation }
    }

    /// What names a row: its key, or the place where it lies.
    fn key(&self, alias: &str) -> String {
        let keys = keys_of(self.relation);
        let keys = keys
            .iter()
            .map(|key| format!("{alias}{}", quote_ident(key)));
        match keys.collect::<Vec<_>>() {
            keys if keys.is_empty() => format!("{alias}tableoid::regclass, {alias}ctid"),
            keys => keys.join(", "),
        }
    }

    fn asked(&self, demand: String, question: Question) -> Asked {
        Asked {
            table: self.relation.name.clone(),
            demand,
            question,
        }
    }

    /// No row for which the condition is true; no row at all without one.
    pub(super) fn none(&self, demand: String, condition: &str) -> Asked {
        let filter = match condition {
            "" => String::new(),
            condition => format!(" WHERE {condition}"),
        };
        let sql = format!(
            "SELECT {} FROM {}{filter}",
            self.key(""),
            quote_name(&self.relation.name)
        );
        self.asked(demand, Question::NoRow(sql))
    }

    /// Not two rows.
    pub(super) fn second(&self, demand: String) -> Asked {
        let sql = format!(
            "SELECT {} FROM {} OFFSET 1",
            self.key(""),
            quote_name(&self.relation.name)
        );
        self.asked(demand, Question::NoRow(sql))
    }

    /// The same as [`none`](Self::none), with the table under the name `child`.
    pub(super) fn of_child(&self, demand: String, condition: &str) -> Asked {
        let table = quote_name(&self.relation.name);
        let sql = format!(
            "SELECT {} FROM {table} AS child WHERE {condition}",
            self.key("child.")
        );
        self.asked(demand, Question::NoRow(sql))
    }

    pub(super) fn converts(&self, demand: String, value: &str) -> Asked {
        let sql = format!(
            "SELECT count({value}) FROM {}",
            quote_name(&self.relation.name)
        );
        self.asked(demand, Question::Converts(sql))
    }

    pub(super) fn not_null(&self, column: &str) -> Asked {
        let demand = format!("no row of {} has a null in {column}", self.relation.name);
        self.none(demand, &format!("{} IS NULL", quote_ident(column)))
    }

    pub(super) fn check(&self, name: Option<&str>, condition: &str) -> Asked {
        let table = &self.relation.name;
        let demand = match name {
            Some(name) => format!("every row of {table} satisfies {name}"),
            None => format!("every row of {table} satisfies CHECK ({condition})"),
        };
        self.none(demand, &format!("NOT ({condition})"))
    }

    /// No value of the column that the condition, which calls it `VALUE`, is false for; `None` where a key has that name.
    pub(super) fn value(&self, column: &str, domain: &str, condition: &str) -> Option<Asked> {
        let keys = keys_of(self.relation);
        if keys.iter().any(|key| key == "value") {
            return None;
        }
        let table = &self.relation.name;
        let demand = format!("every {column} of {table} is a {domain} with CHECK ({condition})");
        let sql = format!(
            "SELECT {} FROM (SELECT {}, {} AS value FROM {}) AS child WHERE NOT ({condition})",
            self.key("child."),
            self.parts(),
            quote_ident(column),
            quote_name(table)
        );
        Some(self.asked(demand, Question::NoRow(sql)))
    }

    /// No two rows for which each operator is true of its value.
    pub(super) fn excluding(
        &self,
        demand: String,
        pairs: &[(String, String)],
        predicate: Option<&str>,
    ) -> Asked {
        let values = pairs.iter().enumerate();
        let values = values.map(|(n, (value, _))| format!("{value} AS value_{n}"));
        let filter = predicate.map(|one| format!(" WHERE {one}"));
        let filter = filter.unwrap_or_default();
        let (table, key) = (quote_name(&self.relation.name), self.key("child."));
        let values = values.collect::<Vec<_>>().join(", ");
        let place = "tableoid AS at_table, ctid AS at_place";
        let both = pairs.iter().enumerate();
        let both = both
            .map(|(n, (_, operator))| format!(" AND child.value_{n} {operator} other.value_{n}"));
        let sql = format!(
            "SELECT {key} FROM (SELECT {}, {place}, {values} FROM {table}{filter}) AS child WHERE EXISTS (SELECT FROM \
             (SELECT {place}, {values} FROM {table}{filter}) AS other WHERE \
             (child.at_table, child.at_place) <> (other.at_table, other.at_place){})",
            self.parts(),
            both.collect::<String>()
        );
        self.asked(demand, Question::NoRow(sql))
    }

    /// What [`key`](Self::key) consists of, as columns of a query.
    fn parts(&self) -> String {
        let keys = keys_of(self.relation);
        let keys: Vec<String> = keys.iter().map(|key| quote_ident(key)).collect();
        match keys.is_empty() {
            true => "tableoid, ctid".to_owned(),
            false => keys.join(", "),
        }
    }

    pub(super) fn distinct(&self, columns: &[String], nulls_are_equal: bool) -> Asked {
        let keys: Vec<String> = columns.iter().map(|column| quote_ident(column)).collect();
        self.groups(&keys, nulls_are_equal, None)
    }

    /// No two rows with the same keys, among those of a partial index.
    pub(super) fn groups(
        &self,
        keys: &[String],
        nulls_are_equal: bool,
        predicate: Option<&str>,
    ) -> Asked {
        let list = keys.join(", ");
        let nulls = keys.iter().map(|key| format!("{key} IS NOT NULL"));
        let nulls: Vec<String> = nulls.filter(|_| !nulls_are_equal).collect();
        let partial = predicate.map(|predicate| format!("({predicate})"));
        let filter: Vec<String> = partial.into_iter().chain(nulls).collect();
        let filter = match filter.is_empty() {
            true => String::new(),
            false => format!(" WHERE {}", filter.join(" AND ")),
        };
        let table = quote_name(&self.relation.name);
        let demand = format!("no two rows of {} have the same {list}", self.relation.name);
        let sql = format!(
            "SELECT {list}, count(*) FROM {table}{filter} GROUP BY {list} HAVING count(*) > 1"
        );
        self.asked(demand, Question::NoRow(sql))
    }
}
