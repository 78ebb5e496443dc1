//! `schema!`: the tables and types of a folder as Rust items.
//!
//! The items are written as text, which the compiler's own lexer turns into tokens: for a hundred tables that is
//! several times faster than putting each token together here. `proc_macro2` would lex it a first time itself, in a macro
//! that is not optimised.

mod composite;
mod door;
mod enums;
mod table;

use std::fmt::Write as _;
use std::path::Path;

use onward_analyzer::typed::Known;
use proc_macro::{LexError, TokenStream};
use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::{Error, LitStr, Result, Token};

use crate::folder;
use crate::names::{snake, unique};
use crate::rust_type::OwnTypes;

const USAGE: &str = "write `schema!(AUTH = \"migrations/auth\")`";

/// The macro's argument.
pub(crate) struct Input {
    /// The name by which other macros find the folder.
    name: Ident,
    folder: String,
    span: Span,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name: Ident = input
            .parse()
            .map_err(|error| Error::new(error.span(), format!("{error}: {USAGE}")))?;
        let (folder, span) = match input.parse::<Option<Token![=]>>()? {
            Some(_) => {
                let literal: LitStr = input
                    .parse()
                    .map_err(|error| Error::new(error.span(), format!("{error}: {USAGE}")))?;
                (literal.value(), literal.span())
            }
            None => {
                let folder = name.to_string().to_lowercase();
                (format!("migrations/{folder}"), name.span())
            }
        };
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error(format!("expected one folder: {USAGE}")));
        }
        Ok(Self { name, folder, span })
    }
}

/// Expands to a module with the items, and to what lets other macros find the folder.
pub(crate) fn expand(input: &Input, caller: Option<&Path>) -> Result<TokenStream> {
    let folder = folder::with_schema(&input.folder, input.span, caller)?;
    let text = written(folder.known(), &input.name.to_string(), &input.folder);
    let wrong = |error: LexError| {
        let message = format!(
            "the names of `{}` cannot be written in Rust: {error}",
            input.folder
        );
        Error::new(input.span, message)
    };
    text.parse().map_err(wrong)
}

/// The items as text.
fn written(known: &Known, name: &str, folder: &str) -> String {
    let own = OwnTypes::of(known);
    let tables = known.tables();
    let modules = unique(tables.iter().map(|table| snake(&table.name)), &[]);
    let mut text = String::new();
    let shown = known.name();
    let _ = write!(
        text,
        "#[doc = {:?}] #[allow(non_snake_case, dead_code, deprecated, missing_docs, unused_imports, \
         unreachable_pub, clippy::all, clippy::pedantic)] pub mod {name} {{ ",
        format!("The schema `{shown}`, as the files of `{folder}` leave it behind.")
    );
    for path in known.watched().iter().filter_map(|path| path.to_str()) {
        let _ = write!(text, "const _: &[u8] = ::core::include_bytes!({path:?}); ");
    }
    for one in known.enums() {
        enums::write(&mut text, &one, &own);
    }
    for one in known.composites() {
        composite::write(&mut text, &one, &own);
    }
    for (table, module) in tables.iter().zip(&modules) {
        table::write(&mut text, (table, module), known.name(), &own);
    }
    text.push_str("} ");
    let items: Vec<&str> = own
        .all()
        .chain(modules.iter().map(String::as_str))
        .collect();
    if !items.is_empty() {
        let items = items.join(", ");
        let _ = write!(
            text,
            "#[allow(unused_imports, unreachable_pub)] pub use {name}::{{{items}}}; "
        );
    }
    door::write(&mut text, name, folder);
    text
}

/// The documentation of an item: the lines that there are, with empty ones between.
fn doc(text: &mut String, parts: &[Option<&str>]) {
    let parts: Vec<&str> = parts.iter().copied().flatten().collect();
    let _ = write!(text, "#[doc = {:?}] ", parts.join("\n\n"));
}
