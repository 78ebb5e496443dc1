//! The loop: requests are answered from the folder as the editor has it, and each change is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    DidSaveTextDocument, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{CodeActionRequest, GotoDefinition, HoverRequest, Request as _};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionOrCommand, CodeActionParams,
    CodeActionProviderCapability, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    GotoDefinitionParams, GotoDefinitionResponse, HoverParams, HoverProviderCapability,
    InitializeParams, OneOf, PublishDiagnosticsParams, ServerCapabilities, ServerInfo,
    TextDocumentPositionParams, TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::folder::{Folder, folder_of, path_of, uri_of};
use super::kept::Kept;
use super::place::Columns;
use super::{actions, answer, hover, names};

/// Why the conversation ended before the editor ended it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    #[error("the editor does not speak the language server protocol: {0}")]
    Protocol(#[from] lsp_server::ProtocolError),
    #[error("the editor sent what cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the editor has gone")]
    Gone,
}

/// Until the editor says `exit`.
pub(crate) fn serve(connection: &Connection) -> Result<(), ServeError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params)?;
    let general = params.capabilities.general;
    let offered = general.and_then(|general| general.position_encodings);
    let columns = Columns::of(offered.as_deref());
    let answer = json!({
        "capabilities": capabilities(columns),
        "serverInfo": ServerInfo {
            name: "onward".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        },
    });
    connection.initialize_finish(id, answer)?;
    let mut server = Server {
        connection,
        columns,
        edited: BTreeMap::new(),
        kept: Kept::default(),
        shown: BTreeMap::new(),
    };
    for message in &connection.receiver {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request)? {
                    return Ok(());
                }
                let response = server.answer(request);
                server.send(Message::Response(response))?;
            }
            Message::Notification(note) => server.note(note)?,
            Message::Response(_) => {}
        }
    }
    Ok(())
}

fn capabilities(columns: Columns) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(columns.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

struct Server<'a> {
    connection: &'a Connection,
    columns: Columns,
    /// The texts of open files, by path.
    edited: BTreeMap<PathBuf, String>,
    /// What was judged last.
    kept: Kept,
    /// The files of each folder that have diagnostics in the editor.
    shown: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
}

impl Server<'_> {
    fn send(&self, message: Message) -> Result<(), ServeError> {
        let sent = self.connection.sender.send(message);
        sent.map_err(|_| ServeError::Gone)
    }

    fn answer(&mut self, request: Request) -> Response {
        let id = request.id.clone();
        match request.method.as_str() {
            HoverRequest::METHOD => respond(id, request, |params: HoverParams| {
                self.at(&params.text_document_position_params, hover::hover)
            }),
            GotoDefinition::METHOD => respond(id, request, |params: GotoDefinitionParams| {
                let at = &params.text_document_position_params;
                self.at(at, names::definition)
                    .map(GotoDefinitionResponse::Scalar)
            }),
            CodeActionRequest::METHOD => respond(id, request, |params: CodeActionParams| {
                let file = path_of(&params.text_document.uri)?;
                let folder = self.judged(&file)?;
                let actions = actions::actions(&folder, &file, params.range, self.columns);
                Some(
                    { actions.into_iter() }
                        .map(CodeActionOrCommand::CodeAction)
                        .collect::<Vec<_>>(),
                )
            }),
            method => Response::new_err(
                id,
                ErrorCode::MethodNotFound as i32,
                format!("`{method}` is not offered"),
            ),
        }
    }

    fn at<T>(
        &mut self,
        at: &TextDocumentPositionParams,
        ask: impl Fn(&Folder, &Path, lsp_types::Position, Columns) -> Option<T>,
    ) -> Option<T> {
        let file = path_of(&at.text_document.uri)?;
        let folder = self.judged(&file)?;
        ask(&folder, &file, at.position, self.columns)
    }

    fn judged(&mut self, file: &Path) -> Option<Rc<Folder>> {
        Some(self.kept.judged(folder_of(file)?, &self.edited))
    }

    fn note(&mut self, note: Notification) -> Result<(), ServeError> {
        match note.method.as_str() {
            DidOpenTextDocument::METHOD => {
                let params: DidOpenTextDocumentParams = serde_json::from_value(note.params)?;
                self.edit(&params.text_document.uri, Some(params.text_document.text))
            }
            DidChangeTextDocument::METHOD => {
                let params: DidChangeTextDocumentParams = serde_json::from_value(note.params)?;
                let last = params.content_changes.into_iter().next_back();
                self.edit(&params.text_document.uri, last.map(|change| change.text))
            }
            DidSaveTextDocument::METHOD => {
                let params: DidSaveTextDocumentParams = serde_json::from_value(note.params)?;
                self.judge_again(&params.text_document.uri)
            }
            DidCloseTextDocument::METHOD => {
                let params: DidCloseTextDocumentParams = serde_json::from_value(note.params)?;
                self.edit(&params.text_document.uri, None)
            }
            DidChangeWatchedFiles::METHOD => {
                let params: DidChangeWatchedFilesParams = serde_json::from_value(note.params)?;
                let mut changes = params.changes.iter();
                changes.try_for_each(|change| self.judge_again(&change.uri))
            }
            // What no answer is expected for may be ignored.
            _ => Ok(()),
        }
    }

    /// Without a text, the file on disk counts again.
    fn edit(&mut self, uri: &Uri, text: Option<String>) -> Result<(), ServeError> {
        if let Some(path) = path_of(uri) {
            match text {
                Some(text) => self.edited.insert(path, text),
                None => self.edited.remove(&path),
            };
        }
        self.judge_again(uri)
    }

    /// Shows the findings of the folder, and takes away those that are gone.
    fn judge_again(&mut self, uri: &Uri) -> Result<(), ServeError> {
        let Some(file) = path_of(uri) else {
            return Ok(());
        };
        let Some(path) = folder_of(&file) else {
            return Ok(());
        };
        let folder = self.kept.judged(path, &self.edited);
        let mut found: BTreeMap<PathBuf, Vec<_>> = BTreeMap::new();
        for finding in &folder.analysis.findings {
            let diagnostic = answer::diagnostic(&folder, finding, self.columns);
            let place = folder.on_disk(&finding.place.path);
            found.entry(place).or_default().push(diagnostic);
        }
        let now: BTreeSet<PathBuf> = found.keys().cloned().collect();
        let before = self.shown.insert(path.to_owned(), now).unwrap_or_default();
        for gone in before {
            found.entry(gone).or_default();
        }
        found.entry(file).or_default();
        for (file, diagnostics) in found {
            let Some(uri) = uri_of(&file) else { continue };
            let params = PublishDiagnosticsParams::new(uri, diagnostics, None);
            let note = Notification::new(PublishDiagnostics::METHOD.to_owned(), params);
            self.send(Message::Notification(note))?;
        }
        Ok(())
    }
}

/// What is asked about a file of no module is answered with null.
fn respond<P: DeserializeOwned, T: Serialize>(
    id: RequestId,
    request: Request,
    answer: impl FnOnce(P) -> Option<T>,
) -> Response {
    match serde_json::from_value(request.params) {
        Ok(params) => Response::new_ok(id, answer(params)),
        Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}
