//! Parses the argument of `embed_migrations!("folder")`.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Error, LitStr, Result, Token};

const USAGE: &str = "write `embed_migrations!(\"migrations/auth\")`";

/// The macro's argument.
pub(crate) struct Input {
    /// The folder as written.
    pub(crate) folder: String,
    /// The location of the literal, for error messages.
    pub(crate) span: Span,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.is_empty() {
            let message = format!("expected the path of a folder of migrations: {USAGE}");
            return Err(Error::new(Span::call_site(), message));
        }
        let literal: LitStr = input
            .parse()
            .map_err(|error| Error::new(error.span(), format!("{error}: {USAGE}")))?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            let message = format!("expected one argument, the path of a folder: {USAGE}");
            return Err(input.error(message));
        }
        if literal.value().trim().is_empty() {
            let message = format!("the path of the folder is empty: {USAGE}");
            return Err(Error::new(literal.span(), message));
        }
        Ok(Self {
            folder: literal.value(),
            span: literal.span(),
        })
    }
}
