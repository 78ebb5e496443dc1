//! `allow` and `allow-file`: findings that are acceptable, with the reason.

use std::ops::Range;

use super::{Directive, WrongDirective, is_reason, wrong};

/// An `allow` or `allow-file` directive, with the statements that it covers.
pub(crate) struct Allowance<'a> {
    /// The byte range of its comment.
    pub(crate) span: Range<usize>,
    pub(crate) rules: &'a [String],
    pub(crate) reason: &'a str,
    pub(crate) reach: Reach,
}

/// The statements that an allowance covers.
pub(crate) enum Reach {
    /// The statement in this byte range.
    Statement(Range<usize>),
    /// Every statement of the file.
    File,
    /// No statement: none follows the directive.
    Nothing,
}

pub(super) fn statement(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    allow("allow", rest).map(|(rules, reason)| Directive::Allow { rules, reason })
}

pub(super) fn file(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    allow("allow-file", rest).map(|(rules, reason)| Directive::AllowFile { rules, reason })
}

/// The rules and the reason of an allowance.
fn allow(verb: &str, rest: &str) -> Result<(Vec<String>, String), WrongDirective> {
    let form = format!("write `-- onward: {verb} <rule> because \"<reason>\"`");
    let lower = rest.to_ascii_lowercase();
    let (rules, reason) = match lower.find("because") {
        Some(at) => (&rest[..at], rest[at + "because".len()..].trim()),
        None => (rest, ""),
    };
    let rules: Vec<String> = rules
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|rule| !rule.is_empty())
        .map(str::to_owned)
        .collect();
    let reason = reason.trim_matches('"').trim();
    if rules.is_empty() {
        return Err(wrong("this `allow` names no rule", form));
    }
    if reason.starts_with('<') && reason.ends_with('>') {
        return Err(wrong(
            format!(
                "the reason of the `allow` for `{}` is not written yet",
                rules.join("`, `")
            ),
            format!(
                "write why the finding is acceptable in place of `{reason}`: a few words that the next \
                 reader can check; if there is no reason, follow the help of the finding"
            ),
        ));
    }
    if !is_reason(reason) {
        return Err(wrong(
            format!("the `allow` for `{}` gives no reason", rules.join("`, `")),
            format!("{form}; the reason is a few words that the next reader can check"),
        ));
    }
    Ok((rules, reason.to_owned()))
}
