//! `onward roles`.

use std::io::Write;

use clap::Args;
use onward::Role;
use onward::tenant::{RoleProblem, Roles as Model};
use serde::Serialize;

use crate::bridge::Seen;
use crate::connect::{Place, connect};
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, write_json};

/// Print the SQL for the roles of a service, or check them
///
/// Three roles: the owner migrates, the application works on rows and cannot become another role, and the auditor
/// reads. Prints grants and default privileges for the schemas of the folders, to paste into psql. With --check,
/// compares a database with them and changes nothing.
///
/// Exit status: 0 when the SQL is printed or nothing differs, 1 when something differs, 2 when a folder cannot be
/// read or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Roles {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<Module>,
    /// Role that migrates and owns the objects.
    #[arg(long, default_value = "app_owner", value_name = "ROLE")]
    owner: Role,
    /// Role that the service works as.
    #[arg(long, default_value = "app", value_name = "ROLE")]
    application: Role,
    /// Role that reads.
    #[arg(long, default_value = "app_auditor", value_name = "ROLE")]
    auditor: Role,
    /// Report what differs in the database, each with the statement that fixes it.
    ///
    /// Every role may read what is asked.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    place: Place,
    /// Output format of --check; `json` is one object.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// What differs. Keys are only ever added.
#[derive(Serialize)]
struct ProblemsJson<'a> {
    format_version: u8,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    role: &'a str,
    problem: &'a str,
    fix: &'a str,
}

impl<'a> ProblemJson<'a> {
    fn new(problem: &'a RoleProblem) -> Self {
        Self {
            role: problem.role(),
            problem: problem.problem(),
            fix: problem.fix(),
        }
    }
}

pub(crate) async fn run(
    command: &Roles,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let (owner, application) = (command.owner.clone(), command.application.clone());
    let model = Model::new(owner, application, command.auditor.clone())?;
    let modules = Seen::all(&command.folders)?;
    let schemas: Vec<&str> = modules.iter().map(|module| module.plan.schema()).collect();
    if !command.check {
        write!(out, "{}", model.sql(&schemas))?;
        return Ok(Outcome::Good);
    }
    let target = command.place.target(None)?;
    target.announce(err)?;
    let client = connect(&target).await?;
    let problems = model.check(&client, &schemas).await?;
    match command.format {
        Format::Text if problems.is_empty() => {
            writeln!(out, "the roles have what the model needs, and no more")?;
        }
        Format::Text => {
            for problem in &problems {
                writeln!(out, "{problem}\n  {};", problem.fix())?;
            }
        }
        Format::Json => {
            let problems = problems.iter().map(ProblemJson::new).collect();
            let document = ProblemsJson {
                format_version: FORMAT_VERSION,
                problems,
            };
            write_json(out, &document)?;
        }
    }
    Ok(match problems.is_empty() {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}
