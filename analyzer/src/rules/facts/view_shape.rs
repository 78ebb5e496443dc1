//! How a replaced view changes for its readers.

use crate::check::context::Context;
use crate::statement::CreateView;

/// How a view differs from the one that it replaces.
pub(in crate::rules) enum Replacement {
    /// Nothing differs.
    Same,
    /// It has more columns at the end; everything else is unchanged.
    Appended,
    /// A column is missing or has another name, which PostgreSQL refuses.
    Narrowed,
    /// It may return other rows or values under the same names.
    Other,
}

/// How `CREATE OR REPLACE VIEW` changes the existing view; `None` if there is none.
pub(in crate::rules) fn replacement(
    context: &Context<'_>,
    new: &CreateView,
) -> Option<Replacement> {
    let relation = context
        .schema
        .relation(&new.view)
        .filter(|_| new.or_replace)?;
    let Some(old) = &relation.view else {
        return Some(Replacement::Other);
    };
    let kept = new.outputs.iter().take(old.outputs.len());
    let same_outputs = old.outputs.iter().eq(kept);
    let same_names = old
        .columns
        .iter()
        .eq(new.columns.iter().take(old.columns.len()));
    let same_rest = (&old.source, &old.parameters, &old.check_option)
        == (&new.source, &new.parameters, &new.check_option);
    if same_outputs && same_names && same_rest && old.columns.is_empty() == new.columns.is_empty() {
        return Some(match old.outputs.len() == new.outputs.len() {
            true => Replacement::Same,
            false => Replacement::Appended,
        });
    }
    let (before, after) = (names(old)?, names(new)?);
    let mut after = after.into_iter();
    let fits = before.into_iter().all(|before| match after.next() {
        Some(after) => before.is_none() || after.is_none() || before == after,
        None => false,
    });
    Some(match fits {
        true => Replacement::Other,
        false => Replacement::Narrowed,
    })
}

/// The names of the columns, as far as the query contains them; `None` if their number is unknown.
fn names(view: &CreateView) -> Option<Vec<Option<&str>>> {
    let outputs = &view.outputs;
    let starred = outputs.iter().any(|output| output.star);
    if starred || outputs.is_empty() {
        return None;
    }
    let listed = view.columns.iter().map(|name| Some(name.as_str()));
    let rest = outputs.iter().skip(view.columns.len());
    Some(
        listed
            .chain(rest.map(|output| output.name.as_deref()))
            .collect(),
    )
}
