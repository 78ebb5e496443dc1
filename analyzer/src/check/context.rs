//! What a rule is given to look at: a clause, its statement, its file, and the schema at that point.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::{Deref, Range};

pub(crate) use crate::check::execution::Execution;
use crate::check::held_locks::{self, HeldLock, HeldLocks};
use crate::check::parts::Parts;
use crate::check::pending::Pending;
use crate::check::resolved::Settings;
use crate::check::subject::Subjects;
use crate::check::suggestion::Suggestion;
use crate::effect::{Effect, effect, effects};
use crate::finding::Place;
use crate::intake::file::File;
use crate::intake::file_name::Category;
use crate::intake::module::{Module, Source, next_name};
use crate::plan::Data;
use crate::plan::job::Refusal;
use crate::schema::resolve::Refused;
use crate::schema::{Origin, Relation, RelationId, Schema, name_of};
use crate::statement::references::ObjectRef;
use crate::statement::to_sql::quote_name;
use crate::statement::{
    Change, Clause, Column, Constraint, DataType, Name, ObjectKind, Persistence, Statement,
};
use crate::text::one_line::in_one_line;

/// A file, with the module around it and the schema at this point.
pub(crate) struct FileContext<'a> {
    /// The index of the file in `sources`.
    pub(crate) file: usize,
    pub(crate) module: &'a Module,
    pub(crate) sources: &'a [Source],
    /// The oldest PostgreSQL that the module supports.
    pub(crate) min_pg: u8,
    /// The file after reading.
    pub(crate) read: &'a File,
    /// How it runs, if it is a data migration, or why it cannot.
    pub(crate) job: Option<&'a Result<Data, Refusal>>,
    /// The statements of the file.
    pub(crate) statements: &'a [Statement],
    /// Statements that a suggestion puts behind them.
    pub(crate) suggested: &'a [Statement],
    /// What exists just before the clause; for a check of the whole file, at its end.
    pub(crate) schema: &'a Schema,
    /// The locks that earlier statements of the file hold, in the order in which they were taken.
    pub(crate) held: &'a HeldLocks,
    /// The events of deferred triggers that wait for the end of the transaction.
    pub(crate) pending: &'a [Pending],
    /// For each earlier file, the locks that it holds at its end.
    pub(crate) earlier: &'a [HeldLocks],
    /// The files that run before this one.
    pub(crate) before: &'a [File],
    /// The files that run after this one.
    pub(crate) later: &'a [File],
    /// The effect of the current statement, computed before its first clause.
    pub(crate) effect: Option<&'a Effect>,
    /// Where the file changes settings that decide how its other statements are read.
    pub(crate) settings: Settings,
    /// The answer of [`FileContext::tables`], once it was asked for.
    pub(crate) changed: OnceCell<Vec<RelationId>>,
}

/// A clause, with its statement and its file.
pub(crate) struct Context<'a> {
    pub(crate) around: FileContext<'a>,
    pub(crate) statement: &'a Statement,
    pub(crate) clause: &'a Clause,
    pub(crate) runs: Execution,
    /// The names that PostgreSQL refuses, once they were asked for.
    pub(crate) refused: OnceCell<Vec<Refused>>,
    /// The objects that the clause creates, once they were asked for.
    pub(crate) created: OnceCell<Vec<ObjectRef>>,
    /// What it is about.
    pub(crate) subjects: Subjects,
    /// The columns, constraints and indexes that it creates.
    pub(crate) parts: Parts<'a>,
    /// The objects that certainly do not exist, once they were asked for.
    pub(crate) absent: OnceCell<Vec<ObjectRef>>,
    pub(crate) suggestion: Suggestion,
}

/// A clause's context gives access to the context of its file.
impl<'a> Deref for Context<'a> {
    type Target = FileContext<'a>;

    fn deref(&self) -> &Self::Target {
        &self.around
    }
}

impl<'a> FileContext<'a> {
    /// The text of a byte range of the file.
    pub(crate) fn text(&self, span: &Range<usize>) -> &'a str {
        let source = self.sources.get(self.file);
        let text = source.and_then(|source| source.text.get(span.clone()));
        text.unwrap_or_default()
    }

    /// The same surroundings, with a suggestion's statements in this or another file, on another schema.
    pub(crate) fn with<'b>(
        &self,
        file: usize,
        suggested: &'b [Statement],
        schema: &'b Schema,
    ) -> FileContext<'b>
    where
        'a: 'b,
    {
        FileContext {
            file,
            module: self.module,
            sources: self.sources,
            min_pg: self.min_pg,
            read: self.read,
            job: self.job,
            statements: match file == self.file {
                true => self.statements,
                false => &[],
            },
            suggested,
            schema,
            held: self.held,
            pending: self.pending,
            earlier: self.earlier,
            before: self.before,
            later: self.later,
            effect: self.effect,
            settings: self.settings,
            changed: OnceCell::new(),
        }
    }

    /// The tables and views that the file creates or changes, each once, as they are at its end.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &'a Relation> {
        let tables = self.changed.get_or_init(|| self.changed_tables()).iter();
        let schema = self.schema;
        tables.filter_map(move |id| schema.by_id(*id))
    }

    fn changed_tables(&self) -> Vec<RelationId> {
        let schema = self.schema;
        let mut tables: Vec<RelationId> = Vec::new();
        let mut waiting: Vec<&Statement> = self.statements.iter().collect();
        while let Some(statement) = waiting.pop() {
            for clause in &statement.clauses {
                let table = clause.change.table().and_then(|name| schema.relation(name));
                tables.extend(table.map(|table| table.id));
                if let Change::Rename {
                    name,
                    part: None,
                    to,
                    ..
                } = &clause.change
                {
                    let renamed = schema.relation(&Name {
                        schema: name.schema.clone(),
                        name: to.clone(),
                    });
                    tables.extend(renamed.map(|table| table.id));
                }
                if let Change::Do { body, .. } = &clause.change {
                    waiting.extend(&body.statements);
                }
            }
        }
        // By age.
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    /// Whether this file creates the object: then no other session uses it yet.
    pub(crate) fn is_new(&self, kind: ObjectKind, name: &Name, part: Option<&str>) -> bool {
        self.schema
            .origin(kind, name, part)
            .is_some_and(|origin| origin.file == self.file)
    }

    /// Whether this file creates the object, where `TABLE` can also mean another kind: `GRANT ON TABLE`
    /// accepts views and sequences too.
    pub(crate) fn is_new_object(&self, kind: ObjectKind, name: &Name) -> bool {
        let is_sequence = || self.is_new(ObjectKind::Sequence, name, None);
        match kind {
            ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView => {
                self.is_new_relation(name) || is_sequence()
            }
            kind => self.is_new(kind, name, None),
        }
    }

    /// Whether this file creates the table or view.
    pub(crate) fn is_new_relation(&self, name: &Name) -> bool {
        let relation = self.schema.relation(name);
        relation.is_some_and(|relation| relation.origin.file == self.file)
    }

    /// Whether this file creates the table, or adds the column to an existing one.
    pub(crate) fn is_new_column(&self, table: &Name, column: &str) -> bool {
        self.is_new_relation(table) || self.is_new(ObjectKind::Column, table, Some(column))
    }

    /// Whether this file creates the table.
    pub(crate) fn is_new_table(&self, table: &Name) -> bool {
        self.is_new(ObjectKind::Table, table, None)
    }

    /// Whether other sessions may use the table: an earlier file creates it, or it is not known which
    /// file does.
    pub(crate) fn is_old_table(&self, table: &Name) -> bool {
        let relation = self.schema.relation(table);
        let is_temporary =
            relation.is_some_and(|relation| relation.persistence == Persistence::Temporary);
        !self.is_new_table(table) && !is_temporary && !table.is_temporary()
    }

    /// The table or view, if it certainly exists.
    pub(crate) fn existing(&self, name: &Name) -> Option<&'a Relation> {
        let relation = self.schema.relation(name)?;
        let is_certain = self.schema.is_certain(name, &relation.origin);
        is_certain.then_some(relation)
    }

    /// The table or view, if it certainly exists and all of its columns are known.
    pub(crate) fn certain(&self, name: &Name) -> Option<&'a Relation> {
        self.existing(name)
            .filter(|relation| relation.columns_known)
    }

    /// Whether a type, as the file writes it, is the type with this name.
    pub(crate) fn is_type(&self, data_type: &DataType, name: &Name) -> bool {
        let schema = data_type.schema.as_ref().unwrap_or(&self.module.schema);
        data_type.name == name.name && *schema == name.schema
    }

    /// The known columns of this type, with their relations.
    pub(crate) fn columns_of_type(
        &self,
        name: &'a Name,
    ) -> impl Iterator<Item = (&'a Relation, &'a crate::schema::Column)> {
        let columns = self.schema.relations().flat_map(|relation| {
            let columns = relation.columns.iter();
            columns.map(move |column| (relation, column))
        });
        columns.filter(|(_, column)| {
            let data_type = column.data_type.as_ref();
            data_type.is_some_and(|data_type| self.is_type(data_type, name))
        })
    }

    /// The lock that an earlier statement of the file holds on a relation.
    pub(crate) fn held_on(&self, relation: &Name) -> Option<&'a HeldLock> {
        self.held.on(relation)
    }

    /// The place where a lock was taken, as a message's related place.
    pub(crate) fn taken(&self, file: usize, held: &HeldLock) -> Option<(Place, String)> {
        let source = self.sources.get(file)?;
        Some((
            Place::at(&source.path, held.span.clone()),
            format!("{} on {} is taken here", held.mode, held.relation),
        ))
    }

    /// The place where an earlier file creates the object, as a message's related place.
    pub(crate) fn made(
        &self,
        kind: ObjectKind,
        name: &Name,
        part: Option<&str>,
    ) -> Option<(Place, String)> {
        let Origin { file, span } = self.schema.origin(kind, name, part)?;
        let source = self.sources.get(*file)?;
        let what = part.map_or_else(|| name.to_string(), |part| format!("{name}.{part}"));
        Some((
            Place::at(&source.path, span.clone()),
            format!("{what} is created here, in an earlier file"),
        ))
    }

    /// The place that first creates an object, as a message's related place.
    pub(crate) fn first_made(&self, origin: &Origin, what: &str) -> Option<(Place, String)> {
        let path = &self.sources.get(origin.file)?.path;
        let place = Place::at(path, origin.span.clone());
        Some((place, format!("{what} is created here")))
    }

    /// The next free version of a category, for a suggested file.
    pub(crate) fn next(&self, category: Category) -> String {
        next_name(self.sources, category)
    }

    /// Whether the file or the module's settings declare the object as one of another schema that may be
    /// used.
    pub(crate) fn is_external(&self, name: &Name) -> bool {
        let of_module = self.module.settings.reads.iter().map(|(_, one)| one);
        let mut all = of_module.chain(&self.read.declared.externals);
        all.any(|external| external.name == *name)
    }

    /// The file's name.
    pub(crate) fn file_name(&self) -> &'a str {
        let source = self.sources.get(self.file);
        source.map_or("", |source| source.name.as_str())
    }

    /// The file's category.
    pub(crate) fn category(&self) -> Option<Category> {
        let source = self.sources.get(self.file);
        source.map(|source| source.version.category)
    }
}

/// A constraint that is added to an existing table.
pub(crate) struct Added<'a> {
    pub(crate) table: &'a Name,
    pub(crate) constraint: &'a Constraint,
    /// The new column whose definition contains the constraint.
    pub(crate) column: Option<&'a Column>,
}

impl Added<'_> {
    /// The constraint's name, or one like the name that PostgreSQL would generate.
    pub(crate) fn name(&self, columns: &[String], label: &str) -> String {
        name_of(self.constraint, self.table, columns, label)
    }
}

impl<'a> Context<'a> {
    pub(crate) fn change(&self) -> &'a Change {
        &self.clause.change
    }

    /// The objects that the clause creates.
    pub(crate) fn created(&self) -> &[ObjectRef] {
        self.created.get_or_init(|| self.change().creates())
    }

    /// Whether the statement runs with the migration as a statement of its own, and this is its first
    /// clause: only then is `schema` the one just before the statement.
    pub(crate) fn starts_statement(&self) -> bool {
        self.runs == Execution::TopLevel && self.is_first()
    }

    /// The effect of the whole statement on the schema just before it; in a body, on the schema as it is now.
    pub(crate) fn effects(&self) -> Cow<'a, Effect> {
        match self.effect.filter(|_| self.runs == Execution::TopLevel) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(effects(self.statement, self.schema, self.min_pg)),
        }
    }

    /// The effect of the clause.
    pub(crate) fn effect(&self) -> Effect {
        effect(self.change(), self.statement, self.schema, self.min_pg)
    }

    /// The strong locks that the whole statement takes on relations of earlier files.
    pub(crate) fn takes(&self) -> Vec<HeldLock> {
        let taken = held_locks::taken(self.statement, &self.effects(), self.schema, self.file);
        taken.into_iter().filter(HeldLock::is_strong).collect()
    }

    /// The text of the statement.
    pub(crate) fn sql(&self) -> &'a str {
        self.text(&self.statement.span)
    }

    /// Whether this is the statement's first clause, for a rule that reports once per statement.
    pub(crate) fn is_first(&self) -> bool {
        let first = self.statement.clauses.first();
        first.is_some_and(|first| std::ptr::eq(first, self.clause))
    }

    /// The other clauses of the statement.
    pub(crate) fn others(&self) -> impl Iterator<Item = &'a Clause> {
        let this = self.clause;
        let clauses = self.statement.clauses.iter();
        clauses.filter(move |clause| !std::ptr::eq(*clause, this))
    }

    /// The rest of the statement from this byte offset on, in one line, to be pasted elsewhere.
    pub(crate) fn sql_from(&self, offset: usize) -> String {
        let skipped = offset.saturating_sub(self.statement.span.start);
        let rest = self.sql().get(skipped..).unwrap_or_default();
        in_one_line(rest)
    }

    /// `ALTER TABLE` with the table as the statement names it: `IF EXISTS` and `ONLY` are kept.
    pub(crate) fn alter(&self, table: &Name) -> String {
        let guard = if self.statement.if_exists {
            "IF EXISTS "
        } else {
            ""
        };
        let only = if self.statement.only { "ONLY " } else { "" };
        format!("ALTER TABLE {guard}{only}{}", quote_name(table))
    }

    /// The column that is added to an existing table; `None` if `IF NOT EXISTS` finds that it exists.
    pub(crate) fn adds_column(&self) -> Option<(&'a Name, &'a Column)> {
        let Change::AddColumn {
            table,
            column,
            if_not_exists,
        } = self.change()
        else {
            return None;
        };
        let is_there = *if_not_exists && self.schema.column(table, &column.name).is_some();
        (!is_there && self.is_old_table(table)).then_some((table, column))
    }

    /// The first constraint of this kind that is added to an existing table.
    pub(crate) fn adds_constraint(
        &self,
        is: impl Fn(&Constraint, Option<&Column>) -> bool,
    ) -> Option<Added<'a>> {
        if let Change::AddConstraint { table, constraint } = self.change() {
            let wanted = is(constraint, None) && !self.statement.of_domain;
            return (wanted && self.is_old_table(table)).then_some(Added {
                table,
                constraint,
                column: None,
            });
        }
        let (table, column) = self.adds_column()?;
        let mut constraints = column.constraints.iter();
        let constraint = constraints.find(|constraint| is(constraint, Some(column)))?;
        Some(Added {
            table,
            constraint,
            column: Some(column),
        })
    }

    /// The object that the clause drops, if it is of one of these kinds and older than the file.
    ///
    /// `DROP VIEW` on a table, or `DROP TABLE` on a view, is refused by the server and drops nothing.
    pub(crate) fn drops(&self, kinds: &[ObjectKind]) -> Option<(ObjectKind, &'a Name)> {
        let Change::Drop {
            kind,
            name,
            part: None,
            ..
        } = self.change()
        else {
            return None;
        };
        let known = self.schema.relation(name).filter(|_| kind.is_of_table());
        let stays = known.is_some_and(|known| !kinds.contains(&known.kind));
        let counts = kinds.contains(kind) && !stays && !self.is_new(*kind, name, None);
        counts.then_some((*kind, name))
    }

    /// The part of a table that the clause drops, of this kind, if both the part and the table are older
    /// than the file.
    pub(crate) fn drops_part(&self, kind: ObjectKind) -> Option<(&'a Name, &'a str)> {
        let Change::Drop {
            kind: dropped,
            name,
            part: Some(part),
            ..
        } = self.change()
        else {
            return None;
        };
        let is_new = self.is_new_relation(name) || self.is_new(kind, name, Some(part));
        (*dropped == kind && !is_new).then_some((name, part.as_str()))
    }

    /// The statement that drops one object; or all of those that the file drops together, because one of
    /// them may depend on another.
    pub(crate) fn drop_of(&self, alone: String) -> Cow<'a, str> {
        let falls = |clause: &Clause| matches!(clause.change, Change::Drop { cascade: true, .. });
        let together = self.statement.clauses.len() > 1;
        if together && !self.statement.clauses.iter().any(falls) {
            return Cow::Borrowed(self.sql());
        }
        Cow::Owned(alone)
    }

    /// `IF EXISTS ` if the clause that drops something has it, else empty.
    pub(crate) fn if_exists(&self) -> &'static str {
        let (Change::Drop { if_exists, .. } | Change::DropColumn { if_exists, .. }) = self.change()
        else {
            return "";
        };
        if *if_exists { "IF EXISTS " } else { "" }
    }
}
