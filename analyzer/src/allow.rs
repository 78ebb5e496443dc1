//! Applies the `allow` directives of a file to its findings.

use std::ops::Range;

use crate::check::rule::Rule;
use crate::finding::{Finding, Place, Severity};
use crate::intake::directive::{Allowance, Reach};
use crate::intake::file_name::Category;
use crate::intake::problem::{Fact, Problem, WrongAllowance};
use crate::rules;

/// Writes the reason into each finding that is allowed, and returns a problem for each allowance that
/// allows nothing. An allowance for a refused clause is kept: the rules were not asked there.
pub(crate) fn settle(
    path: &str,
    category: Category,
    findings: &mut [Finding],
    refused: &[Range<usize>],
    allowances: &[Allowance<'_>],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for allowance in allowances {
        for name in allowance.rules {
            let outcome = match rules::named(name) {
                Err(unknown) => Err(WrongAllowance::UnknownRule(unknown)),
                Ok(rule) if rule.levels.of(category) == Some(Severity::Forbid) => {
                    Err(forbidden(rule, category))
                }
                Ok(rule) => allow(findings, refused, rule, allowance),
            };
            problems.extend(outcome.err().map(|wrong| Problem {
                place: Place::at(path, allowance.span.clone()),
                fact: Fact::Allowance(wrong),
            }));
        }
    }
    problems
}

/// Writes the reason into the findings of the rule that the allowance covers.
fn allow(
    findings: &mut [Finding],
    refused: &[Range<usize>],
    rule: &Rule,
    allowance: &Allowance<'_>,
) -> Result<(), WrongAllowance> {
    let reaches = |span: Option<&Range<usize>>| match (&allowance.reach, span) {
        (Reach::File, _) => true,
        (Reach::Statement(statement), Some(span)) => {
            statement.start <= span.start && span.end <= statement.end
        }
        (Reach::Statement(_), None) | (Reach::Nothing, _) => false,
    };
    if matches!(allowance.reach, Reach::File) && !rule.group.allows_whole_files() {
        return Err(WrongAllowance::WholeFile(rule.id));
    }
    let mut reached = 0;
    let of_rule =
        |finding: &&mut Finding| finding.rule == rule.id && finding.severity > Severity::Allow;
    for finding in findings.iter_mut().filter(of_rule) {
        if reaches(finding.place.span.as_ref()) {
            finding.allowed_because = Some(allowance.reason.to_owned());
            reached += 1;
        }
    }
    if reached == 0 && !refused.iter().any(|span| reaches(Some(span))) {
        Err(WrongAllowance::Unused(rule.id))
    } else {
        Ok(())
    }
}

fn forbidden(rule: &Rule, category: Category) -> WrongAllowance {
    let accepts = |category: &Category| {
        let severity = rule.levels.of(*category);
        severity.is_some_and(|severity| severity < Severity::Forbid)
    };
    let others = [
        Category::Startup,
        Category::Release,
        Category::Seed,
        Category::Data,
    ];
    WrongAllowance::Forbidden {
        rule: rule.id,
        summary: rule.summary,
        category,
        elsewhere: others.into_iter().find(accepts),
    }
}
