//! What a terminal shows, as a drawing: text with its colours.

use std::fmt::Write as _;

const LINE: usize = 17;
const LETTER: f32 = 7.25;
const EDGE: usize = 14;
const STYLE: &str = "text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#1f2328;white-space:pre}rect{fill:#f6f8fa;stroke:#d0d7de}\
                     .b{font-weight:bold}.red{fill:#cf222e}.yellow{fill:#9a6700}.green{fill:#116329}.blue{fill:#0550ae}\
                     .cyan{fill:#1b7c83}";

/// How letters look, until the next change.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Look {
    is_bold: bool,
    colour: Option<&'static str>,
}

impl Look {
    /// What a code of `ESC [ code m` changes.
    fn after(self, code: &str) -> Self {
        let colour = |colour| Self {
            colour: Some(colour),
            ..self
        };
        match code {
            "" | "0" => Self::default(),
            "1" => Self {
                is_bold: true,
                ..self
            },
            "31" | "91" => colour("red"),
            "32" | "92" => colour("green"),
            "33" | "93" => colour("yellow"),
            "34" | "94" => colour("blue"),
            "36" | "96" => colour("cyan"),
            _ => self,
        }
    }

    fn class(self) -> String {
        let bold = self.is_bold.then_some("b");
        let words: Vec<_> = bold.into_iter().chain(self.colour).collect();
        words.join(" ")
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The pieces of a line with their looks; what the line ends with is the look of the next one.
fn pieces<'a>(line: &'a str, look: &mut Look) -> Vec<(Look, &'a str)> {
    let mut parts = line.split("\u{1b}[");
    let mut pieces = vec![(*look, parts.next().unwrap_or_default())];
    for part in parts {
        let (codes, text) = part.split_once('m').unwrap_or(("", part));
        *look = codes.split(';').fold(*look, Look::after);
        pieces.push((*look, text));
    }
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}

/// A command and what it prints.
pub(super) fn drawn(command: &str, printed: &str) -> String {
    let mut look = Look::default();
    let prompt = format!("$ {command}");
    let lines = std::iter::once(prompt.as_str()).chain(printed.trim_end().lines());
    let lines: Vec<_> = lines.map(|line| pieces(line, &mut look)).collect();
    let letters = |line: &Vec<(Look, &str)>| -> usize {
        { line.iter() }.map(|(_, text)| text.chars().count()).sum()
    };
    let longest = lines.iter().map(letters).max().unwrap_or(0);
    let width = (longest as f32 * LETTER) as usize + 2 * EDGE;
    let height = lines.len() * LINE + 2 * EDGE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <style>{STYLE}</style>\n<rect width=\"{width}\" height=\"{height}\" rx=\"6\"/>\n"
    );
    for (number, line) in lines.iter().enumerate() {
        let y = EDGE + LINE * number + 12;
        let spans = line.iter().map(|(look, text)| match look.class().as_str() {
            "" => escaped(text),
            class => format!("<tspan class=\"{class}\">{}</tspan>", escaped(text)),
        });
        let spans: String = spans.collect();
        // Writing to a String cannot fail.
        let _ = writeln!(
            svg,
            "<text x=\"{EDGE}\" y=\"{y}\" xml:space=\"preserve\">{spans}</text>"
        );
    }
    svg.push_str("</svg>\n");
    svg
}

#[test]
fn colours_become_classes_and_last_until_they_are_reset() {
    let svg = drawn("onward", "\u{1b}[1;31ma<b\u{1b}[0m c\n\u{1b}[34md\ne");
    for line in [
        "$ onward</text>",
        "<tspan class=\"b red\">a&lt;b</tspan> c</text>",
        "<tspan class=\"blue\">d</tspan></text>",
        "<tspan class=\"blue\">e</tspan></text>",
    ] {
        assert!(svg.contains(line), "{line} is not in\n{svg}");
    }
}
