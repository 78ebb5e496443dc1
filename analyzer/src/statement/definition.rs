//! What a `CREATE` states beside the kind and the name of the object.

use std::ops::Range;

use super::spelled::spelled;
use super::{DataType, Expression, Name, Parameter, RoutineParameter};

/// The part of a `CREATE` that depends on the kind of object.
///
/// ```
/// use onward_analyzer::statement::{Change, Definition};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "CREATE EXTENSION hstore SCHEMA public";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::Create { definition, .. } = &statement.clauses[0].change else { panic!() };
/// let schema = Some("public".to_owned());
/// assert_eq!(*definition, Definition::Extension { schema, cascade: false });
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Definition {
    /// No rule needs more than the name.
    #[default]
    Named,
    /// `CREATE EXTENSION`.
    Extension {
        /// `SCHEMA`.
        schema: Option<String>,
        /// `CASCADE`: extensions that it needs are created too.
        cascade: bool,
    },
    /// `CREATE PUBLICATION`.
    Publication(Box<Publication>),
    /// `CREATE RULE`.
    Rule(RewriteRule),
    /// `CREATE CAST`; the object's name is that of the source type.
    Cast {
        /// The type that the cast leads to.
        to: Box<DataType>,
        /// `AS IMPLICIT`, `AS ASSIGNMENT`.
        context: CastContext,
    },
    /// `CREATE OPERATOR CLASS ... DEFAULT`: the type that it becomes the default of.
    DefaultClass(Box<DataType>),
    /// `CREATE AGGREGATE`.
    Aggregate(Box<Aggregate>),
}

/// `CREATE AGGREGATE`.
///
/// ```
/// use onward_analyzer::statement::{Change, Definition};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "CREATE AGGREGATE total(amount int) (SFUNC = int4pl, STYPE = int)";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::Create { definition: Definition::Aggregate(total), .. } = &statement.clauses[0].change else { panic!() };
/// assert_eq!(total.arguments[0].name.as_deref(), Some("amount"));
/// assert_eq!(total.state.as_ref().map(ToString::to_string).as_deref(), Some("integer"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aggregate {
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// All arguments; in one with `ORDER BY` the direct ones come first.
    pub arguments: Vec<RoutineParameter>,
    /// How many of them are direct, if it has `ORDER BY`.
    pub direct: Option<usize>,
    /// `HYPOTHETICAL`.
    pub hypothetical: bool,
    /// `STYPE`, which is the type of the result without `FINALFUNC`.
    pub state: Option<DataType>,
    /// `FINALFUNC`, whose result is that of the aggregate.
    pub finish: Option<Name>,
}

impl Aggregate {
    /// The types of its arguments.
    pub(crate) fn types(&self) -> Vec<DataType> {
        let types = self.arguments.iter().map(|one| one.data_type.clone());
        types.collect()
    }
}

spelled! {
    /// Where PostgreSQL applies a cast that a statement does not write.
    ///
    /// ```
    /// use onward_analyzer::statement::CastContext;
    ///
    /// assert_eq!(CastContext::Implicit.to_string(), "IMPLICIT");
    /// ```
    CastContext {
        Explicit "EXPLICIT",
        Assignment "ASSIGNMENT",
        Implicit "IMPLICIT",
    }
}

/// `CREATE RULE`.
///
/// ```
/// use onward_analyzer::statement::{RewriteRule, RuleEvent};
///
/// let keep = RewriteRule { event: RuleEvent::Delete, instead: true, nothing: true, conditional: false };
/// assert!(keep.instead);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewriteRule {
    /// The statements that it rewrites.
    pub event: RuleEvent,
    /// `INSTEAD`.
    pub instead: bool,
    /// `DO NOTHING`.
    pub nothing: bool,
    /// Whether it has a `WHERE`.
    pub conditional: bool,
}

spelled! {
    /// The statements that a rewrite rule is about.
    ///
    /// ```
    /// use onward_analyzer::statement::RuleEvent;
    ///
    /// assert_eq!(RuleEvent::Delete.to_string(), "DELETE");
    /// ```
    RuleEvent {
        Select "SELECT",
        Insert "INSERT",
        Update "UPDATE",
        Delete "DELETE",
    }
}

/// What a publication contains, and its options.
///
/// ```
/// assert!(!onward_analyzer::statement::Publication::default().everything);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// `FOR ALL TABLES`.
    pub everything: bool,
    /// `TABLES IN SCHEMA`.
    pub schemas: Vec<String>,
    /// `TABLE`.
    pub tables: Vec<PublishedTable>,
    /// `WITH (publish = 'insert')`, or the options that `ALTER PUBLICATION` sets.
    pub options: Vec<Parameter>,
}

/// A table of a publication.
///
/// ```
/// assert!(onward_analyzer::statement::PublishedTable::default().columns.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishedTable {
    /// The table.
    pub table: Name,
    /// `ONLY`: the tables that inherit from it are not published with it.
    pub only: bool,
    /// The published columns; empty for all.
    pub columns: Vec<String>,
    /// `WHERE`.
    pub filter: Option<Expression>,
    /// The byte range in the file.
    pub span: Range<usize>,
}

spelled! {
    /// What `ALTER PUBLICATION` does with tables, schemas or options.
    ///
    /// ```
    /// use onward_analyzer::statement::PublicationAction;
    ///
    /// assert_eq!(PublicationAction::Add.to_string(), "ADD");
    /// ```
    PublicationAction {
        Add "ADD",
        Set "SET",
        Drop "DROP",
    }
}
