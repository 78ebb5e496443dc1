//! The matrix of tables and commands that `onward tenancy` prints.

use std::io::{self, Write};

use onward_analyzer::settings::Tenancy;
use onward_analyzer::tenancy::{COMMANDS, Judged, Verdict, judged};
use serde::Serialize;

use super::findings::{Checked, Texts, all};
use super::json::FindingJson;
use super::{FORMAT_VERSION, count};

/// What is known about the tenants of a module.
pub(crate) struct Matrix<'a> {
    module: &'a Checked,
    tables: Vec<Judged>,
}

impl<'a> Matrix<'a> {
    pub(crate) fn of(module: &'a Checked) -> Self {
        let analysis = &module.analysis;
        Self {
            module,
            tables: judged(&analysis.schema, &analysis.module),
        }
    }

    /// Whether something leaks, or the compiler refuses the module because of its tenants.
    pub(crate) fn is_refused(&self) -> bool {
        let mut findings = self.module.analysis.findings.iter();
        self.count("LEAK") > 0 || findings.any(|finding| finding.severity.is_error())
    }

    fn tenancy(&self) -> Option<&Tenancy> {
        self.module.analysis.module.settings.tenancy.as_ref()
    }

    fn count(&self, word: &str) -> usize {
        let verdicts = self.tables.iter().flat_map(|table| &table.verdicts);
        verdicts.filter(|verdict| verdict.word() == word).count()
    }
}

pub(crate) fn write_text(matrices: &[Matrix<'_>], out: &mut impl Write) -> io::Result<()> {
    for (n, matrix) in matrices.iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        let folder = &matrix.module.analysis.module.folder;
        match matrix.tenancy() {
            Some(tenancy) => text(matrix, tenancy, out)?,
            None => writeln!(
                out,
                "{folder}: tenancy is not required; `[tenancy]` with `mode = \"required\"` in its onward.toml requires it"
            )?,
        }
    }
    Ok(())
}

fn text(matrix: &Matrix<'_>, tenancy: &Tenancy, out: &mut impl Write) -> io::Result<()> {
    let analysis = &matrix.module.analysis;
    let Tenancy {
        column,
        data_type,
        setting,
        global,
    } = tenancy;
    writeln!(
        out,
        "{}: a row's tenant is {column} ({data_type}), a session's is the setting {setting}\n",
        analysis.module.folder
    )?;
    let names = matrix.tables.iter().map(|one| one.table.to_string());
    let width = names.map(|name| name.chars().count()).max().unwrap_or(0);
    if !matrix.tables.is_empty() {
        let heads = COMMANDS.map(|command| command.to_string());
        line(out, width, "", &heads.each_ref().map(String::as_str))?;
    }
    for one in &matrix.tables {
        line(
            out,
            width,
            &one.table.to_string(),
            &one.verdicts.each_ref().map(short),
        )?;
    }
    let reasons: Vec<String> = matrix.tables.iter().flat_map(reasons).collect();
    section(out, "", reasons)?;
    let global = global
        .iter()
        .map(|(table, reason)| format!("{table}: {reason}"));
    section(out, "The same for all tenants:\n", global.collect())?;
    let texts = Texts::of(analysis);
    let findings = all(analysis).into_iter().map(|finding| {
        let line = texts
            .positions(&finding.place)
            .map(|(from, _)| format!(":{}", from.line));
        let accepted = finding.allowed_because.as_ref();
        let accepted = accepted.map(|reason| format!("; accepted because \"{reason}\""));
        format!(
            "{}{}: {}[{}]: {}{}",
            finding.place.path,
            line.unwrap_or_default(),
            finding.severity.word(),
            finding.rule,
            finding.message.what,
            accepted.unwrap_or_default()
        )
    });
    section(
        out,
        "Findings, of which `onward check` prints the fix:\n",
        findings.collect(),
    )?;
    writeln!(
        out,
        "\n{}: {} proved, {}, {} not verified",
        count(matrix.tables.len(), "table"),
        matrix.count("PROVEN"),
        count(matrix.count("LEAK"), "leak"),
        matrix.count("UNVERIFIED"),
    )
}

fn line(out: &mut impl Write, width: usize, name: &str, cells: &[&str; 4]) -> io::Result<()> {
    let cells = cells.map(|cell| format!("{cell:<12}")).concat();
    writeln!(out, "{}", format!("  {name:<width$}  {cells}").trim_end())
}

fn section(out: &mut impl Write, title: &str, lines: Vec<String>) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    write!(out, "\n{title}")?;
    lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
}

fn short(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Proven { closed: true } => "PROVEN*",
        Verdict::Proven { closed: false } | Verdict::Leak { .. } | Verdict::Unverified { .. } => {
            verdict.word()
        }
    }
}

/// Why the verdicts of a table are not all proved; commands with the same reason share a line.
fn reasons(judged: &Judged) -> Vec<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for (command, verdict) in COMMANDS.iter().zip(&judged.verdicts) {
        let Some(why) = why(verdict) else { continue };
        let command = command.to_string();
        match lines.iter_mut().find(|(known, _)| *known == why) {
            Some((_, commands)) => commands.push(command),
            None => lines.push((why, vec![command])),
        }
    }
    let lines = lines.into_iter();
    lines
        .map(|(why, commands)| format!("{} {}: {why}", judged.table, commands.join(", ")))
        .collect()
}

fn why(verdict: &Verdict) -> Option<String> {
    let by = |policy: &Option<String>| {
        let policy = policy.as_ref();
        policy
            .map(|policy| format!("by the policy `{policy}` "))
            .unwrap_or_default()
    };
    match verdict {
        Verdict::Proven { closed: true } => {
            Some("PROVEN*: no policy allows it, so no row is reached".to_owned())
        }
        Verdict::Proven { closed: false } => None,
        Verdict::Leak { policy, shown_by } => Some(format!("LEAK: {}{shown_by}", by(policy))),
        Verdict::Unverified { policy, unknown } => Some(format!(
            "UNVERIFIED: {}it is not known {unknown}",
            by(policy)
        )),
    }
}

/// What `onward tenancy --format json` prints.
#[derive(Serialize)]
struct Document<'a> {
    format_version: u8,
    modules: Vec<ModuleJson<'a>>,
}

#[derive(Serialize)]
struct ModuleJson<'a> {
    folder: &'a str,
    schema: &'a str,
    /// How a row and a session name their tenant; `null` if tenancy is not required.
    tenancy: Option<TenancyJson<'a>>,
    tables: Vec<TableJson>,
    /// The findings of the rules about tenants, including accepted ones.
    findings: Vec<FindingJson>,
}

#[derive(Serialize)]
struct TenancyJson<'a> {
    column: &'a str,
    r#type: &'a str,
    setting: &'a str,
    global: Vec<GlobalJson<'a>>,
}

#[derive(Serialize)]
struct GlobalJson<'a> {
    table: String,
    reason: &'a str,
}

#[derive(Serialize)]
struct TableJson {
    table: String,
    commands: Vec<CommandJson>,
}

#[derive(Serialize)]
struct CommandJson {
    command: String,
    /// `PROVEN`, `LEAK` or `UNVERIFIED`.
    verdict: &'static str,
    /// Whether no policy allows the command at all.
    closed: bool,
    /// The policy that the verdict is about.
    policy: Option<String>,
    /// Who reaches which row, or what is not known.
    because: Option<String>,
}

impl CommandJson {
    fn new(command: String, verdict: &Verdict) -> Self {
        let (closed, policy, because) = match verdict {
            Verdict::Proven { closed } => (*closed, None, None),
            Verdict::Leak { policy, shown_by } => (false, policy.clone(), Some(shown_by.clone())),
            Verdict::Unverified { policy, unknown } => {
                (false, policy.clone(), Some(unknown.clone()))
            }
        };
        Self {
            command,
            verdict: verdict.word(),
            closed,
            policy,
            because,
        }
    }
}

pub(crate) fn write_json(matrices: &[Matrix<'_>], out: &mut impl Write) -> io::Result<()> {
    let document = Document {
        format_version: FORMAT_VERSION,
        modules: matrices.iter().map(module).collect(),
    };
    super::write_json(out, &document)
}

fn module<'a>(matrix: &'a Matrix<'_>) -> ModuleJson<'a> {
    let analysis = &matrix.module.analysis;
    let tenancy = matrix.tenancy().map(|tenancy| TenancyJson {
        column: &tenancy.column,
        r#type: &tenancy.data_type,
        setting: &tenancy.setting,
        global: { tenancy.global.iter() }
            .map(|(table, reason)| GlobalJson {
                table: table.to_string(),
                reason,
            })
            .collect(),
    });
    let tables = matrix.tables.iter().map(|one| TableJson {
        table: one.table.to_string(),
        commands: { COMMANDS.iter().zip(&one.verdicts) }
            .map(|(command, verdict)| CommandJson::new(command.to_string(), verdict))
            .collect(),
    });
    let texts = Texts::of(analysis);
    let findings = all(analysis).into_iter();
    ModuleJson {
        folder: &analysis.module.folder,
        schema: &analysis.module.schema,
        tenancy,
        tables: tables.collect(),
        findings: findings
            .map(|finding| FindingJson::new(&texts, finding))
            .collect(),
    }
}
