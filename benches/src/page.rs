//! What is measured, as text: printed at once, and at the end a page with the machine, its load and the date.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Answer;

/// The tables of one run.
pub(crate) struct Page {
    text: String,
    load_before: String,
}

impl Page {
    pub(crate) fn new() -> Page {
        Page {
            text: String::new(),
            load_before: load(),
        }
    }

    pub(crate) fn add(&mut self, text: &str) {
        println!("{text}");
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// `docs/benchmarks.md`, from the words around the tables and what was measured.
    pub(crate) fn write(&self) -> Answer<()> {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks.md");
        let lock = include_str!("../Cargo.lock");
        let version = |name: &str| {
            let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
            rest.split_once('"').map(|(version, _)| version)
        };
        let peers: Vec<String> = ["sqlx", "refinery", "diesel_migrations", "sea-orm-migration"]
            .into_iter()
            .filter_map(|name| Some(format!("{name} {}", version(name)?)))
            .collect();
        let text = format!(
            "# Benchmarks\n\n\
             Written by `cargo run --release --manifest-path benches/Cargo.toml -- {}`; [benches/README.md](../benches/README.md) says\n\
             what each line does, and has earlier figures. Ratios in brackets are to Onward's time: below 1 means faster than Onward.\n\n\
             | | |\n| --- | --- |\n\
             | date | {} |\n| machine | {} |\n| load, before and after | {} and {} |\n| peers | {} |\n\n{}",
            std::env::args().skip(1).collect::<Vec<_>>().join(" "),
            said("date", &["-u", "+%F"]),
            machine(),
            self.load_before,
            load(),
            peers.join(", "),
            self.text
        );
        fs::write(&page, text.trim_end().to_owned() + "\n")?;
        Ok(())
    }
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

/// The averages over 1, 5 and 15 minutes: what else ran, and how far milliseconds can be trusted.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(", ")
}

fn machine() -> String {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = { text.lines() }
        .find_map(|line| line.strip_prefix("model name"))
        .map(|line| line.trim_start_matches([' ', '\t', ':']))
        .unwrap_or("unknown processor");
    format!(
        "{processors} processors, {model}, {}",
        said("uname", &["-sr"])
    )
}
