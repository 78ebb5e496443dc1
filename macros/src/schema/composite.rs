//! A composite type as a struct.

use std::fmt::Write as _;

use onward_analyzer::typed::Composite;

use super::doc;
use crate::names::{snake, unique};
use crate::rust_type::OwnTypes;

/// The attributes are found by their names, because `ALTER TYPE` may have added others.
pub(super) fn write(text: &mut String, one: &Composite, own: &OwnTypes) {
    let Some(name) = own.name(&one.name) else {
        return;
    };
    let fields = unique(one.attributes.iter().map(|(name, _)| snake(name)), &[]);
    let pairs: Vec<(&String, &String)> = fields
        .iter()
        .zip(one.attributes.iter().map(|(attribute, _)| attribute))
        .collect();
    doc(
        text,
        &[Some(&format!("The composite type `{}`.", one.name))],
    );
    let _ = write!(
        text,
        "#[derive(Clone, Debug, PartialEq)] pub struct {name} {{ "
    );
    for (field, (_, sort)) in fields.iter().zip(&one.attributes) {
        let rust = own.of_sort(sort, "self").rust;
        let _ = write!(text, "pub {field}: ::core::option::Option<{rust}>, ");
    }
    let accepts = format!(
        "fn accepts(ty: &::onward::types::driver::types::Type) -> bool {{ ty.name() == {:?} && \
         matches!(ty.kind(), ::onward::types::driver::types::Kind::Composite(_)) }} ",
        one.name.name
    );
    let _ = write!(
        text,
        "}} impl<'a> ::onward::types::driver::types::FromSql<'a> for {name} {{ \
         fn from_sql(ty: &::onward::types::driver::types::Type, raw: &'a [u8]) -> \
         ::core::result::Result<Self, ::std::boxed::Box<dyn ::std::error::Error + Sync + Send>> {{ \
         let fields = ::onward::types::Fields::read(ty, raw)?; ::core::result::Result::Ok(Self {{ "
    );
    for (field, attribute) in &pairs {
        let _ = write!(text, "{field}: fields.get({attribute:?})?, ");
    }
    let values: String = pairs
        .iter()
        .map(|(field, attribute)| format!("({attribute:?}, &self.{field}), "))
        .collect();
    let _ = write!(
        text,
        "}}) }} {accepts} }} impl ::onward::types::driver::types::ToSql for {name} {{ \
         fn to_sql(&self, ty: &::onward::types::driver::types::Type, \
         out: &mut ::onward::types::driver::types::private::BytesMut) -> \
         ::core::result::Result<::onward::types::driver::types::IsNull, \
         ::std::boxed::Box<dyn ::std::error::Error + Sync + Send>> {{ \
         ::onward::types::Composite::write(ty, out, &[{values}]) }} {accepts} \
         ::onward::types::driver::types::to_sql_checked!(); }} \
         impl ::onward::types::Reads<{name}> for {name} {{}} impl ::onward::types::Binds<{name}> for {name} {{}} "
    );
}
