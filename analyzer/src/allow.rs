//! Settles findings against the allowances of a file.

use std::ops::Range;

use crate::directive::nearest;
use crate::file_name::Category;
use crate::finding::{Finding, Message, Place, Severity};
use crate::rule::Rule;
use crate::rules;

/// An allowance and the statement it speaks of.
pub(crate) struct Allowance<'a> {
    /// The bytes of its comment.
    pub(crate) span: Range<usize>,
    pub(crate) rules: &'a [String],
    /// The bytes of the statement, when one follows.
    pub(crate) statement: Option<Range<usize>>,
}

/// Takes out what is allowed, and adds a finding for each allowance that allows nothing.
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
                None => Err(unknown(name)),
                Some(rule) if rule.levels.of(category) == Severity::Forbid => {
                    Err(cannot(rule, category))
                }
                Some(rule) => match take(&mut findings, rule, allowance) {
                    0 => Err(unused(rule)),
                    _ => Ok(()),
                },
            };
            wrong.extend(verdict.err().map(|message| Finding {
                rule: "wrong-allowance",
                severity: Severity::Forbid,
                place: Place::at(path, allowance.span.clone()),
                message,
            }));
        }
    }
    findings.append(&mut wrong);
    findings
}

/// Removes the rule's findings inside the statement and says how many there were.
fn take(findings: &mut Vec<Finding>, rule: &Rule, allowance: &Allowance<'_>) -> usize {
    let before = findings.len();
    findings.retain(|finding| {
        let inside = match (&allowance.statement, &finding.place.span) {
            (Some(statement), Some(span)) => {
                statement.start <= span.start && span.end <= statement.end
            }
            (None, _) | (_, None) => false,
        };
        !(inside && finding.rule == rule.id)
    });
    before - findings.len()
}

fn unknown(name: &str) -> Message {
    let alias = rules::ALL.iter().find(|rule| rule.aliases.contains(&name));
    let ids = rules::ALL.iter().map(|rule| rule.id);
    let help = match (alias, nearest(name, ids)) {
        (Some(rule), _) => format!("that is `{}` here", rule.id),
        (None, Some(guess)) => format!("did you mean `{guess}`?"),
        (None, None) => "take the name from the finding that is to be allowed".to_owned(),
    };
    Message::new(
        format!("there is no rule `{name}`"),
        "an allowance that nothing reads would look as if it worked",
        help,
    )
}

fn cannot(rule: &Rule, category: Category) -> Message {
    let release = category == Category::Startup && rule.levels.release < Severity::Forbid;
    Message::new(
        format!(
            "`{}` cannot be allowed in a {} migration",
            rule.id,
            category.word()
        ),
        rule.summary,
        if release {
            "a release migration accepts the statement; a startup migration has to be safe without \
             an excuse"
        } else {
            "no excuse makes it work: follow the help of the finding itself"
        },
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
