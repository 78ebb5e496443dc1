//! The first look: whether there is anything to do at all, in one message of one row.

use sha2::{Digest, Sha256};
use tokio_postgres::SimpleQueryMessage;

use crate::category::Category;
use crate::checksum::Checksum;
use crate::entry::{flag, parsed, text};
use crate::ledger::{Head, genesis, row};
use crate::plan::Plan;
use crate::sql::{Fragment, fill};
use crate::task::{Task, tasks};

/// What a glance says when nothing is wrong and nothing is to do.
#[derive(Clone, Debug)]
pub(crate) struct Glance {
    pub(crate) head: Head,
    /// How many of the release migrations are there: the first so many.
    pub(crate) released: usize,
    /// How many of the data migrations.
    pub(crate) converted: usize,
}

/// The message. Its length grows with the seeds only.
pub(crate) fn message(plan: &Plan, role: &str) -> String {
    let all = tasks(plan);
    let last = |category| {
        let last = all.iter().rfind(|task| is(task, category));
        last.map(|task| task.version.to_string())
            .unwrap_or_default()
    };
    let seeds: Vec<_> = all
        .iter()
        .filter(|task| is(task, Category::Seed))
        .map(|task| format!("{} {}", task.version, task.checksum))
        .collect();
    let genesis = genesis(plan);
    let link = include_str!("sql/link.sql");
    fill(
        include_str!("sql/glance.sql"),
        &[
            ("role", Fragment::Trusted(role)),
            ("schema", Fragment::Identifier(plan.schema())),
            ("genesis", Fragment::Text(&genesis)),
            ("link", Fragment::Trusted(link)),
            ("startup", Fragment::Text(&last(Category::Startup))),
            ("seed", Fragment::Text(&last(Category::Seed))),
            ("release", Fragment::Text(&last(Category::Release))),
            ("data", Fragment::Text(&last(Category::Data))),
            ("seeds", Fragment::Text(&seeds.join(","))),
        ],
    )
}

fn is(task: &Task, category: Category) -> bool {
    task.version.category() == category
}

impl Glance {
    /// `None` when there is something to do, or when only the whole ledger tells what is wrong.
    pub(crate) fn read(plan: &Plan, answer: &[SimpleQueryMessage]) -> Option<Self> {
        let row = answer.iter().find_map(row)?;
        let is_quiet = flag(row, "whole")
            && ![
                "standby",
                "deferred",
                "open",
                "leftovers",
                "ahead",
                "unknown_seed",
                "unseen_seed",
            ]
            .iter()
            .any(|what| flag(row, what));
        if !is_quiet {
            return None;
        }
        let all = tasks(plan);
        let done = |category, column| {
            let tasks: Vec<_> = all.iter().filter(|task| is(task, category)).collect();
            let digest = text(row, column).and_then(|digest| digest.parse().ok());
            how_many(&tasks, digest).map(|done| (done, tasks.len()))
        };
        let (started, startups) = done(Category::Startup, "startup")?;
        if started < startups {
            return None;
        }
        Some(Self {
            head: Head {
                seq: parsed(row, "head_seq")?,
                chain: parsed(row, "head_chain")?,
            },
            released: done(Category::Release, "release")?.0,
            converted: done(Category::Data, "data")?.0,
        })
    }
}

/// How many of the first tasks a digest stands for; `None` for anything but the first so many.
fn how_many(tasks: &[&Task], digest: Option<Checksum>) -> Option<usize> {
    let Some(digest) = digest else {
        return Some(0);
    };
    let mut hash = Sha256::new();
    tasks
        .iter()
        .position(|task| {
            hash.update(task.version.to_string());
            hash.update(task.checksum.to_string());
            let so_far: [u8; 32] = hash.clone().finalize().into();
            Checksum(so_far) == digest
        })
        .map(|position| position.saturating_add(1))
}
