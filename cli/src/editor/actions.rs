//! Fixes as edits: the files that a finding suggests, and an allowance to fill in.

use std::path::Path;

use lsp_types::{
    CodeAction, CodeActionKind, CreateFile, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Range, ResourceOp, TextDocumentEdit, TextEdit, Uri,
    WorkspaceEdit,
};
use onward_analyzer::finding::{Finding, SuggestedFile};

use super::answer;
use super::folder::{Folder, uri_of};
use super::place::{Columns, top};

/// What helps against the findings of this file that touch the range.
pub(super) fn actions(
    folder: &Folder,
    file: &Path,
    wanted: Range,
    columns: Columns,
) -> Vec<CodeAction> {
    let here = folder.analysis.findings.iter().filter(|finding| {
        let range = answer::range(folder, &finding.place, columns);
        folder.on_disk(&finding.place.path) == file
            && range.start <= wanted.end
            && wanted.start <= range.end
    });
    here.filter(|finding| !finding.message.suggested_files.is_empty())
        .filter_map(|finding| fix(folder, file, finding, columns))
        .collect()
}

/// One edit for all files of a fix: in this file the statement is replaced, and the others are created.
fn fix(folder: &Folder, file: &Path, finding: &Finding, columns: Columns) -> Option<CodeAction> {
    let files = &finding.message.suggested_files;
    let statement = statement(folder, file, finding, columns)?;
    let name = file.file_name()?.to_str()?;
    let mut changes = Vec::new();
    let in_this_file: Vec<&SuggestedFile> = files.iter().filter(|one| one.file == name).collect();
    let replacement: Vec<&str> = in_this_file.iter().map(|one| one.sql.as_str()).collect();
    // Without a part for this file, the statement moves into the new ones.
    changes.push(edit(uri_of(file)?, statement, replacement.join("\n")));
    for new in files.iter().filter(|one| one.file != name) {
        let uri = uri_of(&folder.in_folder(&new.file))?;
        let create = CreateFile {
            uri: uri.clone(),
            options: None,
            annotation_id: None,
        };
        changes.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
        changes.push(edit(uri, top(), format!("{}\n", new.sql)));
    }
    Some(CodeAction {
        title: finding.message.help.clone(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![answer::diagnostic(folder, finding, columns)]),
        edit: Some(WorkspaceEdit {
            document_changes: Some(DocumentChanges::Operations(changes)),
            ..WorkspaceEdit::default()
        }),
        is_preferred: Some(true),
        ..CodeAction::default()
    })
}

/// The statement with the finding, its semicolon included.
fn statement(folder: &Folder, file: &Path, finding: &Finding, columns: Columns) -> Option<Range> {
    let (index, source) = folder.source(file)?;
    let span = finding.place.span.as_ref()?;
    let statement = folder.statement(index, span.start)?;
    let rest = source.text.get(statement.span.end..)?;
    let ends = usize::from(rest.starts_with(';'));
    let whole = statement.span.start..statement.span.end + ends;
    Some(columns.range(&source.text, &whole))
}

fn edit(uri: Uri, range: Range, text: String) -> DocumentChangeOperation {
    let edit = TextEdit::new(range, text);
    DocumentChangeOperation::Edit(TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version: None },
        edits: vec![OneOf::Left(edit)],
    })
}
