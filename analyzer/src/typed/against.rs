//! Judges a folder by the queries of the release that still runs.
//!
//! What none of them notices may be dropped or renamed at once; what one of them needs may not, and neither may anything else
//! that makes it fail, or gives its values other types.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Known, Output, Sort};
use crate::analyze::Analysis;
use crate::analyze::fold::{Comments, watched};
use crate::finding::{Finding, Message, Place, Severity};
use crate::intake::parsed::Parsed;
use crate::schema::Schema;

/// A query of the running release, and what it was compiled for.
///
/// ```
/// use onward_analyzer::typed::{Known, against};
/// use onward_analyzer::{analyze, source::Module};
///
/// let table = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY, note text, old text);");
/// let released = Known::of(Module::in_memory("auth", [table]));
/// let query = released.running("src/a.rs:7", "SELECT note FROM auth.a");
/// assert_eq!(query.columns, ["note text null"]);
///
/// let note = ("100_drop.sql", "ALTER TABLE auth.a DROP COLUMN note;");
/// let old = ("101_drop.sql", "ALTER TABLE auth.a DROP COLUMN old;");
/// let analysis = analyze(Module::in_memory("auth", [table, note, old]));
/// let judged = against(analysis, &[query], "onward.queries");
/// let found: Vec<&str> = judged.findings.iter().map(|finding| finding.rule).collect();
/// assert_eq!(found, ["drop-column", "running-query"]);
/// assert!(judged.findings[1].message.what.contains("src/a.rs:7"));
/// assert_eq!(judged.noted.len(), 1, "no query names old");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The file and line of the Rust code.
    pub at: String,
    /// The statement.
    pub sql: String,
    /// The types of its parameters: `bigint`, or `?` where it was not known.
    pub parameters: Vec<String>,
    /// The columns of its result: `id bigint`, `note text null`; empty where they were not known.
    pub columns: Vec<String>,
}

/// The id of findings about queries of the running release.
const RULE: &str = "running-query";

/// Rules about what the running release may still use: where all of its queries are known, they say whether it does.
const BY_QUERIES: [&str; 7] = [
    "column-type-change",
    "drop-column",
    "drop-default",
    "drop-table",
    "drop-view",
    "rename-column",
    "rename-table",
];

/// Judges the changes of an analysis by these queries, which are all of the running release on this schema; `from` is where
/// they are written.
///
/// ```
/// use onward_analyzer::{source::Module, typed::Known};
///
/// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
/// let known = Known::of(Module::in_memory("auth", [file]));
/// let running = known.running("main.rs:7", "SELECT id FROM auth.a");
/// let drop = ("100_drop.sql", "-- onward: breaks nothing\nALTER TABLE auth.a DROP COLUMN id;");
/// let analysis = onward_analyzer::analyze(Module::in_memory("auth", [file, drop]));
/// let judged = onward_analyzer::typed::against(analysis, &[running], "onward.queries");
/// assert!(judged.findings.iter().any(|one| one.rule == "running-query"));
/// ```
#[must_use]
pub fn against(analysis: Analysis, queries: &[Running], from: &str) -> Analysis {
    let parsed = Parsed::of(analysis.module.clone());
    let mut judge = Judge {
        known: Known {
            module: analysis.module.clone(),
            schema: Schema::default(),
            comments: Comments::default(),
            outdated: BTreeMap::new(),
        },
        asked: about(&analysis),
        queries: queries.iter().map(Asked::of).collect(),
        hurt: Vec::new(),
        open: None,
    };
    let (schema, _) = watched(&parsed, |file, statement, schema| {
        judge.look(schema);
        let mut clauses = statement.clauses.iter();
        if clauses.any(|clause| !clause.change.is_dml()) {
            judge.open = Some((file, statement.span.clone()));
        }
    });
    judge.look(&schema);
    judge.known.module = parsed.module;
    judge.settle(analysis, from)
}

/// The places of findings that the queries decide: the file's path and the byte range.
fn about(analysis: &Analysis) -> Vec<(String, Range<usize>)> {
    let findings = analysis.findings.iter().chain(&analysis.noted);
    let decided = findings.filter(|finding| BY_QUERIES.contains(&finding.rule));
    decided
        .filter_map(|finding| Some((finding.place.path.clone(), finding.place.span.clone()?)))
        .collect()
}

/// A query, and what became of it.
struct Asked<'a> {
    query: &'a Running,
    /// Why it does not fit the schema that was last looked at.
    now: Result<(), String>,
    /// The last statement behind which it no longer fits.
    broken: Option<(usize, Range<usize>)>,
}

impl<'a> Asked<'a> {
    const fn of(query: &'a Running) -> Self {
        Self {
            query,
            now: Err(String::new()),
            broken: None,
        }
    }
}

struct Judge<'a> {
    known: Known,
    asked: Vec<(String, Range<usize>)>,
    queries: Vec<Asked<'a>>,
    /// The statements behind which one of them no longer fits.
    hurt: Vec<(usize, Range<usize>)>,
    /// The statement that has run since the last look and may have changed the schema.
    open: Option<(usize, Range<usize>)>,
}

impl Judge<'_> {
    fn look(&mut self, schema: &Schema) {
        let Some((file, span)) = self.open.take() else {
            return;
        };
        self.known.schema = schema.clone();
        for asked in &mut self.queries {
            let after = self.known.fits(asked.query);
            if asked.now.is_ok() && after.is_err() {
                asked.broken = Some((file, span.clone()));
                self.hurt.push((file, span.clone()));
            }
            asked.now = after;
        }
    }

    fn settle(self, mut analysis: Analysis, from: &str) -> Analysis {
        let sources = &self.known.module.sources;
        for asked in &self.queries {
            let at = &asked.query.at;
            let Err(why) = &asked.now else { continue };
            match &asked.broken {
                Some((file, span)) => {
                    let Some(source) = sources.get(*file) else {
                        continue;
                    };
                    let message = Message::new(
                        format!("the query at {at} of the running release does not survive this"),
                        format!(
                            "{why}. The release in {from} still sends: {}",
                            short(&asked.query.sql)
                        ),
                        "first deploy a release whose code no longer needs it, and write its queries with `onward queries`",
                    );
                    let place = Place::at(&source.path, span.clone());
                    analysis
                        .findings
                        .push(Finding::new(RULE, Severity::Forbid, place, message));
                }
                None => {
                    let message = Message::new(
                        format!(
                            "the query at {at} fits none of the states that these files create"
                        ),
                        format!(
                            "{why}. {from} has it as a query of the running release: {}",
                            short(&asked.query.sql)
                        ),
                        "name the file that was written for the release that runs on this schema",
                    );
                    let place = Place::file(&analysis.module.folder);
                    analysis
                        .findings
                        .push(Finding::new(RULE, Severity::Deny, place, message));
                }
            }
        }
        let is_broken = |path: &str, span: &Range<usize>| {
            self.hurt.iter().any(|(file, statement)| {
                sources.get(*file).is_some_and(|source| source.path == path)
                    && statement.start <= span.start
                    && span.end <= statement.end
            })
        };
        let is_free = |finding: &Finding| {
            let (path, span) = (&finding.place.path, finding.place.span.as_ref());
            BY_QUERIES.contains(&finding.rule)
                && span.is_some_and(|span| {
                    let place = (path.clone(), span.clone());
                    self.asked.contains(&place) && !is_broken(path, span)
                })
        };
        let (free, told): (Vec<Finding>, Vec<Finding>) =
            analysis.findings.into_iter().partition(is_free);
        analysis.findings = told;
        analysis
            .noted
            .extend(free.into_iter().map(|finding| Finding {
                allowed_because: Some(format!("no query in {from} notices it")),
                ..finding
            }));
        let is_refused = analysis.findings.iter().any(|one| one.severity.is_error());
        match is_refused {
            true => analysis.refused_plan = analysis.refused_plan.or(analysis.plan.take()),
            false => analysis.plan = analysis.plan.or(analysis.refused_plan.take()),
        }
        analysis
    }
}

impl Known {
    /// A query of a release, as this schema has it.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// assert_eq!(known.running("main.rs:7", "SELECT id FROM auth.a").at, "main.rs:7");
    /// ```
    #[must_use]
    pub fn running(&self, at: &str, sql: &str) -> Running {
        let query = self.query(at, sql);
        Running {
            at: at.to_owned(),
            sql: sql.to_owned(),
            parameters: query
                .parameters
                .iter()
                .map(|one| spoken(&one.sort))
                .collect(),
            columns: query.columns.iter().map(column).collect(),
        }
    }

    /// Whether a query still is what it was compiled for, or why not.
    fn fits(&self, running: &Running) -> Result<(), String> {
        let query = self.query(&running.at, &running.sql);
        if let Some(error) = query.errors.first() {
            let first = error.lines().next().unwrap_or_default();
            let what = first.split_once(": ").map_or(first, |(_, what)| what);
            return Err(format!("PostgreSQL refuses it then: {what}"));
        }
        let parameters = query.parameters.iter().map(|one| spoken(&one.sort));
        for (at, (was, is)) in running.parameters.iter().zip(parameters).enumerate() {
            if *was != is && was != "?" && is != "?" {
                return Err(format!("${} was {was} and is {is} then", at + 1));
            }
        }
        let columns: Vec<String> = query.columns.iter().map(column).collect();
        if columns.len() < running.columns.len() && !query.is_open {
            let (one, other) = (running.columns.len(), columns.len());
            return Err(format!(
                "its code reads {one} columns, and it then returns {other}"
            ));
        }
        for (was, is) in running.columns.iter().zip(columns) {
            // What can no longer be null is read all the same.
            let same = *was == is || was.strip_suffix(" null") == Some(&is);
            if !same && !was.ends_with(" ?") && !is.ends_with(" ?") {
                return Err(format!("its column was `{was}` and is `{is}` then"));
            }
        }
        Ok(())
    }
}

/// The type as far as Rust tells it from others.
fn spoken(sort: &Sort) -> String {
    match sort {
        Sort::BuiltIn(name) => match name.as_str() {
            "character varying" | "character" | "name" | "citext" => "text".to_owned(),
            name => name.to_owned(),
        },
        Sort::Enum(name) | Sort::Composite(name) => name.to_string(),
        Sort::Array(element) => format!("{}[]", spoken(element)),
        Sort::Unknown => "?".to_owned(),
    }
}

fn column(output: &Output) -> String {
    let data_type = spoken(&output.sort);
    match (output.nullable, data_type.as_str()) {
        (true, "?") | (false, _) => format!("{} {data_type}", output.name),
        (true, _) => format!("{} {data_type} null", output.name),
    }
}

/// The statement in one line.
fn short(sql: &str) -> String {
    let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(120) {
        Some((at, _)) => format!("{}...", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
