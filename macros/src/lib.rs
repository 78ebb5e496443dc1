//! The procedural macro of [`onward`](https://docs.rs/onward); use it through that crate.
//!
//! `input` reads what stands between the parentheses, `expand` writes the plan; everything that is
//! known about SQL is in `onward-analyzer`.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod expand;
mod input;

use proc_macro::{Span, TokenStream};

use crate::input::Input;

/// Reads a folder of migrations at build time, judges every statement, and is a
/// `onward::Plan` that fits a `static` and a `const`.
///
/// The folder is looked for from `CARGO_MANIFEST_DIR` upward to the workspace root; the first hit
/// wins. Every finding of every file is reported in one go, with file, line, column and a way out.
///
/// An edit of a file makes cargo expand again. A *new* file is noticed with a `build.rs` whose `main`
/// is one line: `println!("cargo::rerun-if-changed=migrations");`
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
