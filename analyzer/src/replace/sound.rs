//! Whether what is asked for can be done, told by the schema as it is.

use crate::intake::module::Module;
use crate::replace::moved::refused;
use crate::replace::problems::wrong;
use crate::replace::request::{Planned, Request, old, planned};
use crate::replace::startup::key_of;
use crate::schema::Schema;

/// A series in which nothing is wrong.
pub(super) struct Sound {
    pub(super) plan: Planned,
    /// The key by which its rows are filled.
    pub(super) key: Vec<String>,
}

/// The series, or what has to change first, each in a sentence.
pub(super) fn sound(
    module: &Module,
    schema: &Schema,
    request: &Request,
) -> Result<Sound, Vec<String>> {
    let one = |why: String| vec![why];
    let (table, column) = old(schema, request).map_err(one)?;
    let plan = planned(schema, request, (table, column)).map_err(one)?;
    let moved = request.moved.as_ref();
    if let Some(why) = moved.and_then(|moved| refused(schema, table, &request.column, moved)) {
        return Err(vec![why]);
    }
    let tenancy = module.settings.tenancy.as_ref();
    let tenant = tenancy.map(|tenancy| tenancy.column.as_str());
    if tenant == Some(request.column.as_str()) {
        return Err(one(format!(
            "{} is the column of the tenant: `[tenancy]` in onward.toml names it",
            request.column
        )));
    }
    let key = key_of(schema, &plan.series, tenant).map_err(one)?;
    let new: Vec<_> = plan.new.iter().map(Some).collect();
    let wrong = wrong(schema, &plan.series, column.data_type.as_ref(), &new);
    match wrong.is_empty() {
        true => Ok(Sound { plan, key }),
        false => Err(wrong),
    }
}
