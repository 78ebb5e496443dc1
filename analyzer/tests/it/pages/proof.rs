//! The checks of pages can fail.

use onward_cases::page::{Page, parse};

use super::check;

const GOOD: &str = "\
# drop-table

## Caught

`001_a.sql`
```sql
CREATE TABLE app.a (b bigint PRIMARY KEY);
```

`002_drop.sql`
```sql
DROP TABLE app.a; --~ drop-table
```

## Not caught

`001_a.sql`
```sql
CREATE TABLE app.a (b bigint PRIMARY KEY);
```

## The safe way

`001_a.sql`
```sql
CREATE TABLE app.a (b bigint PRIMARY KEY);
```
";

fn page(text: &str) -> Page {
    parse(text).expect("the page can be read")
}

fn markers(text: &str) -> Vec<String> {
    let cases = page(text).cases;
    let problems = cases
        .iter()
        .flat_map(|case| check::markers("drop-table", case));
    problems.collect()
}

#[test]
fn markers_are_compared_both_ways() {
    let none: [&str; 0] = [];
    assert_eq!(markers(GOOD), none);
    assert_eq!(
        markers(&GOOD.replace(" --~ drop-table", "")),
        ["12: \"Caught\": 002_drop.sql:1: got drop-table, expected nothing"]
    );
    assert_eq!(
        markers(&GOOD.replacen("PRIMARY KEY);", "PRIMARY KEY); --~ drop-table", 1)),
        ["7: \"Caught\": 001_a.sql:1: expected drop-table, got nothing"]
    );
    assert_eq!(
        markers(&GOOD.replace("--~ drop-table", "--~ drop-tabel")),
        [
            "12: \"Caught\": 002_drop.sql:1: expected drop-tabel, got drop-table",
            "12: \"Caught\": 002_drop.sql:1: got drop-table, expected nothing"
        ]
    );
    assert_eq!(
        markers(&GOOD.replacen("`001_a.sql`", "`001_a.sql` --~ file-name", 1)),
        ["5: \"Caught\": 001_a.sql:0: expected file-name, got nothing"]
    );
}

#[test]
fn a_marker_with_a_caret_means_the_line_above() {
    let above = GOOD.replace(" --~ drop-table", "\n--~^ drop-table");
    assert_eq!(markers(&above), [""; 0]);
}

#[test]
fn a_rendering_is_written_once_and_then_kept() {
    let blessed = check::bless("drop-table", GOOD, &page(GOOD));
    assert!(blessed.contains("error[drop-table]"), "{blessed}");
    assert_eq!(
        check::bless("drop-table", &blessed, &page(&blessed)),
        blessed
    );
    let other = blessed.replace("error[", "warning[");
    let problem = page(&other)
        .cases
        .iter()
        .find_map(|case| check::rendering("drop-table", case));
    assert!(problem.is_some_and(|problem| problem.contains("the findings differ")));
}

#[test]
fn a_page_without_a_required_case_is_an_error() {
    for (from, to, problem) in [
        (
            "# drop-table",
            "# drop-view",
            "1: the title is `drop-view`, not `drop-table`",
        ),
        (
            "--~ drop-table",
            "--~ x",
            "1: the page has no case that is caught",
        ),
        (
            "## Not caught",
            "## Instead",
            "1: the page has no case that is rightly not caught",
        ),
        (
            "## The safe way",
            "## Another",
            "1: the page has no case that is called \"The safe way\" or \"Instead\"",
        ),
        (
            "## Caught",
            "## Instead",
            "3: \"Instead\" shows the safe way but has findings",
        ),
        (
            "## Not caught\n",
            "## Empty\n\n## Not caught\n",
            "15: \"Empty\" has no SQL",
        ),
        (
            "## Caught",
            "## Caught",
            "3: \"Caught\" shows no findings, `BLESS=1` writes them",
        ),
    ] {
        let problems = check::structure("drop-table", &page(&GOOD.replace(from, to)));
        assert!(problems.iter().any(|p| p == problem), "{to}: {problems:?}");
    }
}

#[test]
fn facts_that_differ_from_the_rule_are_an_error() {
    let rule = onward_analyzer::RULES
        .iter()
        .find(|rule| rule.id == "drop-table");
    let rule = rule.expect("there is such a rule");
    let problems = check::facts(rule, &page(GOOD)).join("\n");
    assert!(
        problems.contains("the page must state the severities as"),
        "{problems}"
    );
    assert!(
        problems.contains("Also known as: `ban-drop-table`"),
        "{problems}"
    );
}

#[test]
fn text_that_is_not_a_page_is_an_error_with_its_line() {
    for (from, to, problem) in [
        (
            "# drop-table",
            "drop-table",
            "line 1: a page must begin with `# id`",
        ),
        (
            "`002_drop.sql`",
            "",
            "line 11: an sql block must be below its file name in backticks",
        ),
        (
            "`002_drop.sql`",
            "`001_a.sql`",
            "line 11: the case already has a file with this name",
        ),
        (
            "## Caught",
            "Caught",
            "line 6: a block must be below the title of a case",
        ),
        (
            "```sql\nDROP",
            "```rust\nDROP",
            "line 11: a block must be `sql`, `toml`, `lock` or `findings`",
        ),
        (
            "PRIMARY KEY);\n```\n",
            "PRIMARY KEY);\n",
            "line 17: this block is not closed",
        ),
    ] {
        let got = parse(&GOOD.replace(from, to)).map(|_| ());
        assert!(got.as_ref().is_err_and(|e| e == problem), "{to}: {got:?}");
    }
}
