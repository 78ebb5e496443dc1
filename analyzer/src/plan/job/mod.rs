//! How a data migration runs: its ranges, and the query that finds what is still to do.

mod done;
mod key;
mod refusal;
mod splice;
mod tenants;

pub(crate) use self::key::usable as keys_of;
pub(crate) use self::refusal::{KeyProblem, Refusal};
pub(crate) use self::tenants::{hidden, of_key};
use crate::intake::directive::{Batch, Declarations};
use crate::intake::file::File;
use crate::intake::file_name::Category;
use crate::intake::module::{Module, Source};
use crate::intake::question::Purpose;
use crate::schema::Schema;
use crate::statement::{Change, Choice, Name, Rows, Statement};

/// What only a data migration has.
///
/// ```
/// use onward_analyzer::plan::Job;
/// use onward_analyzer::{analyze, source::Module};
///
/// let table = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY, b bigint);");
/// let data = ("DM001_b.sql", "-- onward: batch 500 by id\nUPDATE auth.a SET b = 1 WHERE b IS NULL;");
/// let plan = analyze(Module::in_memory("auth", [table, data])).plan.unwrap();
/// let data = plan.data[0].data.as_ref().unwrap();
/// assert!(matches!(&data.job, Job::Ranges(ranges) if ranges.rows == 500));
/// assert_eq!(data.unfinished.as_deref(), Some("SELECT true FROM auth.a WHERE (b IS NULL)"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// How its statements run.
    pub job: Job,
    /// A query of one boolean, true for each row that is still to do.
    pub unfinished: Option<String>,
    /// How many rows that fail may be left out.
    pub skip: u32,
    /// Whether an operator has to approve it.
    pub approve: bool,
    /// Queries of one boolean; it waits unless each of them is true.
    pub healthy: Vec<String>,
}

/// How the statements of a data migration run.
///
/// ```
/// assert_ne!(onward_analyzer::plan::Job::Whole, onward_analyzer::plan::Job::Code);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// In one transaction, once.
    Whole,
    /// One statement, for one range of a key after another.
    Ranges(Ranges),
    /// One statement that limits itself, until it finds no row.
    Repeated,
    /// Code of the service.
    Code,
    /// Outside of transactions, without a limit of time.
    Background,
}

/// A statement that is cut into ranges of a key: it reads `head condition tail`.
///
/// ```
/// use onward_analyzer::plan::Job;
/// use onward_analyzer::{analyze, source::Module};
///
/// let table = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY, b bigint);");
/// let data = ("DM001_b.sql", "-- onward: batch 500 by id\nDELETE FROM auth.a WHERE b = 0;");
/// let plan = analyze(Module::in_memory("auth", [table, data])).plan.unwrap();
/// let Some(Job::Ranges(ranges)) = plan.data[0].data.clone().map(|data| data.job) else { panic!() };
/// assert_eq!(ranges.head, "DELETE FROM auth.a WHERE (b = 0) AND (");
/// assert_eq!(ranges.tail, ")");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranges {
    /// Rows in a batch.
    pub rows: u32,
    /// The table that is walked.
    pub table: Name,
    /// The name by which the statement knows it, folded.
    pub alias: String,
    /// The columns of a unique index of the table.
    pub keys: Vec<Key>,
    /// The text before the condition.
    pub head: String,
    /// The text after it.
    pub tail: String,
    /// Where policies show a session the rows of one tenant only: how each batch gets its tenant.
    pub tenants: Option<Tenants>,
}

/// How the batches of one tenant after another get their tenant, whose column is the first of the key.
///
/// ```
/// use onward_analyzer::plan::Tenants;
///
/// let tenants = Tenants { query: "SELECT id FROM auth.tenants".into(), setting: "app.tenant_id".into() };
/// assert_eq!(tenants.setting, "app.tenant_id");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenants {
    /// A query of one column that lists the tenants: that of the file, or derived from foreign keys.
    pub query: String,
    /// The setting with the tenant of a session.
    pub setting: String,
}

/// A column by which a table is cut.
///
/// ```
/// use onward_analyzer::plan::Key;
///
/// let key = Key { column: "id".into(), data_type: "bigint".into() };
/// assert_eq!(key.column, "id");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its folded name.
    pub column: String,
    /// Its type as SQL.
    pub data_type: String,
}

/// The job of a file of a data migration, with the schema just before it; `None` for any other file.
pub(crate) fn of(
    module: &Module,
    source: &Source,
    file: &File,
    schema: &Schema,
) -> Option<Result<Data, Refusal>> {
    let own = || job(module, source, file, schema).map(|job| data(source, file, schema, job));
    let with_those_of_all = |mut data: Data| {
        let of_all = module
            .settings
            .healthy
            .iter()
            .map(|(_, query)| query.clone());
        data.healthy.extend(of_all);
        data
    };
    (source.version.category == Category::Data).then(|| own().map(with_those_of_all))
}

fn data(source: &Source, file: &File, schema: &Schema, job: Job) -> Data {
    let declared = &file.declared;
    let ask = |purpose| asked(source, file, purpose);
    let derived = || match (&job, file.statements.as_slice()) {
        (Job::Ranges(_) | Job::Repeated, [statement]) => {
            done::derived(&source.text, statement, schema)
        }
        (Job::Whole | Job::Ranges(_) | Job::Repeated | Job::Code | Job::Background, _) => None,
    };
    let unfinished = ask(Purpose::Done).next().or_else(derived);
    Data {
        unfinished,
        skip: declared.skip,
        approve: declared.approve,
        healthy: ask(Purpose::Healthy).collect(),
        job,
    }
}

/// The queries of the file for this purpose.
fn asked(source: &Source, file: &File, purpose: Purpose) -> impl Iterator<Item = String> {
    let questions = file.questions.iter();
    let questions = questions.filter(move |question| question.purpose == purpose);
    questions.filter_map(|question| {
        let [query] = question.statements.as_slice() else {
            return None;
        };
        source.text.get(query.span.clone()).map(str::to_owned)
    })
}

fn job(module: &Module, source: &Source, file: &File, schema: &Schema) -> Result<Job, Refusal> {
    let Declarations {
        in_rust,
        background,
        batch,
        ..
    } = &file.declared;
    if *in_rust {
        return Ok(Job::Code);
    }
    if *background {
        return Ok(Job::Background);
    }
    match (batch, file.statements.as_slice()) {
        // What cannot be read is an error of its own.
        (_, [statement]) if is_unknown(statement) => Ok(Job::Whole),
        (Some(batch), [statement]) if !batch.by.is_empty() => {
            let ranges = ranges(&source.text, statement, batch, schema)?;
            let declared = asked(source, file, Purpose::Tenants).next();
            let tenants = tenants::of(module, schema, statement, &ranges, declared);
            Ok(Job::Ranges(Ranges { tenants, ..ranges }))
        }
        (_, [statement]) if limits_itself(statement) => Ok(Job::Repeated),
        (Some(batch), [_]) if batch.by.is_empty() => Err(Refusal::Unlimited),
        (Some(_), [_, second, ..]) => Err(Refusal::Several(second.span.clone())),
        (_, statements @ [_, _, ..]) => {
            let limited = statements.iter().find(|one| limits_itself(one));
            match limited {
                Some(statement) => Err(Refusal::Several(statement.span.clone())),
                None => Ok(Job::Whole),
            }
        }
        (_, [] | [_]) => Ok(Job::Whole),
    }
}

fn ranges(
    text: &str,
    statement: &Statement,
    batch: &Batch,
    schema: &Schema,
) -> Result<Ranges, Refusal> {
    let walks = match &statement.cuts {
        Some(cuts) if !cuts.walks.is_empty() => &cuts.walks,
        Some(_) | None => return Err(Refusal::NotCuttable),
    };
    let (walk, keys) = key::find(schema, walks, &batch.by)?;
    if !walk.obstacles.is_empty() {
        return Err(Refusal::Meaning(Box::new(walk.clone())));
    }
    let [head, tail] = splice::around(text, &statement.span, walk);
    Ok(Ranges {
        rows: batch.rows,
        table: walk.table.clone(),
        alias: walk.alias.clone(),
        keys,
        head,
        tail,
        tenants: None,
    })
}

fn is_unknown(statement: &Statement) -> bool {
    let mut clauses = statement.clauses.iter();
    clauses.any(|clause| matches!(clause.change, Change::Unknown { .. }))
}

/// Whether a `LIMIT` decides how many rows the statement changes.
pub(crate) fn limits_itself(statement: &Statement) -> bool {
    let mut clauses = statement.clauses.iter();
    clauses.any(|clause| choice(&clause.change).is_some_and(|choice| !choice.limits.is_empty()))
}

fn choice(change: &Change) -> Option<&Choice> {
    if let Change::Update(update) = change {
        return Some(&update.choice);
    }
    if let Change::Delete(delete) = change {
        return Some(&delete.choice);
    }
    if let Change::Merge(merge) = change {
        return Some(&merge.choice);
    }
    let Change::Insert(insert) = change else {
        return None;
    };
    match &insert.rows {
        Rows::Query { choice, .. } => Some(choice),
        Rows::Default | Rows::Values(_) | Rows::Copied => None,
    }
}
