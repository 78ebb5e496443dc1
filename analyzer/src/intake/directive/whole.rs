//! `breaks`, `requires` and `transaction`: what holds for the file as a whole.

use super::{Directive, WrongDirective, is_reason, wrong};
use crate::intake::file_name::{Category, Version};

pub(super) fn breaks(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    let what = rest.trim_matches('"').trim();
    if !is_reason(what) {
        return Err(wrong(
            "`breaks` does not say what breaks",
            "write `-- onward: breaks <which code stops working>`, in a few words that the \
             operator can check",
        ));
    }
    Ok(Directive::Breaks(what.to_owned()))
}

pub(super) fn requires(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    Version::parse(rest)
        .filter(|version| version.category == Category::Data)
        .map(Directive::Requires)
        .ok_or_else(|| {
            wrong(
                format!("`{rest}` is not a data migration"),
                "write `-- onward: requires DM001` with the version of a data migration of this module",
            )
        })
}

pub(super) fn transaction(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    match rest {
        "none" => Ok(Directive::TransactionNone),
        other => Err(wrong(
            format!("`transaction {other}` is not a transaction mode"),
            "write `-- onward: transaction none`, or remove the line: onward recognises statements that \
             cannot run in a transaction",
        )),
    }
}
