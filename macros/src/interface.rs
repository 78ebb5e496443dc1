//! Writes what a module shows to others and needs of them: constants that `onward::modules!` compares.

use onward_analyzer::file_name::Version;
use onward_analyzer::plan::{Interface, Need, Offer, TypedColumn};
use proc_macro2::{Literal, TokenStream};
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
    let short = quote!(
        #[allow(unused_imports)]
        use ::onward::plan::TypedColumn as C;
    );
    quote!({ #short #offers }, #open, { #short #needs })
}

fn offer(offer: &Offer) -> TokenStream {
    let Offer {
        name,
        since,
        columns,
    } = offer;
    let since = code(*since);
    let columns = match columns {
        Some(columns) => {
            let columns = self::columns(columns);
            quote!(::core::option::Option::Some(#columns))
        }
        None => quote!(::core::option::Option::None),
    };
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
    let since = code(*since);
    quote!(::onward::plan::Need::__new([#schema, #name, #path], #columns, #since, #at_start))
}

/// Columns are many, so each has few tokens, and their slice is promoted without an item of its own.
fn columns(columns: &[TypedColumn]) -> TokenStream {
    let values = columns.iter().map(|column| {
        let TypedColumn {
            name,
            data_type,
            since,
        } = column;
        let since = code(*since);
        quote!(C(#name, #data_type, #since))
    });
    quote!(&[#(#values),*])
}

/// 0 is none.
fn code(version: Option<Version>) -> Literal {
    Literal::u16_unsuffixed(version.map_or(0, Version::code))
}
