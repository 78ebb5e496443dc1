//! A table as it is in the end.

use crate::schema::{self, Relation, Schema};
use crate::statement::to_sql::{self, of_column, quote_name, with};
use crate::statement::{
    Column, Constraint, ConstraintKind, CreateTable, ForeignKey, Key, PartitionBy, Persistence,
    Policy, PolicyCommand,
};
use crate::text::quote::{quote_ident, quote_list};

/// `CREATE TABLE` with its columns, keys and checks. Foreign keys and what is not valid come later.
pub(super) fn create(relation: &Relation, create: &CreateTable, schema: &Schema) -> String {
    let columns = relation.columns.iter().map(|column| {
        let written = Column {
            name: column.name.clone(),
            data_type: column.data_type.clone().unwrap_or_default(),
            collation: column.collation.clone(),
            not_null: column.not_null,
            value: column.value.clone(),
            ..Column::default()
        };
        format!("{} {}", quote_ident(&column.name), of_column(&written))
    });
    let constraints = relation.constraints.iter();
    let inside = constraints
        .filter(|one| is_inside(one))
        .filter_map(|one| named(relation, one, schema));
    let parts: Vec<String> = columns
        .chain(inside)
        .map(|part| format!("    {part}"))
        .collect();
    let unlogged = match relation.persistence {
        Persistence::Unlogged => "UNLOGGED ",
        Persistence::Permanent | Persistence::Temporary => "",
    };
    let partitioned = relation.partition_by.as_ref().map(partition_by);
    format!(
        "CREATE {unlogged}TABLE {} (\n{}\n){}{}",
        quote_name(&relation.name),
        parts.join(",\n"),
        partitioned.unwrap_or_default(),
        with(&create.parameters)
    )
}

fn partition_by(by: &PartitionBy) -> String {
    let strategy = by.strategy.to_string().to_uppercase();
    format!(" PARTITION BY {strategy} ({})", by.keys.join(", "))
}

fn is_inside(constraint: &schema::Constraint) -> bool {
    constraint.valid
        && match constraint.kind {
            schema::ConstraintKind::Check { .. }
            | schema::ConstraintKind::PrimaryKey
            | schema::ConstraintKind::Unique => true,
            schema::ConstraintKind::ForeignKey { .. }
            | schema::ConstraintKind::NotNull
            | schema::ConstraintKind::Exclude(_) => false,
        }
}

/// The constraints that are added when all tables and indexes exist.
pub(super) fn constraints(relation: &Relation, schema: &Schema) -> Vec<String> {
    let later = relation.constraints.iter().filter(|one| !is_inside(one));
    let later = later.filter(|one| one.kind != schema::ConstraintKind::NotNull);
    let added = later.filter_map(|one| {
        let valid = if one.valid { "" } else { " NOT VALID" };
        let written = named(relation, one, schema)?;
        Some(format!(
            "ALTER TABLE {} ADD {written}{valid}",
            quote_name(&relation.name)
        ))
    });
    added.collect()
}

/// `CONSTRAINT name ...`
fn named(relation: &Relation, one: &schema::Constraint, schema: &Schema) -> Option<String> {
    let names = |relation: &Relation, ids: &[schema::ColumnId]| {
        let names = ids.iter().filter_map(|id| relation.name_of(*id));
        names.map(str::to_owned).collect::<Vec<String>>()
    };
    let key = || {
        let index = relation.indexes.iter().find(|index| index.name == one.name);
        Key {
            columns: names(relation, &one.columns),
            include: index
                .map(|index| names(relation, &index.include))
                .unwrap_or_default(),
            nulls_not_distinct: index.is_some_and(|index| index.nulls_not_distinct),
            ..Key::default()
        }
    };
    let kind = match &one.kind {
        schema::ConstraintKind::Check { expression } => {
            ConstraintKind::Check((**expression).clone())
        }
        schema::ConstraintKind::PrimaryKey => ConstraintKind::PrimaryKey(key()),
        schema::ConstraintKind::Unique => ConstraintKind::Unique(key()),
        schema::ConstraintKind::ForeignKey {
            parent,
            parent_columns,
            match_full,
            on_delete,
            set_columns,
            on_update,
        } => {
            let known = schema.relation(&parent.name);
            ConstraintKind::ForeignKey(ForeignKey {
                columns: names(relation, &one.columns),
                parent: parent.name.clone(),
                parent_columns: known
                    .map(|known| names(known, parent_columns))
                    .unwrap_or_default(),
                match_full: *match_full,
                on_delete: *on_delete,
                on_update: *on_update,
                set_columns: set_columns.clone(),
                period: false,
            })
        }
        schema::ConstraintKind::NotNull | schema::ConstraintKind::Exclude(_) => return None,
    };
    let written = Constraint {
        no_inherit: one.no_inherit,
        enforced: one.enforced,
        deferrable: one.deferrable,
        initially_deferred: one.initially_deferred,
        ..Constraint::new(kind)
    };
    Some(format!(
        "CONSTRAINT {} {}",
        quote_ident(&one.name),
        to_sql::constraint(&written)
    ))
}

/// Row-level security, which is a property of the table.
pub(super) fn row_security(relation: &Relation) -> Vec<String> {
    let table = quote_name(&relation.name);
    let enabled = relation
        .row_security
        .then(|| format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"));
    let forced = relation
        .forced_row_security
        .then(|| format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY"));
    enabled.into_iter().chain(forced).collect()
}

pub(super) fn policy(policy: &Policy) -> String {
    let kind = if policy.permissive {
        ""
    } else {
        "\n    AS RESTRICTIVE"
    };
    let command = match policy.command {
        PolicyCommand::All => String::new(),
        PolicyCommand::Select
        | PolicyCommand::Insert
        | PolicyCommand::Update
        | PolicyCommand::Delete => {
            format!("\n    FOR {}", policy.command)
        }
    };
    let roles = match policy.roles.as_slice() {
        [] => String::new(),
        roles => format!(
            "\n    TO {}",
            roles
                .iter()
                .map(|role| role_of(role))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    let using = policy
        .using
        .as_ref()
        .map(|one| format!("\n    USING ({one})"));
    let check = policy
        .check
        .as_ref()
        .map(|one| format!("\n    WITH CHECK ({one})"));
    format!(
        "CREATE POLICY {} ON {}{kind}{command}{roles}{}{}",
        quote_ident(&policy.policy),
        quote_name(&policy.table),
        using.unwrap_or_default(),
        check.unwrap_or_default()
    )
}

/// A role, or one of the words that stand for one.
fn role_of(role: &str) -> String {
    match role {
        "public" | "current_user" | "current_role" | "session_user" => role.to_uppercase(),
        name => quote_list([&name.to_owned()]),
    }
}

/// `CREATE TYPE ... AS ENUM`, with all labels.
pub(super) fn labels(name: &str, labels: &[String]) -> String {
    let labels = labels
        .iter()
        .map(|label| format!("'{}'", label.replace('\'', "''")));
    format!(
        "CREATE TYPE {name} AS ENUM ({})",
        labels.collect::<Vec<_>>().join(", ")
    )
}
