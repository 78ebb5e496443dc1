//! The procedural macro of [`onward`](https://docs.rs/onward); use it through that crate.
//!
//! `input` parses the macro's argument, `expand` writes the plan as tokens, `interface`
//! what other modules see of it, `diagnostic` the compiler's messages;
//! `build_script` knows whether cargo notices a new file. Everything about SQL is in `onward-analyzer`.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod build_script;
mod diagnostic;
mod expand;
mod input;
mod interface;

use proc_macro::{Span, TokenStream};

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
