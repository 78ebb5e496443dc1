//! A schema on a server: as it is before the fix, and with the files that run on it.

use std::collections::BTreeSet;
use std::error::Error;

use onward_analyzer::analyze;
use onward_analyzer::plan::Step;
use onward_analyzer::source::Module;
use onward_pg::Database;
use tokio_postgres::Client;

use super::code::{self, Code};
use crate::support::EMPTY;

/// What a schema consists of, in words of the server, without the names of indexes.
pub(super) type State = BTreeSet<String>;

pub(super) struct Server {
    client: Client,
    before: Vec<(String, String)>,
    /// The number of the next row.
    next: usize,
}

/// The rows that the tables have at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// With values in all columns, and with nulls and defaults where they are possible.
    All,
    /// With values in all columns.
    Full,
    None,
}

impl Rows {
    fn include(self, one: &Code) -> bool {
        match self {
            Self::All => one.is_insert(),
            Self::Full => one.is_insert() && one.is_full(),
            Self::None => false,
        }
    }
}

/// How many rows of each kind a table has at first.
const ROWS: usize = 3;

const STATE: &str = "\
    SELECT format('column %s.%I %s %s', a.attrelid::regclass, a.attname, \
        format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid), greatest(t.typtypmod, a.atttypmod)), \
        (SELECT format('COLLATE %I', l.collname) FROM pg_collation l WHERE l.oid = a.attcollation AND \
         l.collname <> 'default')) \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid \
    WHERE c.relnamespace = to_regnamespace('app') AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT attisdropped \
    UNION SELECT format('not null %s.%I', a.attrelid::regclass, a.attname) \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
    WHERE c.relnamespace = to_regnamespace('app') AND c.relkind IN ('r', 'p') AND a.attnotnull AND NOT attisdropped \
        AND a.attnum > 0 \
    UNION SELECT format('%s %s %s', kind, o.conrelid::regclass, replace(pg_get_constraintdef(o.oid), ' NOT VALID', '')) \
    FROM pg_constraint o, unnest(ARRAY['constraint', CASE WHEN convalidated THEN 'valid' ELSE 'constraint' END]) kind \
    WHERE o.connamespace = to_regnamespace('app') AND o.conrelid <> 0 AND contype <> 'n' \
    UNION SELECT regexp_replace(i.indexdef, 'INDEX (\"[^\"]*\"|\\S+) ON', 'INDEX ON') || coalesce(i.tablespace, '') \
    FROM pg_indexes i JOIN pg_class c ON c.oid = format('%I.%I', i.schemaname, i.indexname)::regclass \
    JOIN pg_index x ON x.indexrelid = c.oid \
    WHERE i.schemaname = 'app' AND x.indisvalid";

impl Server {
    pub(super) async fn of(
        database: &Database,
        before: &[&(String, String)],
    ) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            client: database.connect().await?,
            before: before.iter().map(|file| (*file).clone()).collect(),
            next: 0,
        })
    }

    /// The schema as it is before the fix. False if the files before it do not run.
    pub(super) async fn reset(&mut self, rows: Rows) -> Result<bool, Box<dyn Error>> {
        self.client.batch_execute(EMPTY).await?;
        for (name, text) in self.before.clone() {
            if self.run(&name, &text).await?.is_some() {
                return Ok(false);
            }
        }
        self.next = 0;
        let code = code::of(&self.client).await?;
        for _ in 0..ROWS {
            self.next += 1;
            for one in code.iter().filter(|one| rows.include(one)) {
                // A table that refuses the row stays empty.
                self.ask(&numbered(one, self.next)).await?;
            }
        }
        Ok(true)
    }

    /// The statements of the code that succeed now, also when they are repeated.
    pub(super) async fn working_code(&mut self) -> Result<Vec<Code>, Box<dyn Error>> {
        let mut works = Vec::new();
        for one in code::of(&self.client).await? {
            self.next += 2;
            let (first, second) = (numbered(&one, self.next - 1), numbered(&one, self.next));
            let both = format!("{first}; {second}; SET CONSTRAINTS ALL IMMEDIATE");
            let trial = format!("BEGIN; {both}; ROLLBACK");
            if self.ask(&trial).await?.is_none() {
                works.push(one);
            }
        }
        Ok(works)
    }

    /// The error of the server, if it refuses the statement.
    pub(super) async fn execute(&mut self, one: &Code) -> Result<Option<String>, Box<dyn Error>> {
        self.next += 1;
        self.ask(&numbered(one, self.next)).await
    }

    async fn ask(&self, sql: &str) -> Result<Option<String>, Box<dyn Error>> {
        match self.client.simple_query(sql).await {
            Ok(_) => Ok(None),
            Err(error) => {
                let said = error.as_db_error().ok_or(format!("{sql}: {error}"))?;
                let code = said.code().code();
                let said = format!("{code}: {}", said.message());
                self.client.simple_query("ROLLBACK").await?;
                Ok(Some(said))
            }
        }
    }

    /// Runs a file as the runner does; a data migration until it finds no more rows.
    pub(super) async fn run(
        &self,
        name: &str,
        text: &str,
    ) -> Result<Option<String>, Box<dyn Error>> {
        let times = if name.starts_with("DM") { 3 } else { 1 };
        for _ in 0..times {
            for message in messages(name, text) {
                if let Some(error) = self.ask(&message).await? {
                    return Ok(Some(error));
                }
            }
        }
        Ok(None)
    }

    pub(super) async fn state(&self) -> Result<State, Box<dyn Error>> {
        let rows = self.client.query(STATE, &[]).await?;
        let lines = rows.iter().map(|row| row.try_get(0));
        Ok(lines.collect::<Result<_, _>>()?)
    }
}

fn numbered(one: &Code, n: usize) -> String {
    one.sql.replace("{n}", &n.to_string())
}

/// The file in one message; or its statements one by one, if the plan has it so.
fn messages(name: &str, text: &str) -> Vec<String> {
    let plan = analyze(Module::in_memory("app", [(name, text)])).plan;
    let migrations = plan
        .iter()
        .flat_map(|plan| plan.startup.iter().chain(&plan.release));
    let mut steps = migrations.map(|migration| &migration.step);
    match steps.next() {
        Some(Step::Sequence(steps)) => {
            let statements = steps.iter().flat_map(Step::statements);
            statements.map(|statement| statement.sql.clone()).collect()
        }
        Some(_) | None => vec![text.to_owned()],
    }
}
