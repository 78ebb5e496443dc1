//! Puts the files of a series together.

use crate::finding::SuggestedFile;
use crate::intake::directive::Series;
use crate::intake::file_name::{Category, Version};
use crate::intake::module::Module;
use crate::replace::carried::carried;
use crate::replace::files::{Files, are_free};
use crate::replace::found::Replacement;
use crate::replace::pair::Pair;
use crate::replace::release;
use crate::replace::request::{Part, Request, old};
use crate::replace::sound::{Sound, sound};
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
    let mut open = replacements.iter().filter(|one| one.ends.is_none());
    let begun = open.find(|one| one.replaces(&request.table, &request.column));
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

/// Whether the whole series can be written, if none replaces the column already. Statements ask this for each of a
/// thousand actions: as long as enough numbers are free, nothing is written to answer it.
pub(crate) fn is_possible(module: &Module, schema: &Schema, request: &Request) -> bool {
    let most = || release::most(schema, &request.table, &request.column);
    sound(module, schema, request).is_ok()
        && (are_free(&module.sources, most()) || generate(module, schema, &[], request).is_ok())
}

/// Adds the startup file and the data migration.
fn begin(
    module: &Module,
    schema: &Schema,
    request: &Request,
    files: &mut Files,
) -> Result<(Series, Option<Version>), Vec<String>> {
    let Sound { plan, key } = sound(module, schema, request)?;
    let mut ahead = schema.clone();
    ahead.add_file(usize::MAX, &startup::columns(&plan.series, &plan.types));
    let Some(pair) = Pair::of(&ahead, &plan.series) else {
        return Err(vec![format!(
            "the new columns cannot be added to {}",
            plan.series.to()
        )]);
    };
    let carried = carried(module, &pair);
    let left: Vec<String> = carried.left.iter().map(|one| one.text.clone()).collect();
    let new = plan.series.targets.first();
    let new = new.map_or("", |target| target.column.as_str());
    let title = format!("{}_{new}", request.table.name);
    let first = startup::file(&pair, &plan.types, &carried, &left);
    files.add(Category::Startup, &title, first);
    let filled_by = files.add(Category::Data, &title, startup::data(&pair, &key));
    Ok((plan.series.clone(), filled_by))
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
