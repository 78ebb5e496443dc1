//! Constraints on new writes, and whether writes of the running release satisfy them.

use crate::check::context::FileContext;
use crate::rules::facts::unwritten::{domains, unwritten};
use crate::statement::{
    Change, Column, Constraint, ConstraintKind, DataType, Formula, Key, Known, Name, ObjectKind,
};
use crate::text::quote::quote_list;

/// A demand on every row that is written from now on.
pub(in crate::rules) struct Restriction<'a> {
    pub(in crate::rules) table: &'a Name,
    columns: Vec<&'a str>,
    /// The constraint in words.
    pub(in crate::rules) what: String,
    /// The error of a write that violates it.
    pub(in crate::rules) error: &'static str,
    demand: Demand<'a>,
    /// Whether no rule about locks reports it, because existing rows are not scanned under a lock.
    quiet: bool,
}

enum Demand<'a> {
    /// Not false; for the check of a domain with the column that `VALUE` stands for.
    Check(&'a Formula, Option<&'a str>),
    NotNull(Vec<&'a str>),
    Unique {
        keys: Vec<Formula>,
        predicate: Option<&'a Formula>,
        nulls_differ: bool,
    },
    /// In another table, unless null.
    Reference {
        columns: Vec<&'a str>,
        full: bool,
    },
}

impl Restriction<'_> {
    /// Whether the statement itself fails on existing rows that violate it, because an index is built from them.
    pub(in crate::rules) const fn is_checked_on_old_rows(&self) -> bool {
        match self.demand {
            Demand::Unique { .. } => true,
            Demand::Check(..) | Demand::NotNull(_) | Demand::Reference { .. } => false,
        }
    }
}

/// What happens to a row that the running release writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Outcome {
    Passes,
    Fails,
    Unclear,
}

/// A restriction that writes of the running release may violate.
pub(in crate::rules) struct Violated<'a> {
    pub(in crate::rules) restriction: Restriction<'a>,
    /// The rows of an `INSERT` that does not know the new columns.
    pub(in crate::rules) inserts: Outcome,
    /// The rows that exist, when an `UPDATE` writes them again.
    pub(in crate::rules) updates: Outcome,
}

/// The first restriction of the change that certainly fails, or else the first that may, and that no other
/// rule reports.
pub(in crate::rules) fn violated<'a>(
    around: &FileContext<'a>,
    change: &'a Change,
) -> Option<Violated<'a>> {
    let mut possible = None;
    for restriction in restrictions(around, change) {
        let Some(violated) = judged(around, restriction) else {
            continue;
        };
        match violated.inserts {
            Outcome::Fails => return Some(violated),
            Outcome::Passes | Outcome::Unclear => possible = possible.or(Some(violated)),
        }
    }
    possible
}

fn judged<'a>(around: &FileContext<'a>, restriction: Restriction<'a>) -> Option<Violated<'a>> {
    let table = restriction.table;
    if !around.is_old_table(table) || around.is_new(ObjectKind::Domain, table, None) {
        return None;
    }
    let is_new = |column: &&str| unwritten(around, table, column).is_some();
    let (new, old): (Vec<&str>, Vec<&str>) =
        restriction.columns.iter().partition(|one| is_new(one));
    if new.is_empty() {
        return restriction.quiet.then_some(Violated {
            restriction,
            inserts: Outcome::Unclear,
            updates: Outcome::Unclear,
        });
    }
    let inserted = |column: &str| unwritten(around, table, column).unwrap_or_default();
    let inserts = restriction.demand.outcome(&|column| {
        let known = inserted(column);
        (known.inserted, known.fresh)
    });
    let updates = restriction.demand.outcome(&|column| {
        let known = inserted(column);
        (known.existing, known.fresh)
    });
    let passes = inserts == Outcome::Passes && updates == Outcome::Passes && old.is_empty();
    let is_told = inserts == Outcome::Fails || restriction.quiet && !passes;
    is_told.then_some(Violated {
        restriction,
        inserts,
        updates,
    })
}

impl Demand<'_> {
    /// `of` is the value of a column in a row, and whether each row has another.
    fn outcome(&self, of: &dyn Fn(&str) -> (Known, bool)) -> Outcome {
        let value = |column: &str| of(column).0;
        match self {
            Self::Check(formula, domain) => {
                let value = formula.value(&|column| value(domain.unwrap_or(column)));
                match value {
                    Known::Bool(false) => Outcome::Fails,
                    Known::Bool(true) | Known::Null => Outcome::Passes,
                    _ => Outcome::Unclear,
                }
            }
            Self::NotNull(columns) => {
                let values: Vec<Known> = columns.iter().map(|one| value(one)).collect();
                match values.contains(&Known::Null) {
                    true => Outcome::Fails,
                    false if values.iter().all(Known::is_surely_not_null) => Outcome::Passes,
                    false => Outcome::Unclear,
                }
            }
            Self::Unique {
                keys,
                predicate,
                nulls_differ,
            } => {
                let counts = predicate.map_or(Known::Bool(true), |one| one.value(&value));
                let values: Vec<Known> = keys.iter().map(|key| key.value(&value)).collect();
                let is_fresh = |key: &Formula| matches!(key, Formula::Column(name) if of(name).1);
                let repeats = |one: &Known| one.is_constant() || *one == Known::Null;
                let never = *nulls_differ && values.contains(&Known::Null);
                if never || keys.iter().any(is_fresh) {
                    return Outcome::Passes;
                }
                match counts {
                    Known::Bool(false) | Known::Null => Outcome::Passes,
                    Known::Bool(true) if values.iter().all(repeats) => Outcome::Fails,
                    _ => Outcome::Unclear,
                }
            }
            Self::Reference { columns, full } => {
                let values: Vec<Known> = columns.iter().map(|one| value(one)).collect();
                let is_null = |one: &Known| *one == Known::Null;
                let some_null = values.iter().any(is_null);
                let some_present = values.iter().any(Known::is_surely_not_null);
                if values.iter().all(is_null) || some_null && !full {
                    Outcome::Passes
                } else if some_null && some_present {
                    Outcome::Fails
                } else {
                    Outcome::Unclear
                }
            }
        }
    }
}

/// Whether a change of this kind can restrict writes: only these have [`restrictions`].
pub(in crate::rules) fn may_restrict(change: &Change) -> bool {
    match change {
        Change::CreateIndex(create) => create.unique,
        Change::AddConstraint { .. } | Change::SetNotNull { .. } | Change::AddColumn { .. } => true,
        _ => false,
    }
}

fn restrictions<'a>(around: &FileContext<'a>, change: &'a Change) -> Vec<Restriction<'a>> {
    match change {
        Change::CreateIndex(create) if create.unique => {
            let columns = create.keys.iter().flat_map(|key| &key.expression.columns);
            let asked = create.predicate.iter().flat_map(|one| &one.columns);
            let keys: Vec<&str> = columns.map(String::as_str).collect();
            vec![Restriction {
                table: &create.table,
                what: format!("a unique index on ({})", keys.join(", ")),
                columns: keys.into_iter().chain(asked.map(String::as_str)).collect(),
                error: "duplicate key value (23505)",
                demand: Demand::Unique {
                    keys: create
                        .keys
                        .iter()
                        .map(|key| (*key.expression.formula).clone())
                        .collect(),
                    predicate: create.predicate.as_ref().map(|one| &*one.formula),
                    nulls_differ: !create.nulls_not_distinct,
                },
                quiet: create.concurrently,
            }]
        }
        Change::AddConstraint { table, constraint } => of_constraint(table, constraint),
        Change::SetNotNull { table, column } => vec![not_null(table, column, false)],
        // `required-column-without-default` reports a column that is NOT NULL without a default.
        Change::AddColumn { table, column, .. } => {
            let inside = column.constraints.iter();
            let inside = inside.flat_map(|one| of_constraint(table, one));
            let reported = |one: &Restriction<'_>| matches!(one.demand, Demand::NotNull(_));
            let mut all: Vec<_> = inside.filter(|one| !reported(one)).collect();
            all.extend(of_domains(around, table, column, &column.data_type));
            all
        }
        _ => Vec::new(),
    }
}

fn of_constraint<'a>(table: &'a Name, constraint: &'a Constraint) -> Vec<Restriction<'a>> {
    let quiet = constraint.not_valid;
    if !constraint.enforced {
        return Vec::new();
    }
    match &constraint.kind {
        ConstraintKind::Check(expression) => vec![Restriction {
            table,
            columns: expression.columns.iter().map(String::as_str).collect(),
            what: format!("CHECK ({expression})"),
            error: CHECKED,
            demand: Demand::Check(&expression.formula, None),
            quiet,
        }],
        ConstraintKind::ForeignKey(key) => {
            let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
            vec![Restriction {
                table,
                what: format!(
                    "the foreign key ({}) to {}",
                    key.columns.join(", "),
                    key.parent
                ),
                columns: columns.clone(),
                error: "foreign key violation (23503)",
                demand: Demand::Reference {
                    columns,
                    full: key.match_full,
                },
                quiet,
            }]
        }
        ConstraintKind::NotNull { column } => vec![not_null(table, column, quiet)],
        ConstraintKind::PrimaryKey(key) => {
            let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
            let present = Restriction {
                table,
                what: format!("PRIMARY KEY ({})", quote_list(&key.columns)),
                columns: columns.clone(),
                error: NULL,
                demand: Demand::NotNull(columns),
                quiet: false,
            };
            vec![present, unique(table, "PRIMARY KEY", key)]
        }
        ConstraintKind::Unique(key) => vec![unique(table, "UNIQUE", key)],
        ConstraintKind::Exclude {
            elements,
            predicate,
            ..
        } => excluded(table, elements, predicate.as_ref().map(|one| &*one.formula)),
    }
}

const CHECKED: &str = "new row violates check constraint (23514)";
const NULL: &str = "null value (23502)";

fn not_null<'a>(table: &'a Name, column: &'a str, quiet: bool) -> Restriction<'a> {
    Restriction {
        table,
        columns: vec![column],
        what: format!("NOT NULL on {column}"),
        error: NULL,
        demand: Demand::NotNull(vec![column]),
        quiet,
    }
}

fn unique<'a>(table: &'a Name, word: &str, key: &'a Key) -> Restriction<'a> {
    Restriction {
        table,
        columns: key.columns.iter().map(String::as_str).collect(),
        what: format!("{word} ({})", quote_list(&key.columns)),
        error: "duplicate key value (23505)",
        demand: Demand::Unique {
            keys: key.columns.iter().cloned().map(Formula::Column).collect(),
            predicate: None,
            nulls_differ: !key.nulls_not_distinct,
        },
        quiet: false,
    }
}

/// `EXCLUDE` is known to fail only where it excludes equal values, as `UNIQUE` does.
fn excluded<'a>(
    table: &'a Name,
    elements: &'a [String],
    predicate: Option<&'a Formula>,
) -> Vec<Restriction<'a>> {
    let equal = elements.iter().map(|element| {
        let (column, operator) = element.rsplit_once(char::is_whitespace)?;
        let column = column.split_whitespace().next()?;
        (operator == "=").then_some(column)
    });
    let Some(columns) = equal.collect::<Option<Vec<&str>>>() else {
        return Vec::new();
    };
    vec![Restriction {
        table,
        what: format!("EXCLUDE ({})", elements.join(", ")),
        error: "conflicting key value violates exclusion constraint (23P01)",
        demand: Demand::Unique {
            keys: columns
                .iter()
                .map(|one| Formula::Column((*one).to_owned()))
                .collect(),
            predicate,
            nulls_differ: true,
        },
        columns,
        quiet: false,
    }]
}

/// The checks of the domains of a new column. `constrained-domain-column` reports that they rewrite the
/// table, and `required-column-without-default` that they forbid null.
fn of_domains<'a>(
    around: &FileContext<'a>,
    table: &'a Name,
    column: &'a Column,
    data_type: &DataType,
) -> Vec<Restriction<'a>> {
    let domains = domains(around, data_type).into_iter();
    let checks = domains.flat_map(|domain| &domain.constraints);
    let checks = checks.filter_map(|one| match &one.kind {
        ConstraintKind::Check(value) => Some(Restriction {
            table,
            columns: vec![&column.name],
            what: format!("CHECK ({value}) of its domain"),
            error: "value for domain violates check constraint (23514)",
            demand: Demand::Check(&value.formula, Some(&column.name)),
            quiet: false,
        }),
        ConstraintKind::NotNull { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Exclude { .. } => None,
    });
    checks.collect()
}
