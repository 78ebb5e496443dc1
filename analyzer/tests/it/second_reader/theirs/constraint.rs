//! Constraints of tables and columns, and the keys of indexes.

use sqlparser::ast::{
    ConstraintCharacteristics, ConstraintReferenceMatchKind, DeferrableInitial, ExcludeConstraint,
    ExcludeConstraintOperator, Expr, ForeignKeyConstraint, Ident, IndexColumn, NullsDistinctOption,
    OrderBySort, ReferentialAction, TableConstraint,
};

use super::names::{bare, ident, idents, name};
use super::spelled;
use crate::second_reader::lines::{flags, list, squeezed, with};

/// A constraint, with the facts that only the statement around it has.
pub(super) fn constraint(table: &str, constraint: &TableConstraint, behind: &str) -> String {
    constraint_as(table, constraint, None, None) + behind
}

pub(super) fn constraint_as(
    table: &str,
    constraint: &TableConstraint,
    named: Option<&str>,
    column: Option<&str>,
) -> String {
    let (own, what, characteristics) = match constraint {
        TableConstraint::Check(check) => {
            let no_inherit = flags([
                (check.no_inherit, "no inherit"),
                (check.enforced == Some(false), "not enforced"),
            ]);
            let what = format!("check {}{no_inherit}", spelled(&check.expr));
            (&check.name, what, None)
        }
        TableConstraint::PrimaryKey(key) => {
            let what = format!(
                "primary key {}{}",
                keys(&key.columns, column),
                include(&key.include)
            );
            (&key.name, what, key.characteristics.as_ref())
        }
        TableConstraint::Unique(key) => {
            let nulls = key.nulls_distinct == NullsDistinctOption::NotDistinct;
            let what = format!(
                "unique {}{}{}",
                keys(&key.columns, column),
                include(&key.include),
                flags([(nulls, "nulls not distinct")])
            );
            (&key.name, what, key.characteristics.as_ref())
        }
        TableConstraint::PrimaryKeyUsingIndex(key) => {
            let what = format!("primary key using index {}", ident(&key.index_name));
            (&key.name, what, key.characteristics.as_ref())
        }
        TableConstraint::UniqueUsingIndex(key) => {
            let what = format!("unique using index {}", ident(&key.index_name));
            (&key.name, what, key.characteristics.as_ref())
        }
        TableConstraint::ForeignKey(key) => (
            &key.name,
            foreign_key(key, column),
            key.characteristics.as_ref(),
        ),
        TableConstraint::Exclude(own) => (&own.name, exclude(own), own.characteristics.as_ref()),
        TableConstraint::Index(_) | TableConstraint::FulltextOrSpatial(_) => {
            return format!("constraint {table} ? {constraint}");
        }
    };
    let own = own.as_ref().map(ident);
    let label = named.or(own.as_deref()).unwrap_or("-");
    let when = characteristics.map(when).unwrap_or_default();
    format!("constraint {table} {label} {what}{when}")
}

fn when(characteristics: &ConstraintCharacteristics) -> String {
    let deferred = characteristics.initially == Some(DeferrableInitial::Deferred);
    flags([
        (
            deferred || characteristics.deferrable == Some(true),
            "deferrable",
        ),
        (deferred, "initially deferred"),
        (characteristics.enforced == Some(false), "not enforced"),
    ])
}

fn foreign_key(key: &ForeignKeyConstraint, column: Option<&str>) -> String {
    let action = |action: &Option<ReferentialAction>| match action {
        None | Some(ReferentialAction::NoAction) => None,
        Some(action) => Some(action.to_string().to_lowercase()),
    };
    let full = matches!(key.match_kind, Some(ConstraintReferenceMatchKind::Full));
    let columns = match column {
        Some(column) => vec![column.to_owned()],
        None => idents(&key.columns),
    };
    let parents = match key.referred_columns.as_slice() {
        [] => String::new(),
        columns => format!(" {}", list(idents(columns))),
    };
    format!(
        "foreign key {} references {}{parents}{}{}{}",
        list(columns),
        name(&key.foreign_table),
        flags([(full, "match full")]),
        with("on delete", action(&key.on_delete)),
        with("on update", action(&key.on_update)),
    )
}

fn exclude(exclude: &ExcludeConstraint) -> String {
    let elements = exclude.elements.iter().map(|element| {
        let operator = match &element.operator {
            ExcludeConstraintOperator::Token(operator) => operator.clone(),
            ExcludeConstraintOperator::PGOperator(parts) => parts.join("."),
        };
        squeezed(&format!("{}with{operator}", element.column))
    });
    let method = exclude.index_method.as_ref().map(ident);
    format!(
        "exclude using {} {}{}",
        method.as_deref().unwrap_or("btree"),
        list(elements),
        with("where", exclude.where_clause.as_deref().map(spelled))
    )
}

pub(super) fn include(columns: &[Ident]) -> String {
    match columns {
        [] => String::new(),
        columns => format!(" include {}", list(idents(columns))),
    }
}

/// The columns of a key; for a constraint in a column definition, that column.
pub(super) fn keys(columns: &[IndexColumn], own: Option<&str>) -> String {
    match own {
        Some(column) => list([column.to_owned()]),
        None => list(columns.iter().map(key)),
    }
}

fn key(column: &IndexColumn) -> String {
    let (expression, collation) = match &column.column.expr {
        Expr::Collate { expr, collation } => (&**expr, Some(name(collation))),
        plain => (plain, None),
    };
    let what = match expression {
        Expr::Identifier(column) => ident(column),
        other => spelled(other),
    };
    let options = &column.column.options;
    format!(
        "{what}{}{}{}",
        with("collate", collation),
        with("class", column.operator_class.as_ref().map(bare)),
        flags([
            (options.sort == Some(OrderBySort::Desc), "desc"),
            (options.nulls_first == Some(true), "nulls first"),
            (options.nulls_first == Some(false), "nulls last"),
        ])
    )
}
