//! One action of `ALTER TABLE`; views, indexes and foreign tables share them with tables.

use super::clause::{clause, name_span};
use super::column::{column, identity};
use super::constraint::constraint;
use super::parts::{bound, drop_part, flag, rename_part, sequence_options};
use crate::lower::data_type::data_type;
use crate::lower::formula::evaluated;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target, parameters};
use crate::statement::{
    Change, Clause, ColumnAction, ConstraintAttributes, Detach, Firing, Name, ObjectKind,
    ReplicaIdentity, TableAction, Triggers,
};

/// One action; `None` for a node that is not an action, such as the name of the table.
pub(super) fn action(
    target: Target<'_>,
    node: Node<'_>,
    kind: ObjectKind,
    table: &Name,
) -> Option<Clause> {
    match node.syntax() {
        Syntax::AddColumn => add_column(target, node, table.clone()),
        Syntax::DropColumn => Some(drop_column(node, table.clone())),
        Syntax::AddConstraint => add_constraint(target, node, table.clone()),
        Syntax::ValidateConstraint => Some(validate_constraint(node, table.clone())),
        Syntax::DropConstraint => Some(drop_part(node, ObjectKind::Constraint, table.clone())),
        Syntax::RenameColumn => rename_part(node, ObjectKind::Column, table.clone()),
        Syntax::AlterColumn => alter_column(target, node, table.clone()),
        _ => {
            let change = Change::AlterTable {
                kind,
                table: table.clone(),
                action: table_action(target, node, kind)?,
            };
            Some(clause(node.first_line(), change))
        }
    }
}

fn add_column(target: Target<'_>, node: Node<'_>, table: Name) -> Option<Clause> {
    let column = column(target, node.child(Syntax::Column)?);
    let span = column.span.clone();
    let change = Change::AddColumn {
        table,
        column: Box::new(column),
        if_not_exists: node.says("IF NOT EXISTS"),
    };
    Some(clause(span, change))
}

fn drop_column(node: Node<'_>, table: Name) -> Clause {
    let change = Change::DropColumn {
        table,
        column: name::first(node),
        if_exists: node.says("IF EXISTS"),
        cascade: node.says("CASCADE"),
    };
    clause(name_span(node), change)
}

fn add_constraint(target: Target<'_>, node: Node<'_>, table: Name) -> Option<Clause> {
    let constraint = constraint(target, node.child(Syntax::Constraint)?);
    let span = match constraint.name {
        Some(_) => constraint.span.clone(),
        None => node.first_line(),
    };
    let constraint = Box::new(constraint);
    Some(clause(span, Change::AddConstraint { table, constraint }))
}

fn validate_constraint(node: Node<'_>, table: Name) -> Clause {
    let change = Change::ValidateConstraint {
        table,
        constraint: name::first(node),
    };
    clause(name_span(node), change)
}

/// An action on the table itself.
fn table_action(target: Target<'_>, node: Node<'_>, kind: ObjectKind) -> Option<TableAction> {
    Some(match node.syntax() {
        Syntax::AlterConstraint => TableAction::AlterConstraint {
            constraint: name::first(node),
            attributes: node
                .child(Syntax::ConstraintChange)
                .map(constraint_attributes)
                .unwrap_or_default(),
        },
        Syntax::AlterIndexColumn => index_column_statistics(node),
        Syntax::AttachPartition | Syntax::AttachIndex => TableAction::AttachPartition {
            partition: target.named(node),
            bound: node.child(Syntax::Bound).map(bound),
        },
        Syntax::DetachPartition => detach_partition(target, node),
        Syntax::SetTrigger => set_trigger(node),
        Syntax::SetRule => TableAction::Rule {
            rule: name::first(node),
            firing: firing(node),
        },
        Syntax::SetParameters => TableAction::SetParameters(parameters(node)),
        Syntax::ResetParameters => TableAction::ResetParameters(parameters(node)),
        // Servers and the like also have options, but are not tables.
        Syntax::AlterOptions if kind == ObjectKind::ForeignTable => TableAction::Options,
        Syntax::TableSetting => setting(target, node)?,
        _ => return None,
    })
}

fn constraint_attributes(node: Node<'_>) -> ConstraintAttributes {
    let mut change = ConstraintAttributes::default();
    let says = |words: &str| node.says(words);
    change.no_inherit = says("INHERIT").then(|| says("NO INHERIT"));
    for attribute in node.children() {
        let says = |words: &str| attribute.says(words);
        if says("ENFORCED") {
            change.enforced = Some(!says("NOT ENFORCED"));
        } else if says("INITIALLY DEFERRED") {
            (change.deferrable, change.initially_deferred) = (Some(true), Some(true));
        } else if says("INITIALLY IMMEDIATE") {
            change.initially_deferred = Some(false);
        } else if says("NOT DEFERRABLE") {
            (change.deferrable, change.initially_deferred) = (Some(false), Some(false));
        } else if says("DEFERRABLE") {
            change.deferrable = Some(true);
        }
    }
    change
}

/// `ALTER COLUMN 1 SET STATISTICS` of an index.
fn index_column_statistics(node: Node<'_>) -> TableAction {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let number = node.words().find(|word| is_number(word.text()));
    TableAction::ColumnStatistics {
        column: number
            .map(|word| word.text().to_owned())
            .unwrap_or_default(),
        target: statistics(node),
    }
}

fn detach_partition(target: Target<'_>, node: Node<'_>) -> TableAction {
    TableAction::DetachPartition {
        partition: target.named(node),
        mode: match (node.says("CONCURRENTLY"), node.says("FINALIZE")) {
            (true, _) => Detach::Concurrently,
            (_, true) => Detach::Finalize,
            (false, false) => Detach::Plain,
        },
    }
}

fn set_trigger(node: Node<'_>) -> TableAction {
    TableAction::Trigger {
        triggers: match node.child(Syntax::Name) {
            Some(name) => Triggers::One(name::word(name)),
            None if node.says("ALL") => Triggers::All,
            None => Triggers::User,
        },
        firing: firing(node),
    }
}

/// The value after `STATISTICS`, unless it is the default.
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

/// A `table_setting`; `None` for a setting that is not listed here, so that it is never taken for another
/// one.
fn setting(target: Target<'_>, node: Node<'_>) -> Option<TableAction> {
    let says = |words| node.says(words);
    let other = || target.named(node);
    Some(if says("ROW LEVEL SECURITY") {
        return row_security(node);
    } else if says("REPLICA IDENTITY") {
        TableAction::ReplicaIdentity(replica_identity(node)?)
    } else if says("SET ACCESS METHOD") {
        TableAction::SetAccessMethod(node.child(Syntax::Name).map(name::word))
    } else if says("SET TABLESPACE") {
        TableAction::SetTablespace(name::first(node))
    } else if says("CLUSTER ON") {
        TableAction::ClusterOn(name::first(node))
    } else if says("SET WITHOUT CLUSTER") {
        TableAction::WithoutCluster
    } else if says("SET WITHOUT OIDS") {
        TableAction::WithoutOids
    } else if says("SET LOGGED") {
        TableAction::SetLogged
    } else if says("SET UNLOGGED") {
        TableAction::SetUnlogged
    } else if says("NOT OF") {
        TableAction::NotOfType
    } else if says("OF") {
        TableAction::OfType(other())
    } else if says("NO INHERIT") {
        TableAction::NoInherit(other())
    } else if says("INHERIT") {
        TableAction::Inherit(other())
    } else {
        return None;
    })
}

fn row_security(node: Node<'_>) -> Option<TableAction> {
    let actions = [
        ("ENABLE", TableAction::EnableRowSecurity),
        ("DISABLE", TableAction::DisableRowSecurity),
        ("NO FORCE", TableAction::NoForceRowSecurity),
        ("FORCE", TableAction::ForceRowSecurity),
    ];
    let said = actions.into_iter().find(|(words, _)| node.says(words));
    said.map(|(_, action)| action)
}

fn replica_identity(node: Node<'_>) -> Option<ReplicaIdentity> {
    if let Some(index) = node.child(Syntax::Name) {
        return Some(ReplicaIdentity::Index(name::word(index)));
    }
    let identities = [
        ("FULL", ReplicaIdentity::Full),
        ("NOTHING", ReplicaIdentity::Nothing),
        ("DEFAULT", ReplicaIdentity::Default),
    ];
    let said = identities.into_iter().find(|(word, _)| node.says(word));
    said.map(|(_, identity)| identity)
}

fn alter_column(target: Target<'_>, node: Node<'_>, table: Name) -> Option<Clause> {
    let column = name::first(node);
    let inner = node.children().nth(1)?;
    let value = || inner.child(Syntax::Value).map(evaluated);
    let change = match inner.syntax() {
        Syntax::SetNotNull if inner.starts_with("SET") => Change::SetNotNull { table, column },
        Syntax::SetNotNull => Change::DropNotNull { table, column },
        Syntax::SetDefault => Change::AlterColumn {
            table,
            column,
            action: value().map_or(ColumnAction::DropDefault, ColumnAction::SetDefault),
        },
        Syntax::SetType => Change::ColumnType {
            table,
            column,
            data_type: inner.child(Syntax::Type).map(data_type).unwrap_or_default(),
            collation: target.named_in(inner, Syntax::ColumnCollation),
            using: inner
                .child(Syntax::Using)
                .and_then(|using| using.child(Syntax::Value))
                .map(evaluated),
        },
        _ => Change::AlterColumn {
            table,
            column,
            action: column_action(inner)?,
        },
    };
    Some(clause(name_span(node), change))
}
/// A `set_column`; `None` for an action that is not listed here.
fn column_action(node: Node<'_>) -> Option<ColumnAction> {
    let says = |words| node.says(words);
    let last = || name::last(node);
    let action = if let Some(identity_node) = node.child(Syntax::Identity) {
        ColumnAction::AddIdentity(identity(identity_node, says("GENERATED ALWAYS")))
    } else if let Some(value) = node.child(Syntax::Value) {
        ColumnAction::SetExpression(evaluated(value))
    } else if says("DROP EXPRESSION") {
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
    } else if node.child(Syntax::AlterOptions).is_some() {
        ColumnAction::Options
    } else if node.child(Syntax::StorageItem).is_some() && says("RESET") {
        ColumnAction::ResetParameters(parameters(node))
    } else if node.child(Syntax::StorageItem).is_some() {
        ColumnAction::SetParameters(parameters(node))
    } else {
        return set_identity(node);
    };
    Some(action)
}

/// `SET GENERATED`, `RESTART` and the options of an identity column's sequence.
fn set_identity(node: Node<'_>) -> Option<ColumnAction> {
    let mut options = sequence_options(node);
    if node.says("RESTART") {
        options.push(flag("restart"));
    }
    let always = match (
        node.says("SET GENERATED ALWAYS"),
        node.says("SET GENERATED BY DEFAULT"),
    ) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        (false, false) => None,
    };
    let says_so = always.is_some() || !options.is_empty();
    says_so.then_some(ColumnAction::SetIdentity { always, options })
}
