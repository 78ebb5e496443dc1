//! Names of objects, and the kinds of objects.

use std::fmt;

use super::spelled::spelled;

/// A name as PostgreSQL resolves it: folded, and with its schema.
///
/// ```
/// use onward_analyzer::statement::Name;
///
/// let name = Name { schema: "auth".into(), name: "users".into() };
/// assert_eq!(name.to_string(), "auth.users");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The schema; the module's own if the statement writes none.
    pub schema: String,
    /// The name without the schema.
    pub name: String,
}

impl Name {
    /// Reads `schema.name` as PostgreSQL would, folded unless it is quoted. `None` without a schema.
    ///
    /// ```
    /// use onward_analyzer::statement::Name;
    ///
    /// let name = Name::read("Auth.\"Users\"").map(|name| (name.schema, name.name));
    /// assert_eq!(name, Some(("auth".to_owned(), "Users".to_owned())));
    /// assert_eq!(Name::read("users"), None);
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (schema, name) = text.split_once('.')?;
        Some(Self {
            schema: Self::part(schema)?,
            name: Self::part(name)?,
        })
    }

    /// One part of a name as PostgreSQL reads it: folded unless it is quoted.
    pub(crate) fn part(text: &str) -> Option<String> {
        let quoted = { text.strip_prefix('"') }.and_then(|text| text.strip_suffix('"'));
        let part = quoted.map_or_else(|| text.to_lowercase(), str::to_owned);
        (!part.is_empty() && !part.contains(['"', '.', ' '])).then_some(part)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

spelled! {
    /// The kind of an object.
    ///
    /// ```
    /// use onward_analyzer::statement::ObjectKind;
    ///
    /// assert_eq!(ObjectKind::MaterializedView.to_string(), "materialized view");
    /// ```
    ObjectKind {
        AccessMethod "access method",
        Aggregate "aggregate",
        Attribute "attribute",
        Cast "cast",
        Collation "collation",
        Column "column",
        Constraint "constraint",
        Conversion "conversion",
        Database "database",
        Domain "domain",
        EnumValue "enum value",
        EventTrigger "event trigger",
        Extension "extension",
        ForeignDataWrapper "foreign data wrapper",
        ForeignTable "foreign table",
        Function "function",
        Index "index",
        Language "language",
        LargeObject "large object",
        MaterializedView "materialized view",
        Operator "operator",
        OperatorClass "operator class",
        OperatorFamily "operator family",
        Policy "policy",
        Procedure "procedure",
        Publication "publication",
        Role "role",
        Routine "routine",
        Rule "rule",
        Schema "schema",
        Sequence "sequence",
        Server "server",
        Statistics "statistics",
        Subscription "subscription",
        Table "table",
        Tablespace "tablespace",
        TextSearchConfiguration "text search configuration",
        TextSearchDictionary "text search dictionary",
        TextSearchParser "text search parser",
        TextSearchTemplate "text search template",
        Transform "transform",
        Trigger "trigger",
        Type "type",
        UserMapping "user mapping",
        View "view",
    }
}

impl ObjectKind {
    /// Whether an object of this kind is named by a table or view: it is one, or it is a part of one.
    pub(crate) const fn is_of_table(self) -> bool {
        matches!(
            self,
            Self::Table
                | Self::ForeignTable
                | Self::View
                | Self::MaterializedView
                | Self::Column
                | Self::Constraint
                | Self::Trigger
                | Self::Policy
                | Self::Rule
        )
    }

    /// Whether objects of this kind are in no schema.
    pub(crate) const fn is_in_no_schema(self) -> bool {
        matches!(
            self,
            Self::AccessMethod
                | Self::Cast
                | Self::Database
                | Self::EventTrigger
                | Self::Extension
                | Self::ForeignDataWrapper
                | Self::Language
                | Self::LargeObject
                | Self::Publication
                | Self::Role
                | Self::Schema
                | Self::Server
                | Self::Subscription
                | Self::Tablespace
                | Self::Transform
                | Self::UserMapping
        )
    }

    /// The name as messages show it.
    pub(crate) fn show(self, name: &Name) -> String {
        if self.is_in_no_schema() {
            format!("`{}`", name.name)
        } else {
            name.to_string()
        }
    }
}
