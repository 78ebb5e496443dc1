use super::*;
use crate::ledger::data::Progress;
use crate::plan::version::{Category, Version};

fn plan(schema: &'static str) -> Plan {
    Plan::__new(schema, "", "test/0", [7; 32], (0, 0), &[], &[], &[], &[])
}

fn status(number: u16, progress: Option<Progress>) -> Status {
    Status {
        version: Version::__new(Category::Data, number),
        name: "DM001_a.sql",
        done: None,
        progress,
        held: None,
        building: None,
    }
}

/// One line of the format: a comment, or a sample. From "Text-based format" in Prometheus' manual.
#[derive(Debug, PartialEq)]
enum Line {
    Help(String),
    Type(String, String),
    Sample(String, Vec<(String, String)>, f64),
}

fn name(text: &str) -> Option<(String, &str)> {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_name = name.starts_with(|c: char| !c.is_ascii_digit());
    is_name.then(|| (name.to_owned(), rest))
}

/// A quoted value: a backslash is followed by a backslash, a quote or an n.
fn value(text: &str) -> Option<(String, &str)> {
    let (mut read, mut rest) = (String::new(), text.strip_prefix('"')?.chars());
    loop {
        match rest.next()? {
            '"' => return Some((read, rest.as_str())),
            '\\' => read.push(match rest.next()? {
                'n' => '\n',
                c @ ('\\' | '"') => c,
                _ => return None,
            }),
            c => read.push(c),
        }
    }
}

fn line(text: &str) -> Option<Line> {
    if let Some(help) = text.strip_prefix("# HELP ") {
        let (name, rest) = name(help)?;
        return rest.starts_with(' ').then_some(Line::Help(name));
    }
    if let Some(kind) = text.strip_prefix("# TYPE ") {
        let (name, rest) = name(kind)?;
        let kind = rest.strip_prefix(' ')?;
        return ["counter", "gauge"]
            .contains(&kind)
            .then(|| Line::Type(name, kind.to_owned()));
    }
    let (metric, rest) = name(text)?;
    let (mut labels, mut rest) = (Vec::new(), rest.strip_prefix('{')?);
    loop {
        let (label, after) = name(rest)?;
        let (value, after) = value(after.strip_prefix('=')?)?;
        labels.push((label, value));
        rest = match after.strip_prefix(',') {
            Some(more) => more,
            None => after.strip_prefix("} ")?,
        };
        if after.starts_with('}') {
            return Some(Line::Sample(metric, labels, rest.parse().ok()?));
        }
    }
}

/// What must hold of a whole text: every line is one of the format, the samples of a name stand together under one
/// HELP and one TYPE, and no sample is there twice.
fn lines(text: &str) -> Vec<Line> {
    assert!(text.is_empty() || text.ends_with('\n'));
    let lines: Vec<Line> = text
        .lines()
        .map(|text| line(text).unwrap_or_else(|| panic!("not of the format: {text}")))
        .collect();
    let mut families = Vec::new();
    let mut samples = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        match line {
            Line::Help(name) => {
                assert!(!families.contains(&name), "{name} stands in two places");
                families.push(name);
                assert!(matches!(&lines[n + 1], Line::Type(of, _) if of == name));
            }
            Line::Type(name, kind) => {
                assert_eq!(families.last(), Some(&name));
                assert_eq!(kind == "counter", name.ends_with("_total"), "{name}");
            }
            Line::Sample(name, labels, _) => {
                assert_eq!(families.last(), Some(&name));
                let sample = (name, labels);
                assert!(!samples.contains(&sample), "{sample:?} is there twice");
                samples.push(sample);
            }
        }
    }
    lines
}

/// What docs/throttles.md shows.
const PAGE: &str = r#"onward_data_rows_total{module="auth",version="DM001"} 1234567
onward_data_state{module="auth",version="DM001",state="running"} 1
onward_data_throttle{module="auth",indicator="hook",signal="slow"} 1"#;

#[test]
fn what_is_printed_is_of_the_format() {
    let progress = Progress {
        state: State::Running,
        rows: 1_234_567,
        scanned: 2_000_000,
        batches: 1300,
        skipped: 2,
        total: Some(4_000_000),
        busy: std::time::Duration::from_millis(100_500),
        started: "2026-01-01T00:00:00.000000Z".to_owned(),
        at: "2026-01-01T00:05:00.000000Z".to_owned(),
        ..Progress::example()
    };
    let readings = [
        Reading::of_hook(Signal::Slow, "slow"),
        Reading::of_hook(Signal::Normal, "a second one"),
    ];
    let text = Metrics::new()
        .module(
            &plan("auth"),
            &[status(1, Some(progress)), status(2, None)],
            &readings,
        )
        .module(&plan("odd \"\\\nname"), &[status(1, None)], &[])
        .to_string();
    for line in PAGE.lines() {
        assert!(text.contains(&format!("{line}\n")), "{line}");
    }
    let lines = lines(&text);
    let sample = |name: &str, more: &[(&str, &str)], value: f64| {
        let labels = more.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        Line::Sample(name.to_owned(), labels.collect(), value)
    };
    let auth = ("module", "auth");
    let first = ("version", "DM001");
    for expected in [
        sample("onward_data_rows_total", &[auth, first], 1_234_567.0),
        sample("onward_data_batches_total", &[auth, first], 1300.0),
        sample("onward_data_busy_seconds_total", &[auth, first], 100.5),
        sample("onward_data_skipped_rows", &[auth, first], 2.0),
        sample("onward_data_progress_ratio", &[auth, first], 0.5),
        sample(
            "onward_data_state",
            &[auth, first, ("state", "running")],
            1.0,
        ),
        sample("onward_data_state", &[auth, first, ("state", "done")], 0.0),
        sample(
            "onward_data_state",
            &[("module", "odd \"\\\nname"), first, ("state", "pending")],
            1.0,
        ),
        sample(
            "onward_data_throttle",
            &[auth, ("indicator", "hook"), ("signal", "slow")],
            1.0,
        ),
    ] {
        assert!(lines.contains(&expected), "{expected:?} is not in\n{text}");
    }
    for bound in ["low", "high"] {
        let has = |line: &Line| {
            matches!(line, Line::Sample(name, labels, _)
            if name == "onward_data_remaining_seconds" && labels[2] == ("bound".to_owned(), bound.to_owned()))
        };
        assert!(lines.iter().any(has), "{bound}");
    }
    assert!(text.contains(r#"{module="odd \"\\\nname",version="DM001",state="pending"} 1"#));
}

#[test]
fn a_text_that_is_not_of_the_format_would_be_found() {
    for broken in [
        "a{b=\"c\" 1",
        "a{b=c} 1",
        "a{b=\"\\x\"} 1",
        "1a{b=\"c\"} 1",
        "a{b=\"c\"} one",
        "# TYPE a number",
        "# HELP",
    ] {
        assert_eq!(line(broken), None, "{broken}");
    }
    assert!(line("a{b=\"c\",d=\"\"} 1.5").is_some());
}
