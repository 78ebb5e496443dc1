//! The trigger that keeps the old and the new columns of a table equal while both are in use.

use crate::intake::directive::Series;
use crate::replace::moved;
use crate::replace::pair::{Pair, Row};
use crate::schema::Relation;
use crate::statement::to_sql::quote_name;
use crate::statement::{ColumnValue, Name};
use crate::text::quote::quote_ident;

/// As many bytes as PostgreSQL keeps of a name.
pub(crate) const LONGEST: usize = 63;

/// The name, cut where PostgreSQL would cut it.
pub(crate) fn fitting(name: &str) -> String {
    let mut end = name.len().min(LONGEST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or_default().to_owned()
}

/// The function of the trigger on the table of the old column.
pub(crate) fn function(series: &Series) -> Name {
    Name {
        schema: series.table.schema.clone(),
        name: fitting(&format!("replace_{}_{}", series.table.name, series.column)),
    }
}

/// The function of the trigger on the table to which the column moves.
pub(crate) fn back_function(series: &Series) -> Name {
    let own = function(series);
    Name {
        name: fitting(&format!("{}_back", own.name)),
        schema: own.schema,
    }
}

/// What copies the column: each function, and the table whose trigger runs it.
pub(crate) fn copiers(series: &Series) -> Vec<(Name, &Name)> {
    let own = (function(series), &series.table);
    let back = series.moved.as_ref();
    let back = back.map(|moved| (back_function(series), &moved.table));
    std::iter::once(own).chain(back).collect()
}

/// The trigger's name. Of several triggers PostgreSQL runs the last by name last: it sees what the others have changed.
pub(crate) fn trigger(series: &Series, table: &Relation) -> String {
    let mut name = format!("zzz_replace_{}", series.column);
    let others = table.triggers.iter().map(|part| part.name.as_str());
    let last = others
        .filter(|other| !other.ends_with(&format!("replace_{}", series.column)))
        .max();
    while last.is_some_and(|last| last >= name.as_str()) && name.len() < LONGEST {
        name.insert(0, 'z');
    }
    fitting(&name)
}

/// The statements that create functions and triggers.
pub(crate) fn create(pair: &Pair<'_>) -> String {
    if let Some(moved) = &pair.series.moved {
        return moved::create(pair, moved);
    }
    let (function, table) = (
        quote_name(&function(pair.series)),
        quote_name(&pair.series.table),
    );
    format!(
        "CREATE FUNCTION {function}() RETURNS trigger\n    LANGUAGE plpgsql SECURITY INVOKER SET search_path = {}, pg_temp\n\
         AS $replace$\n{}$replace$;\n\
         CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {table}\n    FOR EACH ROW EXECUTE FUNCTION {function}();\n",
        quote_ident(&pair.series.table.schema),
        body(pair),
        quote_ident(&trigger(pair.series, pair.table)),
    )
}

/// The statements that drop functions and triggers.
pub(crate) fn drop(pair: &Pair<'_>) -> String {
    if let Some(moved) = &pair.series.moved {
        return moved::drop(pair, moved);
    }
    format!(
        "DROP TRIGGER {} ON {};\nDROP FUNCTION {}();\n",
        quote_ident(&trigger(pair.series, pair.table)),
        quote_name(&pair.series.table),
        quote_name(&function(pair.series))
    )
}

/// The body of the function.
pub(crate) fn body(pair: &Pair<'_>) -> String {
    let series = pair.series;
    let old = quote_ident(&series.column);
    let new: Vec<String> = series
        .targets
        .iter()
        .map(|one| quote_ident(&one.column))
        .collect();
    let given = new.iter().map(|new| format!("NEW.{new} IS NOT NULL"));
    let changed = pair.new.iter().map(|new| pair.changed(new));
    let copies = series.targets.iter().zip(&new).map(|(target, new)| {
        format!(
            "            NEW.{new} := {};\n",
            pair.using(target, Row::New)
        )
    });
    format!(
        "-- The column that a statement changes is copied to the other side.\n\
         DECLARE\n    old_changed boolean;\n    new_changed boolean;\n\
         BEGIN\n    IF TG_OP = 'INSERT' THEN\n        old_changed := {};\n        new_changed := {};\n    ELSE\n        \
         old_changed := {};\n        new_changed := {};\n    END IF;\n    \
         IF NOT new_changed THEN\n        IF old_changed OR TG_OP = 'INSERT' THEN\n{}        END IF;\n    \
         ELSIF {} THEN\n        IF old_changed THEN\n            RAISE EXCEPTION '{}'\n                \
         USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = '{}',\n                    \
         HINT = 'write one of them: the other one follows';\n        END IF;\n        NEW.{old} := {};\n    END IF;\n    \
         RETURN NEW;\nEND\n",
        given_on_insert(pair),
        given.collect::<Vec<_>>().join(" OR "),
        pair.changed(pair.old),
        changed.collect::<Vec<_>>().join(" OR "),
        copies.collect::<String>(),
        pair.differs(Row::New),
        literal(&format!(
            "{} and {} contradict each other",
            series.old(),
            series.successors()
        ))
        .replace('%', "%%"),
        literal(&series.column),
        pair.back(Row::New),
    )
}

/// Whether an INSERT has chosen the value of the old column. A default may have filled it in.
fn given_on_insert(pair: &Pair<'_>) -> String {
    let old = format!("NEW.{}", quote_ident(&pair.series.column));
    match &pair.old.value {
        _ if pair.has_fresh_default() => "false".to_owned(),
        ColumnValue::Default(value) if !value.is_null => {
            let default = match &pair.old.data_type {
                Some(data_type) => format!(
                    "({value})::{}",
                    crate::statement::to_sql::data_type(data_type)
                ),
                None => format!("({value})"),
            };
            format!("{old} IS NOT NULL AND {old}::text IS DISTINCT FROM ({default})::text")
        }
        ColumnValue::Default(_)
        | ColumnValue::None
        | ColumnValue::Serial
        | ColumnValue::Identity(_)
        | ColumnValue::Generated { .. } => format!("{old} IS NOT NULL"),
    }
}

/// The text inside of a string.
fn literal(text: &str) -> String {
    text.replace('\'', "''")
}
