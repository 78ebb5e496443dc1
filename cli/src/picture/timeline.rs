//! What each file does, in the order in which files run.

use std::fmt::Write as _;

use onward_analyzer::Analysis;
use onward_analyzer::lower::lower;
use onward_analyzer::split::split;
use onward_analyzer::statement::Scope;

use super::svg::{escaped, open};

/// A file and its statements in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) file: String,
    pub(crate) does: Vec<String>,
}

/// The files of a module. Comments on objects are not listed.
pub(crate) fn moments(module: &Analysis) -> Vec<Moment> {
    let sources = module.module.sources.iter();
    let all = sources.map(|source| {
        let mut scope = Scope::from(module.module.schema.as_str());
        let mut does: Vec<String> = Vec::new();
        for raw in &split(&source.text).statements {
            let statement = lower(&source.text, raw, &scope);
            scope.follow(&statement);
            let kind = statement.kind();
            let line = format!("{kind} {}", statement.objects().join(", "));
            let line = line.trim_end().to_owned();
            if !kind.to_uppercase().starts_with("COMMENT") && !does.contains(&line) {
                does.push(line);
            }
        }
        Moment {
            file: source.name.clone(),
            does,
        }
    });
    all.collect()
}

/// Mermaid's timeline.
pub(crate) fn timeline(modules: &[(String, Vec<Moment>)]) -> String {
    let mut text = String::from("timeline\n");
    // A colon ends a period or an event there.
    let clean = |text: &str| text.replace(':', " ");
    for (schema, moments) in modules {
        let _ = writeln!(text, "    section {}", clean(schema));
        for moment in moments {
            let _ = write!(text, "        {}", clean(&moment.file));
            for line in &moment.does {
                let _ = write!(text, " : {}", clean(line));
            }
            text.push('\n');
        }
    }
    text
}

/// The same as a drawing.
pub(crate) fn timeline_svg(modules: &[(String, Vec<Moment>)]) -> String {
    let (mut body, mut y, mut widest) = (String::new(), 30, 0);
    let mut line = |body: &mut String, x: usize, class: &str, text: &str| {
        let _ = writeln!(
            body,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(text)
        );
        widest = widest.max(x + text.chars().count() * 7);
        y += 18;
    };
    for (schema, moments) in modules {
        line(&mut body, 20, "h", schema);
        for moment in moments {
            line(&mut body, 36, "h", &moment.file);
            moment
                .does
                .iter()
                .for_each(|one| line(&mut body, 60, "k", one));
        }
    }
    format!("{}{body}</svg>\n", open(widest + 20, y + 20))
}
