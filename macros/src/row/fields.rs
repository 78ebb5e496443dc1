//! Compares each field with its column.

use onward_analyzer::typed::{Column, Table, meant};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Error, Result, Type};

use super::input::Field;
use crate::asked::Home;
use crate::expand::warnings;
use crate::rust_type::OwnTypes;

/// What becomes of the fields.
pub(super) struct Fields {
    /// `field: row.try_get("column")?`.
    pub(super) reads: Vec<TokenStream>,
    /// Compiles only where the types fit.
    pub(super) checks: Vec<TokenStream>,
    pub(super) warnings: TokenStream,
}

/// Compares all fields, and reports all that do not fit.
pub(super) fn compare(home: &Home<'_>, table: &Table, fields: &[Field]) -> Result<Fields> {
    let own = OwnTypes::of(home.known);
    let path = home.path.to_token_stream().to_string().replace(' ', "");
    let mut wrong: Option<Error> = None;
    let mut says = TokenStream::new();
    let mut checks = Vec::new();
    for field in fields {
        match compared(&own, &path, table, field) {
            Ok(Compared::Check(check)) => checks.push(check),
            Ok(Compared::Unknown(why)) => says.extend(warnings(std::iter::once(why), field.span)),
            Ok(Compared::Unchecked) => {}
            Err(error) => match &mut wrong {
                Some(wrong) => wrong.combine(error),
                None => wrong = Some(error),
            },
        }
    }
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    let reads = fields.iter().map(|field| {
        let (ident, column) = (&field.ident, &field.column);
        quote!(#ident: row.try_get(#column)?)
    });
    Ok(Fields {
        reads: reads.collect(),
        checks,
        warnings: says,
    })
}

enum Compared {
    /// The compiler compares the types.
    Check(TokenStream),
    /// The column's type is not known.
    Unknown(String),
    /// The caller does not want it.
    Unchecked,
}

fn compared(own: &OwnTypes, path: &str, table: &Table, field: &Field) -> Result<Compared> {
    let column = table.columns.iter().find(|one| one.name == field.column);
    let Some(column) = column else {
        return absent(table, field);
    };
    let shown = format!("{}.{}", table.quoted, column.quoted);
    let optional = is_option(&field.data_type);
    if column.nullable && !table.is_view && !optional && !field.unchecked {
        let written = field.data_type.to_token_stream().to_string();
        let message = format!(
            "{shown} can be null, and `{written}` cannot: write `Option<{written}>`, or make the column NOT NULL"
        );
        return Err(Error::new(field.data_type.span(), message));
    }
    if field.unchecked {
        return Ok(Compared::Unchecked);
    }
    let Some(marker) = own.of_sort(&column.sort, path).marker else {
        return Ok(Compared::Unknown(unchecked(&shown, column, field)));
    };
    let marker: TokenStream = marker.parse().map_err(|_| {
        Error::new(
            field.span,
            format!("{shown} has a type that has no name in Rust"),
        )
    })?;
    let data_type = &field.data_type;
    let reads = quote_spanned!(data_type.span()=> ::onward::types::reads::<#data_type, #marker>(););
    Ok(Compared::Check(reads))
}

fn unchecked(shown: &str, column: &Column, field: &Field) -> String {
    let of = match column.data_type.as_str() {
        "" => "a type that the files do not say".to_owned(),
        data_type => format!("the type {data_type}, for which there is no Rust type here"),
    };
    format!(
        "unchecked: {shown} has {of}, so the field `{}` is compared with it only when a row is read. \
         `#[onward(unchecked)]` on the field says that this is meant",
        field.ident
    )
}

fn absent(table: &Table, field: &Field) -> Result<Compared> {
    let (shown, name) = (&table.quoted, &field.column);
    if !table.is_whole {
        return Ok(Compared::Unknown(format!(
            "unchecked: the files do not say which columns {shown} has, so `{name}` is looked for only when a row is read"
        )));
    }
    let names = table.columns.iter().map(|one| one.name.as_str());
    let guess = match meant(name, names) {
        Some(guess) => {
            format!("did you mean `{guess}`? If the field should have another name, write ")
        }
        None => "write the name of the column, or ".to_owned(),
    };
    let message = format!(
        "{shown} has no column `{name}`: {guess}`#[onward(column = \"...\")]` on the field"
    );
    Err(Error::new(field.span, message))
}

fn is_option(data_type: &Type) -> bool {
    let Type::Path(path) = data_type else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|last| last.ident == "Option")
}
