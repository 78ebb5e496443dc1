//! `small-table` and `external`: what the file declares about objects.

use super::{Directive, WrongDirective, is_reason, wrong};
use crate::intake::external::External;
use crate::statement::Name;

pub(super) fn small_table(rest: &str, schema: &str) -> Result<Directive, WrongDirective> {
    let (table, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let full = match table.contains('.') {
        true => table.to_owned(),
        false => format!("{schema}.{table}"),
    };
    let reason = reason.trim().trim_matches('"').trim();
    let table = Name::read(&full).filter(|_| is_reason(reason));
    let table = table.ok_or_else(|| {
        wrong(
            format!("`small-table {rest}` does not name a table and the reason why it is small"),
            format!(
                "write `-- onward: small-table {schema}.<table> \"<reason>\"`; the reason is why the table \
                 stays small"
            ),
        )
    })?;
    Ok(Directive::SmallTable {
        table,
        reason: reason.to_owned(),
    })
}

pub(super) fn external(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    External::read(rest).map(Directive::External).ok_or_else(|| {
        wrong(
            format!("`external {rest}` does not name an object of another schema"),
            "write `-- onward: external <schema>.<name>`, or with what the module expects of it: `-- onward: external \
             auth.users (id uuid, email text) since 003`",
        )
    })
}
