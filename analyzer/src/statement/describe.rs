//! Describes a statement by one word and its names, for tools that list what a file does.

use crate::statement::to_sql::quote_name;
use crate::statement::{
    Change, ColumnAction, Command, ConstraintKind, Definition, Detach, Firing, Mentioned, Name,
    ObjectKind, Privileged, Publication, ReplicaIdentity, Statement, TableAction, Triggers,
};
use crate::text::quote::quote_ident;

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
        let word = match self {
            Self::CreateTable(table) if table.server.is_some() => "create-foreign-table",
            Self::CreateTable(_) => "create-table",
            Self::CreateIndex(_) => "create-index",
            Self::CreateView(view) if view.materialized => "create-materialized-view",
            Self::CreateView(_) => "create-view",
            Self::CreateRoutine(routine) if routine.procedure => "create-procedure",
            Self::CreateRoutine(_) => "create-function",
            Self::CreateTrigger(_) => "create-trigger",
            Self::CreatePolicy(_) => "create-policy",
            Self::CreateType { .. } => "create-type",
            Self::CreateDomain { .. } => "create-domain",
            Self::CreateSequence { .. } => "create-sequence",
            Self::Create { kind, .. } => return of("create", *kind),
            Self::AddColumn { .. } => "add-column",
            Self::DropColumn { .. } => "drop-column",
            Self::ColumnType { .. } => "alter-column-type",
            Self::SetNotNull { .. } => "set-not-null",
            Self::DropNotNull { .. } => "drop-not-null",
            Self::AlterColumn { action, .. } => column_word(action),
            Self::AddConstraint { .. } => "add-constraint",
            Self::ValidateConstraint { .. } => "validate-constraint",
            Self::AlterTable { action, .. } => table_word(action),
            Self::AlterDomain { .. } => "alter-domain",
            Self::AlterSequence { .. } => "alter-sequence",
            Self::AddEnumValue { .. } => "add-enum-value",
            Self::SetAttribute { new: true, .. } => "add-attribute",
            Self::SetAttribute { new: false, .. } => "alter-attribute",
            Self::AlterPolicy(_) => "alter-policy",
            Self::AlterRoutine { kind, .. } => return of("alter", *kind),
            Self::AlterPublication { .. } => "alter-publication",
            Self::Owner { .. } => "owner",
            Self::Grant(grant) => match (&grant.on, grant.revoke) {
                (Privileged::Future { .. }, _) => "alter-default-privileges",
                (_, true) => "revoke",
                (_, false) => "grant",
            },
            Self::SetSchema { .. } => "set-schema",
            Self::Rename { kind, .. } => return of("rename", *kind),
            Self::Drop { kind, .. } => return of("drop", *kind),
            Self::Truncate { .. } => "truncate",
            Self::Insert(_) => "insert",
            Self::Update(_) => "update",
            Self::Delete(_) => "delete",
            Self::Merge(_) => "merge",
            Self::Query => "query",
            Self::RefreshView { .. } => "refresh-materialized-view",
            Self::Comment { .. } => "comment",
            Self::Lock { .. } => "lock",
            Self::Set { value: None, .. } => "reset",
            Self::Set { .. } => "set",
            Self::Psql { .. } => "psql",
            Self::CopyFromStdin => "copy-from-stdin",
            Self::Do { .. } => "do",
            Self::TransactionControl { command } => return hyphened(command),
            Self::Opaque { command } => return hyphened(command),
            Self::Other { command, .. } => return command.to_string(),
            Self::Unknown { .. } => "unknown",
        };
        word.to_owned()
    }

    /// The names of the objects that it is about, quoted for SQL where needed; a part comes after its
    /// table.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = r#"ALTER TABLE "Users" DROP COLUMN email"#;
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// assert_eq!(statement.clauses[0].change.objects(), [r#"auth."Users""#, "email"]);
    /// ```
    #[must_use]
    pub fn objects(&self) -> Vec<String> {
        let (name, parts): (&Name, Vec<&str>) = match self {
            Self::CreateTable(create) => (&create.table, vec![]),
            Self::CreateIndex(create) => {
                let index = create.index.iter().map(|(index, _)| quote_ident(index));
                return index.chain([quote_name(&create.table)]).collect();
            }
            Self::CreateView(create) => (&create.view, vec![]),
            Self::CreateRoutine(create) => (&create.routine, vec![]),
            Self::CreateTrigger(create) => (&create.table, vec![&create.trigger]),
            Self::CreatePolicy(policy) | Self::AlterPolicy(policy) => {
                (&policy.table, vec![&policy.policy])
            }
            Self::CreateType { name, .. }
            | Self::CreateDomain { name, .. }
            | Self::CreateSequence { name, .. }
            | Self::AlterDomain { domain: name, .. }
            | Self::AlterSequence { name, .. } => (name, vec![]),
            Self::Create {
                name,
                definition: Definition::Publication(publication),
                ..
            }
            | Self::AlterPublication {
                name, publication, ..
            } => return published(name, publication),
            Self::Create {
                kind, name, part, ..
            }
            | Self::Drop {
                kind, name, part, ..
            } => return named(*kind, name, part.as_deref().into_iter().collect()),
            Self::AddColumn { table, column, .. } => (table, vec![&column.name]),
            Self::DropColumn { table, column, .. }
            | Self::ColumnType { table, column, .. }
            | Self::SetNotNull { table, column }
            | Self::DropNotNull { table, column }
            | Self::AlterColumn { table, column, .. } => (table, vec![column]),
            Self::AddConstraint { table, constraint } => {
                let parent = match &constraint.kind {
                    ConstraintKind::ForeignKey(key) => Some(quote_name(&key.parent)),
                    ConstraintKind::Check(_)
                    | ConstraintKind::NotNull { .. }
                    | ConstraintKind::PrimaryKey(_)
                    | ConstraintKind::Unique(_)
                    | ConstraintKind::Exclude { .. } => None,
                };
                let name = constraint.name.as_deref().map(quote_ident);
                let all = [Some(quote_name(table)), name, parent];
                return all.into_iter().flatten().collect();
            }
            Self::ValidateConstraint { table, constraint } => (table, vec![constraint]),
            Self::AlterTable { table, action, .. } => {
                return [Some(quote_name(table)), other_name(action)]
                    .into_iter()
                    .flatten()
                    .collect();
            }
            Self::AddEnumValue { name, value, .. } => (name, vec![value]),
            Self::SetAttribute {
                name, attribute, ..
            } => (name, vec![&attribute.name]),
            Self::AlterRoutine { name, .. } => (name, vec![]),
            Self::Owner { kind, name, role } => {
                let owned = named(*kind, name, vec![]).into_iter();
                return owned.chain([quote_role(role)]).collect();
            }
            Self::Grant(grant) => return privileged(&grant.on),
            Self::SetSchema { kind, name, schema } => return named(*kind, name, vec![schema]),
            Self::Rename {
                kind,
                name,
                part,
                to,
            } => {
                return named(
                    *kind,
                    name,
                    part.as_deref().into_iter().chain([to.as_str()]).collect(),
                );
            }
            Self::Truncate { table, .. }
            | Self::Lock { table, .. }
            | Self::RefreshView { view: table, .. } => (table, vec![]),
            Self::Insert(insert) => (&insert.table, vec![]),
            Self::Update(update) => (&update.table, vec![]),
            Self::Delete(delete) => (&delete.table, vec![]),
            Self::Merge(merge) => (&merge.table, vec![]),
            Self::Set { setting, .. } => return vec![setting.clone()],
            Self::Comment {
                kind, name, part, ..
            } => {
                return named(*kind, name, part.as_deref().into_iter().collect());
            }
            Self::Other { object, .. } => return object.iter().map(quote_name).collect(),
            Self::Query
            | Self::TransactionControl { .. }
            | Self::Psql { .. }
            | Self::CopyFromStdin
            | Self::Do { .. }
            | Self::Opaque { .. }
            | Self::Unknown { .. } => return Vec::new(),
        };
        named(ObjectKind::Table, name, parts)
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
        match self.changes().as_slice() {
            [only] => only.kind(),
            changes => each_once(changes.iter().map(|change| change.kind())).join("+"),
        }
    }

    /// All its changes; those of a `DO` block come after the block.
    fn changes(&self) -> Vec<&Change> {
        let mut changes = Vec::new();
        for clause in &self.clauses {
            changes.push(&clause.change);
            let is_block = matches!(clause.change, Change::Do { .. });
            let body = clause.change.body().filter(|_| is_block).into_iter();
            changes.extend(
                body.flat_map(|body| &body.statements)
                    .flat_map(Self::changes),
            );
        }
        changes
    }

    /// The names in its changes, each once.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "DROP TABLE auth.users";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// assert_eq!(statement.objects(), ["auth.users"]);
    /// ```
    #[must_use]
    pub fn objects(&self) -> Vec<String> {
        let named = self.changes().into_iter().flat_map(Change::objects);
        let mentioned = self.mentions.iter().filter(|one| {
            one.kind == Mentioned::Relation
                && self.clauses.iter().any(|clause| wraps(&clause.change))
        });
        each_once(named.chain(mentioned.map(|one| quote_name(&one.resolved("")))))
    }
}

fn column_word(action: &ColumnAction) -> &'static str {
    match action {
        ColumnAction::SetDefault(_) => "set-default",
        ColumnAction::DropDefault => "drop-default",
        ColumnAction::SetExpression(_) => "set-expression",
        ColumnAction::DropExpression { .. } => "drop-expression",
        ColumnAction::AddIdentity(_) => "add-identity",
        ColumnAction::SetIdentity { .. } => "set-identity",
        ColumnAction::DropIdentity { .. } => "drop-identity",
        ColumnAction::Statistics(_) => "set-statistics",
        ColumnAction::Storage(_) => "set-storage",
        ColumnAction::Compression(_) => "set-compression",
        ColumnAction::SetParameters(_) | ColumnAction::ResetParameters(_) => "column-parameters",
        ColumnAction::Options => "column-options",
    }
}

fn table_word(action: &TableAction) -> &'static str {
    match action {
        TableAction::AlterConstraint { .. } => "alter-constraint",
        TableAction::AttachPartition { .. } => "attach-partition",
        TableAction::DetachPartition {
            mode: Detach::Plain,
            ..
        } => "detach-partition",
        TableAction::DetachPartition {
            mode: Detach::Concurrently,
            ..
        } => "detach-partition-concurrently",
        TableAction::DetachPartition {
            mode: Detach::Finalize,
            ..
        } => "detach-partition-finalize",
        TableAction::Inherit(_) => "inherit",
        TableAction::NoInherit(_) => "no-inherit",
        TableAction::OfType(_) => "of-type",
        TableAction::NotOfType => "not-of-type",
        TableAction::EnableRowSecurity => "enable-row-level-security",
        TableAction::DisableRowSecurity => "disable-row-level-security",
        TableAction::ForceRowSecurity => "force-row-level-security",
        TableAction::NoForceRowSecurity => "no-force-row-level-security",
        TableAction::Trigger {
            firing: Firing::Disabled,
            ..
        } => "disable-trigger",
        TableAction::Trigger { .. } => "enable-trigger",
        TableAction::Rule {
            firing: Firing::Disabled,
            ..
        } => "disable-rule",
        TableAction::Rule { .. } => "enable-rule",
        TableAction::ClusterOn(_) => "cluster-on",
        TableAction::WithoutCluster => "without-cluster",
        TableAction::WithoutOids => "without-oids",
        TableAction::SetLogged => "set-logged",
        TableAction::SetUnlogged => "set-unlogged",
        TableAction::SetAccessMethod(_) => "set-access-method",
        TableAction::SetTablespace(_) => "set-tablespace",
        TableAction::SetParameters(_) | TableAction::ResetParameters(_) => "table-parameters",
        TableAction::ReplicaIdentity(_) => "replica-identity",
        TableAction::Options => "table-options",
        TableAction::ColumnStatistics { .. } => "set-statistics",
    }
}

/// The second name in an action on a table.
fn other_name(action: &TableAction) -> Option<String> {
    match action {
        TableAction::AlterConstraint {
            constraint: name, ..
        }
        | TableAction::Trigger {
            triggers: Triggers::One(name),
            ..
        }
        | TableAction::Rule { rule: name, .. }
        | TableAction::ClusterOn(name)
        | TableAction::SetTablespace(name)
        | TableAction::ReplicaIdentity(ReplicaIdentity::Index(name)) => Some(quote_ident(name)),
        TableAction::AttachPartition {
            partition: name, ..
        }
        | TableAction::DetachPartition {
            partition: name, ..
        }
        | TableAction::Inherit(name)
        | TableAction::NoInherit(name)
        | TableAction::OfType(name) => Some(quote_name(name)),
        TableAction::SetAccessMethod(method) => method.as_deref().map(quote_ident),
        TableAction::Trigger { .. }
        | TableAction::ReplicaIdentity(_)
        | TableAction::NotOfType
        | TableAction::EnableRowSecurity
        | TableAction::DisableRowSecurity
        | TableAction::ForceRowSecurity
        | TableAction::NoForceRowSecurity
        | TableAction::WithoutCluster
        | TableAction::WithoutOids
        | TableAction::SetLogged
        | TableAction::SetUnlogged
        | TableAction::SetParameters(_)
        | TableAction::ResetParameters(_)
        | TableAction::Options
        | TableAction::ColumnStatistics { .. } => None,
    }
}

/// The names of the objects, or the schemas.
fn privileged(on: &Privileged) -> Vec<String> {
    match on {
        Privileged::Objects { kind, names } => {
            let names = names.iter().flat_map(|name| named(*kind, name, Vec::new()));
            names.collect()
        }
        Privileged::AllIn { schemas, .. } | Privileged::Future { schemas, .. } => {
            schemas.iter().map(|schema| quote_ident(schema)).collect()
        }
        Privileged::Roles => Vec::new(),
    }
}

fn hyphened(words: &impl ToString) -> String {
    words.to_string().to_ascii_lowercase().replace(' ', "-")
}

fn of(verb: &str, kind: ObjectKind) -> String {
    format!("{verb} {kind}").replace(' ', "-")
}

/// Whether it says no more of the relations than that the statement has them.
fn wraps(change: &Change) -> bool {
    matches!(
        change,
        Change::CopyFromStdin
            | Change::Opaque { .. }
            | Change::Other {
                command: Command::Explain,
                ..
            }
    )
}

/// A publication, and what it publishes.
fn published(name: &Name, publication: &Publication) -> Vec<String> {
    let tables = publication.tables.iter().map(|one| quote_name(&one.table));
    let schemas = publication.schemas.iter().map(|schema| quote_ident(schema));
    let own = named(ObjectKind::Publication, name, vec![]);
    own.into_iter().chain(tables).chain(schemas).collect()
}

fn each_once(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    words.filter(|word| seen.insert(word.clone())).collect()
}

/// A name, and what comes after it; objects of some kinds are in no schema.
fn named(kind: ObjectKind, name: &Name, parts: Vec<&str>) -> Vec<String> {
    let whole = match (kind, kind.is_in_no_schema()) {
        (ObjectKind::UserMapping, _) => quote_role(&name.name),
        (_, true) => quote_ident(&name.name),
        (_, false) => quote_name(name),
    };
    let parts = parts.into_iter().map(quote_ident);
    [whole].into_iter().chain(parts).collect()
}

/// The name of a role, or a keyword that stands for a role and would be a name if it were quoted.
fn quote_role(role: &str) -> String {
    match role {
        "current_role" | "current_user" | "session_user" => role.to_owned(),
        name => quote_ident(name),
    }
}
