//! Writes what a module shows to others and needs of them: constants that `onward::modules!` compares.

use onward_analyzer::file_name::{Category, Version};
use onward_analyzer::plan::{Interface, Need, Offer, TypedColumn};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::expand::slice;

/// The arguments of `Plan::__with_interface`.
pub(crate) fn tokens(interface: &Interface) -> TokenStream {
    let Interface {
        offers,
        open,
        needs,
    } = interface;
    let offers = slice(&quote!(::onward::plan::Offer), offers.iter().map(offer));
    let needs = slice(&quote!(::onward::plan::Need), needs.iter().map(need));
    quote!(#offers, #open, #needs)
}

fn offer(offer: &Offer) -> TokenStream {
    let Offer {
        name,
        since,
        columns,
    } = offer;
    let since = optional(since.map(version));
    let columns = optional(columns.as_deref().map(self::columns));
    quote!(::onward::plan::Offer::__new(#name, #since, #columns))
}

fn need(need: &Need) -> TokenStream {
    let Need {
        schema,
        name,
        columns,
        since,
        at_start,
        path,
    } = need;
    let columns = self::columns(columns);
    let since = optional(since.map(version));
    quote!(::onward::plan::Need::__new([#schema, #name, #path], #columns, #since, #at_start))
}

fn columns(columns: &[TypedColumn]) -> TokenStream {
    let values = columns.iter().map(|column| {
        let TypedColumn {
            name,
            data_type,
            since,
        } = column;
        let since = optional(since.map(version));
        quote!(::onward::plan::TypedColumn::__new(#name, #data_type, #since))
    });
    slice(&quote!(::onward::plan::TypedColumn), values)
}

fn version(version: Version) -> TokenStream {
    let Version { category, number } = version;
    let category = match category {
        Category::Startup => "Startup",
        Category::Seed => "Seed",
        Category::Release => "Release",
        Category::Data => "Data",
    };
    let category = Ident::new(category, Span::call_site());
    quote!(::onward::Version::__new(::onward::Category::#category, #number))
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
