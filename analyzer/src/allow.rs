//! Settles findings against the allowances of a file.

use std::ops::Range;

use crate::file_name::Category;
use crate::finding::{Finding, Message, Place, Severity};
use crate::rule::Rule;
use crate::rules;

/// An allowance and what it speaks of.
pub(crate) struct Allowance<'a> {
    /// The bytes of its comment.
    pub(crate) span: Range<usize>,
    pub(crate) rules: &'a [String],
    pub(crate) reason: &'a str,
    pub(crate) reach: Reach,
}

/// What an allowance speaks of.
pub(crate) enum Reach {
    /// The statement with these bytes.
    Statement(Range<usize>),
    /// Every statement of the file.
    File,
    /// Nothing: no statement follows it.
    Nothing,
}

/// Notes the reason on what is allowed, and adds a finding for each allowance that allows nothing.
pub(crate) fn settle(
    path: &str,
    category: Category,
    mut findings: Vec<Finding>,
    allowances: &[Allowance<'_>],
) -> Vec<Finding> {
    let mut wrong = Vec::new();
    for allowance in allowances {
        for name in allowance.rules {
            let verdict = match rules::ALL.iter().find(|rule| rule.id == *name) {
                None => Err(rules::unknown(name)),
                Some(rule) if rule.levels.of(category) == Some(Severity::Forbid) => {
                    Err(cannot(rule, category))
                }
                Some(rule) => allow(&mut findings, rule, allowance),
            };
            wrong.extend(verdict.err().map(|message| {
                let place = Place::at(path, allowance.span.clone());
                Finding::new("wrong-allowance", Severity::Forbid, place, message)
            }));
        }
    }
    findings.append(&mut wrong);
    findings
}

/// Notes the reason on the rule's findings that the allowance reaches.
fn allow(findings: &mut [Finding], rule: &Rule, allowance: &Allowance<'_>) -> Result<(), Message> {
    let reaches = |finding: &Finding| match (&allowance.reach, &finding.place.span) {
        (Reach::File, _) => true,
        (Reach::Statement(statement), Some(span)) => {
            statement.start <= span.start && span.end <= statement.end
        }
        (Reach::Statement(_), None) | (Reach::Nothing, _) => false,
    };
    if matches!(allowance.reach, Reach::File) && !rule.group.allows_whole_files() {
        return Err(only_statements(rule));
    }
    let mut reached = 0;
    let of_rule =
        |finding: &&mut Finding| finding.rule == rule.id && finding.severity > Severity::Allow;
    for finding in findings.iter_mut().filter(of_rule) {
        if reaches(finding) {
            finding.allowed_because = Some(allowance.reason.to_owned());
            reached += 1;
        }
    }
    if reached == 0 {
        Err(unused(rule))
    } else {
        Ok(())
    }
}

fn cannot(rule: &Rule, category: Category) -> Message {
    let accepts = |category: &&Category| {
        let severity = rule.levels.of(**category);
        severity.is_some_and(|severity| severity < Severity::Forbid)
    };
    let elsewhere = [
        Category::Startup,
        Category::Release,
        Category::Seed,
        Category::Data,
    ];
    let help = match elsewhere.iter().find(accepts) {
        Some(other) => format!(
            "a {} migration ({} to {}) accepts the statement with a reason: move it there",
            other.word(),
            other.name(other.range().0),
            other.name(other.range().1)
        ),
        None => "no excuse makes it work: follow the help of the finding itself".to_owned(),
    };
    Message::new(
        format!(
            "`{}` cannot be allowed in a {} migration",
            rule.id,
            category.word()
        ),
        rule.summary,
        help,
    )
}

fn only_statements(rule: &Rule) -> Message {
    Message::new(
        format!("`{}` cannot be allowed for a whole file", rule.id),
        "what breaks or blocks others is excused one statement at a time, or the next one is excused \
         without a thought",
        format!(
            "write `-- onward: allow {} because \"<reason>\"` above each statement that it is right for",
            rule.id
        ),
    )
}

fn unused(rule: &Rule) -> Message {
    Message::new(
        format!("`{}` finds nothing in the next statement", rule.id),
        "a migration cannot be edited once it is applied, so an allowance without a use would stay \
         for ever",
        "remove the comment, or move it directly above the statement that it speaks of",
    )
}
