//! The same verbs, of a service that runs a worker.

use std::io::Write;
use std::pin::pin;
use std::time::Duration;

use onward::Version;
use onward::data::Command;
use serde::Deserialize;
use tokio::time::sleep;

use super::answer::{ShowJson, StatusJson};
use super::list::Module;
use super::one::Named;
use super::view::View;
use crate::outcome::CouldNotRun;
use crate::service::{Endpoint, ServiceError};

/// How often a service is asked how far it is.
const LOOK: Duration = Duration::from_secs(1);

/// What `GET /migrations/data` answers.
#[derive(Deserialize)]
struct ListedJson {
    modules: Vec<ModuleJson>,
}

#[derive(Deserialize)]
struct ModuleJson {
    schema: String,
    folder: String,
    data: Vec<StatusJson>,
}

impl ModuleJson {
    /// By its schema, or by its folder as a command line names it.
    fn is(&self, name: &str) -> bool {
        let name = name.trim_end_matches('/');
        let is_end = |folder: &str| {
            folder
                .strip_suffix(name)
                .is_some_and(|rest| rest.ends_with('/'))
        };
        self.schema == name || self.folder == name || is_end(&self.folder)
    }
}

/// The modules of the service, or the one of this name.
async fn modules(endpoint: &Endpoint, name: Option<&str>) -> Result<Vec<ModuleJson>, ServiceError> {
    let ListedJson { mut modules } = endpoint.get("/migrations/data").await?;
    let Some(name) = name else {
        return Ok(modules);
    };
    let all = modules.iter().map(|one| one.schema.clone()).collect();
    modules.retain(|one| one.is(name));
    match modules.is_empty() {
        false => Ok(modules),
        true => Err(ServiceError::NoModule {
            base: endpoint.url().to_owned(),
            module: name.to_owned(),
            modules: all,
        }),
    }
}

pub(super) async fn list(
    endpoint: &Endpoint,
    name: Option<&str>,
    err: &mut impl Write,
) -> Result<Vec<Module>, CouldNotRun> {
    announce(endpoint, err)?;
    let modules = modules(endpoint, name).await?.into_iter();
    let of = |ModuleJson { schema, data, .. }| Module { schema, data };
    Ok(modules.map(of).collect())
}

fn announce(endpoint: &Endpoint, err: &mut impl Write) -> Result<(), CouldNotRun> {
    Ok(writeln!(err, "service {}", endpoint.url())?)
}

/// The schema of the module that has the data migration.
async fn module_of(
    endpoint: &Endpoint,
    named: &Named<'_>,
    verb: &'static str,
) -> Result<String, ServiceError> {
    let version = named.version.to_string();
    let mut modules = modules(endpoint, named.module).await?;
    modules.retain(|module| module.data.iter().any(|one| one.version == version));
    match modules.as_slice() {
        [one] => Ok(one.schema.clone()),
        [] => Err(ServiceError::NoVersion {
            base: endpoint.url().to_owned(),
            version,
        }),
        several => Err(ServiceError::Ambiguous {
            modules: several.iter().map(|one| one.schema.clone()).collect(),
            version,
            verb,
        }),
    }
}

pub(super) async fn show(
    endpoint: &Endpoint,
    named: &Named<'_>,
    batches: u32,
    err: &mut impl Write,
) -> Result<ShowJson, CouldNotRun> {
    announce(endpoint, err)?;
    let module = module_of(endpoint, named, "show").await?;
    let version = named.version;
    let path = format!("/migrations/{version}?module={module}&batches={batches}");
    Ok(endpoint.get(&path).await?)
}

pub(super) async fn steer(
    endpoint: &Endpoint,
    named: &Named<'_>,
    command: Command,
    err: &mut impl Write,
) -> Result<StatusJson, CouldNotRun> {
    announce(endpoint, err)?;
    let (verb, more) = match command {
        Command::Approve => ("approve", String::new()),
        Command::Pause => ("pause", String::new()),
        Command::Resume => ("resume", String::new()),
        Command::Cancel => ("cancel", String::new()),
        Command::Retry => ("retry", String::new()),
        Command::Restart => ("retry", "&from_start=true".to_owned()),
        Command::Speed(to) => ("speed", format!("&to={to}")),
        // A command that this version of the verbs does not have.
        _ => return Err(CouldNotRun::NoVersion),
    };
    let module = module_of(endpoint, named, verb).await?;
    let version = named.version;
    let path = format!("/migrations/{version}/{verb}?module={module}{more}");
    Ok(endpoint.post(&path).await?)
}

/// How watching ended.
pub(super) enum Watched {
    /// They are done, or none of them goes on; as they were last.
    Over(Vec<StatusJson>),
    /// With Ctrl-C.
    Stopped,
}

/// Shows what the service's worker does, until everything up to this version is done or nothing goes on.
pub(super) async fn watch(
    endpoint: &Endpoint,
    name: Option<&str>,
    through: Option<Version>,
    err: &mut impl Write,
) -> Result<Watched, CouldNotRun> {
    announce(endpoint, err)?;
    let mut interrupt = pin!(tokio::signal::ctrl_c());
    let mut view = View::new();
    let ended = loop {
        let modules = modules(endpoint, name).await?.into_iter();
        let mut all: Vec<_> = modules.flat_map(|module| module.data).collect();
        let is_wanted = |one: &StatusJson| {
            let version = one.version.parse::<Version>().ok();
            through.is_none_or(|last| version.is_some_and(|version| version <= last))
        };
        all.retain(is_wanted);
        let moving = |one: &&StatusJson| one.done_at.is_none() && one.held.is_none();
        let Some(next) = all.iter().find(moving) else {
            break Watched::Over(all);
        };
        if let Some(progress) = &next.progress {
            view.progress(&next.name, progress, err)?;
        }
        tokio::select! {
            Ok(()) = &mut interrupt => break Watched::Stopped,
            () = sleep(LOOK) => {}
        }
    };
    view.end();
    Ok(ended)
}
