//! An enum type, with its labels in order.

use std::fmt::Write as _;

use onward_analyzer::typed::Enum;

use super::doc;
use crate::names::{camel, unique};
use crate::rust_type::OwnTypes;

/// The type stays the same when a label is added later, so a `match` needs an arm for it.
pub(super) fn write(text: &mut String, one: &Enum, own: &OwnTypes) {
    let Some(name) = own.name(&one.name) else {
        return;
    };
    let shown = one.name.to_string();
    let variants = unique(one.labels.iter().map(|label| camel(label)), &[]);
    let pairs: Vec<(&String, &String)> = variants.iter().zip(&one.labels).collect();
    doc(text, &[Some(&format!("The enum type `{shown}`."))]);
    text.push_str(
        "#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)] #[non_exhaustive] ",
    );
    let _ = write!(text, "pub enum {name} {{ ");
    for (variant, label) in &pairs {
        let _ = write!(text, "#[doc = {:?}] {variant}, ", format!("`{label}`"));
    }
    let all: String = variants
        .iter()
        .map(|one| format!("Self::{one}, "))
        .collect();
    let _ = write!(
        text,
        "}} impl {name} {{ #[doc = \"All labels, in order.\"] pub const LABELS: &'static [&'static str] = &{:?}; \
         #[doc = \"All values, in order.\"] pub const ALL: &'static [Self] = &[{all}]; \
         #[doc = \"The label in the database.\"] #[must_use] pub const fn label(self) -> &'static str {{ match self {{ ",
        one.labels
    );
    for (variant, label) in &pairs {
        let _ = write!(text, "Self::{variant} => {label:?}, ");
    }
    if pairs.is_empty() {
        text.push_str("_other => \"\", ");
    }
    let _ = write!(
        text,
        "}} }} }} impl ::core::fmt::Display for {name} {{ fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> \
         ::core::fmt::Result {{ f.write_str(self.label()) }} }} \
         impl ::core::str::FromStr for {name} {{ type Err = ::onward::types::UnknownLabel; \
         fn from_str(label: &str) -> ::core::result::Result<Self, Self::Err> {{ match label {{ "
    );
    for (variant, label) in &pairs {
        let _ = write!(
            text,
            "{label:?} => ::core::result::Result::Ok(Self::{variant}), "
        );
    }
    let _ = write!(
        text,
        "_other => ::core::result::Result::Err(::onward::types::UnknownLabel::new({shown:?}, label, Self::LABELS)), }} }} }} "
    );
    write_wire(text, name, &one.name.name);
}

fn write_wire(text: &mut String, name: &str, data_type: &str) {
    let accepts = format!(
        "fn accepts(ty: &::onward::types::driver::types::Type) -> bool {{ ty.name() == {data_type:?} && \
         matches!(ty.kind(), ::onward::types::driver::types::Kind::Enum(_)) }} "
    );
    let _ = write!(
        text,
        "impl<'a> ::onward::types::driver::types::FromSql<'a> for {name} {{ \
         fn from_sql(_: &::onward::types::driver::types::Type, raw: &'a [u8]) -> \
         ::core::result::Result<Self, ::std::boxed::Box<dyn ::std::error::Error + Sync + Send>> {{ \
         ::core::result::Result::Ok(::core::str::from_utf8(raw)?.parse()?) }} {accepts} }} \
         impl ::onward::types::driver::types::ToSql for {name} {{ \
         fn to_sql(&self, _: &::onward::types::driver::types::Type, \
         out: &mut ::onward::types::driver::types::private::BytesMut) -> \
         ::core::result::Result<::onward::types::driver::types::IsNull, \
         ::std::boxed::Box<dyn ::std::error::Error + Sync + Send>> {{ \
         out.extend_from_slice(self.label().as_bytes()); \
         ::core::result::Result::Ok(::onward::types::driver::types::IsNull::No) }} {accepts} \
         ::onward::types::driver::types::to_sql_checked!(); }} \
         impl ::onward::types::Reads<{name}> for {name} {{}} impl ::onward::types::Binds<{name}> for {name} {{}} "
    );
}
