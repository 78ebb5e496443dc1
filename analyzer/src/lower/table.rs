//! sqlparser's `CREATE TABLE` and `ALTER TABLE`, in our words.

use sqlparser::ast::{
    AlterColumnOperation, AlterTableOperation, BinaryOperator, ColumnDef, ColumnOption,
    ConstraintUsingIndex, DataType, DetachPartitionMode, Expr, Ident, ObjectName, Statement,
    TableConstraint, Value,
};

use super::{Sql, folded};
use crate::statement::{Change, Clause, Column, Constraint, ConstraintKind, Name};

pub(super) fn read(sql: &Sql<'_>, statement: &Statement) -> Option<Vec<Clause>> {
    match statement {
        Statement::CreateTable(create) => {
            let change = Change::CreateTable {
                table: sql.name(&create.name),
                if_not_exists: create.if_not_exists,
                temporary: create.temporary,
                columns: create
                    .columns
                    .iter()
                    .map(|column| self::column(sql, column))
                    .collect(),
                constraints: create
                    .constraints
                    .iter()
                    .map(|constraint| self::constraint(sql, constraint, false))
                    .collect::<Option<_>>()?,
            };
            Some(vec![Clause {
                span: sql.name_span(&create.name),
                change,
            }])
        }
        Statement::AlterTable(alter) => {
            let table = sql.name(&alter.name);
            let clauses = alter
                .operations
                .iter()
                .map(|operation| action(sql, &table, operation));
            Some(clauses.collect::<Option<Vec<_>>>()?.concat())
        }
        _ => None,
    }
}

/// One action of `ALTER TABLE`; `None` for those of other databases.
fn action(sql: &Sql<'_>, table: &Name, action: &AlterTableOperation) -> Option<Vec<Clause>> {
    use AlterTableOperation as Action;

    let table = table.clone();
    let one = |ident: &Ident, change| {
        Some(vec![Clause {
            span: sql.span(ident),
            change,
        }])
    };
    match action {
        Action::AddColumn {
            column_def,
            column_position: None,
            ..
        } => {
            let column = column(sql, column_def);
            one(&column_def.name, Change::AddColumn { table, column })
        }
        Action::DropColumn { column_names, .. } => Some(
            column_names
                .iter()
                .map(|ident| Clause {
                    span: sql.span(ident),
                    change: Change::DropColumn {
                        table: table.clone(),
                        column: folded(ident),
                    },
                })
                .collect(),
        ),
        Action::AlterColumn { column_name, op } => {
            let column = folded(column_name);
            let change = match op {
                AlterColumnOperation::SetNotNull => Change::SetNotNull { table, column },
                AlterColumnOperation::DropNotNull => Change::DropNotNull { table, column },
                AlterColumnOperation::SetDataType { data_type, .. } => {
                    let data_type = self::data_type(data_type);
                    Change::ColumnType {
                        table,
                        column,
                        data_type,
                    }
                }
                AlterColumnOperation::SetDefault { .. }
                | AlterColumnOperation::DropDefault
                | AlterColumnOperation::AddGenerated { .. }
                | AlterColumnOperation::GenericOptions { .. } => other("ALTER TABLE", false),
            };
            one(column_name, change)
        }
        Action::AddConstraint {
            constraint,
            not_valid,
        } => {
            let change = Change::AddConstraint {
                table,
                constraint: self::constraint(sql, constraint, *not_valid)?,
            };
            match constraint_name(constraint) {
                Some(name) => one(name, change),
                None => Some(vec![sql.clause(change)]),
            }
        }
        Action::ValidateConstraint { name } => one(
            name,
            Change::ValidateConstraint {
                table,
                constraint: folded(name),
            },
        ),
        Action::DropConstraint { name, .. } => one(
            name,
            Change::Drop {
                kind: crate::statement::ObjectKind::Constraint,
                name: table,
                part: Some(folded(name)),
                concurrently: false,
            },
        ),
        Action::DetachPartitionOf { mode, .. } => {
            let concurrently = matches!(mode, Some(DetachPartitionMode::Concurrently));
            Some(vec![
                sql.clause(other("ALTER TABLE DETACH PARTITION", concurrently)),
            ])
        }
        Action::AttachPartitionOf { .. }
        | Action::DisableRowLevelSecurity
        | Action::DisableRule { .. }
        | Action::DisableTrigger { .. }
        | Action::EnableAlwaysRule { .. }
        | Action::EnableAlwaysTrigger { .. }
        | Action::EnableReplicaRule { .. }
        | Action::EnableReplicaTrigger { .. }
        | Action::EnableRowLevelSecurity
        | Action::EnableRule { .. }
        | Action::EnableTrigger { .. }
        | Action::ForceRowLevelSecurity
        | Action::NoForceRowLevelSecurity
        | Action::Inherit { .. }
        | Action::NoInherit { .. }
        | Action::OwnerTo { .. }
        | Action::ReplicaIdentity { .. }
        | Action::ResetOptions { .. }
        | Action::SetLogged
        | Action::SetOptionsParens { .. }
        | Action::SetUnlogged => Some(vec![sql.clause(other("ALTER TABLE", false))]),
        // The actions of other databases, and the forms of RENAME, which are our own grammar's.
        _ => None,
    }
}

fn other(keywords: &str, outside_transaction: bool) -> Change {
    Change::Other {
        keywords: keywords.to_owned(),
        outside_transaction,
        ddl: true,
    }
}

fn column(sql: &Sql<'_>, definition: &ColumnDef) -> Column {
    let data_type = data_type(&definition.data_type);
    let serial = [
        "serial",
        "serial4",
        "bigserial",
        "serial8",
        "smallserial",
        "serial2",
    ]
    .contains(&data_type.as_str());
    let options = || definition.options.iter().map(|option| &option.option);
    Column {
        name: folded(&definition.name),
        span: sql.span(&definition.name),
        not_null: serial
            || options().any(|o| matches!(o, ColumnOption::NotNull | ColumnOption::PrimaryKey(_))),
        filled: serial
            || options().any(|option| match option {
                ColumnOption::Default(value) => !is_null(value),
                ColumnOption::Generated { .. } | ColumnOption::Identity(_) => true,
                _ => false,
            }),
        constraints: definition
            .options
            .iter()
            .filter_map(|option| {
                let kind = inline_constraint(sql, &definition.name, &option.option)?;
                Some(Constraint {
                    name: option.name.as_ref().map(folded),
                    kind,
                })
            })
            .collect(),
        data_type,
    }
}

/// sqlparser prints keywords in upper case.
fn data_type(data_type: &DataType) -> String {
    match data_type.to_string() {
        quoted if quoted.contains('"') => quoted,
        keyword => keyword.to_lowercase(),
    }
}

fn is_null(value: &Expr) -> bool {
    match value {
        Expr::Value(value) => value.value == Value::Null,
        Expr::Cast { expr, .. } | Expr::Nested(expr) => is_null(expr),
        _ => false,
    }
}

fn inline_constraint(
    sql: &Sql<'_>,
    column: &Ident,
    option: &ColumnOption,
) -> Option<ConstraintKind> {
    Some(match option {
        ColumnOption::Check(check) => self::check(&check.expr, false),
        ColumnOption::PrimaryKey(_) => ConstraintKind::PrimaryKey { using_index: None },
        ColumnOption::Unique(_) => ConstraintKind::Unique { using_index: None },
        ColumnOption::ForeignKey(key) => foreign_key(
            sql,
            std::slice::from_ref(column),
            &key.foreign_table,
            &key.referred_columns,
            false,
        ),
        _ => return None,
    })
}

/// A table's constraint; `None` for those of other databases.
fn constraint(sql: &Sql<'_>, constraint: &TableConstraint, not_valid: bool) -> Option<Constraint> {
    let using = |index: &ConstraintUsingIndex| Some(folded(&index.index_name));
    let kind = match constraint {
        TableConstraint::Check(check) => self::check(&check.expr, not_valid),
        TableConstraint::ForeignKey(key) => foreign_key(
            sql,
            &key.columns,
            &key.foreign_table,
            &key.referred_columns,
            not_valid,
        ),
        TableConstraint::PrimaryKey(_) => ConstraintKind::PrimaryKey { using_index: None },
        TableConstraint::PrimaryKeyUsingIndex(index) => ConstraintKind::PrimaryKey {
            using_index: using(index),
        },
        TableConstraint::Unique(_) => ConstraintKind::Unique { using_index: None },
        TableConstraint::UniqueUsingIndex(index) => ConstraintKind::Unique {
            using_index: using(index),
        },
        TableConstraint::Exclude(_) => ConstraintKind::Exclude,
        TableConstraint::Index(_) | TableConstraint::FulltextOrSpatial(_) => return None,
    };
    Some(Constraint {
        name: constraint_name(constraint).map(folded),
        kind,
    })
}

fn constraint_name(constraint: &TableConstraint) -> Option<&Ident> {
    let name = match constraint {
        TableConstraint::Check(check) => &check.name,
        TableConstraint::ForeignKey(key) => &key.name,
        TableConstraint::PrimaryKey(key) => &key.name,
        TableConstraint::PrimaryKeyUsingIndex(index) | TableConstraint::UniqueUsingIndex(index) => {
            &index.name
        }
        TableConstraint::Unique(unique) => &unique.name,
        TableConstraint::Exclude(exclude) => &exclude.name,
        TableConstraint::Index(_) | TableConstraint::FulltextOrSpatial(_) => return None,
    };
    name.as_ref()
}

fn check(expression: &Expr, not_valid: bool) -> ConstraintKind {
    let mut not_null = Vec::new();
    collect_not_null(expression, &mut not_null);
    ConstraintKind::Check {
        expression: expression.to_string(),
        not_null,
        not_valid,
    }
}

/// The columns of `a IS NOT NULL AND b IS NOT NULL`: what `SET NOT NULL` takes as a proof.
fn collect_not_null(expression: &Expr, columns: &mut Vec<String>) {
    match expression {
        Expr::Nested(inner) => collect_not_null(inner, columns),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => {
            collect_not_null(left, columns);
            collect_not_null(right, columns);
        }
        Expr::IsNotNull(inner) => match inner.as_ref() {
            Expr::Identifier(ident) => columns.push(folded(ident)),
            Expr::CompoundIdentifier(parts) => columns.extend(parts.last().map(folded)),
            _ => {}
        },
        _ => {}
    }
}

fn foreign_key(
    sql: &Sql<'_>,
    columns: &[Ident],
    parent: &ObjectName,
    parent_columns: &[Ident],
    not_valid: bool,
) -> ConstraintKind {
    ConstraintKind::ForeignKey {
        columns: columns.iter().map(folded).collect(),
        parent: sql.name(parent),
        parent_columns: parent_columns.iter().map(folded).collect(),
        not_valid,
    }
}
