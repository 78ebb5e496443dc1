//! A text that is one statement, for tests of what is read from it.

use onward_analyzer::lower::lower;
use onward_analyzer::split::split;
use onward_analyzer::statement::Statement;

/// Parses the statement in the module `app`.
pub(crate) fn statement(text: &str) -> Statement {
    let split = split(text);
    assert_eq!(split.statements.len(), 1, "{text}");
    lower(text, &split.statements[0], "app")
}
