//! What a new column holds in the rows of a release that does not know it: null, or its default.

use crate::check::context::FileContext;
use crate::schema::TypeKind;
use crate::statement::{
    Change, Clause, Column, ColumnAction, ColumnValue, CreateTrigger, DataType, Expression, Known,
    Name, Statement, TriggerEvent, TriggerTiming, cast,
};

/// The values of a column that the file adds.
#[derive(Clone, Debug, Default)]
pub(in crate::rules) struct Unwritten {
    /// What an `INSERT` that does not name the column leaves there, at the end of the file.
    pub(in crate::rules) inserted: Known,
    /// What the existing rows have.
    pub(in crate::rules) existing: Known,
    /// Whether each `INSERT` gets another value.
    pub(in crate::rules) fresh: bool,
}

/// The values of the column in rows that the running release writes; `None` for a column that it knows.
pub(in crate::rules) fn unwritten(
    around: &FileContext<'_>,
    table: &Name,
    column: &str,
) -> Option<Unwritten> {
    let known = around.schema.column(table, column);
    if known.is_some_and(|known| known.origin.file != around.file) {
        return None;
    }
    let clauses = clauses(around.statements.iter().chain(around.suggested));
    let added = clauses.iter().rposition(|clause| {
        matches!(&clause.change, Change::AddColumn { table: to, column: added, .. }
            if to == table && added.name == column)
    });
    let Some(added) = added else {
        return known.map(|_| Unwritten::default());
    };
    let Change::AddColumn { column: new, .. } = &clauses.get(added)?.change else {
        return None;
    };
    let (existing, mut fresh) = value(around, &new.value, &new.data_type);
    let mut inserted = existing.clone();
    for action in actions(&clauses, table, column) {
        let set = match action {
            ColumnAction::SetDefault(value) => of_default(around, value, &new.data_type),
            ColumnAction::DropDefault | ColumnAction::DropIdentity { .. } => (Known::Null, false),
            ColumnAction::AddIdentity(_) => (Known::Present, true),
            ColumnAction::SetExpression(_) | ColumnAction::DropExpression { .. } => {
                (Known::Unknown, false)
            }
            ColumnAction::SetIdentity { .. }
            | ColumnAction::Statistics(_)
            | ColumnAction::Storage(_)
            | ColumnAction::Compression(_)
            | ColumnAction::SetParameters(_)
            | ColumnAction::ResetParameters(_)
            | ColumnAction::Options => continue,
        };
        (inserted, fresh) = set;
    }
    if may_be_set_by_a_trigger(around, &clauses, table) {
        (inserted, fresh) = (Known::Unknown, false);
    }
    let is_filled = clauses
        .iter()
        .any(|clause| matches!(&clause.change, Change::Update(update) if update.table == *table));
    Some(Unwritten {
        inserted,
        existing: if is_filled { Known::Unknown } else { existing },
        fresh,
    })
}

/// The clauses of the file's statements and of its `DO` blocks, in order.
fn clauses<'a>(statements: impl Iterator<Item = &'a Statement>) -> Vec<&'a Clause> {
    let mut all = Vec::new();
    let mut waiting: Vec<&Clause> = Vec::new();
    for statement in statements {
        waiting.extend(statement.clauses.iter().rev());
        while let Some(clause) = waiting.pop() {
            all.push(clause);
            if let Change::Do { body, .. } = &clause.change {
                let inner = body.statements.iter().rev();
                waiting.extend(inner.flat_map(|one| one.clauses.iter().rev()));
            }
        }
    }
    all
}

fn actions<'a>(
    clauses: &[&'a Clause],
    table: &Name,
    column: &str,
) -> impl Iterator<Item = &'a ColumnAction> {
    clauses
        .iter()
        .filter_map(move |clause| match &clause.change {
            Change::AlterColumn {
                table: on,
                column: of,
                action,
            } if on == table && of == column => Some(action),
            _ => None,
        })
}

fn may_be_set_by_a_trigger(around: &FileContext<'_>, clauses: &[&Clause], table: &Name) -> bool {
    let sets = |trigger: &CreateTrigger| {
        trigger.for_each_row
            && trigger.timing == TriggerTiming::Before
            && trigger.events.contains(&TriggerEvent::Insert)
    };
    let relation = around.schema.relation(table);
    let parents = relation.iter().flat_map(|relation| &relation.parents);
    let parents = parents.filter_map(|parent| around.schema.relation(&parent.name));
    let mut known = parents
        .chain(relation)
        .flat_map(|relation| &relation.triggers);
    known.any(|trigger| sets(&trigger.definition))
        || clauses.iter().any(|clause| {
            matches!(&clause.change, Change::CreateTrigger(trigger)
                if trigger.table == *table && sets(trigger))
        })
}

/// The value that a row gets which does not give one, and whether each row gets another.
pub(in crate::rules) fn value(
    around: &FileContext<'_>,
    value: &ColumnValue,
    data_type: &DataType,
) -> (Known, bool) {
    match value {
        ColumnValue::None => {
            let domains = domains(around, data_type);
            let default = domains.iter().find_map(|domain| match &domain.value {
                ColumnValue::Default(value) => Some(value),
                ColumnValue::None
                | ColumnValue::Serial
                | ColumnValue::Identity(_)
                | ColumnValue::Generated { .. } => None,
            });
            default.map_or((Known::Null, false), |value| {
                of_default(around, value, data_type)
            })
        }
        ColumnValue::Default(value) => of_default(around, value, data_type),
        ColumnValue::Serial | ColumnValue::Identity(_) => (Known::Present, true),
        ColumnValue::Generated { .. } => (Known::Unknown, false),
    }
}

/// The functions whose value is another one in each call.
const FRESH: [&str; 7] = [
    "gen_random_uuid",
    "nextval",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

fn of_default(
    around: &FileContext<'_>,
    written: &Expression,
    data_type: &DataType,
) -> (Known, bool) {
    let value = written.formula.value(&|_| Known::Unknown);
    let is_fresh = |name: &str| FRESH.contains(&name);
    let fresh = written.calls.len() == 1 && written.calls.iter().any(|call| is_fresh(&call.name));
    match as_type(around, value, data_type) {
        Known::Unknown if fresh => (Known::Present, true),
        value => (value, fresh),
    }
}

/// A constant, as a column of this type has it.
pub(in crate::rules) fn as_type(
    around: &FileContext<'_>,
    value: Known,
    data_type: &DataType,
) -> Known {
    let domains = domains(around, data_type);
    let base = domains.last().map_or(data_type, |domain| &domain.data_type);
    let is_enum = around
        .schema
        .made_type(base)
        .is_some_and(|known| matches!(known.kind, TypeKind::Enum(_)) && !base.array);
    let name = match base.array || base.schema.is_some() {
        true => "",
        false => base.name.as_str(),
    };
    match value {
        Known::Text(text) if is_enum => Known::Text(text),
        value => cast(value, name),
    }
}

/// The domain that the type names, and those that it is based on.
pub(in crate::rules) fn domains<'a>(
    around: &FileContext<'a>,
    data_type: &DataType,
) -> Vec<&'a Column> {
    const MOST: usize = 20;
    let mut domains: Vec<&Column> = Vec::new();
    let mut data_type = data_type;
    while !data_type.array && domains.len() < MOST {
        let Some(TypeKind::Domain(domain)) =
            around.schema.made_type(data_type).map(|known| &known.kind)
        else {
            break;
        };
        domains.push(domain);
        data_type = &domain.data_type;
    }
    domains
}
