//! `ALTER TABLE`, and what it shares with views, indexes and foreign tables.

use super::column::{column, identity};
use super::constraint::constraint;
use super::object::{self, alter, drop_part, rename_part};
use super::table::{bound, sequence_options};
use super::{Family, clause, name_span, other};
use crate::lower::data_type::data_type;
use crate::lower::expression::expression;
use crate::lower::grammar::Node;
use crate::lower::name::{self, parameters};
use crate::lower::{Target, first_line};
use crate::statement::{
    Change, Clause, ColumnAction, Detach, Firing, Name, ObjectKind, ReplicaIdentity, TableAction,
    Triggers,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("alter_table.grammar"),
    readers: &[
        ("alter_tables_tablespace", |_, node| vec![other(node, None)]),
        ("alter_table", |target, node| {
            alter(target, node, ObjectKind::Table)
        }),
        ("alter_foreign_table", |target, node| {
            alter(target, node, ObjectKind::ForeignTable)
        }),
        ("alter_view", |target, node| {
            alter(target, node, ObjectKind::View)
        }),
        ("alter_materialized_view", |target, node| {
            alter(target, node, ObjectKind::MaterializedView)
        }),
        ("alter_index", |target, node| {
            alter(target, node, ObjectKind::Index)
        }),
    ],
};

/// One action; `None` where the node is none, such as the name of the table itself.
pub(super) fn action(
    target: Target<'_>,
    node: Node<'_>,
    kind: ObjectKind,
    table: &Name,
) -> Option<Clause> {
    let table = table.clone();
    let here = |change| Some(clause(name_span(node), change));
    let on_table = |action| {
        Some(clause(
            first_line(node),
            Change::AlterTable {
                kind,
                table: table.clone(),
                action,
            },
        ))
    };
    match node.rule() {
        "add_column" => {
            let definition = node.child("column")?;
            let column = column(target, definition);
            let span = column.span.clone();
            let if_not_exists = node.says("IF NOT EXISTS");
            let change = Change::AddColumn {
                table,
                column: Box::new(column),
                if_not_exists,
            };
            Some(clause(span, change))
        }
        "drop_column" => here(Change::DropColumn {
            table,
            column: name::first(node),
            if_exists: node.says("IF EXISTS"),
            cascade: node.says("CASCADE"),
        }),
        "add_constraint" => {
            let constraint = constraint(target, node.child("constraint")?);
            let span = match constraint.name {
                Some(_) => constraint.span.clone(),
                None => first_line(node),
            };
            let constraint = Box::new(constraint);
            Some(clause(span, Change::AddConstraint { table, constraint }))
        }
        "validate_constraint" => here(Change::ValidateConstraint {
            table,
            constraint: name::first(node),
        }),
        "drop_constraint" => Some(drop_part(node, ObjectKind::Constraint, table)),
        "rename_column" => rename_part(node, ObjectKind::Column, table),
        "alter_column" => alter_column(target, node, table),
        "alter_constraint" => on_table(TableAction::AlterConstraint {
            constraint: name::first(node),
            attributes: node
                .child("constraint_change")
                .map(Node::phrase)
                .unwrap_or_default(),
        }),
        "alter_index_column" => {
            let number = node.words().find(|word| is_number(word.text()));
            let column = number
                .map(|word| word.text().to_owned())
                .unwrap_or_default();
            let target = statistics(node);
            on_table(TableAction::ColumnStatistics { column, target })
        }
        "attach_partition" => on_table(TableAction::AttachPartition {
            partition: target.named(node),
            bound: node.child("bound").map(bound),
        }),
        "detach_partition" => on_table(TableAction::DetachPartition {
            partition: target.named(node),
            mode: match (node.says("CONCURRENTLY"), node.says("FINALIZE")) {
                (true, _) => Detach::Concurrently,
                (_, true) => Detach::Finalize,
                (false, false) => Detach::Plain,
            },
        }),
        "set_trigger" => on_table(TableAction::Trigger {
            triggers: match node.child("name") {
                Some(name) => Triggers::One(name::word(name)),
                None if node.says("ALL") => Triggers::All,
                None => Triggers::User,
            },
            firing: firing(node),
        }),
        "set_rule" => on_table(TableAction::Rule {
            rule: name::first(node),
            firing: firing(node),
        }),
        "set_parameters" => on_table(TableAction::SetParameters(parameters(node))),
        "reset_parameters" => on_table(TableAction::ResetParameters(parameters(node))),
        // Servers and their like have options too, and are no tables.
        "alter_options" if kind == ObjectKind::ForeignTable => on_table(TableAction::Options),
        "table_setting" => on_table(setting(target, node)),
        _ => None,
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands behind `STATISTICS`, unless it is the default.
fn statistics(node: Node<'_>) -> Option<String> {
    let words = node
        .words()
        .skip_while(|word| !word.is("STATISTICS"))
        .skip(1);
    let target: String = words.map(|word| word.text()).collect();
    (!target.eq_ignore_ascii_case("default")).then_some(target)
}

fn firing(node: Node<'_>) -> Firing {
    if node.says("DISABLE") {
        Firing::Disabled
    } else if node.says("ENABLE ALWAYS") {
        Firing::Always
    } else if node.says("ENABLE REPLICA") {
        Firing::Replica
    } else {
        Firing::Enabled
    }
}

fn setting(target: Target<'_>, node: Node<'_>) -> TableAction {
    let says = |words| node.says(words);
    if says("ROW LEVEL SECURITY") {
        return if says("ENABLE") {
            TableAction::EnableRowSecurity
        } else if says("DISABLE") {
            TableAction::DisableRowSecurity
        } else if says("NO FORCE") {
            TableAction::NoForceRowSecurity
        } else {
            TableAction::ForceRowSecurity
        };
    }
    if says("REPLICA IDENTITY") {
        return TableAction::ReplicaIdentity(match node.child("name") {
            Some(index) => ReplicaIdentity::Index(name::word(index)),
            None if says("FULL") => ReplicaIdentity::Full,
            None if says("NOTHING") => ReplicaIdentity::Nothing,
            None => ReplicaIdentity::Default,
        });
    }
    if says("SET ACCESS METHOD") {
        return TableAction::SetAccessMethod(node.child("name").map(name::word));
    }
    if says("SET TABLESPACE") {
        return TableAction::SetTablespace(name::first(node));
    }
    if says("CLUSTER ON") {
        return TableAction::ClusterOn(name::first(node));
    }
    let other = target.named(node);
    let plain = [
        ("SET WITHOUT CLUSTER", TableAction::WithoutCluster),
        ("SET WITHOUT OIDS", TableAction::WithoutOids),
        ("SET LOGGED", TableAction::SetLogged),
        ("SET UNLOGGED", TableAction::SetUnlogged),
        ("NOT OF", TableAction::NotOfType),
        ("NO INHERIT", TableAction::NoInherit(other.clone())),
        ("INHERIT", TableAction::Inherit(other.clone())),
    ];
    let found = plain.into_iter().find(|(words, _)| says(words));
    found.map_or(TableAction::OfType(other), |(_, action)| action)
}

fn alter_column(target: Target<'_>, node: Node<'_>, table: Name) -> Option<Clause> {
    let column = name::first(node);
    let inner = node.children().nth(1)?;
    let value = || inner.child("value").map(expression);
    let change = match inner.rule() {
        "set_not_null" if inner.starts_with("SET") => Change::SetNotNull { table, column },
        "set_not_null" => Change::DropNotNull { table, column },
        "set_default" => Change::AlterColumn {
            table,
            column,
            action: value().map_or(ColumnAction::DropDefault, ColumnAction::SetDefault),
        },
        "set_type" => Change::ColumnType {
            table,
            column,
            data_type: inner.child("type").map(data_type).unwrap_or_default(),
            collation: target.named_in(inner, "column_collation"),
            using: inner
                .child("using")
                .and_then(|using| using.child("value"))
                .map(expression),
        },
        _ => Change::AlterColumn {
            table,
            column,
            action: column_action(inner),
        },
    };
    Some(clause(name_span(node), change))
}

fn column_action(node: Node<'_>) -> ColumnAction {
    let says = |words| node.says(words);
    let last = || name::last(node);
    if let Some(identity_node) = node.child("identity") {
        return ColumnAction::AddIdentity(identity(identity_node, says("GENERATED ALWAYS")));
    }
    if let Some(value) = node.child("value") {
        return ColumnAction::SetExpression(expression(value));
    }
    if says("DROP EXPRESSION") {
        ColumnAction::DropExpression {
            if_exists: says("IF EXISTS"),
        }
    } else if says("DROP IDENTITY") {
        ColumnAction::DropIdentity {
            if_exists: says("IF EXISTS"),
        }
    } else if says("SET STATISTICS") {
        ColumnAction::Statistics(statistics(node))
    } else if says("SET STORAGE") {
        ColumnAction::Storage(last())
    } else if says("SET COMPRESSION") {
        ColumnAction::Compression(last())
    } else if node.child("alter_options").is_some() {
        ColumnAction::Options
    } else if node.child("storage_item").is_some() && says("RESET") {
        ColumnAction::ResetParameters(parameters(node))
    } else if node.child("storage_item").is_some() {
        ColumnAction::SetParameters(parameters(node))
    } else {
        let mut options = sequence_options(node);
        if says("RESTART") {
            options.push(object::flag("restart"));
        }
        let always = says("GENERATED ALWAYS");
        let by_default = says("GENERATED BY DEFAULT");
        ColumnAction::SetIdentity {
            always: (always || by_default).then_some(always),
            options,
        }
    }
}
