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

pub(super) fn replaces(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    let read = || {
        let (range, digest) = rest.split_once(" as ")?;
        let (_, through) = range.split_once(" to ")?;
        let through = Version::parse(through.trim())?;
        let is_startup = through.category == Category::Startup;
        let digest = bytes(digest.trim())?;
        is_startup.then_some(Directive::Replaces { through, digest })
    };
    read().ok_or_else(|| {
        wrong(
            format!("`replaces {rest}` cannot be read"),
            "leave the line as `onward squash` has written it: a database is compared with it",
        )
    })
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if hex.len() != 64 {
        return None;
    }
    for (n, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(digest)
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
