//! Whether the policies of a table confine a session to the rows of its tenant.
//!
//! Each condition is evaluated for the situations in which it must not be true: a row of another tenant, a
//! session whose setting was never set, and one whose setting is empty, as a connection keeps it after
//! `SET LOCAL`. A condition that is true in none of them is proved. There is no solver: what the evaluation does
//! not know makes the answer [`Verdict::Unverified`], never [`Verdict::Proven`].

mod can;
mod condition;
mod judge;
mod membership;
mod scope;
mod situation;
mod term;

use crate::intake::module::Module;
use crate::intake::settings::Tenancy;
use crate::schema::{Relation, Schema};
use crate::statement::{Name, ObjectKind, Persistence, PolicyCommand};

pub(crate) use self::judge::Judge;

/// What is known about a table and a command.
///
/// ```
/// use onward_analyzer::tenancy::Verdict;
///
/// assert_eq!(Verdict::Proven { closed: true }.word(), "PROVEN");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No session reaches a row of another tenant.
    Proven {
        /// No policy allows the command at all.
        closed: bool,
    },
    /// A session reaches such a row.
    Leak {
        /// The policy that allows it; `None` if no policy is asked.
        policy: Option<String>,
        /// Who reaches which row, in a few words.
        shown_by: String,
    },
    /// The files do not decide it.
    Unverified {
        /// The policy.
        policy: Option<String>,
        /// What is not known, in a few words.
        unknown: String,
    },
}

impl Verdict {
    /// `PROVEN`, `LEAK` or `UNVERIFIED`.
    ///
    /// ```
    /// use onward_analyzer::tenancy::Verdict;
    ///
    /// assert_eq!(Verdict::Proven { closed: false }.word(), "PROVEN");
    /// ```
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Proven { .. } => "PROVEN",
            Self::Leak { .. } => "LEAK",
            Self::Unverified { .. } => "UNVERIFIED",
        }
    }
}

/// The commands that policies decide, in the order of the matrix.
///
/// ```
/// use onward_analyzer::statement::PolicyCommand;
///
/// assert_eq!(onward_analyzer::tenancy::COMMANDS[0], PolicyCommand::Select);
/// ```
pub const COMMANDS: [PolicyCommand; 4] = [
    PolicyCommand::Select,
    PolicyCommand::Insert,
    PolicyCommand::Update,
    PolicyCommand::Delete,
];

/// A table of tenants, with a verdict for each of [`COMMANDS`].
///
/// ```
/// use onward_analyzer::tenancy::judged;
/// use onward_analyzer::{analyze, source::Module};
///
/// let table = "CREATE TABLE auth.notes (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id));";
/// let module = Module::in_memory("auth", [("001_notes.sql", table)]);
/// let analysis = analyze(module.with_settings("[tenancy]\nmode = 'required'"));
/// let tables = judged(&analysis.schema, &analysis.module);
/// assert_eq!(tables[0].verdicts[0].word(), "LEAK", "row-level security is off");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The table.
    pub table: Name,
    /// The verdicts, in the order of [`COMMANDS`].
    pub verdicts: [Verdict; 4],
}

/// Every table of tenants that the module has after all files, by name; empty if tenancy is not required.
///
/// ```
/// use onward_analyzer::tenancy::judged;
/// use onward_analyzer::{analyze, source::Module};
///
/// let analysis = analyze(Module::in_memory("auth", [("001_a.sql", "SELECT 1;")]));
/// assert!(judged(&analysis.schema, &analysis.module).is_empty());
/// ```
#[must_use]
pub fn judged(schema: &Schema, module: &Module) -> Vec<Judged> {
    let Some(tenancy) = &module.settings.tenancy else {
        return Vec::new();
    };
    let judge = Judge::new(schema, tenancy);
    let tables = schema
        .relations()
        .filter(|table| holds_tenants(schema, tenancy, table));
    let mut judged: Vec<Judged> = tables
        .map(|table| Judged {
            table: table.name.clone(),
            verdicts: COMMANDS.map(|command| judge.verdict(table, command)),
        })
        .collect();
    judged.sort_by(|one, other| one.table.cmp(&other.table));
    judged
}

/// Whether a relation is a table that has to keep tenants apart: one of the module's own, that certainly exists and
/// is not declared as global. A temporary table is seen by its session only.
pub(crate) fn holds_tenants(schema: &Schema, tenancy: &Tenancy, table: &Relation) -> bool {
    let is_table = matches!(table.kind, ObjectKind::Table | ObjectKind::ForeignTable);
    is_table
        && table.persistence != Persistence::Temporary
        && schema.is_own(&table.name)
        && schema.is_certain(&table.name, &table.origin)
        && !tenancy.global.contains_key(&table.name)
}
