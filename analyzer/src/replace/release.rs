//! The release files: what the new column needs to stand alone, and the end of the old one.

use crate::intake::file_name::Version;
use crate::replace::carried::Carried;
use crate::replace::files::Files;
use crate::replace::index::{Beside, beside, built};
use crate::replace::keys::followers;
use crate::replace::pair::{Pair, Row};
use crate::replace::partitioned;
use crate::replace::trigger::{self, fitting};
use crate::schema::{ColumnId, ConstraintKind, Schema, generated_name};
use crate::statement::to_sql::{data_type as type_sql, quote_name, sequence_options};
use crate::statement::{ColumnValue, Name, ReplicaIdentity};
use crate::text::quote::quote_ident;

/// The files that come before the end: `NOT NULL`, indexes and keys, foreign keys and checks.
pub(super) fn prepare(
    files: &mut Files,
    pair: &Pair<'_>,
    carried: &Carried,
    required: Option<Version>,
) {
    let gate = required
        .map(|version| format!("-- onward: requires {version}\n"))
        .unwrap_or_default();
    let mut steps = Vec::new();
    steps.extend(not_null(pair));
    for one in &beside(pair).0 {
        steps.extend(index(pair, one));
    }
    for one in &followers(pair).0 {
        steps.push((one.title.clone(), one.add()));
        steps.push((format!("validate_{}", one.title), one.validate()));
        steps.extend(
            one.take_over()
                .map(|sql| (format!("{}_alone", one.title), sql)),
        );
    }
    steps.extend(carried.statistics.iter().cloned());
    let both: String = carried
        .published
        .iter()
        .map(|one| one.both.as_str())
        .collect();
    if !both.is_empty() {
        let title = format!("publish_{}", pair.series.table.name);
        steps.push((title, both));
    }
    for (n, (title, sql)) in steps.into_iter().enumerate() {
        let gate = if n == 0 { gate.as_str() } else { "" };
        files.release(&title, format!("{gate}{sql}"));
    }
}

/// At least as many as the files that `prepare` and the end have, for whatever belongs to the column.
pub(super) fn most(schema: &Schema, table: &Name, column: &str) -> usize {
    let relation = schema.relation(table);
    let Some((relation, old)) = relation.and_then(|one| Some((one, one.column(column)?))) else {
        return 0;
    };
    let over = |columns: &[ColumnId]| columns.contains(&old.id);
    let indexes = relation.indexes.iter().filter(|one| over(&one.columns));
    let own = relation.constraints.iter().filter(|one| over(&one.columns));
    let references = schema.foreign_keys_to(table);
    let statistics = schema.statistics_of(table);
    // `NOT NULL` has three, an index of a partitioned table four, a key three, and the publications and the end one.
    3 + 4 * indexes.count() + 3 * (own.count() + references.count()) + statistics.count() + 2
}

/// A check, its validation, and `NOT NULL`, which then reads no row.
fn not_null(pair: &Pair<'_>) -> Vec<(String, String)> {
    let ([new], true) = (
        pair.new.as_slice(),
        pair.table.is_surely_not_null(&pair.series.column),
    ) else {
        return Vec::new();
    };
    if pair.series.moved.is_some() || new.not_null {
        return Vec::new();
    }
    let table = quote_name(&pair.table.name);
    let title = fitting(&format!("{}_{}_not_null", pair.table.name.name, new.name));
    let (name, column) = (quote_ident(&title), quote_ident(&new.name));
    vec![
        (
            title.clone(),
            format!(
                "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID;\n"
            ),
        ),
        (
            format!("validate_{title}"),
            format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};\n"),
        ),
        (
            format!("{title}_set"),
            format!(
                "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;\nALTER TABLE {table} DROP CONSTRAINT {name};\n"
            ),
        ),
    ]
}

/// The files that build an index beside the old one.
fn index(pair: &Pair<'_>, one: &Beside<'_>) -> Vec<(String, String)> {
    if pair.to.partition_by.is_some() {
        return partitioned::steps(pair, one);
    }
    let build = one.build(pair.to, &one.name, "CONCURRENTLY");
    let mut steps = vec![(one.name.clone(), build)];
    if one.is(&ConstraintKind::Unique) {
        let name = quote_ident(&one.name);
        let sql = format!(
            "ALTER TABLE {} ADD CONSTRAINT {name} UNIQUE USING INDEX {name};\n",
            quote_name(&pair.to.name)
        );
        steps.push((format!("{}_constraint", one.name), sql));
    }
    steps
}

/// The file that drops the old column, with everything that kept it equal, in one transaction.
pub(super) fn end(pair: &Pair<'_>, carried: &Carried, required: Option<Version>) -> String {
    let series = pair.series;
    let gate = required
        .map(|version| format!("-- onward: requires {version}\n"))
        .unwrap_or_default();
    let used = match series.keeps_name {
        true => format!(
            "code that binds or reads {} without a cast to its new type",
            series.old()
        ),
        false => format!("code that still names {}", series.old()),
    };
    let numbers = numbers(pair);
    let table = quote_name(&series.table);
    let mut sql = format!(
        "{gate}-- onward: {}\n-- onward: breaks {used}\n{}",
        series.end(),
        trigger::drop(pair)
    );
    sql += &carried.policies.concat();
    sql.extend(carried.published.iter().map(|one| one.alone.as_str()));
    sql += &numbers.before;
    let key = Key::of(pair);
    let mut actions: Vec<String> = Vec::new();
    actions.extend(key.drop);
    actions.extend(numbers.default);
    actions.push(format!("DROP COLUMN {}", quote_ident(&series.column)));
    actions.extend(key.add);
    if let ReplicaIdentity::Index(name) = &pair.table.replica_identity {
        actions.extend(
            built_for(pair, name)
                .map(|index| format!("REPLICA IDENTITY USING INDEX {}", quote_ident(index))),
        );
    }
    sql += &match actions.as_slice() {
        [one] => format!("ALTER TABLE {table} {one};\n"),
        several => format!("ALTER TABLE {table}\n    {};\n", several.join(",\n    ")),
    };
    sql += &key.after;
    if let (true, [new]) = (series.keeps_name, pair.new.as_slice()) {
        sql += &format!(
            "ALTER TABLE {table} RENAME COLUMN {} TO {};\n",
            quote_ident(&new.name),
            quote_ident(&series.column)
        );
    }
    sql + &numbers.after
}

/// The index that a file has built for the new column in the place of this one.
fn built_for<'a>(pair: &Pair<'a>, name: &str) -> Option<&'a str> {
    let mut indexes = pair.table.indexes.iter();
    let old = indexes.find(|index| index.name == name)?;
    built(pair, old).map(|index| index.name.as_str())
}

/// The primary key, which falls with the old column and is added over the new one.
#[derive(Default)]
struct Key {
    drop: Option<String>,
    add: Option<String>,
    after: String,
}

impl Key {
    fn of(pair: &Pair<'_>) -> Self {
        let key = pair.table.constraints.iter().find(|one| {
            one.kind == ConstraintKind::PrimaryKey && one.columns.iter().any(|id| pair.is_old(*id))
        });
        let Some((key, index)) = key.and_then(|key| Some((key, built_for(pair, &key.name)?)))
        else {
            return Self::default();
        };
        let name = quote_ident(&key.name);
        let drop = Some(format!("DROP CONSTRAINT {name}"));
        if pair.table.partition_by.is_none() {
            let add = format!(
                "ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {}",
                quote_ident(index)
            );
            return Self {
                drop,
                add: Some(add),
                after: String::new(),
            };
        }
        let beside = beside(pair).0;
        let one = beside.iter().find(|one| one.old.name == key.name);
        Self {
            drop,
            add: None,
            after: one
                .and_then(|one| partitioned::primary(pair, one, index))
                .unwrap_or_default(),
        }
    }
}

/// What gives the new column its values when an INSERT leaves it out.
#[derive(Default)]
struct Numbers {
    before: String,
    default: Option<String>,
    after: String,
}

fn numbers(pair: &Pair<'_>) -> Numbers {
    let ([new], [target]) = (pair.new.as_slice(), pair.series.targets.as_slice()) else {
        return Numbers::default();
    };
    let (table, column) = (quote_name(pair.series.to()), quote_ident(&new.name));
    match &pair.old.value {
        ColumnValue::Identity(identity) if pair.series.moved.is_none() => {
            let when = if identity.always {
                "ALWAYS"
            } else {
                "BY DEFAULT"
            };
            let options = match sequence_options(&identity.options).as_str() {
                "" => String::new(),
                options => format!(" ({})", options.trim_start()),
            };
            let Some(old) = pair.sequence() else {
                return Numbers::default();
            };
            let name = Name {
                schema: pair.series.table.schema.clone(),
                name: generated_name(&pair.series.table.name, [&new.name], "seq"),
            };
            let after = match pair.series.keeps_name {
                true => format!(
                    "ALTER SEQUENCE {} RENAME TO {};\n",
                    quote_name(&name),
                    quote_ident(&old.name)
                ),
                false => String::new(),
            };
            Numbers {
                before: format!(
                    "ALTER TABLE {table} ALTER COLUMN {column} ADD GENERATED {when} AS IDENTITY{options};\n\
                     -- onward: allow statement-after-access-exclusive because \"it reads one row, of a sequence\"\n\
                     SELECT setval('{}', last_value, is_called) FROM {};\n",
                    quote_name(&name).replace('\'', "''"),
                    quote_name(old)
                ),
                default: None,
                after,
            }
        }
        ColumnValue::Serial | ColumnValue::Default(_) if pair.series.moved.is_none() => {
            let sequence = pair.sequence().map(quote_name);
            let is_serial = pair.old.value == ColumnValue::Serial;
            let value = match (&pair.old.value, &sequence) {
                (ColumnValue::Default(value), _) => default(pair, target, &value.text),
                (_, Some(sequence)) => format!("nextval('{}')", sequence.replace('\'', "''")),
                (_, None) => return Numbers::default(),
            };
            let wider = new
                .data_type
                .as_ref()
                .filter(|_| is_serial && !pair.is_rename());
            let wider = wider
                .map(|wider| format!(" AS {}", type_sql(wider)))
                .unwrap_or_default();
            Numbers {
                before: sequence
                    .map(|sequence| {
                        format!("ALTER SEQUENCE {sequence}{wider} OWNED BY {table}.{column};\n")
                    })
                    .unwrap_or_default(),
                default: Some(format!("ALTER COLUMN {column} SET DEFAULT {value}")),
                after: String::new(),
            }
        }
        ColumnValue::None
        | ColumnValue::Generated { .. }
        | ColumnValue::Identity(_)
        | ColumnValue::Serial
        | ColumnValue::Default(_) => Numbers::default(),
    }
}

/// The default of the old column as a value of the new one.
fn default(pair: &Pair<'_>, target: &crate::intake::directive::Target, value: &str) -> String {
    if pair.is_copy() {
        return value.to_owned();
    }
    let read = crate::replace::read(pair.schema.owned(), &pair.series.table, &target.using);
    let name = |column: &str| (column == pair.series.column).then(|| format!("({value})"));
    let written = read.and_then(|read| read.with(&name));
    written.unwrap_or_else(|| pair.using(target, Row::Stored))
}
