//! Keys and indexes that PostgreSQL does not build.

use crate::check::absence::SYSTEM_COLUMNS;
use crate::check::context::Context;
use crate::check::parts::{NewConstraint, NewIndex, NewKey, constraints, indexes};
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::base_type::built_in;
use crate::rules::facts::refusal::refused;
use crate::schema::ConstraintKind as Held;
use crate::statement::{
    Change, ColumnValue, ConstraintKind, CreateIndex, CreateTable, LikeOption, ObjectKind,
    PartitionBy, PartitionStrategy,
};

pub(super) static RULE: Rule = Rule {
    id: "refused-key",
    summary: "PostgreSQL cannot build the key or the index",
    page: include_str!("refused_key.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::Index, Subject::CreateTable],
        &Check::Parts(check),
    ),
};

/// What an access method of PostgreSQL's own cannot do (measured on 15: `pg_indexam_has_property()`).
struct Method {
    name: &'static str,
    unique: bool,
    several: bool,
    ordered: bool,
    include: bool,
    exclude: bool,
}

const METHODS: &[Method] = &[
    Method {
        name: "hash",
        unique: false,
        several: false,
        ordered: false,
        include: false,
        exclude: true,
    },
    Method {
        name: "gin",
        unique: false,
        several: true,
        ordered: false,
        include: false,
        exclude: false,
    },
    Method {
        name: "gist",
        unique: false,
        several: true,
        ordered: false,
        include: true,
        exclude: true,
    },
    Method {
        name: "spgist",
        unique: false,
        several: false,
        ordered: false,
        include: true,
        exclude: true,
    },
    Method {
        name: "brin",
        unique: false,
        several: true,
        ordered: false,
        include: false,
        exclude: false,
    },
];

/// The types without a default operator class (measured on 15). Extensions add classes for GiST, GIN and
/// BRIN, but none for these.
const UNORDERED: &[(&str, &[&str])] = &[
    (
        "btree",
        &[
            "aclitem",
            "box",
            "cid",
            "circle",
            "gtsvector",
            "json",
            "jsonpath",
            "line",
            "lseg",
            "path",
            "point",
            "polygon",
            "refcursor",
            "txid_snapshot",
            "xid",
            "xml",
        ],
    ),
    (
        "hash",
        &[
            "bit",
            "bit varying",
            "box",
            "circle",
            "gtsvector",
            "json",
            "jsonpath",
            "line",
            "lseg",
            "money",
            "path",
            "point",
            "polygon",
            "refcursor",
            "tsquery",
            "tsvector",
            "txid_snapshot",
            "xml",
        ],
    ),
];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let constraints = constraints(context);
    let mut found = Vec::new();
    for index in indexes(context) {
        found.extend(unbuildable(context, index));
    }
    found.extend(primary_keys(context, constraints));
    for new in constraints {
        found.extend(repeated(new));
    }
    match context.change() {
        Change::CreateIndex(create) => found.extend(included(create)),
        Change::CreateTable(create) => {
            found.extend(handed_down(context, create));
            found.extend(partition_class(context, create));
        }
        _ => {}
    }
    found
}

/// The first reason why an index cannot be built.
fn unbuildable(context: &Context<'_>, index: &NewIndex<'_>) -> Option<SpannedMessage> {
    let reasons = [partitioned, method, virtual_column, operator_class];
    reasons.iter().find_map(|reason| reason(context, index))
}

/// A unique index of a partitioned table has to decide within each partition.
fn partitioned(context: &Context<'_>, index: &NewIndex<'_>) -> Option<SpannedMessage> {
    let by = index.partition_by(context).filter(|_| index.unique)?;
    let columns: Vec<&str> = index.keys.iter().filter_map(|key| key.column).collect();
    let (why, help) = missing(by, &columns)?;
    let what = format!(
        "this {} of {} does not contain the partition key ({})",
        match index.word {
            "INDEX" => "UNIQUE INDEX",
            word => word,
        },
        index.table,
        by.keys.join(", ")
    );
    Some(refused(&index.span, what, why, help))
}

/// What a unique key over these columns lacks.
fn missing(by: &PartitionBy, columns: &[&str]) -> Option<(&'static str, String)> {
    let keys: Option<Vec<&str>> = by.parts.iter().map(|key| key.column.as_deref()).collect();
    let Some(keys) = keys else {
        return Some((
            "a unique key is not possible where the partition key has an expression (0A000)",
            "partition by plain columns, or create the unique key on each partition".to_owned(),
        ));
    };
    let lacking: Vec<&str> = keys
        .iter()
        .copied()
        .filter(|key| !columns.contains(key))
        .collect();
    (!lacking.is_empty()).then(|| {
        let all = [columns, &lacking].concat().join(", ");
        (
            "a unique constraint on a partitioned table must include all partitioning columns (0A000)",
            format!("add the partition key to it: `({all})`. Or create the unique key on each partition"),
        )
    })
}

/// A partition that is partitioned itself gets the unique keys of its parent.
fn handed_down(context: &Context<'_>, create: &CreateTable) -> Option<SpannedMessage> {
    let by = create.partition_by.as_ref()?;
    let (parent, _) = create.partition_of.as_ref()?;
    let parent = context.certain(parent)?;
    let mut unique = parent.indexes.iter().filter(|index| index.unique);
    unique.find_map(|index| {
        let columns = index
            .keys
            .iter()
            .filter_map(|key| parent.name_of(key.column?));
        let (why, _) = missing(by, &columns.collect::<Vec<_>>())?;
        Some(refused(
            &context.clause.span,
            format!(
                "{} of {} does not contain the partition key ({}) of {}",
                index.name,
                parent.name,
                by.keys.join(", "),
                create.table
            ),
            why,
            format!("partition {} by columns of {}", create.table, index.name),
        ))
    })
}

fn method(context: &Context<'_>, index: &NewIndex<'_>) -> Option<SpannedMessage> {
    let method = METHODS.iter().find(|method| method.name == index.method)?;
    let has_options = |key: &NewKey<'_>| {
        let written = key.written;
        written.is_some_and(|key| key.descending || key.nulls_first.is_some())
    };
    let includes = match context.change() {
        Change::CreateIndex(create) => !create.include.is_empty(),
        _ => false,
    };
    let reasons = [
        (index.unique && !method.unique, "unique indexes"),
        (
            index.keys.len() > 1 && !method.several,
            "multicolumn indexes",
        ),
        (
            index.keys.iter().any(has_options) && !method.ordered,
            "ASC, DESC and NULLS options",
        ),
        (includes && !method.include, "included columns"),
        (
            index.word == "EXCLUDE" && !method.exclude,
            "exclusion constraints",
        ),
    ];
    let (_, lacks) = reasons.into_iter().find(|(lacks, _)| *lacks)?;
    Some(refused(
        &index.span,
        format!(
            "an index of {} that uses {} has no {lacks}",
            index.table, method.name
        ),
        format!("the access method does not support {lacks} (0A000)"),
        "use btree, the default: leave out USING. Or leave the option out",
    ))
}

/// PostgreSQL 18 computes a virtual column when it is read, and has no index on it.
fn virtual_column(context: &Context<'_>, index: &NewIndex<'_>) -> Option<SpannedMessage> {
    let column = index.keys.iter().find_map(|key| {
        let is_virtual = |name: &&str| {
            let value = index.value_of(context, name);
            matches!(value, Some(ColumnValue::Generated { stored: false, .. }))
        };
        match (key.column, key.written) {
            (Some(column), _) => Some(column).filter(is_virtual),
            (None, Some(key)) => { key.expression.outer.iter() }
                .map(String::as_str)
                .find(is_virtual),
            (None, None) => None,
        }
    })?;
    Some(refused(
        &index.span,
        format!("{}.{column} is a virtual generated column", index.table),
        "indexes on virtual generated columns are not supported (0A000)",
        "index the expression itself: `CREATE INDEX ... ((<expression>))`. Or make the column STORED",
    ))
}

fn operator_class(context: &Context<'_>, index: &NewIndex<'_>) -> Option<SpannedMessage> {
    let (_, types) = UNORDERED
        .iter()
        .find(|(method, _)| *method == index.method)?;
    index.keys.iter().find_map(|key| {
        let column = key.column?;
        let has_class = key.written.is_some_and(|key| key.class.is_some());
        if has_class || SYSTEM_COLUMNS.contains(&column) {
            return None;
        }
        let data_type = built_in(context, index.type_of(context, column)?)?;
        types.contains(&data_type.name.as_str()).then(|| {
            let name = &data_type.name;
            refused(
                &index.span,
                format!(
                    "{}.{column} is {name}, which {} cannot index",
                    index.table, index.method
                ),
                format!(
                    "data type {name} has no default operator class for this access method (42704)"
                ),
                instead(name),
            )
        })
    })
}

/// The rows of a partitioned table are found by the order of the key's type, or by its hash.
fn partition_class(context: &Context<'_>, create: &CreateTable) -> Option<SpannedMessage> {
    let by = create.partition_by.as_ref()?;
    let method = match by.strategy {
        PartitionStrategy::Range | PartitionStrategy::List => "btree",
        PartitionStrategy::Hash => "hash",
    };
    let (_, types) = UNORDERED.iter().find(|(name, _)| *name == method)?;
    let mut parts = by.parts.iter().filter(|part| part.class.is_none());
    parts.find_map(|part| {
        let name = part.column.as_ref()?;
        let column = create.columns.iter().find(|one| one.name == *name)?;
        let data_type = built_in(context, &column.data_type)?;
        types.contains(&data_type.name.as_str()).then(|| {
            refused(
                &context.clause.span,
                format!(
                    "{} is partitioned by {name}, which is {}",
                    create.table, data_type.name
                ),
                format!(
                    "data type {} has no default operator class for access method {method} (42704)",
                    data_type.name
                ),
                "partition by a column of another type",
            )
        })
    })
}

fn instead(name: &str) -> &'static str {
    match name {
        "json" => "use jsonb, or index an expression such as `((doc ->> 'id'))`",
        "xml" => "index an expression such as `((doc::text))`, or a column of its own",
        "box" | "circle" | "point" | "polygon" => "write `USING gist`, which has no unique index",
        _ => "index an expression of a type that can be ordered, or another column",
    }
}

/// More than one primary key, of the statement and of what is known.
fn primary_keys(context: &Context<'_>, new: &[NewConstraint<'_>]) -> Option<SpannedMessage> {
    let is_key = |new: &&NewConstraint<'_>| {
        matches!(new.constraint.kind, ConstraintKind::PrimaryKey(_)) && !new.of_domain
    };
    let mut keys = new.iter().filter(is_key);
    let first = keys.next()?;
    let copied = first
        .create
        .is_some_and(|create| copies_key(context, create));
    let again = match keys.next() {
        Some(second) => second,
        None if copied || has_key(context, first) => first,
        None => return None,
    };
    Some(refused(
        &again.span,
        format!("{} gets a second primary key", again.table),
        "multiple primary keys for a table are not allowed (42P16)",
        "make the second key UNIQUE with NOT NULL columns, or write one key over all columns: `PRIMARY KEY (a, b)`",
    ))
}

/// `LIKE ... INCLUDING INDEXES` of a table with a primary key.
fn copies_key(context: &Context<'_>, create: &CreateTable) -> bool {
    let mut copied = create
        .like
        .iter()
        .filter(|(_, options)| options.contains(&LikeOption::Indexes));
    copied.any(|(like, _)| {
        let like = context.certain(like);
        like.is_some_and(|like| !like.primary_key().is_empty())
    })
}

/// Whether the table that is altered has a primary key which the statement leaves as it is.
fn has_key(context: &Context<'_>, new: &NewConstraint<'_>) -> bool {
    let Some(known) = context.certain(new.table).filter(|_| new.create.is_none()) else {
        return false;
    };
    let mut held = known.constraints.iter();
    let Some(key) = held.find(|one| one.kind == Held::PrimaryKey) else {
        return false;
    };
    let in_key = |column: &str| {
        let column = known.column(column);
        column.is_some_and(|column| key.columns.contains(&column.id))
    };
    // PostgreSQL drops first, wherever the DROP is written.
    !context.others().any(|clause| match &clause.change {
        Change::Drop {
            kind: ObjectKind::Constraint,
            part: Some(part),
            ..
        } => *part == key.name,
        Change::DropColumn { column, .. } => in_key(column),
        _ => false,
    })
}

fn repeated(new: &NewConstraint<'_>) -> Option<SpannedMessage> {
    let (ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key)) = &new.constraint.kind
    else {
        return None;
    };
    if key.columns.len() < 2 {
        return None;
    }
    let mut columns = key.columns.iter().enumerate();
    let (_, twice) =
        columns.find(|(at, column)| key.columns.iter().take(*at).any(|one| one == *column))?;
    Some(refused(
        &new.span,
        format!(
            "this {} of {} has `{twice}` twice",
            new.constraint.kind.word(),
            new.table
        ),
        "a column appears twice in the constraint (42701)",
        "name each column once",
    ))
}

fn included(create: &CreateIndex) -> Option<SpannedMessage> {
    let expression = create.included.iter().find(|key| key.column.is_none());
    let ordered = create
        .included
        .iter()
        .find(|key| key.descending || key.nulls_first.is_some());
    let (key, why, help) = match (expression, ordered) {
        (Some(key), _) => (
            key,
            "expressions are not supported in included columns (0A000)",
            "make the expression a key of the index, or a generated column",
        ),
        (None, Some(key)) => (
            key,
            "an included column does not support ASC, DESC and NULLS options (42P17)",
            "name the column alone: it is stored in the index and not ordered",
        ),
        (None, None) => return None,
    };
    let what = format!(
        "INCLUDE ({}) of {} is more than a column",
        key.expression.text, create.table
    );
    Some(refused(&key.expression.span, what, why, help))
}
