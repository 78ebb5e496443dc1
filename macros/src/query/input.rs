//! What is written: the schema's name, the statement, and its values.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Error, LitStr, Path, Result, Token};

const USAGE: &str =
    "write `query!(AUTH, \"SELECT ... WHERE id = $1\", id)`, with the name in `schema!`";

/// A statement and its values.
pub(crate) struct Input {
    /// Whether the caller knows that not all of it is checked.
    pub(super) unchecked: bool,
    pub(super) sql: LitStr,
    /// The values, as expressions.
    pub(super) values: Vec<TokenStream>,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let unchecked = input.peek(unchecked_word::unchecked);
        if unchecked {
            input.parse::<unchecked_word::unchecked>()?;
        }
        let sql: LitStr = input
            .parse()
            .map_err(|error| Error::new(error.span(), format!("{error}: {USAGE}")))?;
        if input.parse::<Option<Token![,]>>()?.is_none() && !input.is_empty() {
            return Err(input.error(format!("expected `,` and the values: {USAGE}")));
        }
        let rest: TokenStream = input.parse()?;
        Ok(Self {
            unchecked,
            sql,
            values: values(rest),
        })
    }
}

mod unchecked_word {
    syn::custom_keyword!(unchecked);
}

/// The expressions between the commas: those in parentheses are inside of a token here, and those between angle brackets
/// are in a path with `::<`.
fn values(rest: TokenStream) -> Vec<TokenStream> {
    let mut values = vec![TokenStream::new()];
    let (mut angles, mut before) = (0_usize, ' ');
    for token in rest {
        let mark = match &token {
            proc_macro2::TokenTree::Punct(mark) => mark.as_char(),
            _other => ' ',
        };
        match (mark, before) {
            ('<', ':') => angles += 1,
            ('<', _) if angles > 0 => angles += 1,
            ('>', last) if angles > 0 && last != '-' => angles -= 1,
            (_, _) => {}
        }
        before = mark;
        if mark == ',' && angles == 0 {
            values.push(TokenStream::new());
        } else if let Some(last) = values.last_mut() {
            last.extend([token]);
        }
    }
    values.retain(|value| !value.is_empty());
    values
}

/// The question as the schema's macro passes it on.
pub(crate) struct About {
    pub(super) path: Path,
    pub(super) input: Input,
}

impl Parse for About {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let path = input.parse()?;
        input.parse::<Token![,]>()?;
        Ok(Self {
            path,
            input: input.parse()?,
        })
    }
}

/// Asks the macro of the schema's name, which knows the folder.
pub(crate) fn ask(input: ParseStream<'_>) -> Result<TokenStream> {
    let path: Path = input
        .parse()
        .map_err(|error| Error::new(error.span(), format!("{error}: {USAGE}")))?;
    if input.parse::<Option<Token![,]>>()?.is_none() {
        return Err(input.error(format!("expected the statement: {USAGE}")));
    }
    let rest: TokenStream = input.parse()?;
    Ok(quote!(#path! { @query #path, #rest }))
}
