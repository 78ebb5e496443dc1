//! How far an index is that a run builds.

use std::convert::Infallible;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio_postgres::{Client, Row};

/// How often the server is asked.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);
/// How often a line is printed where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

const LOOK: &str =
    "SELECT relid::regclass::text, phase, blocks_done, blocks_total, tuples_done, tuples_total
  FROM pg_stat_progress_create_index
  WHERE datname = current_database() AND pid IN (
    SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'onward/%') LIMIT 1";

/// Asks again and again, and never ends: the run does. A server that does not answer is the run's business.
pub(super) async fn watch(client: &Client) -> Infallible {
    let mut view = View::default();
    loop {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let row = client.query_opt(LOOK, &[]).await.ok().flatten();
        match row.as_ref().and_then(Build::of) {
            Some(build) => view.show(&build),
            None => view.clear(),
        }
    }
}

/// One look at a build.
struct Build {
    table: String,
    phase: String,
    done: u64,
    total: u64,
}

impl Build {
    fn of(row: &Row) -> Option<Self> {
        let number = |column: usize| {
            let number: i64 = row.try_get(column).ok()?;
            u64::try_from(number).ok()
        };
        // A phase counts blocks or rows.
        let (done, total) = match (number(3)?, number(5)?) {
            (0, rows) => (number(4)?, rows),
            (blocks, _) => (number(2)?, blocks),
        };
        Some(Self {
            table: row.try_get(0).ok()?,
            phase: row.try_get(1).ok()?,
            done,
            total,
        })
    }

    fn text(&self) -> String {
        let percent = match self.total {
            0 => String::new(),
            total => format!(", {} %", self.done.saturating_mul(100) / total),
        };
        format!("index on {}: {}{percent}", self.table, self.phase)
    }
}

/// A bar on a terminal, a line now and then elsewhere.
#[derive(Default)]
struct View {
    bar: Option<ProgressBar>,
    printed: Option<Instant>,
}

impl View {
    fn show(&mut self, build: &Build) {
        if io::stderr().is_terminal() {
            let bar = self.bar.get_or_insert_with(bar);
            bar.set_length(build.total.max(1));
            bar.set_position(build.done);
            bar.set_message(build.text());
            return;
        }
        let is_time = self.printed.is_none_or(|at| at.elapsed() >= BETWEEN_LINES);
        if is_time {
            self.printed = Some(Instant::now());
            // A closed standard error must not stop a run.
            writeln!(io::stderr(), "{}", build.text()).ok();
        }
    }

    /// Leaves the terminal as it was.
    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        self.clear();
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr());
    // The template is a constant; if it were wrong, the default style shows the same numbers.
    if let Ok(style) = ProgressStyle::with_template("[{bar:30}] {msg}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
