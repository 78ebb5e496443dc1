//! Times, and their ratios to Onward's.

use std::time::Duration;

use crate::contender::Contender;

/// A table in Markdown; ratios are to the first row.
pub(crate) struct Table {
    title: String,
    columns: Vec<String>,
    rows: Vec<(Contender, Option<usize>, Vec<Duration>)>,
}

impl Table {
    pub(crate) fn new(title: &str, columns: &[&str]) -> Table {
        Table {
            title: title.to_owned(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, contender: Contender, turns: Option<usize>, times: &[Duration]) {
        self.rows.push((contender, turns, times.to_vec()));
    }

    pub(crate) fn text(&self) -> String {
        let mut lines = vec![
            format!("### {}\n", self.title),
            format!("| | {} |", self.columns.join(" | ")),
            format!("|{}", " --- |".repeat(self.columns.len() + 1)),
        ];
        let ours = self.rows.first().map(|(_, _, times)| times.as_slice());
        for (contender, turns, times) in &self.rows {
            let turns = turns.map(|turns| turns.to_string());
            let times = times.iter().zip(ours.unwrap_or_default());
            let times = times.map(|(time, ours)| {
                if *time == Duration::MAX {
                    return "-".to_owned();
                }
                let ratio = time.as_secs_f64() / ours.as_secs_f64();
                format!("{} ({ratio:.2} x)", milliseconds(*time))
            });
            let cells: Vec<_> = turns.into_iter().chain(times).collect();
            lines.push(format!("| {contender} | {} |", cells.join(" | ")));
        }
        lines.join("\n") + "\n"
    }
}

pub(crate) fn milliseconds(time: Duration) -> String {
    match time.as_secs_f64() * 1000.0 {
        short if short < 10.0 => format!("{short:.1} ms"),
        long => format!("{long:.0} ms"),
    }
}
