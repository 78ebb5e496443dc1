//! The database of a folder that was adopted.

use std::fs;
use std::io::Write;

use onward::{Plan, Version};
use serde_json::json;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::Adopt;
use crate::adopt::{FILE, Proof, Row, Tool, compare, read_records};
use crate::bridge::plan;
use crate::census::{CensusError, Wanted, at};
use crate::commands::recorded;
use crate::connect::connect;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::difference::line;
use crate::output::{FORMAT_VERSION, Format, write_json};

pub(super) async fn run(
    command: &Adopt,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let plan = plan(&command.folder)?;
    let records = fs::read_to_string(command.folder.join(FILE)).ok();
    let Some((tool, records)) = records.as_deref().and_then(read_records) else {
        return refused(command, &[NOT_ADOPTED.to_owned()], out);
    };
    let target = command.database.target(command.role.as_ref())?;
    target.announce(err)?;
    let client = connect(&target).await?;
    let Some(table) = command.history.as_deref().or(tool.table()) else {
        return refused(command, &[NO_TABLE.to_owned()], out);
    };
    let rows = match rows(&client, tool, plan.schema(), table).await {
        Ok(rows) => rows,
        Err(error) => {
            let said = error.as_db_error().map(|said| said.message().to_owned());
            let said = said.unwrap_or_else(|| error.to_string());
            let what = format!("the table of {} cannot be read: {said}", tool.name());
            return refused(command, &[what], out);
        }
    };
    let proof = match compare(tool, &records, &rows) {
        Ok(proof) => proof,
        Err(problems) => return refused(command, &problems, out),
    };
    let why = why(tool, &proof);
    let through = proof.through.split('_').next().unwrap_or_default();
    let Ok(through) = through.parse::<Version>() else {
        return refused(command, &[NOT_ADOPTED.to_owned()], out);
    };
    let wanted = Wanted {
        plans: &[plan],
        live: &client,
        scratch: &command.scratch.target(&target)?,
        role: command.role.as_ref(),
        beside: command.history.as_deref(),
    };
    let standing = onward::status(&client, &[&plan]).await;
    let standing = standing.map_err(CouldNotRun::Status)?;
    if command.write && standing.iter().any(|one| one.head().is_some()) {
        let schema = plan.schema();
        let error = onward::Error::HasLedger { schema };
        return recorded::refused(&error, command.format, out, err);
    }
    let different = half_applied(command, &wanted, &plan, (through, &proof.through), err).await?;
    if !different.is_empty() {
        return refused(command, &different, out);
    }
    drop(client);
    if command.write {
        let mut adopt = onward::Adopt::new(&plan, through, why.clone());
        if let Some(role) = &command.role {
            adopt = adopt.role(role.clone());
        }
        if let Err(error) = adopt.run_with(&target.connector()).await {
            return recorded::refused(&error, command.format, out, err);
        }
    }
    done(command, plan.schema(), &proof, &why, out)?;
    Ok(Outcome::Good)
}

/// What the tool has left without a line in its table, by the catalogs.
async fn half_applied(
    command: &Adopt,
    wanted: &Wanted<'_>,
    plan: &Plan,
    (through, file): (Version, &str),
    err: &mut impl Write,
) -> Result<Vec<String>, CouldNotRun> {
    if let Some(reason) = &command.no_schema_check {
        writeln!(
            err,
            "note: the schema is not compared with the files: {reason}"
        )?;
        return Ok(Vec::new());
    }
    match at(wanted, plan, through).await {
        Ok(found) if found.is_empty() => Ok(Vec::new()),
        Ok(found) => {
            let head =
                format!("the schema is not as {file} leaves it, though the table ends there:");
            Ok(std::iter::once(head)
                .chain(found.iter().map(line))
                .collect())
        }
        Err(error @ CensusError::NoRight(_)) => {
            writeln!(
                err,
                "note: the schema is not compared with the files: {error}"
            )?;
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
}

const NOT_ADOPTED: &str = "the folder was not adopted: there is no adopted.tsv in it, or it cannot be read. Begin with \
                           `--from`";
const NO_TABLE: &str = "this tool has no table that tells which of the files are applied";

fn why(tool: Tool, proof: &Proof) -> String {
    let Proof {
        applied, compared, ..
    } = proof;
    format!(
        "adopted from {}: {applied} applied, {compared} checksums equal",
        tool.name()
    )
}

async fn rows(
    client: &Client,
    tool: Tool,
    schema: &str,
    table: &str,
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let table = [quoted(schema), quoted(table)].join(".");
    let answer = client
        .simple_query(&tool.query().replace("{table}", &table))
        .await?;
    let rows = answer.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(Row {
            version: row.get(0)?.to_owned(),
            is_done: row.get(1) == Some("true"),
            checksum: row.get(2).map(str::to_owned),
        }),
        _ => None,
    });
    Ok(rows.collect())
}

fn refused(
    command: &Adopt,
    problems: &[String],
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    match command.format {
        Format::Text => {
            writeln!(out, "Nothing was changed. Decide first:")?;
            for problem in problems {
                writeln!(out, "  {problem}")?;
            }
        }
        Format::Json => write_json(
            out,
            &json!({
                "format_version": FORMAT_VERSION,
                "written": false,
                "problems": problems,
            }),
        )?,
    }
    Ok(Outcome::Refused)
}

fn done(
    command: &Adopt,
    schema: &str,
    proof: &Proof,
    why: &str,
    out: &mut impl Write,
) -> Result<(), CouldNotRun> {
    let through = &proof.through;
    match command.format {
        Format::Text => {
            writeln!(out, "{schema}: up to {through}, {why}")?;
            match command.write {
                true => writeln!(
                    out,
                    "The ledger is created. Next: onward status {} --url <url>",
                    command.folder.display()
                )?,
                false => writeln!(
                    out,
                    "Nothing was changed. Repeat the command with --write to create the ledger."
                )?,
            }
        }
        Format::Json => write_json(
            out,
            &json!({
                "format_version": FORMAT_VERSION,
                "schema": schema,
                "written": command.write,
                "through": through,
                "applied": proof.applied,
                "checksums_equal": proof.compared,
                "problems": [],
            }),
        )?,
    }
    Ok(())
}
