//! A statement in a word and the names in it, for tools that list what a file does.

use crate::statement::{Change, ConstraintKind, CreateIndex, Name, Statement};

impl Change {
    /// What this does, as one stable word: `create-table`, `add-column`, `drop-materialized-view`.
    ///
    /// ```
    /// use onward_analyzer::statement::Change;
    ///
    /// assert_eq!(Change::Query.kind(), "query");
    /// ```
    #[must_use]
    pub fn kind(&self) -> String {
        match self {
            Self::CreateTable { .. } => "create-table".to_owned(),
            Self::CreateIndex(_) => "create-index".to_owned(),
            Self::Create { kind, .. } => hyphenated(&format!("create {kind}")),
            Self::AddColumn { .. } => "add-column".to_owned(),
            Self::DropColumn { .. } => "drop-column".to_owned(),
            Self::ColumnType { .. } => "alter-column-type".to_owned(),
            Self::SetNotNull { .. } => "set-not-null".to_owned(),
            Self::DropNotNull { .. } => "drop-not-null".to_owned(),
            Self::AddConstraint { .. } => "add-constraint".to_owned(),
            Self::ValidateConstraint { .. } => "validate-constraint".to_owned(),
            Self::Drop { kind, .. } => hyphenated(&format!("drop {kind}")),
            Self::Rename { kind, .. } => hyphenated(&format!("rename {kind}")),
            Self::Truncate { .. } => "truncate".to_owned(),
            Self::Insert { .. } => "insert".to_owned(),
            Self::Update { .. } => "update".to_owned(),
            Self::Delete { .. } => "delete".to_owned(),
            Self::Merge { .. } => "merge".to_owned(),
            Self::Query => "query".to_owned(),
            Self::Psql { .. } => "psql".to_owned(),
            Self::CopyFromStdin => "copy-from-stdin".to_owned(),
            Self::TransactionControl { keyword } | Self::Opaque { keyword } => hyphenated(keyword),
            Self::Other { keywords, .. } => hyphenated(keywords),
            Self::Unknown { .. } => "unknown".to_owned(),
        }
    }

    /// The names of what this is about, as they are written in SQL; a part comes after its table.
    ///
    /// ```
    /// use onward_analyzer::statement::{Change, Name};
    ///
    /// let table = Name { schema: "auth".into(), name: "Users".into() };
    /// let change = Change::DropColumn { table, column: "email".into() };
    /// assert_eq!(change.objects(), [r#"auth."Users""#, "email"]);
    /// ```
    #[must_use]
    pub fn objects(&self) -> Vec<String> {
        let (name, part) = match self {
            Self::CreateTable { table, .. }
            | Self::Truncate { table }
            | Self::Insert { table, .. }
            | Self::Update { table }
            | Self::Delete { table }
            | Self::Merge { table } => (table, None),
            Self::CreateIndex(CreateIndex { table, index, .. }) => {
                let index = index.iter().map(|(index, _)| written(index));
                return index.chain([shown(table)]).collect();
            }
            Self::Create { name, .. } => (name, None),
            Self::AddColumn { table, column } => (table, Some(&column.name)),
            Self::DropColumn { table, column }
            | Self::ColumnType { table, column, .. }
            | Self::SetNotNull { table, column }
            | Self::DropNotNull { table, column } => (table, Some(column)),
            Self::AddConstraint { table, constraint } => {
                let parent = match &constraint.kind {
                    ConstraintKind::ForeignKey { parent, .. } => Some(shown(parent)),
                    ConstraintKind::Check { .. }
                    | ConstraintKind::PrimaryKey { .. }
                    | ConstraintKind::Unique { .. }
                    | ConstraintKind::Exclude => None,
                };
                let name = constraint.name.as_deref().map(written);
                return [Some(shown(table)), name, parent]
                    .into_iter()
                    .flatten()
                    .collect();
            }
            Self::ValidateConstraint { table, constraint } => (table, Some(constraint)),
            Self::Drop { name, part, .. } => (name, part.as_ref()),
            Self::Rename { name, part, to, .. } => {
                let part = part.as_deref().map(written);
                return [Some(shown(name)), part, Some(written(to))]
                    .into_iter()
                    .flatten()
                    .collect();
            }
            Self::Query
            | Self::TransactionControl { .. }
            | Self::Psql { .. }
            | Self::CopyFromStdin
            | Self::Opaque { .. }
            | Self::Other { .. }
            | Self::Unknown { .. } => return Vec::new(),
        };
        let part = part.map(|part| written(part));
        [Some(shown(name)), part].into_iter().flatten().collect()
    }
}

impl Statement {
    /// The kinds of its changes, each once, joined by `+`: `add-column+drop-column`.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "ALTER TABLE t ADD a int, ADD b int, DROP c";
    /// let statement = lower(text, &split(text).statements[0], "s");
    /// assert_eq!(statement.kind(), "add-column+drop-column");
    /// assert_eq!(statement.objects(), ["s.t", "a", "b", "c"]);
    /// ```
    #[must_use]
    pub fn kind(&self) -> String {
        each_once(self.clauses.iter().map(|clause| clause.change.kind())).join("+")
    }

    /// The names in its changes, each once.
    #[must_use]
    pub fn objects(&self) -> Vec<String> {
        let changes = self.clauses.iter();
        each_once(changes.flat_map(|clause| clause.change.objects()))
    }
}

fn each_once(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    words.filter(|word| seen.insert(word.clone())).collect()
}

fn hyphenated(words: &str) -> String {
    words.to_ascii_lowercase().replace(' ', "-")
}

/// `schema.name`, or only the name where no schema is known.
fn shown(name: &Name) -> String {
    if name.schema.is_empty() {
        written(&name.name)
    } else {
        format!("{}.{}", written(&name.schema), written(&name.name))
    }
}

/// An identifier as SQL reads it back: quoted unless folding leaves it as it is.
fn written(name: &str) -> String {
    let starts = |c: char| c == '_' || c.is_ascii_lowercase() || !c.is_ascii();
    let goes_on = |c: char| starts(c) || c == '$' || c.is_ascii_digit();
    if name.starts_with(starts) && name.chars().all(goes_on) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}
