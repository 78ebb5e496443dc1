//! The procedural macros of [`onward`](https://docs.rs/onward); use it through that crate.
//!
//! `input` parses the macro's argument, `expand` writes the plan as tokens, `interface`
//! what other modules see of it, `diagnostic` the compiler's messages;
//! `build_script` knows whether cargo notices a new file. `folder` finds a folder and keeps what was read of it; `schema`
//! writes its tables and types, `row` compares structs with them, `query` statements. `asked` is how these find the folder that `schema!`
//! names. Everything about SQL is in `onward-analyzer`.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod asked;
mod build_script;
mod diagnostic;
mod expand;
mod folder;
mod input;
mod interface;
mod names;
mod query;
mod row;
mod rust_type;
mod schema;

use proc_macro::{Span, TokenStream};
use syn::Error;

use crate::input::Input;

/// Checks a folder of migrations at build time, and expands to an `onward::Plan` for a `static` or a `const`.
///
/// The path is relative to `CARGO_MANIFEST_DIR` or to a folder above it, up to the workspace root; the first
/// folder that exists is used. The compiler reports every finding of every file at once, with file, line,
/// column and a fix.
///
/// When a file is edited, cargo expands the macro again. To notice a *new* file, the crate needs a `build.rs`
/// whose `main` has one line: `println!("cargo::rerun-if-changed=migrations");`
#[proc_macro]
pub fn embed_migrations(tokens: TokenStream) -> TokenStream {
    let caller = Span::call_site().local_file();
    syn::parse::<Input>(tokens)
        .map_or_else(
            |error| error.into_compile_error(),
            |input| expand::expand(&input, caller.as_deref()),
        )
        .into()
}

/// Writes the tables and types of a folder as Rust items: see `onward::schema!`.
#[proc_macro]
pub fn schema(tokens: TokenStream) -> TokenStream {
    let caller = Span::call_site().local_file();
    syn::parse::<schema::Input>(tokens)
        .and_then(|input| schema::expand(&input, caller.as_deref()))
        .unwrap_or_else(|error| error.into_compile_error().into())
}

/// Compares a struct with a table: see `onward::Row`.
#[proc_macro_derive(Row, attributes(onward))]
pub fn row(tokens: TokenStream) -> TokenStream {
    syn::parse(tokens)
        .and_then(|item| row::ask(&item))
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// Checks a statement: see `onward::query!`.
#[proc_macro]
pub fn query(tokens: TokenStream) -> TokenStream {
    syn::parse::Parser::parse(query::ask, tokens)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// What the macro of a schema's name asks.
#[doc(hidden)]
#[proc_macro]
pub fn __asked(tokens: TokenStream) -> TokenStream {
    let caller = Span::call_site().local_file();
    syn::parse(tokens)
        .and_then(|asked| asked::expand(asked, caller.as_deref()))
        .unwrap_or_else(Error::into_compile_error)
        .into()
}
