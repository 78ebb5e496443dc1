//! What the macro of a schema's name passes on: the folder, which question it is, and the question.

use std::path::Path;

use onward_analyzer::typed::Known;
use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Path as Named, Result, Token};

use crate::{folder, query, row};

/// A question about a folder.
pub(crate) struct Asked {
    folder: LitStr,
    question: Ident,
    about: TokenStream,
}

impl Parse for Asked {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let folder = input.parse()?;
        input.parse::<Token![@]>()?;
        Ok(Self {
            folder,
            question: input.parse()?,
            about: input.parse()?,
        })
    }
}

/// Where the types of a schema are in Rust, and what is known of it.
pub(crate) struct Home<'a> {
    pub(crate) known: &'a Known,
    /// The path that the caller wrote.
    pub(crate) path: Named,
}

pub(crate) fn expand(asked: Asked, caller: Option<&Path>) -> Result<TokenStream> {
    let Asked {
        folder,
        question,
        about,
    } = asked;
    let folder = folder::with_schema(&folder.value(), Span::call_site(), caller)?;
    let known = folder.known();
    match question.to_string().as_str() {
        "row" => row::expand(known, syn::parse2(about)?),
        "query" => query::expand(known, syn::parse2(about)?),
        _other => Err(syn::Error::new(
            question.span(),
            "expected `row` or `query`",
        )),
    }
}
