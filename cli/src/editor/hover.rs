//! What a statement needs from the server, under the pointer.

use std::path::Path;

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};
use onward_analyzer::AnalyzedStatement;
use onward_analyzer::effect::{Blocks, Mode};

use super::folder::Folder;
use super::place::Columns;

pub(super) fn hover(
    folder: &Folder,
    file: &Path,
    position: Position,
    columns: Columns,
) -> Option<Hover> {
    let (index, source) = folder.source(file)?;
    let offset = columns.offset(&source.text, position);
    let statement = folder.statement(index, offset)?;
    // Of a statement that is not understood, the findings tell.
    if statement.kind == "unknown" {
        return None;
    }
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value: words(statement),
        }),
        range: Some(columns.range(&source.text, &statement.span)),
    })
}

fn words(statement: &AnalyzedStatement) -> String {
    let mut lines = vec![format!("**{}**", statement.kind)];
    for (relation, lock) in &statement.locks {
        lines.push(format!(
            "- `{lock}` on `{relation}`: {}",
            waiting(lock.blocks())
        ));
    }
    if statement.locks.is_empty() {
        lines.push("- no lock on a relation that exists before it".to_owned());
    }
    let named = |what: &str, names: &[String]| {
        (!names.is_empty()).then(|| format!("- {what} `{}`", names.join("`, `")))
    };
    lines.extend(named("rewrites", &statement.rewrites));
    lines.extend(named("reads every row of", &statement.scans));
    if statement.mode != Mode::Transactional {
        lines.push("- runs outside of a transaction".to_owned());
    }
    lines.join("\n")
}

const fn waiting(blocks: Blocks) -> &'static str {
    match blocks {
        Blocks::Nothing => "no query waits",
        Blocks::Ddl => "no query waits; changes of the schema and VACUUM do",
        Blocks::Writes => "INSERT, UPDATE and DELETE wait",
        Blocks::ReadsAndWrites => "reads and writes wait",
    }
}
