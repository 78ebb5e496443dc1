//! Column definitions.

use super::constraint::{attributes, foreign_key, key, partial, place};
use super::parts::sequence_options;
use crate::lower::data_type::{data_type, serial};
use crate::lower::formula::evaluated;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target, parameters};
use crate::statement::{
    Attribute, Column, ColumnValue, Constraint, ConstraintAttribute, ConstraintKind, DataType,
    Declared, Identity, Spelled,
};

/// A `column`, a `typed_column`, or a domain, which is defined like a column.
pub(super) fn column(target: Target<'_>, node: Node<'_>) -> Column {
    let name = node
        .child(Syntax::Name)
        .or_else(|| node.child(Syntax::AnyName));
    let mut column = Column {
        name: name.map(name::word).unwrap_or_default(),
        span: name.unwrap_or(node).span(),
        data_type: node.child(Syntax::Type).map(data_type).unwrap_or_default(),
        collation: target.named_in(node, Syntax::ColumnCollation),
        storage: node.child(Syntax::ColumnStorage).map(name::last),
        compression: node.child(Syntax::ColumnCompression).map(name::last),
        options: parameters(node),
        ..Column::default()
    };
    if let Some(integer) = serial(&column.data_type) {
        column.data_type = DataType {
            name: integer.to_owned(),
            ..DataType::default()
        };
        column.value = ColumnValue::Serial;
        column.not_null = true;
        column.declared.push(Declared::Serial);
    }
    // Whether `DEFERRABLE` may follow: it belongs to the key before it.
    let mut behind_key = false;
    for part in node.children() {
        match part.syntax() {
            Syntax::ColumnConstraint => {
                let constraints = column.constraints.len();
                read_part(target, part, &mut column);
                let made = column.constraints.get(constraints);
                behind_key = made.is_some_and(|made| takes_moment(&made.kind));
            }
            Syntax::Moment | Syntax::Enforcement => {
                if part.is(Syntax::Moment) && !behind_key {
                    column.misplaced = ConstraintAttribute::spelled(&part.phrase());
                } else if let Some(constraint) = column.constraints.last_mut() {
                    attributes(constraint, part);
                }
            }
            _ => {}
        }
    }
    column
}

/// Whether a constraint of a column can be checked later than at once.
const fn takes_moment(kind: &ConstraintKind) -> bool {
    kind.is_indexed() || matches!(kind, ConstraintKind::ForeignKey(_))
}

fn read_part(target: Target<'_>, node: Node<'_>, column: &mut Column) {
    let value = || node.child(Syntax::Value).map(evaluated).unwrap_or_default();
    let columns = || vec![column.name.clone()];
    let kind = if let Some(default) = node.child(Syntax::DefaultValue) {
        column.value = ColumnValue::Default(evaluated(default));
        column.declared.push(Declared::Default);
        return;
    } else if let Some(identity) = node.child(Syntax::Identity) {
        column.value = ColumnValue::Identity(self::identity(identity, node.says("ALWAYS")));
        column.not_null = true;
        column.declared.push(Declared::Identity);
        return;
    } else if node.says("GENERATED") {
        column.value = ColumnValue::Generated {
            expression: value(),
            stored: node.says("STORED"),
        };
        column.declared.push(Declared::Generated);
        return;
    } else if node.says("CHECK") {
        ConstraintKind::Check(value())
    } else if node.says("PRIMARY KEY") {
        column.not_null = true;
        ConstraintKind::PrimaryKey(key(node, columns()))
    } else if node.says("UNIQUE") {
        ConstraintKind::Unique(key(node, columns()))
    } else if node.says("REFERENCES") {
        ConstraintKind::ForeignKey(foreign_key(target, node, columns()))
    } else if node.says("NOT NULL") {
        column.not_null = true;
        column.declared.push(Declared::NotNull);
        if node.child(Syntax::ConstraintName).is_none() {
            return;
        }
        let column = column.name.clone();
        ConstraintKind::NotNull { column }
    } else {
        // The only word that is left.
        column.declared.push(Declared::Null);
        return;
    };
    let (name, span) = place(node);
    column.constraints.push(Constraint {
        name,
        span,
        no_inherit: node.says("NO INHERIT"),
        attributes: partial(node)
            .into_iter()
            .chain(
                node.says("NO INHERIT")
                    .then_some(ConstraintAttribute::NoInherit),
            )
            .collect(),
        ..Constraint::new(kind)
    });
}

/// `IDENTITY (options)`.
pub(super) fn identity(node: Node<'_>, always: bool) -> Identity {
    Identity {
        always,
        options: sequence_options(node),
    }
}

/// A `column_type`: a name, a type, and perhaps a collation.
pub(super) fn attribute(target: Target<'_>, node: Node<'_>) -> Attribute {
    Attribute {
        name: name::first(node),
        data_type: node.child(Syntax::Type).map(data_type).unwrap_or_default(),
        collation: node.child(Syntax::AnyName).map(|name| target.name(name)),
    }
}
