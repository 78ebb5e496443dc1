//! What is written: the struct, with the attribute that names its table.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Data, DeriveInput, Error, LitStr, Path, Result, Type};

const USAGE: &str = "write `#[onward(table = \"auth.users\")]`, and with `schema = crate::AUTH` the name in `schema!` if it is \
                     not that of the schema in upper case";

/// What the schema's macro is asked.
pub(crate) struct About {
    pub(crate) path: Path,
    pub(crate) table: LitStr,
    pub(crate) item: DeriveInput,
}

impl Parse for About {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        Ok(Self {
            path: input.parse()?,
            table: input.parse()?,
            item: input.parse()?,
        })
    }
}

/// Asks the macro of the schema's name, which knows the folder.
pub(crate) fn ask(item: &DeriveInput) -> Result<TokenStream> {
    let mut schema: Option<Path> = None;
    let mut table: Option<LitStr> = None;
    for attribute in ours(&item.attrs) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("schema") {
                schema = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("table") {
                table = Some(meta.value()?.parse()?);
            } else {
                return Err(meta.error(format!("there is no such option here: {USAGE}")));
            }
            Ok(())
        })?;
    }
    let Some(table) = table else {
        let message = format!("the struct does not name its table: {USAGE}");
        return Err(Error::new(item.ident.span(), message));
    };
    let written = table.value();
    let path = match (schema, written.split_once('.')) {
        (Some(path), _) => path,
        (None, Some((schema, _))) => {
            let name = format_ident!("{}", schema.to_uppercase(), span = table.span());
            Path::from(name)
        }
        (None, None) => {
            let message = format!("the table has no schema in front: {USAGE}");
            return Err(Error::new(table.span(), message));
        }
    };
    if !item.generics.params.is_empty() {
        let message = "a row owns its values: the struct cannot have parameters";
        return Err(Error::new_spanned(&item.generics, message));
    }
    Ok(quote!(#path! { @row #path #table #item }))
}

fn ours(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("onward"))
}

/// A field, and the column that it is read from.
pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) column: String,
    /// Where the column is named.
    pub(super) span: Span,
    pub(super) data_type: Type,
    /// `#[onward(unchecked)]`.
    pub(super) unchecked: bool,
}

/// The fields of the struct.
pub(super) fn fields(item: &DeriveInput) -> Result<Vec<Field>> {
    let named = match &item.data {
        Data::Struct(one) => match &one.fields {
            syn::Fields::Named(named) => Some(named),
            syn::Fields::Unnamed(_) | syn::Fields::Unit => None,
        },
        Data::Enum(_) | Data::Union(_) => None,
    };
    let Some(named) = named else {
        let message = "a row is a struct whose fields have the names of columns";
        return Err(Error::new(item.ident.span(), message));
    };
    named.named.iter().map(field).collect()
}

fn field(field: &syn::Field) -> Result<Field> {
    let Some(ident) = field.ident.clone() else {
        return Err(Error::new_spanned(field, "the field has no name"));
    };
    let mut read = Field {
        column: ident.unraw().to_string(),
        span: ident.span(),
        ident,
        data_type: field.ty.clone(),
        unchecked: false,
    };
    for attribute in ours(&field.attrs) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("column") {
                let column: LitStr = meta.value()?.parse()?;
                read.column = column.value();
                read.span = column.span();
            } else if meta.path.is_ident("unchecked") {
                read.unchecked = true;
            } else {
                let message = "there is no such option here: write `#[onward(column = \"name\")]` for a column of another \
                               name, and `#[onward(unchecked)]` for a value that is not compared with the column's type";
                return Err(meta.error(message));
            }
            Ok(())
        })?;
    }
    Ok(read)
}
