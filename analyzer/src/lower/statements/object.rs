//! What is the same for all kinds of objects: create, alter, rename, move, drop, comment.

use super::clause::{clause, name_span, named, other, whole};
use super::family::Family;
use super::parts::{
    argument_lists, drop_part, kind, new_name, object, object_name, rename_part, with_arguments,
};
use super::{publication, table_action};
use crate::lower::data_type::data_type;
use crate::lower::grammar::{Item, Node, Syntax};
use crate::lower::literal::string;
use crate::lower::name::{self, Target};
use crate::statement::{CastContext, Change, Clause, Command, Definition, Name, ObjectKind};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("object.grammar"),
    readers: &[
        (Syntax::CreateSchema, create_schema),
        (Syntax::AlterSchema, alter_kind),
        (Syntax::CreateExtension, create_extension),
        (Syntax::AlterExtension, alter_kind),
        (Syntax::CreateCollation, create),
        (Syntax::AlterCollation, alter_kind),
        (Syntax::AlterConversion, alter_kind),
        (Syntax::AlterLanguage, alter_kind),
        (Syntax::CreateStatistics, create_statistics),
        (Syntax::AlterStatistics, alter_kind),
        (Syntax::CreateTextSearch, create),
        (Syntax::AlterTextSearch, alter_kind),
        (Syntax::CreateForeignDataWrapper, create),
        (Syntax::AlterForeignDataWrapper, alter_kind),
        (Syntax::CreateServer, create),
        (Syntax::AlterServer, alter_kind),
        (Syntax::CreateUserMapping, create),
        (Syntax::AlterUserMapping, alter_kind),
        (Syntax::DropUserMapping, drop),
        (Syntax::ImportForeignSchema, import),
        (Syntax::CreatePublication, publication::create),
        (Syntax::AlterPublication, publication::alter),
        (Syntax::CreateSubscription, create_outside),
        (Syntax::AlterSubscription, alter_kind),
        (Syntax::CreateTablespace, create_outside),
        (Syntax::AlterTablespace, alter_kind),
        (Syntax::CreateDatabase, create_outside),
        (Syntax::AlterDatabase, alter_kind),
        (Syntax::DropDatabase, drop),
        (Syntax::DropRelation, drop),
        (Syntax::DropIndex, drop),
        (Syntax::DropObject, drop),
        (Syntax::DropSubscription, drop),
        (Syntax::DropTablespace, drop),
        (Syntax::Comment, comment),
        (Syntax::SecurityLabel, label),
        (Syntax::CreateOperator, create),
        (Syntax::CreateOperatorClass, create_operator_class),
        (Syntax::CreateOperatorFamily, create),
        (Syntax::AlterOperatorFamily, alter_kind),
        (Syntax::AlterOperatorClass, alter_kind),
        (Syntax::AlterOperator, alter_kind),
        (Syntax::DropOperatorClass, drop),
        (Syntax::DropOperator, drop),
        (Syntax::CreateCast, create_cast),
        (Syntax::DropCast, drop),
        (Syntax::CreateTransform, create),
        (Syntax::DropTransform, drop),
        (Syntax::CreateLanguage, create),
        (Syntax::CreateConversion, create),
        (Syntax::CreateAccessMethod, create),
    ],
};

pub(super) fn create(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    defined(target, node, Definition::Named)
}

/// `CREATE` of an object that has more than a name.
pub(super) fn defined(target: Target<'_>, node: Node<'_>, definition: Definition) -> Vec<Clause> {
    let change = Change::Create {
        kind: kind(node),
        name: object(target, node),
        part: None,
        of: None,
        reading: Box::default(),
        guarded: node.says("IF NOT EXISTS") || node.says("OR REPLACE"),
        definition,
    };
    whole(node, change)
}

fn create_extension(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let mut schema = None;
    let mut before = "";
    for item in node.items() {
        match item {
            Item::Token(word) => before = word.text(),
            Item::Node(name) if before.eq_ignore_ascii_case("SCHEMA") => {
                schema = Some(name::word(name));
            }
            Item::Node(_) => {}
        }
    }
    let cascade = node.says("CASCADE");
    defined(target, node, Definition::Extension { schema, cascade })
}

fn create_operator_class(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let of = node.child(Syntax::Type).filter(|_| node.says("DEFAULT"));
    let of = of.map(|of| Definition::DefaultClass(Box::new(data_type(of))));
    defined(target, node, of.unwrap_or_default())
}

fn create_cast(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let context = match (node.says("AS IMPLICIT"), node.says("AS ASSIGNMENT")) {
        (true, _) => CastContext::Implicit,
        (_, true) => CastContext::Assignment,
        (false, false) => CastContext::Explicit,
    };
    let to = node.all(Syntax::Type).nth(1).map(data_type);
    let to = Box::new(to.unwrap_or_default());
    defined(target, node, Definition::Cast { to, context })
}

fn create_schema(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let mut clauses = create(target, node);
    let own = object(target, node).name;
    let target = match own.is_empty() {
        true => target,
        false => Target {
            schema: &own,
            ..target
        },
    };
    // The objects that are created with it are separate statements, and are in the new schema.
    let parts = node
        .children()
        .filter(|child| !matches!(child.syntax(), Syntax::Name | Syntax::Role));
    clauses.extend(parts.flat_map(|part| super::read(target, part).clauses));
    clauses
}

/// Objects that are in no schema, and are not created in a transaction.
fn create_outside(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let change = Change::Other {
        command: Command::Create(kind(node)),
        object: Some(object(target, node)),
        // A subscription connects at once, unless an option prevents it.
        outside_transaction: true,
        ddl: true,
    };
    whole(node, change)
}

fn import(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    vec![other(
        node,
        Command::ImportForeignSchema,
        Some(object(target, node)),
    )]
}

fn alter_kind(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    alter(target, node, kind(node))
}

/// `ALTER` of any object: first what is the same for all kinds, then what tables have; for all others
/// only the kind and the name.
pub(super) fn alter(target: Target<'_>, node: Node<'_>, kind: ObjectKind) -> Vec<Clause> {
    let name = object(target, node);
    let actions = node.children().filter_map(|child| {
        let change = match child.syntax() {
            Syntax::RenameTo | Syntax::RenameRole => Change::Rename {
                kind,
                name: name.clone(),
                part: None,
                to: new_name(child),
            },
            Syntax::RenameConstraint => {
                return rename_part(child, ObjectKind::Constraint, name.clone());
            }
            Syntax::OwnerTo => Change::Owner {
                kind,
                name: name.clone(),
                role: child
                    .child(Syntax::Role)
                    .map(name::word)
                    .unwrap_or_default(),
            },
            Syntax::SetSchema => Change::SetSchema {
                kind,
                name: name.clone(),
                schema: name::first(child),
            },
            _ => return table_action::action(target, child, kind, &name),
        };
        Some(clause(name_span(node), change))
    });
    let clauses: Vec<Clause> = actions.collect();
    if clauses.is_empty() {
        let moves_a_database = kind == ObjectKind::Database && node.says("SET TABLESPACE");
        let change = Change::Other {
            command: Command::Alter(kind),
            object: Some(name),
            outside_transaction: moves_a_database || node.says("REFRESH PUBLICATION"),
            ddl: true,
        };
        return whole(node, change);
    }
    with_arguments(node, clauses)
}

/// `DROP kind name, ...`: one change for each name.
pub(super) fn drop(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let kind = kind(node);
    // Asked once: a list may have thousands of names.
    let (if_exists, concurrently, cascade) = (
        node.says("IF EXISTS"),
        node.says("CONCURRENTLY"),
        node.says("CASCADE"),
    );
    let change = |name: Name| Change::Drop {
        kind,
        name,
        part: None,
        if_exists,
        concurrently,
        cascade,
    };
    // The method after `USING` in an operator class is not a second object, and neither is the type in a
    // cast.
    let only_one = matches!(
        kind,
        ObjectKind::OperatorClass
            | ObjectKind::OperatorFamily
            | ObjectKind::Cast
            | ObjectKind::Transform
            | ObjectKind::UserMapping
    );
    let names = node.children().filter(|child| {
        let is_name = matches!(
            child.syntax(),
            Syntax::AnyName | Syntax::Name | Syntax::Role | Syntax::FuncName | Syntax::AnyOperator
        );
        is_name || child.is(Syntax::Type) && matches!(kind, ObjectKind::Type | ObjectKind::Domain)
    });
    let drops = names.map(|name| clause(name.span(), change(object_name(target, name))));
    let mut clauses: Vec<Clause> = drops.collect();
    for (clause, list) in clauses.iter_mut().zip(argument_lists(node)) {
        clause.arguments = list;
    }
    if only_one || clauses.is_empty() {
        clauses = vec![clause(node.first_line(), change(object(target, node)))];
    }
    clauses
}

/// `DROP kind name ON table`.
pub(super) fn drop_on_table(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    vec![drop_part(node, kind(node), target.named(node))]
}

fn comment(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let kind = kind(node);
    let table = node.child(Syntax::AnyName);
    let (name, part) = match (table, node.child(Syntax::Name)) {
        // `COLUMN schema.table.column`.
        (Some(column), _) if kind == ObjectKind::Column => {
            let mut parts = name::parts(column.words());
            let part = parts.pop();
            (target.resolve(&parts), part)
        }
        // `CONSTRAINT name ON table` and the like.
        (Some(table), Some(part)) if node.says("ON") && !node.says("USING") => {
            (target.name(table), Some(name::word(part)))
        }
        (Some(_) | None, _) => (object(target, node), None),
    };
    let text = comment_text(node);
    with_arguments(
        node,
        named(
            node,
            Change::Comment {
                kind,
                name,
                part,
                text,
            },
        ),
    )
}

/// The string behind `IS`; `None` for `NULL`.
fn comment_text(node: Node<'_>) -> Option<String> {
    let last = node.words().last().filter(|word| word.is_string())?;
    Some(string(last.text()))
}

/// `SECURITY LABEL`.
fn label(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    vec![other(
        node,
        Command::SecurityLabel,
        Some(object(target, node)),
    )]
}

/// `CREATE STATISTICS`; PostgreSQL generates the name if none is written.
fn create_statistics(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let table = node.find(Syntax::Relation).map(|table| target.name(table));
    let Some(name) = target.named_in(node, Syntax::StatisticsName) else {
        return vec![other(node, Command::Create(ObjectKind::Statistics), table)];
    };
    let change = Change::Create {
        kind: ObjectKind::Statistics,
        name,
        part: None,
        of: table,
        reading: Box::default(),
        guarded: node.says("IF NOT EXISTS"),
        definition: Definition::Named,
    };
    whole(node, change)
}
