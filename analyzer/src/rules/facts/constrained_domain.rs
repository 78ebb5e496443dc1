//! Domains with constraints.

use crate::check::context::Context;
use crate::schema::TypeKind;
use crate::statement::{Column, DataType};

/// The first domain that has constraints: the one that the type names, or one that it is based on.
pub(in crate::rules) fn constrained<'a>(
    context: &Context<'a>,
    data_type: &DataType,
) -> Option<&'a Column> {
    let mut data_type = data_type.clone();
    let mut seen = Vec::new();
    while !data_type.array && !seen.contains(&data_type) {
        let TypeKind::Domain(domain) = &context.schema.made_type(&data_type)?.kind else {
            return None;
        };
        if is_constrained(domain) {
            return Some(domain);
        }
        seen.push(std::mem::replace(&mut data_type, domain.data_type.clone()));
    }
    None
}

pub(in crate::rules) fn is_constrained(domain: &Column) -> bool {
    domain.not_null || !domain.constraints.is_empty()
}
