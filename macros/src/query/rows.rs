//! The rows: a struct with a field for each column of the result.

use onward_analyzer::typed::{Output, Query, Sort};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use syn::Result;

use super::tokens;
use crate::asked::Home;
use crate::names::{snake, unique};
use crate::rust_type::OwnTypes;

/// What becomes of a row.
pub(super) struct Rows {
    /// The type.
    pub(super) name: TokenStream,
    /// Its definition, if there is one.
    pub(super) item: TokenStream,
    /// The features that its fields need.
    pub(super) needs: Vec<String>,
}

pub(super) fn of(home: &Home<'_>, own: &OwnTypes, query: &Query, span: Span) -> Result<Rows> {
    if query.is_open {
        return Ok(Rows {
            name: quote!(::onward::types::driver::Row),
            item: TokenStream::new(),
            needs: Vec::new(),
        });
    }
    if query.columns.is_empty() {
        return Ok(Rows {
            name: quote!(()),
            item: TokenStream::new(),
            needs: Vec::new(),
        });
    }
    let path = home.path.to_token_stream().to_string().replace(' ', "");
    let names = query.columns.iter().map(|column| snake(plain(column).0));
    let names = unique(names, &[]);
    let mut fields = Vec::new();
    let mut reads = Vec::new();
    let mut needs = Vec::new();
    for (at, (column, name)) in query.columns.iter().zip(&names).enumerate() {
        let of = own.of_sort(&column.sort, &path);
        let (name_of, nullable) = plain(column);
        if let Some(feature) = of.needs {
            needs.push(format!(
                "unchecked: `{name_of}` is of the type {}, for which `onward` needs the feature {feature}",
                column.data_type
            ));
        }
        if of.marker.is_none() && column.sort != Sort::Unknown {
            needs.push(format!(
                "unchecked: `{name_of}` is of the type {}, for which there is no Rust type here: `get` reads it as one that \
                 you name, and a cast in the statement makes it another",
                column.data_type
            ));
        }
        let rust = tokens(&of.rust, span)?;
        let rust = match nullable {
            true => quote!(::core::option::Option<#rust>),
            false => rust,
        };
        let field = ident(name, span);
        fields.push(quote!(pub #field: #rust));
        reads.push(quote!(#field: row.try_get(#at)?));
    }
    let item = quote! {
        #[derive(Clone, Debug, PartialEq)]
        #[allow(dead_code, unreachable_pub, missing_docs, clippy::all)]
        pub struct Record { #(#fields),* }

        impl ::onward::types::FromRow for Record {
            fn from_row(
                row: ::onward::types::driver::Row,
            ) -> ::core::result::Result<Self, ::onward::types::driver::Error> {
                ::core::result::Result::Ok(Self { #(#reads),* })
            }
        }
    };
    Ok(Rows {
        name: quote!(Record),
        item,
        needs,
    })
}

/// The name of the field, and whether it can be null: `AS "name!"` says that it cannot, `AS "name?"` that it can.
fn plain(column: &Output) -> (&str, bool) {
    if column.name == "?column?" {
        return ("column", column.nullable);
    }
    match (column.name.strip_suffix('!'), column.name.strip_suffix('?')) {
        (Some(name), _) => (name, false),
        (None, Some(name)) => (name, true),
        (None, None) => (&column.name, column.nullable),
    }
}

/// The field can be named by the caller, so it has the span of the caller's text.
fn ident(name: &str, span: Span) -> Ident {
    match name.strip_prefix("r#") {
        Some(bare) => Ident::new_raw(bare, span),
        None => format_ident!("{name}", span = span),
    }
}
