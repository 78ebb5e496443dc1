//! Finds `schema!` and `query!` in Rust sources, by their tokens.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::QueriesError;

/// What the sources of a crate have.
#[derive(Default)]
pub(super) struct Crate {
    /// The name, the place and the folder of each `schema!`.
    pub(super) schemas: Vec<(String, String, String)>,
    pub(super) queries: Vec<Written>,
}

/// A `query!`.
pub(super) struct Written {
    /// The last part of the schema's path.
    pub(super) of: String,
    pub(super) at: String,
    pub(super) sql: String,
}

/// Reads every Rust file of a crate's folder; `target` and hidden folders are not its sources.
pub(super) fn read(folder: &Path) -> Result<Crate, QueriesError> {
    let mut found = Crate::default();
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path).map_err(|source| QueriesError::Unreadable {
            path: path.clone(),
            source,
        })?;
        if !text.contains("query!") && !text.contains("schema!") {
            continue;
        }
        let tokens = TokenStream::from_str(&text).map_err(|error| QueriesError::NotRust {
            path: path.clone(),
            line: error.span().start().line,
            message: error.to_string(),
        })?;
        let shown = path.to_string_lossy();
        let shown = shown.strip_prefix("./").unwrap_or(&shown);
        look(tokens, shown, &mut found);
    }
    Ok(found)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), QueriesError> {
    let unreadable = |source| QueriesError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                collect(&path, files)?;
            }
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// Looks at all tokens, also those in groups: a macro may be in any of them.
fn look(tokens: TokenStream, file: &str, found: &mut Crate) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        let name = called(&tokens, at);
        let line = group.span_open().start().line;
        match name.as_deref() {
            Some("schema") => schema(&group.stream(), &format!("{file}:{line}"), found),
            Some("query") => query(&group.stream(), file, found),
            Some(_) | None => {}
        }
        if group.delimiter() != Delimiter::None || name.is_none() {
            look(group.stream(), file, found);
        }
    }
}

/// The macro that a group is the argument of: `query` of `onward::query!(`; another crate's path is not ours.
fn called(tokens: &[TokenTree], group: usize) -> Option<String> {
    let before = |n: usize| group.checked_sub(n).and_then(|at| tokens.get(at));
    let is = |n: usize, mark: char| matches!(before(n), Some(TokenTree::Punct(one)) if one.as_char() == mark);
    let word = |n: usize| match before(n) {
        Some(TokenTree::Ident(word)) => Some(word.to_string()),
        _other => None,
    };
    let name = word(2).filter(|_| is(1, '!'))?;
    let has_path = is(3, ':') && is(4, ':');
    let is_ours = !has_path || word(5).as_deref() == Some("onward");
    is_ours.then_some(name)
}

/// `AUTH = "migrations/auth"`, or the name alone.
fn schema(argument: &TokenStream, at: &str, found: &mut Crate) {
    let mut tokens = argument.clone().into_iter();
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        return;
    };
    let name = name.to_string();
    let folder = tokens.nth(1).and_then(|token| string(&token));
    let folder = folder.unwrap_or_else(|| format!("migrations/{}", name.to_lowercase()));
    found.schemas.push((name, at.to_owned(), folder));
}

/// `db::AUTH, unchecked "SELECT ..."`, with what follows.
fn query(argument: &TokenStream, file: &str, found: &mut Crate) {
    let mut of = None;
    let mut is_path = true;
    for token in argument.clone() {
        match &token {
            TokenTree::Ident(word) if is_path => of = Some(word.to_string()),
            TokenTree::Ident(word) if word == "unchecked" => {}
            TokenTree::Punct(mark) if is_path && mark.as_char() == ',' => is_path = false,
            TokenTree::Punct(mark) if is_path && mark.as_char() == ':' => {}
            TokenTree::Literal(literal) if !is_path => {
                if let (Some(of), Some(sql)) = (of, string(&token)) {
                    let line = literal.span().start().line;
                    let at = format!("{file}:{line}");
                    found.queries.push(Written { of, at, sql });
                }
                return;
            }
            _other => return,
        }
    }
}

/// The value of a string in any spelling.
fn string(token: &TokenTree) -> Option<String> {
    let tokens = TokenStream::from(token.clone());
    syn::parse2::<syn::LitStr>(tokens)
        .ok()
        .map(|literal| literal.value())
}
