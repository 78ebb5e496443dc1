//! What holds for every text, well-formed or not; the fuzz targets check the same.

use onward_analyzer::lower::lower;
use onward_analyzer::split::split;

/// Statements are in order and inside the text; between them are only white space, semicolons and
/// comments; and each is one statement when it is split alone.
pub(crate) fn split_keeps_all(text: &str) {
    let cut = split(text);
    let mut end = 0;
    let mut data_may_follow = false;
    for raw in &cut.statements {
        let own = &text[raw.span.clone()];
        assert!(!own.is_empty() && end <= raw.span.start, "{text:?}");
        if !data_may_follow {
            nothing_is_left(text, end, raw.span.start, &cut.comments);
        }
        let again = split(own);
        let alone = match again.statements.as_slice() {
            [alone] if alone.span == (0..own.len()) => alone,
            others => panic!("{own:?} of {text:?} alone is {} statements", others.len()),
        };
        assert_eq!(
            raw.unclosed.map(|(what, at)| (what, at - raw.span.start)),
            alone.unclosed,
            "{own:?} of {text:?}"
        );
        end = raw.span.end;
        data_may_follow = own
            .get(..4)
            .is_some_and(|word| word.eq_ignore_ascii_case("copy"));
    }
    if !data_may_follow {
        nothing_is_left(text, end, text.len(), &cut.comments);
    }
}

fn nothing_is_left(text: &str, start: usize, end: usize, comments: &[std::ops::Range<usize>]) {
    let first = comments.partition_point(|comment| comment.start < start);
    let mut at = start;
    for comment in comments[first..]
        .iter()
        .take_while(|comment| comment.start < end)
    {
        only_space(text, at, comment.start);
        at = comment.end;
    }
    only_space(text, at, end);
}

fn only_space(text: &str, start: usize, end: usize) {
    let between = &text[start..end];
    let space = [' ', '\t', '\n', '\r', '\x0b', '\x0c', ';'];
    assert!(
        between.chars().all(|c| space.contains(&c)),
        "{between:?} is lost of {text:?}"
    );
}

/// Whatever a statement is, its clauses point into it.
pub(crate) fn lower_points_inside(text: &str) {
    for raw in &split(text).statements {
        let statement = lower(text, raw, "public");
        assert!(!statement.clauses.is_empty(), "{text:?}");
        for clause in &statement.clauses {
            let inside = raw.span.start <= clause.span.start && clause.span.end <= raw.span.end;
            assert!(
                inside && text.get(clause.span.clone()).is_some(),
                "{:?} of {text:?}",
                clause.span
            );
        }
    }
}
