//! Column definitions.

use sqlparser::ast::{
    ColumnDef, ColumnOption, GeneratedAs, GeneratedExpressionMode, SequenceOptions, TableConstraint,
};

use super::constraint::constraint_as;
use super::names::{self, ident, name};
use super::spelled;
use super::types::{data_type, serial};
use crate::second_reader::lines::list;

pub(super) fn column(table: &str, def: &ColumnDef) -> Vec<String> {
    let column = format!("column {table}.{}", ident(&def.name));
    let integer = serial(&def.data_type);
    let data_type = integer.map_or_else(|| data_type(&def.data_type), str::to_owned);
    let mut lines = vec![format!("{column} {data_type}").trim_end().to_owned()];
    if integer.is_some() {
        lines.push(format!("{column} serial"));
    }
    if integer.is_some() || def.options.iter().any(|own| is_not_null(&own.option)) {
        lines.push(format!("{column} not null"));
    }
    for part in &def.options {
        let named = part.name.as_ref().map(ident);
        let constraint_of = |constraint: TableConstraint| {
            let own = ident(&def.name);
            constraint_as(table, &constraint, named.as_deref(), Some(&own))
        };
        lines.push(match &part.option {
            ColumnOption::Null => continue,
            ColumnOption::NotNull if named.is_none() => continue,
            ColumnOption::NotNull => format!(
                "constraint {table} {} not null {}",
                named.unwrap_or_default(),
                ident(&def.name)
            ),
            ColumnOption::Default(value) => format!("{column} default {}", spelled(value)),
            ColumnOption::Collation(collation) => format!("{column} collate {}", name(collation)),
            ColumnOption::PrimaryKey(key) => constraint_of(key.clone().into()),
            ColumnOption::Unique(key) => constraint_of(key.clone().into()),
            ColumnOption::ForeignKey(key) => constraint_of(key.clone().into()),
            ColumnOption::Check(check) => constraint_of(check.clone().into()),
            generated @ ColumnOption::Generated { .. } => {
                format!("{column} {}", self::generated(generated))
            }
            ColumnOption::GenericOptions(options) => {
                let each = options
                    .iter()
                    .map(|one| format!("{column} option {} {}", ident(&one.key), one.value));
                lines.extend(each);
                continue;
            }
            other => format!("{column} ? {other}"),
        });
    }
    lines
}

fn is_not_null(option: &ColumnOption) -> bool {
    match option {
        ColumnOption::NotNull | ColumnOption::PrimaryKey(_) => true,
        // An identity, which has no expression.
        ColumnOption::Generated {
            generation_expr, ..
        } => generation_expr.is_none(),
        _ => false,
    }
}

fn generated(option: &ColumnOption) -> String {
    match option {
        ColumnOption::Generated {
            generated_as,
            generation_expr: Some(value),
            generation_expr_mode,
            ..
        } => {
            let stored = *generation_expr_mode == Some(GeneratedExpressionMode::Stored)
                || *generated_as == GeneratedAs::ExpStored;
            let mode = if stored { "stored" } else { "virtual" };
            format!("generated {} {mode}", spelled(value))
        }
        ColumnOption::Generated {
            generated_as,
            sequence_options,
            ..
        } => identity(generated_as, sequence_options.as_deref()),
        other => format!("? {other}"),
    }
}

pub(super) fn identity(kind: &GeneratedAs, options: Option<&[SequenceOptions]>) -> String {
    let always = match kind {
        GeneratedAs::Always | GeneratedAs::ExpStored => "always",
        GeneratedAs::ByDefault => "by default",
    };
    format!(
        "identity {always} {}",
        sequence(options.unwrap_or_default())
    )
}

pub(super) fn sequence(options: &[SequenceOptions]) -> String {
    let words = options.iter().filter_map(|option| match option {
        SequenceOptions::OwnedBy(_) => None,
        SequenceOptions::DataType(as_type) => Some(format!("as {}", data_type(as_type))),
        SequenceOptions::IncrementBy(by, _) => Some(format!("increment {by}")),
        SequenceOptions::MinValue(Some(value)) => Some(format!("minvalue {value}")),
        SequenceOptions::MinValue(None) => Some("no minvalue".to_owned()),
        SequenceOptions::MaxValue(Some(value)) => Some(format!("maxvalue {value}")),
        SequenceOptions::MaxValue(None) => Some("no maxvalue".to_owned()),
        SequenceOptions::StartWith(value, _) => Some(format!("start {value}")),
        SequenceOptions::Cache(value) => Some(format!("cache {value}")),
        // The flag means `NO`.
        SequenceOptions::Cycle(no) => Some(if *no { "no cycle" } else { "cycle" }.to_owned()),
    });
    list(words)
}

/// The column that owns a sequence.
pub(super) fn owner(options: &[SequenceOptions]) -> Option<String> {
    options.iter().find_map(|option| match option {
        SequenceOptions::OwnedBy(None) => Some("none".to_owned()),
        SequenceOptions::OwnedBy(Some(column)) => Some(names::column(column)),
        _ => None,
    })
}
