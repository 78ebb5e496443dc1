//! Files that replace a statement: complete, so that the reader can paste them.

use crate::check::context::{Context, FileContext};
use crate::finding::{Message, SuggestedFile};
use crate::intake::file_name::{Category, snake_case};
use crate::intake::module::take_name;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Name, Statement};
use crate::text::actions;
use crate::text::quote::quote_ident;

impl FileContext<'_> {
    /// The column whose ranges a data migration uses as batches: the primary key, if that is a single
    /// column.
    pub(crate) fn batch_key(&self, table: &Name) -> Option<String> {
        let relation = self.schema.relation(table);
        let key = relation.and_then(|relation| match relation.primary_key() {
            [column] => relation.name_of(*column),
            _ => None,
        });
        key.map(quote_ident)
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
    pub(crate) fn fix(&self, here: Option<String>, later: &[(&str, String)]) -> Vec<SuggestedFile> {
        let (here, later) = match (here, later) {
            (here, later) if self.has_others() => match self.among_others(here.as_deref()) {
                Some(statement) => (Some(statement), later),
                None => return Vec::new(),
            },
            (None, [(_, first), rest @ ..]) if self.statements.len() == 1 => {
                (Some(first.clone()), rest)
            }
            (here, later) => (here, later),
        };
        let later = later
            .iter()
            .map(|(title, sql)| (self.category_of_more(), *title, sql.clone()));
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
        let action = match here {
            Some(sql) => {
                let table = quote_name(self.change().table()?);
                let action = sql.strip_prefix("ALTER TABLE ")?.strip_prefix(&*table)?;
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

    /// The files that add a column and fill it with a data migration. The column is added by a startup
    /// migration, where new columns belong. Empty if the table has no single key column for the batches.
    pub(crate) fn fix_column(
        &self,
        table: &Name,
        column: &str,
        add: String,
        value: &str,
    ) -> Vec<SuggestedFile> {
        let Some(key) = self.batch_key(table) else {
            return Vec::new();
        };
        let title = format!("{}_{column}", table.name);
        let column = quote_ident(column);
        let fill = format!(
            "-- onward: batch 1000 by {key}\nUPDATE {} SET {column} = {value} WHERE {column} IS NULL;",
            quote_name(table)
        );
        let fill = (Category::Data, title.as_str(), fill);
        if self.has_others() {
            let Some(sql) = self.among_others(None) else {
                return Vec::new();
            };
            let file = self.file_name().to_owned();
            let more = self.suggested_files(&[(Category::Startup, &title, add), fill]);
            return [SuggestedFile { file, sql }]
                .into_iter()
                .chain(more)
                .collect();
        }
        if self.category() == Some(Category::Startup) {
            let here = SuggestedFile {
                file: self.file_name().to_owned(),
                sql: add,
            };
            return [here]
                .into_iter()
                .chain(self.suggested_files(&[fill]))
                .collect();
        }
        self.suggested_files(&[(Category::Startup, &title, add), fill])
    }

    /// The fix for a statement that needs a file of its own: this file, if it holds nothing else.
    pub(crate) fn in_own_file(&self, title: &str, sql: String) -> Vec<SuggestedFile> {
        self.fix(None, &[(title, sql)])
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
        let sql = format!("-- onward: breaks {breaks}\n{sql};");
        let (help, suggested_files) = match (self.category(), self.statements) {
            (Some(Category::Release), [_]) => (
                format!(
                    "make sure that no instance still runs {breaks}, then declare that at the top of \
                     the file"
                ),
                vec![SuggestedFile {
                    file: self.file_name().to_owned(),
                    sql,
                }],
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
                self.suggested_files(&[(Category::Release, &snake_case(title), sql)]),
            ),
        };
        Message { help, ..message }.with_files(suggested_files)
    }
}
