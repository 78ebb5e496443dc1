//! How a table in use gets a new column with everything that its definition says: without a rewrite, and
//! so that rows which the running release writes are valid after each file.
//!
//! All rules about the definition of a column suggest these files, so that they agree.

use crate::check::context::Context;
use crate::check::fix::Steps;
use crate::effect::volatile_call;
use crate::finding::SuggestedFile;
use crate::rules::facts::constrained_domain::is_constrained;
use crate::rules::facts::unwritten::domains;
use crate::rules::fixes::{domain, proof};
use crate::schema::{generated_name, name_of};
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{
    Change, Clause, Column, ColumnValue, Constraint, ConstraintKind, DataType, Expression, Key,
    Name, Parameter,
};
use crate::text::quote::{quote_ident, quote_list};

/// The files that add the column; empty where they would not be enough.
pub(in crate::rules) fn files(
    context: &Context<'_>,
    table: &Name,
    column: &Column,
) -> Vec<SuggestedFile> {
    let domains = domains(&context.around, &column.data_type);
    let is_constrained = domains.iter().any(|one| is_constrained(one));
    let inherited = domains.iter().map(|domain| &domain.value);
    let is_volatile = |value: &ColumnValue| matches!(value, ColumnValue::Default(value) if volatile_call(value, context.schema).is_some());
    let gives_value = domains.iter().any(|domain| is_volatile(&domain.value));
    let base = domains.last().filter(|_| is_constrained || gives_value);
    let values = std::iter::once(&column.value).chain(inherited);
    let mut values = values.filter(|value| **value != ColumnValue::None);
    let value = values.next().unwrap_or(&ColumnValue::None);
    let wanted = Wanted {
        context,
        table,
        column,
        data_type: base.map_or(&column.data_type, |base| &base.data_type),
        not_null: column.not_null,
        checks: match is_constrained {
            true => domains
                .iter()
                .flat_map(|one| domain::checks(one, &column.name))
                .collect(),
            false => Vec::new(),
        },
        constraints: constraints(context, table, column),
    };
    match value {
        ColumnValue::None => wanted.without_value(),
        ColumnValue::Default(value) if volatile_call(value, context.schema).is_some() => {
            wanted.with_default_for_new_rows(value)
        }
        ColumnValue::Default(value) => wanted.with_constant(value),
        ColumnValue::Serial => wanted.with_sequence(&[]),
        ColumnValue::Identity(identity) => wanted.with_sequence(&identity.options),
        ColumnValue::Generated { expression, .. } => wanted.filled_by_the_service(expression),
    }
}

/// The statement that turns an index into a key.
pub(in crate::rules) fn using(
    context: &Context<'_>,
    table: &Name,
    constraint: &Constraint,
    name: &str,
) -> String {
    format!(
        "{on} ADD CONSTRAINT {name} {word} USING INDEX {name}{attributes};",
        on = context.alter(table),
        name = quote_ident(name),
        word = constraint.kind.word(),
        attributes = to_sql::attributes(constraint)
    )
}

/// The constraints in the definition, and those that the same statement adds to this column alone.
fn constraints<'a>(context: &Context<'a>, table: &Name, column: &'a Column) -> Vec<&'a Constraint> {
    let beside = context.statement.clauses.iter().filter_map(|clause| {
        let constraint = beside(clause, table, &column.name)?;
        Some(constraint)
    });
    column.constraints.iter().chain(beside).collect()
}

/// The constraint that a clause adds to this column and no other.
fn beside<'a>(clause: &'a Clause, table: &Name, column: &str) -> Option<&'a Constraint> {
    let Change::AddConstraint {
        table: on,
        constraint,
    } = &clause.change
    else {
        return None;
    };
    let columns = match &constraint.kind {
        ConstraintKind::Check(expression) => &expression.columns,
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => &key.columns,
        ConstraintKind::ForeignKey(key) => &key.columns,
        ConstraintKind::NotNull { .. } | ConstraintKind::Exclude { .. } => return None,
    };
    let is_alone = on == table && columns.len() == 1 && columns.iter().all(|one| one == column);
    is_alone.then_some(&**constraint)
}

/// Whether an action is about the column, too.
fn names(clause: &Clause, column: &str) -> bool {
    match &clause.change {
        Change::AddConstraint { constraint, .. } => match &constraint.kind {
            ConstraintKind::Check(expression) => expression.columns.iter().any(|one| one == column),
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => key
                .columns
                .iter()
                .chain(&key.include)
                .any(|one| one == column),
            ConstraintKind::ForeignKey(key) => key.columns.iter().any(|one| one == column),
            ConstraintKind::NotNull { column: on } => on == column,
            ConstraintKind::Exclude { elements, .. } => {
                elements.iter().any(|one| one.contains(column))
            }
        },
        Change::DropColumn { column: on, .. }
        | Change::ColumnType { column: on, .. }
        | Change::SetNotNull { column: on, .. }
        | Change::DropNotNull { column: on, .. }
        | Change::AlterColumn { column: on, .. } => on == column,
        _ => false,
    }
}

/// Whether the clause fails while a row has no value in the column.
fn requires_values(clause: &Clause, table: &Name, column: &str) -> bool {
    match &clause.change {
        Change::SetNotNull {
            table: on,
            column: required,
        } => on == table && required == column,
        Change::AddConstraint {
            table: on,
            constraint,
        } => {
            let required = match &constraint.kind {
                ConstraintKind::PrimaryKey(key) => key.columns.iter().any(|one| one == column),
                ConstraintKind::NotNull { column: required } => required == column,
                ConstraintKind::Check(_)
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Exclude { .. } => false,
            };
            on == table && required
        }
        _ => false,
    }
}

/// What the definition of the column demands.
struct Wanted<'a> {
    context: &'a Context<'a>,
    table: &'a Name,
    column: &'a Column,
    data_type: &'a DataType,
    not_null: bool,
    /// The checks of its domain.
    checks: Vec<String>,
    constraints: Vec<&'a Constraint>,
}

impl Wanted<'_> {
    fn without_value(&self) -> Vec<SuggestedFile> {
        let is_key = |one: &&Constraint| matches!(one.kind, ConstraintKind::PrimaryKey(_));
        if self.not_null || self.constraints.iter().any(is_key) {
            return Vec::new();
        }
        self.at_once(&ColumnValue::None)
    }

    fn with_constant(&self, value: &Expression) -> Vec<SuggestedFile> {
        self.at_once(&ColumnValue::Default(value.clone()))
    }

    fn with_default_for_new_rows(&self, value: &Expression) -> Vec<SuggestedFile> {
        let (on, name) = (
            self.context.alter(self.table),
            quote_ident(&self.column.name),
        );
        let default = format!("{on} ALTER COLUMN {name} SET DEFAULT {value};");
        self.filled(None, &[default], &value.text)
    }

    /// A sequence like that of a serial or identity column, which numbers new rows only.
    fn with_sequence(&self, options: &[Parameter]) -> Vec<SuggestedFile> {
        let written = options.iter().find(|option| option.name == "sequence name");
        let sequence = match written.and_then(|option| option.value.clone()) {
            Some(name) => name,
            None => quote_name(&Name {
                schema: self.table.schema.clone(),
                name: generated_name(&self.table.name, [&self.column.name], "seq"),
            }),
        };
        let name = quote_ident(&self.column.name);
        let on = self.context.alter(self.table);
        let data_type = to_sql::data_type(self.data_type);
        let options = to_sql::sequence_options(options);
        let create = format!("CREATE SEQUENCE {sequence} AS {data_type}{options};");
        let next = format!("nextval('{}')", sequence.replace('\'', "''"));
        let owner = quote_name(self.table);
        let rest = [
            format!("{on} ALTER COLUMN {name} SET DEFAULT {next};"),
            format!("ALTER SEQUENCE {sequence} OWNED BY {owner}.{name};"),
        ];
        self.filled(Some(create), &rest, &next)
    }

    fn filled_by_the_service(&self, value: &Expression) -> Vec<SuggestedFile> {
        self.filled(None, &[], &value.text)
    }

    /// The column as it stays, with a value that PostgreSQL does not write into the rows.
    fn at_once(&self, value: &ColumnValue) -> Vec<SuggestedFile> {
        let filled = *value != ColumnValue::None;
        let mut actions = vec![self.add(self.not_null && filled, value)];
        let Some(parts) = self.parts(filled) else {
            return Vec::new();
        };
        actions[0] += &parts.inline.concat();
        actions.append(&mut parts.checks.into_iter().map(|(_, action)| action).collect());
        let on = self.context.alter(self.table);
        let here = match actions.as_slice() {
            [one] => format!("{on} {one};"),
            several => format!("{on}\n    {};", several.join(",\n    ")),
        };
        let later = [parts.builds, parts.validations, parts.keys].concat();
        self.context.fix_in_steps(Steps {
            title: self.title(),
            here,
            whole: self.is_whole(),
            fill: None,
            later,
        })
    }

    /// The column without a value in the existing rows, which a data migration fills; what needs all rows
    /// to have one comes after that.
    fn filled(&self, first: Option<String>, rest: &[String], value: &str) -> Vec<SuggestedFile> {
        let on = self.context.alter(self.table);
        let Some(parts) = self.parts(true) else {
            return Vec::new();
        };
        let inline = parts.inline.concat();
        let add = format!("{on} {}{inline};", self.add(false, &ColumnValue::None));
        let here: Vec<String> = first
            .into_iter()
            .chain([add])
            .chain(rest.to_vec())
            .collect();
        let name = quote_ident(&self.column.name);
        let condition = format!("{name} IS NULL");
        let Some(fill) = self.context.fill(self.table, &name, value, &condition) else {
            return Vec::new();
        };
        let checks = parts.checks.into_iter();
        let checks = checks
            .map(|(name, action)| (name, format!("{on} {action};")))
            .collect();
        let proofs = match self.not_null && rest.iter().any(|one| one.contains("SET DEFAULT")) {
            true => proof::steps(self.context, self.table, &self.column.name),
            false => Vec::new(),
        };
        self.context.fix_in_steps(Steps {
            title: self.title(),
            here: here.join("\n"),
            whole: self.is_whole(),
            fill: Some(fill),
            later: [parts.builds, checks, proofs, parts.validations, parts.keys].concat(),
        })
    }

    fn title(&self) -> String {
        format!("{}_{}", self.table.name, self.column.name)
    }

    fn add(&self, not_null: bool, value: &ColumnValue) -> String {
        let bare = Column {
            data_type: self.data_type.clone(),
            not_null,
            value: value.clone(),
            constraints: Vec::new(),
            ..self.column.clone()
        };
        let guard = match self.context.change() {
            Change::AddColumn {
                if_not_exists: true,
                ..
            } => "IF NOT EXISTS ",
            _ => "",
        };
        format!("ADD COLUMN {guard}{}", to_sql::column(&bare))
    }

    /// Whether the other actions of the statement are parts of this column; `None` if they, or other
    /// statements of the file, need the column as it is written.
    fn is_whole(&self) -> Option<bool> {
        let mut elsewhere = self.context.statements.iter();
        let needs = |clause: &Clause| requires_values(clause, self.table, &self.column.name);
        if elsewhere.any(|one| one != self.context.statement && one.clauses.iter().any(needs)) {
            return None;
        }
        let mut others = self.context.others().filter(|clause| {
            let is_this = matches!(&clause.change, Change::AddColumn { column, .. } if column.name == self.column.name);
            !is_this && beside(clause, self.table, &self.column.name).is_none()
        });
        let absorbs = self.constraints.len() > self.column.constraints.len();
        let others: Vec<&Clause> = others.by_ref().collect();
        let names = |clause: &&Clause| names(clause, &self.column.name);
        match (others.as_slice(), absorbs) {
            ([], _) => Some(true),
            (others, false) if !others.iter().any(names) => Some(false),
            ([_, ..], _) => None,
        }
    }

    /// `None` if a constraint cannot be added step by step.
    fn parts(&self, filled: bool) -> Option<Parts> {
        let mut parts = Parts::default();
        let relation = self.context.schema.relation(self.table);
        let is_partitioned = relation.is_some_and(|relation| relation.partition_by.is_some());
        let has_key = |one: &&Constraint| one.kind.is_indexed();
        let has_key = self.constraints.iter().any(has_key);
        for constraint in &self.constraints {
            let name = |columns: &[&String], label| name_of(constraint, self.table, columns, label);
            let own = [&self.column.name];
            match &constraint.kind {
                ConstraintKind::NotNull { .. } => {}
                ConstraintKind::Check(_) if !constraint.enforced => {
                    parts
                        .inline
                        .push(self.inline(constraint, &to_sql::constraint(constraint)));
                }
                ConstraintKind::Check(_) => {
                    let name = match &constraint.name {
                        Some(name) => name.clone(),
                        None => parts.free(self),
                    };
                    parts.check(self, &name, &to_sql::constraint(constraint));
                }
                ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) if is_partitioned => {
                    return None;
                }
                ConstraintKind::PrimaryKey(key) => {
                    parts.key(self, &name(&[], "pkey"), constraint, key);
                }
                ConstraintKind::Unique(key) => {
                    parts.key(self, &name(&own, "key"), constraint, key);
                }
                ConstraintKind::ForeignKey(key) if !filled || !constraint.enforced => {
                    let sql = to_sql::references(key, &|names: &[String]| quote_list(names));
                    let sql = sql + &to_sql::attributes(constraint);
                    parts.inline.push(self.inline(constraint, &sql));
                }
                ConstraintKind::ForeignKey(_) if is_partitioned => return None,
                ConstraintKind::ForeignKey(_) => {
                    parts.reference(self, &name(&own, "fkey"), constraint, !has_key);
                }
                ConstraintKind::Exclude { .. } => return None,
            }
        }
        for check in &self.checks {
            let name = parts.free(self);
            parts.check(self, &name, &format!("CHECK ({check})"));
        }
        Some(parts)
    }

    fn inline(&self, constraint: &Constraint, sql: &str) -> String {
        match &constraint.name {
            Some(name) => format!(" CONSTRAINT {} {sql}", quote_ident(name)),
            None => format!(" {sql}"),
        }
    }
}

/// The constraints of the column, each where it belongs: with a title, as SQL.
#[derive(Default)]
struct Parts {
    /// In the definition of the column.
    inline: Vec<String>,
    /// `ADD CONSTRAINT ... NOT VALID`, as actions.
    checks: Vec<(String, String)>,
    /// Indexes, and foreign keys that are not valid yet.
    builds: Vec<(String, String)>,
    validations: Vec<(String, String)>,
    /// Keys that use an index.
    keys: Vec<(String, String)>,
}

impl Parts {
    /// The name that PostgreSQL would generate for the next check.
    fn free(&self, of: &Wanted<'_>) -> String {
        let name = |nth: usize| {
            let label = match nth {
                0 => "check".to_owned(),
                more => format!("check{more}"),
            };
            generated_name(&of.table.name, [&of.column.name], &label)
        };
        let is_taken = |name: &String| self.checks.iter().any(|(taken, _)| taken == name);
        let mut names = (0..self.checks.len()).map(name);
        names
            .find(|name| !is_taken(name))
            .unwrap_or_else(|| name(self.checks.len()))
    }

    fn check(&mut self, of: &Wanted<'_>, name: &str, demand: &str) {
        let action = format!("ADD CONSTRAINT {} {demand} NOT VALID", quote_ident(name));
        self.checks.push((name.to_owned(), action));
        self.validate(of, name);
    }

    fn validate(&mut self, of: &Wanted<'_>, name: &str) {
        let on = of.context.alter(of.table);
        let sql = format!("{on} VALIDATE CONSTRAINT {};", quote_ident(name));
        self.validations.push((format!("validate_{name}"), sql));
    }

    fn key(&mut self, of: &Wanted<'_>, name: &str, constraint: &Constraint, key: &Key) {
        self.builds
            .push((name.to_owned(), to_sql::unique_index(of.table, name, key)));
        let sql = using(of.context, of.table, constraint, name);
        self.keys.push((format!("{name}_constraint"), sql));
    }

    fn reference(&mut self, of: &Wanted<'_>, name: &str, constraint: &Constraint, build: bool) {
        let column = &of.column.name;
        if build {
            let index = generated_name(&of.table.name, [column], "idx");
            let sql = format!(
                "CREATE INDEX CONCURRENTLY {} ON {} ({});",
                quote_ident(&index),
                quote_name(of.table),
                quote_ident(column)
            );
            self.builds.push((index, sql));
        }
        let add = format!(
            "{} ADD CONSTRAINT {} {} NOT VALID;",
            of.context.alter(of.table),
            quote_ident(name),
            to_sql::constraint(constraint)
        );
        self.builds.push((name.to_owned(), add));
        self.validate(of, name);
    }
}
