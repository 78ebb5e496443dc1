//! The type of PostgreSQL's own under a column's type.

use crate::check::context::Context;
use crate::schema::TypeKind;
use crate::statement::DataType;

/// The built-in type, also under domains; `None` for every other type, for arrays, and where it is not
/// known.
pub(in crate::rules) fn built_in<'a>(
    context: &Context<'a>,
    data_type: &'a DataType,
) -> Option<&'a DataType> {
    let mut data_type = data_type;
    // A server does not accept a cycle of domains; the limit stops the loop on a history that has one.
    for _ in 0..16 {
        if data_type.array {
            return None;
        }
        match context.schema.made_type(data_type).map(|known| &known.kind) {
            Some(TypeKind::Domain(column)) => data_type = &column.data_type,
            Some(TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other) => return None,
            None => return data_type.is_built_in().then_some(data_type),
        }
    }
    None
}
