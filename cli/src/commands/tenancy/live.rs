//! The live proof of `onward tenancy --url`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use onward::Role;
use onward::tenant::Setting;
use onward::tenant::audit::{Audit, Audited, Probed, Verdict};
use serde::Serialize;

use crate::bridge::Seen;
use crate::connect::Target;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{self, FORMAT_VERSION};

/// What the live proof needs to know.
#[derive(Clone, Debug, Args)]
pub(crate) struct Live {
    /// Database to try it on, as a superuser: postgres://user@host:5432/name, or key=value pairs. Only from the
    /// command line, because a matrix needs no server and must not ask one by accident.
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Role that the service works as; everything is tried as it.
    #[arg(long, default_value = "app", value_name = "ROLE")]
    application: Role,
    /// URL through a connection pooler, such as PgBouncer, to try there too. Its role is the application's, or
    /// can take it.
    #[arg(long, value_name = "URL", hide_env_values = true)]
    pooler_url: Option<String>,
    /// Column that carries the tenant.
    #[arg(long, default_value = "tenant_id", value_name = "COLUMN")]
    column: String,
    /// Setting that policies compare it with.
    #[arg(long, default_value = "app.tenant_id", value_name = "SETTING")]
    setting: Setting,
}

#[derive(Serialize)]
struct AuditedJson<'a> {
    format_version: u8,
    held: bool,
    attempts: Vec<ProbedJson<'a>>,
}

#[derive(Serialize)]
struct ProbedJson<'a> {
    kind: u8,
    object: &'a str,
    attempt: &'a str,
    verdict: &'static str,
    /// What leaked, or why nothing is shown.
    because: Option<&'a str>,
}

impl<'a> ProbedJson<'a> {
    fn new(probe: &'a Probed) -> Self {
        let (verdict, because) = match probe.verdict() {
            Verdict::Held => ("held", None),
            Verdict::Leak { evidence } => ("leak", Some(evidence.as_str())),
            Verdict::Unreliable { why } => ("unreliable", Some(why.as_str())),
        };
        Self {
            kind: probe.kind(),
            object: probe.object(),
            attempt: probe.attempt(),
            verdict,
            because,
        }
    }
}

pub(super) async fn run<W: Write>(
    live: &Live,
    url: &str,
    folders: &[PathBuf],
    write: impl FnOnce(&Audited, &mut W) -> io::Result<()>,
    out: &mut W,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let modules = Seen::all(folders)?;
    let schemas: Vec<&str> = modules.iter().map(|module| module.plan.schema()).collect();
    let target = Target::named(url, Some(&live.application))?;
    target.announce(err)?;
    let mut audit = Audit::new(&schemas, live.application.clone())
        .column(&live.column)
        .setting(live.setting.clone());
    if let Some(url) = &live.pooler_url {
        audit = audit.through("the pooler", &Target::named(url, None)?.connector());
    }
    let audited = audit.run(&target.connector()).await?;
    write(&audited, out)?;
    Ok(match audited.is_held() {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}

pub(super) fn write_text(audited: &Audited, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{audited}")
}

pub(super) fn write_json(audited: &Audited, out: &mut impl Write) -> io::Result<()> {
    let document = AuditedJson {
        format_version: FORMAT_VERSION,
        held: audited.is_held(),
        attempts: audited.probes().iter().map(ProbedJson::new).collect(),
    };
    output::write_json(out, &document)
}
