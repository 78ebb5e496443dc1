//! What a module shows to others, and what it needs of them: `onward::modules!` compares the two.

use std::collections::BTreeMap;

use crate::intake::external::External;
use crate::intake::file::File;
use crate::intake::file_name::{Category, Version};
use crate::intake::module::{Module, Source};
use crate::intake::settings;
use crate::intake::unneeded::uses;
use crate::schema::Schema;
use crate::schema::offered::{Offered, seen_from_outside};

/// What a module shows to others, and what it needs of them.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let table = ("001_a.sql", "CREATE TABLE auth.a (b bigint PRIMARY KEY);");
/// let plan = analyze(Module::in_memory("auth", [table])).plan.unwrap();
/// let [a] = plan.interface.offers.as_slice() else { panic!() };
/// assert_eq!(a.columns.as_ref().map(|columns| columns[0].data_type.as_str()), Some("bigint"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    /// The objects of its schema after all of its migrations, by name.
    pub offers: Vec<Offer>,
    /// Whether the schema may have others: those of an extension, or of code that is not analyzed.
    pub open: bool,
    /// The objects of other schemas that its files or its settings declare.
    pub needs: Vec<Need>,
}

/// An object of a module's schema.
///
/// ```
/// use onward_analyzer::plan::Offer;
///
/// let open = Offer { name: "users".into(), since: None, columns: None };
/// assert!(open.columns.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its name, without the schema.
    pub name: String,
    /// The migration that creates it; `None` if it may have been there before.
    pub since: Option<Version>,
    /// Its columns; `None` if it has none, or if they are not known.
    pub columns: Option<Vec<TypedColumn>>,
}

/// A column with its type.
///
/// ```
/// use onward_analyzer::plan::TypedColumn;
///
/// let id = TypedColumn { name: "id".into(), data_type: "uuid".into(), since: None };
/// assert_eq!(id.data_type, "uuid");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedColumn {
    /// The name.
    pub name: String,
    /// The type, with its schema unless it is PostgreSQL's; empty if it is not known.
    pub data_type: String,
    /// The migration that creates it; `None` for a column that is expected, not offered.
    pub since: Option<Version>,
}

/// A declared object of another schema.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let view = "-- onward: external auth.users (id uuid)\nCREATE VIEW app.v AS SELECT id FROM auth.users;";
/// let plan = analyze(Module::in_memory("app", [("001_v.sql", view)])).plan.unwrap();
/// assert_eq!(plan.interface.needs[0].name, "users");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The schema of another module.
    pub schema: String,
    /// The object.
    pub name: String,
    /// The columns that it has to have.
    pub columns: Vec<TypedColumn>,
    /// The migration of its owner from which on it is needed.
    pub since: Option<Version>,
    /// Whether startup migrations or seeds use it, so that it has to be there before any release migration runs.
    pub at_start: bool,
    /// The file that declares it.
    pub path: String,
}

/// The objects before the first release migration, which a start finds, and after all files.
pub(crate) fn interface(
    module: &Module,
    files: &[File],
    at_start: Option<&BTreeMap<String, Offered>>,
    schema: &Schema,
) -> Interface {
    let offers = schema.offered().into_iter().map(|(name, offered)| {
        let before = at_start.map(|all| all.get(&name));
        offer(&module.sources, name, offered, before)
    });
    Interface {
        offers: offers.collect(),
        open: schema.may_have_others(),
        needs: needs(module, files),
    }
}

/// `before` is the same object as a start finds it, if there are release migrations behind that.
fn offer(
    sources: &[Source],
    name: String,
    offered: Offered,
    before: Option<Option<&Offered>>,
) -> Offer {
    let version = |file: usize| sources.get(file).map(|source| source.version);
    // A new name for an old object is as new as the release migration that renames it.
    let late = |since: Option<Version>| match since.map(|since| since.category) {
        Some(Category::Release | Category::Data) => since,
        Some(Category::Startup | Category::Seed) | None => {
            let (number, _) = Category::Release.range();
            let category = Category::Release;
            Some(Version { category, number })
        }
    };
    let since = offered.origin.and_then(|origin| version(origin.file));
    let columns = offered.columns.map(|columns| {
        let columns = columns.into_iter().map(|column| {
            let since = version(column.origin.file);
            let is_there = before.is_none_or(|before| {
                let known = before.and_then(|before| before.columns.as_ref());
                known.is_none_or(|known| known.iter().any(|one| one.name == column.name))
            });
            TypedColumn {
                since: if is_there { since } else { late(since) },
                name: column.name,
                data_type: column.data_type.unwrap_or_default(),
            }
        });
        columns.collect()
    });
    let is_late = matches!(before, Some(None));
    Offer {
        name,
        since: if is_late { late(since) } else { since },
        columns,
    }
}

fn needs(module: &Module, files: &[File]) -> Vec<Need> {
    let own = module.schema.as_str();
    let texts = || module.sources.iter().zip(files);
    let runs_at_start = |source: &Source| match source.version.category {
        Category::Startup | Category::Seed => true,
        Category::Release | Category::Data => false,
    };
    let of_module = module.settings.reads.iter().map(|(_, external)| {
        let mut at_start = texts().filter(|(source, _)| runs_at_start(source));
        let at_start = at_start.any(|(source, file)| uses(own, source, file, &external.name));
        need(external, at_start, module.path(settings::FILE))
    });
    let of_files = texts().flat_map(|(source, file)| {
        let declared = file.declared.externals.iter();
        declared.map(|external| need(external, runs_at_start(source), source.path.clone()))
    });
    let all = of_module.chain(of_files);
    all.filter(|need| need.schema != own).collect()
}

fn need(external: &External, at_start: bool, path: String) -> Need {
    let External {
        name,
        columns,
        since,
    } = external;
    let columns = columns.iter().map(|(column, data_type)| TypedColumn {
        name: column.clone(),
        data_type: seen_from_outside(data_type, &name.schema),
        since: None,
    });
    Need {
        schema: name.schema.clone(),
        name: name.name.clone(),
        columns: columns.collect(),
        since: *since,
        at_start,
        path,
    }
}
