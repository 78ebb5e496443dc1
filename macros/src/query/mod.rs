//! `query!`: a statement that is judged by what the files leave behind.

mod input;
mod parameters;
mod rows;

use onward_analyzer::typed::{Known, Query};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Error, Result};

pub(crate) use self::input::{About, Input, ask};
use crate::asked::Home;
use crate::expand::warnings;
use crate::rust_type::OwnTypes;

/// A value with the statement and its parameters, or why PostgreSQL would refuse it.
pub(crate) fn expand(known: &Known, about: About) -> Result<TokenStream> {
    let About { path, input } = about;
    let sql = input.sql.value();
    let query = known.query("query", &sql);
    let span = input.sql.span();
    if let Some(wrong) = refused(&query, &input) {
        return Err(wrong);
    }
    let home = Home { known, path };
    let own = OwnTypes::of(known);
    let parameters = parameters::of(&home, &own, &query, &input)?;
    let rows = rows::of(&home, &own, &query, span)?;
    let notes = query
        .unchecked
        .iter()
        .map(|why| format!("unchecked: {why}"))
        .chain(rows.needs.iter().cloned());
    let notes: Vec<String> = notes.filter(|_| !input.unchecked).map(explained).collect();
    let warnings = warnings(notes.into_iter(), span);
    let (row, item) = (rows.name, rows.item);
    let parameters::Parameters { checks, types } = parameters;
    let values = &input.values;
    let names: Vec<_> = (1..=values.len())
        .map(|n| format_ident!("value{n}"))
        .collect();
    let sql = &input.sql;
    // The values live as long as the statement in which the macro is written: a `match` keeps them, a block would not.
    Ok(quote_spanned! {span=>
        match (#(&(#values),)*) {
            (#(#names,)*) => {
                #warnings
                #item
                #checks
                ::onward::types::Query::<'_, #row, _>::__new(
                    #sql,
                    [#(#names as &(dyn ::onward::types::driver::types::ToSql + ::core::marker::Sync)),*],
                    #types,
                )
            }
        }
    })
}

/// All reasons to refuse it, each at the text.
fn refused(query: &Query, input: &Input) -> Option<Error> {
    let span = input.sql.span();
    let mut errors = query
        .errors
        .iter()
        .map(|text| Error::new(span, format!("PostgreSQL refuses this statement\n{text}\n")));
    let mut all = errors.next();
    for error in errors {
        if let Some(all) = &mut all {
            all.combine(error);
        }
    }
    all
}

fn explained(note: String) -> String {
    format!(
        "{note}\n\n`query!(.., unchecked \"...\")` says that this is meant; what is known is checked all the same"
    )
}

/// The tokens of a type that is written as text.
fn tokens(text: &str, span: proc_macro2::Span) -> Result<TokenStream> {
    text.parse()
        .map_err(|_| Error::new(span, format!("`{text}` is not a type of Rust")))
}

/// An item of the types that the server has under a constant of the driver.
fn constant(name: &str) -> TokenStream {
    let name = format_ident!("{name}");
    quote!(::onward::types::driver::types::Type::#name)
}
