//! `derive(Row)`: a struct of the caller's own, compared with a table.

mod fields;
mod input;

use onward_analyzer::statement::Name;
use onward_analyzer::typed::{Known, Table, meant};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, LitStr, Result};

pub(crate) use self::input::{About, ask};
use crate::asked::Home;

/// The implementation, and what compares the struct with the table.
pub(crate) fn expand(known: &Known, about: About) -> Result<TokenStream> {
    let About { path, table, item } = about;
    let home = Home { known, path };
    let of = find(known, &table)?;
    let fields = input::fields(&item)?;
    let fields::Fields {
        reads,
        checks,
        warnings,
    } = fields::compare(&home, &of, &fields)?;
    let name = &item.ident;
    Ok(quote! {
        impl ::core::convert::TryFrom<&::onward::types::driver::Row> for #name {
            type Error = ::onward::types::driver::Error;

            fn try_from(
                row: &::onward::types::driver::Row,
            ) -> ::core::result::Result<Self, Self::Error> {
                ::core::result::Result::Ok(Self { #(#reads),* })
            }
        }
        const _: () = { #warnings #(#checks)* };
    })
}

/// The table or view that the attribute names.
fn find(known: &Known, literal: &LitStr) -> Result<Table> {
    let written = literal.value();
    let (schema, name) = match written.split_once('.') {
        Some((schema, name)) => (schema.to_owned(), name.to_owned()),
        None => (known.name().to_owned(), written.clone()),
    };
    let bare = |one: String| one.trim_matches('"').to_owned();
    let name = Name {
        schema: bare(schema),
        name: bare(name),
    };
    known.table_of(&name).ok_or_else(|| {
        let tables = known.tables();
        let names = tables.iter().map(|one| one.name.as_str());
        let guess = match meant(&name.name, names) {
            Some(guess) => format!(": did you mean `{}.{guess}`?", known.name()),
            None => String::new(),
        };
        let folder = known.folder();
        let message =
            format!("the files of `{folder}` leave no table or view {name} behind{guess}");
        Error::new(literal.span(), message)
    })
}
