//! Files that replace a statement: complete, so that the reader can paste them.

use crate::check::context::{Context, Execution, FileContext};
use crate::finding::{Message, SuggestedFile};
use crate::intake::file_name::{Category, next_free, snake_case};
use crate::intake::module::take_name;
use crate::lower::lower;
use crate::plan::job::keys_of;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Name, Statement};
use crate::text::actions;
use crate::text::quote::quote_list;
use crate::text::split::{TokenKind, split, tokens_and_comments};

/// A fix in several steps.
pub(crate) struct Steps {
    /// The title of a new file for `here`.
    pub(crate) title: String,
    /// What replaces the statement.
    pub(crate) here: String,
    /// Whether that is all of the statement, or one of its actions; `None` if it is neither.
    pub(crate) whole: Option<bool>,
    /// The data migration that `later` needs.
    pub(crate) fill: Option<String>,
    /// Title and SQL of further files.
    pub(crate) later: Vec<(String, String)>,
}

impl FileContext<'_> {
    /// The columns by whose ranges a data migration is cut into batches, as SQL: the primary key, or else
    /// another key.
    pub(crate) fn batch_key(&self, table: &Name) -> Option<String> {
        let relation = self.schema.relation(table)?;
        // A key whose columns the same statement adds behind it has none that are known.
        let keys = keys_of(relation);
        let mut known = keys.iter().filter(|key| !key.is_empty());
        known.next().map(quote_list)
    }

    /// Where the text starts that a fix keeps when it replaces a statement of this file. The only
    /// statement of a file keeps the comments above it.
    pub(crate) fn kept_from(&self, statement: &Statement) -> usize {
        match self.statements {
            [_] => 0,
            _ => statement.span.start,
        }
    }

    /// The category of further files: a release migration is followed by release migrations, because
    /// an operator runs them.
    pub(crate) fn category_of_more(&self) -> Category {
        match self.category() {
            Some(Category::Release) => Category::Release,
            Some(Category::Startup | Category::Seed | Category::Data) | None => Category::Startup,
        }
    }

    /// Whether a number of the category is free.
    pub(crate) fn has_free(&self, category: Category) -> bool {
        let taken = self.sources.iter().map(|source| source.version).collect();
        next_free(category, &taken).is_some()
    }

    /// The new files of a fix, each under the next free version of its category: `(category, title,
    /// sql)` becomes `004_title.sql`.
    pub(crate) fn suggested_files(&self, files: &[(Category, &str, String)]) -> Vec<SuggestedFile> {
        let mut taken = self.sources.iter().map(|source| source.version).collect();
        let files = files.iter().map(|(category, title, sql)| SuggestedFile {
            file: format!(
                "{}_{}.sql",
                take_name(*category, &mut taken),
                snake_case(title)
            ),
            sql: sql.clone(),
        });
        files.collect()
    }
}

impl Context<'_> {
    /// The files that replace the statement: `here` is the new text for this file, `later` becomes files
    /// of the same category, so that a release migration stays one. Without `here`, a file that holds
    /// only this statement becomes the first of `later`. If the statement has several actions, the others
    /// are kept; if they cannot be separated, the list is empty, because a fix would lose them.
    pub(crate) fn fix(
        &self,
        here: Option<String>,
        later: &[(String, String)],
    ) -> Vec<SuggestedFile> {
        let (here, later) = match (here, later) {
            (here, later) if self.has_others() => match self.among_others(here.as_deref()) {
                Some(statement) => (Some(statement), later),
                None => return Vec::new(),
            },
            (None, [(_, first), rest @ ..]) if self.statements.len() == 1 => {
                (Some(self.with_comments(first.clone())), rest)
            }
            (here, later) => (here.map(|sql| self.with_comments(sql)), later),
        };
        let later = later
            .iter()
            .map(|(title, sql)| (self.category_of_more(), title.as_str(), sql.clone()));
        let here = here.map(|sql| SuggestedFile {
            file: self.file_name().to_owned(),
            sql,
        });
        let later = self.suggested_files(&later.collect::<Vec<_>>());
        here.into_iter().chain(later).collect()
    }

    /// Whether the statement has other actions beside this one. A `DROP` of several objects counts as
    /// one action.
    fn has_others(&self) -> bool {
        self.statement.clauses.len() > 1 && !matches!(self.change(), Change::Drop { .. })
    }

    /// The statement with its other actions, where `here` replaces this one, or removes it for `None`.
    /// Returns `None` if `here` is more than one action, because it stands in the place of one.
    fn among_others(&self, here: Option<&str>) -> Option<String> {
        if self.withholds() {
            return None;
        }
        let action = match here {
            Some(sql) => {
                let alter = self.alter(self.change().table()?);
                let action = sql.strip_prefix(&*alter)?;
                Some(action.trim().strip_suffix(';')?)
            }
            None => None,
        };
        if action.is_some_and(|action| action.contains(";\n")) {
            return None;
        }
        let span = &self.statement.span;
        let at = self.clause.span.start.checked_sub(span.start)?;
        let statement = actions::instead(self.sql(), at, action)?;
        let above = self.text(&(self.kept_from(self.statement)..span.start));
        Some(format!("{above}{statement};"))
    }

    /// The files that do something in several steps; empty if that would lose other actions.
    pub(crate) fn fix_in_steps(&self, steps: Steps) -> Vec<SuggestedFile> {
        let Some(whole) = steps.whole else {
            return Vec::new();
        };
        let here = |sql: String| SuggestedFile {
            file: self.file_name().to_owned(),
            sql,
        };
        let is_startup = self.category() == Some(Category::Startup);
        let mut files = Vec::new();
        let mut new: Vec<(Category, &str, String)> = Vec::new();
        let single = match steps.fill.is_none() && !whole {
            true => self.among_others(Some(&steps.here)),
            false => None,
        };
        match (single, whole) {
            (Some(statement), _) => files.push(here(statement)),
            // A column that has to be filled is added by a startup migration, where new columns belong.
            (None, true) if is_startup || steps.fill.is_none() => {
                let sql = self.with_comments(steps.here);
                // What they allow is now in other files, or gone.
                let keeps = |line: &&str| steps.later.is_empty() || !line.contains("onward: allow");
                files.push(here(
                    sql.lines().filter(keeps).collect::<Vec<_>>().join("\n"),
                ));
            }
            (None, true) => new.push((Category::Startup, &steps.title, steps.here)),
            (None, false) => {
                let Some(others) = self.among_others(None) else {
                    return Vec::new();
                };
                files.push(here(others));
                new.push((Category::Startup, &steps.title, steps.here));
            }
        }
        let later = steps.later;
        match steps.fill {
            Some(fill) => {
                files.extend(self.suggested_files(&new));
                files.extend(self.filled_then(&steps.title, fill, &later));
            }
            None => {
                let more = self.category_of_more();
                let later = later
                    .iter()
                    .map(|(title, sql)| (more, title.as_str(), sql.clone()));
                new.extend(later);
                files.extend(self.suggested_files(&new));
            }
        }
        files
    }

    /// A data migration, and the release migrations that may run after it has finished.
    pub(crate) fn filled_then(
        &self,
        title: &str,
        fill: String,
        later: &[(String, String)],
    ) -> Vec<SuggestedFile> {
        let mut files = self.suggested_files(&[(Category::Data, title, fill)]);
        let version = files.first().and_then(|one| one.file.split_once('_'));
        let version = version.map(|(version, _)| version.to_owned());
        files.extend(self.after(version.as_deref(), later));
        files
    }

    /// Release migrations; the first may run only after that data migration has finished.
    pub(crate) fn after(
        &self,
        version: Option<&str>,
        later: &[(String, String)],
    ) -> Vec<SuggestedFile> {
        let requires = version.map(|version| format!("-- onward: requires {version}\n"));
        let files = later.iter().enumerate().map(|(nth, (title, sql))| {
            let requires = requires.as_deref().filter(|_| nth == 0).unwrap_or_default();
            (
                Category::Release,
                title.as_str(),
                format!("{requires}{sql}"),
            )
        });
        self.suggested_files(&files.collect::<Vec<_>>())
    }

    /// The data migration that sets a column: in batches by the primary key, or else by the rows' places.
    /// `None` for a partitioned table without a key of one column, whose rows share places.
    pub(crate) fn fill(
        &self,
        table: &Name,
        column: &str,
        value: &str,
        condition: &str,
    ) -> Option<String> {
        let on = quote_name(table);
        if let Some(key) = self.batch_key(table) {
            return Some(format!(
                "-- onward: batch 1000 by {key}\nUPDATE {on} SET {column} = {value} WHERE {condition};"
            ));
        }
        let relation = self.schema.relation(table)?;
        relation.partition_by.is_none().then(|| {
            format!(
                "UPDATE {on} SET {column} = {value}\nWHERE ctid = ANY (ARRAY(SELECT ctid FROM {on} WHERE \
                 {condition} LIMIT 1000));"
            )
        })
    }

    /// Release migrations instead of this action.
    pub(crate) fn fix_by_an_operator(
        &self,
        requires: Option<&str>,
        files: &[(String, String)],
    ) -> Vec<SuggestedFile> {
        let mut all = Vec::new();
        if self.has_others() {
            let Some(sql) = self.among_others(None) else {
                return Vec::new();
            };
            let file = self.file_name().to_owned();
            all.push(SuggestedFile { file, sql });
        }
        all.extend(self.after(requires, files));
        all
    }

    /// The last data migration of the module that sets the column.
    pub(crate) fn filled_by(&self, table: &Name, column: &str) -> Option<String> {
        let sets = |statement: &Statement| {
            statement.clauses.iter().any(|clause| {
                let Change::Update(update) = &clause.change else {
                    return false;
                };
                let columns = update.set.iter().flat_map(|set| &set.columns);
                let mut columns = columns.map(|written| written.column.as_str());
                update.table == *table && columns.any(|written| written == column)
            })
        };
        let data = self.sources.iter().rev().filter(|source| {
            source.version.category == Category::Data && source.text.contains(column)
        });
        let mut filling = data.filter(|source| {
            let statements = split(&source.text).statements;
            let mut statements = statements
                .iter()
                .map(|raw| lower(&source.text, raw, &self.module.schema));
            statements.any(|statement| sets(&statement))
        });
        filling.next().map(|source| source.version.to_string())
    }

    /// The SQL that replaces the statement, below the comments of the statement that it lacks: those
    /// inside of it, and if the file is replaced as a whole those above.
    fn with_comments(&self, sql: String) -> String {
        if self.runs != Execution::TopLevel {
            return sql;
        }
        let span = &self.statement.span;
        let above = self.text(&(self.kept_from(self.statement)..span.start));
        let text = self.sql();
        let comments = tokens_and_comments(text)
            .into_iter()
            .filter(|token| token.kind == TokenKind::Comment);
        let comments = comments.filter_map(|token| text.get(token.span()));
        let lost = comments.filter(|comment| !sql.contains(comment.trim_end()));
        let lost: String = lost
            .map(|comment| format!("{}\n", comment.trim_end()))
            .collect();
        let above = match sql.starts_with(above) {
            true => "",
            false => above,
        };
        [above, &lost, &sql].concat()
    }

    /// The fix for a statement that needs a file of its own: this file, if it holds nothing else.
    pub(crate) fn in_own_file(&self, title: &str, sql: String) -> Vec<SuggestedFile> {
        self.fix(None, &[(title.to_owned(), sql)])
    }

    /// The message with its fix: the statement in a release migration that declares which code it
    /// breaks.
    ///
    /// `title` names the new file, `sql` is the statement without its semicolon, and `breaks` is the
    /// code that fails afterwards, such as "code that calls app.slug".
    pub(crate) fn by_an_operator(
        &self,
        message: Message,
        title: &str,
        sql: &str,
        breaks: &str,
    ) -> Message {
        if let Change::Drop { name, .. } = self.change()
            && name.schema != self.module.schema
        {
            let help = format!(
                "move this drop into the module that owns the schema {}",
                name.schema
            );
            return Message { help, ..message };
        }
        if !self.blocking().is_empty() {
            let help = format!(
                "first deploy a release without {breaks}; then, in a release migration (`onward release`), drop \
                 or change what depends on it, and then drop it without CASCADE"
            );
            return Message { help, ..message };
        }
        // The statement as a whole, for each of the objects that it drops.
        let together = self.statement.clauses.len() > 1 && sql.len() == self.sql().len();
        let is_given = together && self.withholds();
        let file = || format!("-- onward: breaks {breaks}\n{sql};");
        let (help, suggested_files) = match (self.category(), self.statements) {
            (Some(Category::Release), [_]) => (
                format!(
                    "make sure that no instance still runs {breaks}, then declare that at the top of \
                     the file"
                ),
                match is_given {
                    true => Vec::new(),
                    false => vec![SuggestedFile {
                        file: self.file_name().to_owned(),
                        sql: self.with_comments(file()),
                    }],
                },
            ),
            // The directive holds for the whole file, which has other statements too.
            (Some(Category::Release), _) => (
                format!(
                    "make sure that no instance still runs {breaks}, then put this line at the top of \
                     the file: `-- onward: breaks {breaks}`"
                ),
                Vec::new(),
            ),
            (Some(Category::Startup | Category::Seed | Category::Data) | None, _) => (
                format!(
                    "first deploy a release without {breaks}; then run this as a release migration \
                     (`onward release`)"
                ),
                match is_given {
                    true => Vec::new(),
                    false => {
                        self.suggested_files(&[(Category::Release, &snake_case(title), file())])
                    }
                },
            ),
        };
        Message { help, ..message }.with_files(suggested_files)
    }
}
