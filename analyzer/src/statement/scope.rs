//! What a name without a schema means.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Change, Name, ObjectKind, Statement};

/// The schema of temporary objects: PostgreSQL looks for relations and types there before it looks in
/// `search_path`.
pub(crate) const PG_TEMP: &str = "pg_temp";

impl Name {
    /// Whether this is a name in the schema of the session's own objects.
    pub(crate) fn is_temporary(&self) -> bool {
        self.schema == PG_TEMP || self.schema.starts_with("pg_temp_")
    }
}

/// What a name without a schema means at one place: the module's schema, and the temporary objects that
/// are found before those of the schema.
///
/// ```
/// use onward_analyzer::{lower::lower, split::split, statement::Scope};
///
/// let text = "CREATE TEMP TABLE t (id int); DROP TABLE t; DROP TABLE t";
/// let mut scope = Scope::from("auth");
/// let mut names = Vec::new();
/// for raw in &split(text).statements {
///     let statement = lower(text, raw, &scope);
///     scope.follow(&statement);
///     names.extend(statement.clauses[0].change.table().map(ToString::to_string));
/// }
/// assert_eq!(names, ["pg_temp.t", "pg_temp.t", "auth.t"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub(crate) schema: Arc<str>,
    /// Each statement has its scope, so the names are only copied where some are added.
    pub(crate) temporary: Arc<BTreeSet<String>>,
}

impl From<&str> for Scope {
    fn from(schema: &str) -> Self {
        Self {
            schema: schema.into(),
            temporary: Arc::default(),
        }
    }
}

impl From<&String> for Scope {
    fn from(schema: &String) -> Self {
        Self::from(schema.as_str())
    }
}

impl From<&Self> for Scope {
    fn from(scope: &Self) -> Self {
        scope.clone()
    }
}

impl Scope {
    /// Adds the temporary objects that a statement creates, and removes those that it drops.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split, statement::Scope};
    ///
    /// let text = "CREATE TEMP TABLE t (id int)";
    /// let mut scope = Scope::from("auth");
    /// scope.follow(&lower(text, &split(text).statements[0], "auth"));
    /// let drop = "DROP TABLE t";
    /// let dropped = lower(drop, &split(drop).statements[0], &scope);
    /// assert_eq!(dropped.objects(), ["pg_temp.t"]);
    /// ```
    pub fn follow(&mut self, statement: &Statement) {
        follow(Arc::make_mut(&mut self.temporary), statement);
    }
}

/// The same for the names alone.
pub(crate) fn follow(temporary: &mut BTreeSet<String>, statement: &Statement) {
    for clause in &statement.clauses {
        match &clause.change {
            Change::Drop {
                name, part: None, ..
            } if name.is_temporary() => {
                temporary.remove(&name.name);
            }
            Change::Rename {
                name,
                part: None,
                to,
                ..
            } if name.is_temporary() => {
                temporary.remove(&name.name);
                temporary.insert(to.clone());
            }
            // Most statements are about tables that stay.
            Change::CreateTable(create) if !create.table.is_temporary() => {}
            Change::CreateIndex(create) if !create.table.is_temporary() => {}
            Change::Do { body, .. } => {
                for inner in &body.statements {
                    follow(temporary, inner);
                }
            }
            change => {
                let created = change.creates().into_iter();
                // Functions are not looked for among the temporary objects.
                let new = created.filter(|one| {
                    let is_routine = matches!(
                        one.kind,
                        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate
                    );
                    one.name.is_temporary() && one.part.is_none() && !is_routine
                });
                temporary.extend(new.map(|one| one.name.name));
            }
        }
    }
}
