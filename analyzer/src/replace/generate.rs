//! Puts the files of a series together.

use crate::finding::SuggestedFile;
use crate::intake::directive::Series;
use crate::intake::file_name::{Category, Version};
use crate::intake::module::Module;
use crate::replace::carried::carried;
use crate::replace::files::Files;
use crate::replace::found::Replacement;
use crate::replace::moved::refused;
use crate::replace::pair::Pair;
use crate::replace::problems::problems;
use crate::replace::release;
use crate::replace::request::{Part, Planned, Request, old, planned};
use crate::replace::startup;
use crate::schema::Schema;

/// A series as files.
///
/// ```
/// use onward_analyzer::replace::{Request, Wanted, generate};
/// use onward_analyzer::statement::Name;
/// use onward_analyzer::{analyze, source::Module};
///
/// let table = ("001_a.sql", "CREATE TABLE shop.a (id bigint PRIMARY KEY, old text);");
/// let analysis = analyze(Module::in_memory("shop", [table]));
/// let name = Name { schema: "shop".into(), name: "a".into() };
/// let request = Request::new(name, "old", Wanted { column: "new".into(), ..Wanted::default() });
/// let series = generate(&analysis.module, &analysis.schema, &analysis.replacements, &request).expect("it can be replaced");
/// assert_eq!(series.files[0].file, "002_a_new.sql");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// What is replaced by what.
    pub series: Series,
    /// The files in the order in which they run.
    pub files: Vec<SuggestedFile>,
    /// What is not carried over to the new column, each in a sentence.
    pub left: Vec<String>,
    /// Whether something of it has to be done before the old column can be dropped: then that file is not there.
    pub is_open: bool,
}

/// Writes the series for a module, on the schema that its files leave; or says why the column cannot be replaced.
///
/// # Errors
///
/// What has to change first, each in a sentence.
///
/// ```
/// use onward_analyzer::{analyze, source::Module, statement::Name};
/// use onward_analyzer::replace::{Request, Wanted, generate};
///
/// let analysis = analyze(Module::in_memory("shop", []));
/// let table = Name { schema: "shop".into(), name: "gone".into() };
/// let request = Request::new(table, "total", Wanted { column: "price".into(), ..Wanted::default() });
/// assert!(generate(&analysis.module, &analysis.schema, &[], &request).is_err());
/// ```
pub fn generate(
    module: &Module,
    schema: &Schema,
    replacements: &[Replacement],
    request: &Request,
) -> Result<Generated, Vec<String>> {
    let one = |why: String| vec![why];
    old(schema, request).map_err(one)?;
    let name = format!("{}.{}", request.table, request.column);
    let begun = begun(replacements, request);
    let mut files = Files::new(schema, &module.sources);
    let (series, required) = match (begun, request.part) {
        (Some(begun), Part::End) => (begun.series.clone(), begun.filled_by),
        (Some(_), Part::All | Part::Begin) => {
            return Err(one(format!("{name} is being replaced already")));
        }
        (None, Part::End) => return Err(one(format!("no file begins to replace {name}"))),
        (None, Part::All | Part::Begin) => begin(module, schema, request, &mut files)?,
    };
    finished(module, files, series, required, request)
}

/// Whether a series can begin: what [`generate`] asks before it writes, but for free numbers.
pub(crate) fn can_begin(
    module: &Module,
    schema: &Schema,
    replacements: &[Replacement],
    request: &Request,
) -> bool {
    begun(replacements, request).is_none() && first(module, schema, request, |_, _, _| ()).is_ok()
}

/// The open series that replaces the column.
fn begun<'a>(replacements: &'a [Replacement], request: &Request) -> Option<&'a Replacement> {
    let mut open = replacements.iter().filter(|one| one.ends.is_none());
    open.find(|one| one.replaces(&request.table, &request.column))
}

/// Does something with what a series begins with: its plan, both columns where the new ones are added, and the key by which
/// rows are walked.
fn first<T>(
    module: &Module,
    schema: &Schema,
    request: &Request,
    then: impl FnOnce(&Planned, &Pair<'_>, &[String]) -> T,
) -> Result<T, Vec<String>> {
    let one = |why: String| vec![why];
    let columns = old(schema, request).map_err(one)?;
    let plan = planned(schema, request, columns).map_err(one)?;
    let moved = request.moved.as_ref();
    if let Some(why) = moved.and_then(|moved| refused(schema, columns.0, &request.column, moved)) {
        return Err(vec![why]);
    }
    let tenancy = module.settings.tenancy.as_ref();
    let tenant = tenancy.map(|tenancy| tenancy.column.as_str());
    if tenant == Some(request.column.as_str()) {
        return Err(one(format!(
            "{} is the column of the tenant: `[tenancy]` in onward.toml names it",
            request.column
        )));
    }
    let key = startup::key_of(schema, &plan.series, tenant).map_err(one)?;
    let mut ahead = schema.clone();
    ahead.add_file(usize::MAX, &startup::columns(&plan.series, &plan.types));
    let Some(pair) = Pair::of(&ahead, &plan.series) else {
        return Err(one(format!(
            "the new columns cannot be added to {}",
            plan.series.to()
        )));
    };
    let wrong = problems(&pair);
    match wrong.is_empty() {
        true => Ok(then(&plan, &pair, &key)),
        false => Err(wrong),
    }
}

/// Adds the startup file and the data migration.
fn begin(
    module: &Module,
    schema: &Schema,
    request: &Request,
    files: &mut Files,
) -> Result<(Series, Option<Version>), Vec<String>> {
    first(module, schema, request, |plan, pair, key| {
        let carried = carried(module, pair);
        let left: Vec<String> = carried.left.iter().map(|one| one.text.clone()).collect();
        let new = plan.series.targets.first();
        let new = new.map_or("", |target| target.column.as_str());
        let title = format!("{}_{new}", request.table.name);
        let first = startup::file(pair, &plan.types, &carried, &left);
        files.add(Category::Startup, &title, first);
        let filled_by = files.add(Category::Data, &title, startup::data(pair, key));
        (plan.series.clone(), filled_by)
    })
}

/// Adds the release files.
fn finished(
    module: &Module,
    mut files: Files,
    series: Series,
    required: Option<Version>,
    request: &Request,
) -> Result<Generated, Vec<String>> {
    let begun = files.schema.clone();
    let Some(pair) = Pair::of(&begun, &series) else {
        return Err(vec![format!(
            "the files do not create both columns of the series of {}",
            series.old()
        )]);
    };
    let carried = carried(module, &pair);
    let is_open = carried.left.iter().any(|one| one.blocks);
    if request.part != Part::End {
        release::prepare(&mut files, &pair, &carried, required);
    }
    let before_end = files.schema.clone();
    if request.part != Part::Begin
        && !is_open
        && let Some(pair) = Pair::of(&before_end, &series)
    {
        let title = format!("drop_{}_{}", series.table.name, series.column);
        let end = release::end(&pair, &carried, required);
        files.release(&title, end);
    }
    if let Some(category) = files.full.iter().next() {
        return Err(vec![format!(
            "the series needs more numbers: {}",
            category.when_full()
        )]);
    }
    Ok(Generated {
        series,
        files: files.written,
        left: carried.left.into_iter().map(|one| one.text).collect(),
        is_open,
    })
}
