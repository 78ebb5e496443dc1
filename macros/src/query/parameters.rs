//! The values: how many there are, and whether their types fit.

use onward_analyzer::typed::{Query, Sort};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Error, Result};

use super::{Input, constant, tokens};
use crate::asked::Home;
use crate::rust_type::OwnTypes;

/// What becomes of the values.
pub(super) struct Parameters {
    /// Compiles only where the types fit.
    pub(super) checks: TokenStream,
    /// The types for the server, as far as they are its own.
    pub(super) types: TokenStream,
}

pub(super) fn of(
    home: &Home<'_>,
    own: &OwnTypes,
    query: &Query,
    input: &Input,
) -> Result<Parameters> {
    counted(query, input)?;
    let path = home.path.to_token_stream().to_string().replace(' ', "");
    let mut checks = Vec::new();
    let mut types = Vec::new();
    for (at, (parameter, value)) in query.parameters.iter().zip(&input.values).enumerate() {
        let name = format_ident!("value{}", at + 1);
        if let Some(marker) = own.of_sort(&parameter.sort, &path).marker {
            let marker = tokens(&marker, value.span())?;
            checks
                .push(quote_spanned!(value.span()=> ::onward::types::binds::<_, #marker>(#name);));
        }
        types.push(match sent(&parameter.sort) {
            Some(name) => {
                let of = constant(&name);
                quote!(::core::option::Option::Some(#of))
            }
            None => quote!(::core::option::Option::None),
        });
    }
    // A statement that was not read has all its types from the server.
    let unread = input.values.len().saturating_sub(types.len());
    types.extend((0..unread).map(|_| quote!(::core::option::Option::None)));
    Ok(Parameters {
        checks: quote!(#(#checks)*),
        types: quote!([#(#types),*]),
    })
}

fn counted(query: &Query, input: &Input) -> Result<()> {
    let (wanted, given) = (query.parameters.len(), input.values.len());
    let is_read = !query.is_open || wanted > 0;
    if wanted == given || !is_read {
        return Ok(());
    }
    let plural = |n: usize, word: &str| match n {
        1 => format!("1 {word}"),
        n => format!("{n} {word}s"),
    };
    let span = match input.values.get(wanted) {
        Some(surplus) => surplus.span(),
        None => input.sql.span(),
    };
    let message = format!(
        "the statement has {}, and {} {} given",
        plural(wanted, "parameter"),
        plural(given, "value"),
        if given == 1 { "is" } else { "are" },
    );
    Err(Error::new(span, message))
}

/// The driver's constant for a type of the server's own.
fn sent(sort: &Sort) -> Option<String> {
    let name = match sort {
        Sort::BuiltIn(name) => name.as_str(),
        Sort::Array(element) => return sent(element).map(|one| format!("{one}_ARRAY")),
        Sort::Enum(_) | Sort::Composite(_) | Sort::Unknown => return None,
    };
    let constant = match name {
        "boolean" => "BOOL",
        "\"char\"" => "CHAR",
        "smallint" => "INT2",
        "integer" => "INT4",
        "bigint" => "INT8",
        "oid" => "OID",
        "real" => "FLOAT4",
        "double precision" => "FLOAT8",
        "numeric" => "NUMERIC",
        "text" => "TEXT",
        "character varying" => "VARCHAR",
        "character" => "BPCHAR",
        "name" => "NAME",
        "bytea" => "BYTEA",
        "inet" => "INET",
        "cidr" => "CIDR",
        "uuid" => "UUID",
        "json" => "JSON",
        "jsonb" => "JSONB",
        "timestamp with time zone" => "TIMESTAMPTZ",
        "timestamp without time zone" => "TIMESTAMP",
        "date" => "DATE",
        "time without time zone" => "TIME",
        "interval" => "INTERVAL",
        _other => return None,
    };
    Some(constant.to_owned())
}
