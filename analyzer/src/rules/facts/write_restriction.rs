//! Constraints on new writes that are added without a scan of the existing rows.

use crate::statement::{Change, ConstraintKind, Name};

/// The table, the restricted columns, the constraint in words, and the error of a write that violates it.
pub(in crate::rules) fn restriction(
    change: &Change,
) -> Option<(&Name, Vec<&str>, String, &'static str)> {
    let strings = |columns: &'_ [String]| {
        columns
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match change {
        Change::CreateIndex(create) if create.unique && create.concurrently => {
            let columns = create.keys.iter().flat_map(|key| &key.expression.columns);
            let columns: Vec<&str> = columns.map(String::as_str).collect();
            let what = format!("a unique index on ({})", columns.join(", "));
            Some((&create.table, columns, what, "duplicate key value (23505)"))
        }
        Change::AddConstraint { table, constraint }
            if constraint.not_valid && constraint.enforced =>
        {
            match &constraint.kind {
                ConstraintKind::Check(expression) => {
                    let columns = expression.columns.iter().map(String::as_str);
                    let what = format!("CHECK ({expression})");
                    Some((
                        table,
                        columns.collect(),
                        what,
                        "new row violates check constraint (23514)",
                    ))
                }
                ConstraintKind::ForeignKey(key) => {
                    let columns = key.columns.iter().map(String::as_str);
                    let what = format!(
                        "the foreign key ({}) to {}",
                        strings(&key.columns),
                        key.parent
                    );
                    Some((
                        table,
                        columns.collect(),
                        what,
                        "foreign key violation (23503)",
                    ))
                }
                ConstraintKind::NotNull { column } => Some((
                    table,
                    vec![column],
                    format!("NOT NULL on {column}"),
                    "null value (23502)",
                )),
                ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Exclude { .. } => None,
            }
        }
        _ => None,
    }
}
