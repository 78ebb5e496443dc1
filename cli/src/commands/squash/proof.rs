//! Whether two folders build the same schema: two databases of a server show it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use onward::Plan;
use tokio_postgres::Client;

use crate::bridge::plan;
use crate::connect::{DatabaseError, Target, connect};
use crate::ctrl_c::Interrupt;
use crate::outcome::CouldNotRun;
use crate::scratch::{NotCreated, Scratch};

const CATALOG: &str = include_str!("catalog.sql");
/// How many differences are printed.
const SHOWN: usize = 10;

/// What differs, or why there is no answer.
type Differences = Result<(), Vec<String>>;

/// Builds both, and compares all that the catalogs have of the schema. The databases are dropped, whatever happens.
pub(super) async fn differences(
    target: &Target,
    before: &Path,
    after: &Path,
    err: &mut impl Write,
) -> Result<Differences, CouldNotRun> {
    let (before, after) = (plan(before)?, plan(after)?);
    let client = connect(target).await?;
    writeln!(err, "building two databases")?;
    let mut interrupt = Interrupt::watch().await;
    let mut scratch = Vec::new();
    let created = create(&client, &mut scratch).await;
    let answer = match (created, &scratch[..]) {
        (Err(error), _) => Ok(Err(vec![onward::Chain(&error).to_string()])),
        (Ok(()), [one, other]) => tokio::select! {
            biased;
            () = interrupt.came() => Ok(Err(vec!["it was interrupted".to_owned()])),
            answer = compared(target, (&before, one), (&after, other)) => answer,
        },
        (Ok(()), _) => Ok(Err(vec!["two databases are needed".to_owned()])),
    };
    let mut left = Vec::new();
    for one in scratch {
        if let Err(error) = one.drop(&client).await {
            left.push(onward::Chain(&error).to_string());
        }
    }
    match left.is_empty() {
        true => Ok(answer?),
        false => Ok(Err(left)),
    }
}

async fn create(client: &Client, scratch: &mut Vec<Scratch>) -> Result<(), NotCreated> {
    for _ in 0..2 {
        scratch.push(Scratch::empty(client).await?);
    }
    Ok(())
}

async fn compared(
    target: &Target,
    before: (&Plan, &Scratch),
    after: (&Plan, &Scratch),
) -> Result<Differences, DatabaseError> {
    let mut both = Vec::new();
    for (which, (plan, scratch)) in [("one by one", before), ("the baseline", after)] {
        let target = target.with_database(&scratch.name);
        let run = onward::Up::new(plan).run_with(&target.connector()).await;
        if let Err(error) = run {
            return Ok(Err(vec![format!("{which}: {}", onward::Chain(&error))]));
        }
        let client = connect(&target).await?;
        match client.query(CATALOG, &[&plan.schema()]).await {
            Ok(rows) => {
                let lines = rows.iter().filter_map(|row| row.try_get(0).ok());
                both.push(lines.collect::<BTreeSet<String>>());
            }
            Err(error) => {
                let why = onward::Chain(&error).to_string();
                return Ok(Err(vec![format!("the catalogs cannot be read: {why}")]));
            }
        }
    }
    let [one, other] = &both[..] else {
        return Ok(Err(vec!["two databases are needed".to_owned()]));
    };
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>, which: &str| {
        let lines = these.difference(those);
        let lines = lines.map(|line| format!("only {which}: {line}"));
        lines.collect::<Vec<_>>()
    };
    let mut all = only(one, other, "one by one");
    all.extend(only(other, one, "with the baseline"));
    all.truncate(SHOWN);
    Ok(match all.is_empty() {
        true => Ok(()),
        false => Err(all),
    })
}
