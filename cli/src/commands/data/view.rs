//! Progress as it goes: a bar on a terminal, and lines elsewhere.

use std::io::{self, IsTerminal as _, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use onward::data::Event;

use super::answer::ProgressJson;
use super::line::{line, reasons};

/// How often a line is printed while batches are done.
const BETWEEN_LINES: Duration = Duration::from_secs(2);
/// In how many parts the bar is cut.
const PARTS: u64 = 1000;

pub(super) struct View {
    /// On a terminal.
    bar: Option<ProgressBar>,
    printed: Option<Instant>,
    throttled: Option<String>,
}

impl View {
    pub(super) fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(PARTS), ProgressDrawTarget::stderr());
            // The template is a constant; if it were wrong, the default style shows the same numbers.
            let style = ProgressStyle::with_template("{prefix} [{bar:30}] {msg}");
            if let Ok(style) = style {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        Self {
            bar,
            printed: None,
            throttled: None,
        }
    }

    /// What the worker of this command reports.
    pub(super) fn event(&mut self, event: &Event, err: &mut impl Write) -> io::Result<()> {
        if let Event::Batch { name, progress, .. } = event {
            self.throttled = None;
            return self.progress(name, &ProgressJson::new(progress), err);
        }
        if let Event::Throttled { readings, .. } = event {
            self.throttled = Some(reasons(readings));
        }
        match line(event) {
            Some(line) => self.line(&line, err),
            None => Ok(()),
        }
    }

    /// How far one is, by this worker or by another.
    pub(super) fn progress(
        &mut self,
        name: &str,
        progress: &ProgressJson,
        err: &mut impl Write,
    ) -> io::Result<()> {
        let text = self.text(progress);
        if let Some(bar) = &self.bar {
            bar.set_prefix(name.to_owned());
            bar.set_position(parts(progress));
            bar.set_message(text);
            return Ok(());
        }
        let is_time = self
            .printed
            .is_none_or(|printed| printed.elapsed() >= BETWEEN_LINES);
        if !is_time {
            return Ok(());
        }
        self.printed = Some(Instant::now());
        writeln!(err, "{name}: {text}")
    }

    /// `42 %, 4200 of about 10000 rows, 700 rows/s, 7 s to 20 s left`.
    fn text(&self, progress: &ProgressJson) -> String {
        let mut text = progress.summary.clone();
        if progress.skipped > 0 {
            text.push_str(&format!(", {} left out", progress.skipped));
        }
        if let Some(why) = &self.throttled {
            text.push_str(&format!(", waits: {why}"));
        }
        text
    }

    fn line(&mut self, line: &str, err: &mut impl Write) -> io::Result<()> {
        match &self.bar {
            Some(bar) => {
                bar.println(line);
                Ok(())
            }
            None => writeln!(err, "{line}"),
        }
    }

    /// Leaves the terminal as it was.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a fraction between 0 and 1 of a small number"
)]
fn parts(progress: &ProgressJson) -> u64 {
    (progress.fraction.unwrap_or(0.0).clamp(0.0, 1.0) * 1000.0) as u64
}
