//! On a copy of a folder of rules.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{NewRule, PAGE, RULE, RULES, new_rule};

const LOCKS: &str = "\
//! Rules about locks.

use crate::rule::Rule;

mod add_column;
pub(super) mod lock_table;
mod lock_table_twice;

pub(super) const RULES: &[&Rule] = &[
    &add_column::RULE,
    &lock_table::RULE,
    &lock_table_twice::RULE,
];
";

/// A workspace with two groups and a folder of shared code, removed at the end of its test.
struct Workspace(PathBuf);

impl Workspace {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("onward-xtask-{}-{next}", std::process::id());
        let workspace = Self(std::env::temp_dir().join(name));
        for (file, text) in [
            ("mod.rs", "mod facts;\nmod locks;\nmod tenancy;\n"),
            ("facts/mod.rs", "mod typed;\n"),
            ("locks/mod.rs", LOCKS),
            ("locks/add_column.rs", ""),
            ("locks/add_column.md", ""),
            ("tenancy/mod.rs", "mod nothing;\n"),
        ] {
            let path = workspace.path(file);
            fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("writable");
            fs::write(path, text).expect("writable");
        }
        workspace
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.join(RULES).join(file)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_default()
    }

    /// The error's text, after a look that nothing was written.
    fn refusal(&self, group: &str, id: &str) -> String {
        let files = || files(&self.0.join(RULES));
        let before = files();
        let result = self.new_rule(group, id);
        assert_eq!(files(), before);
        assert_eq!(self.read("locks/mod.rs"), LOCKS);
        result.err().unwrap_or_default()
    }

    fn new_rule(&self, group: &str, id: &str) -> Result<[PathBuf; 3], String> {
        let (group, id) = (group.to_owned(), id.to_owned());
        new_rule(&NewRule { group, id }, &self.0).map_err(|error| error.to_string())
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// All files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_rule_is_two_files_and_two_lines_in_alphabetical_order() {
    let workspace = Workspace::new();
    let written = workspace.new_rule("locks", "drop-index-2").expect("a rule");
    let names = [
        "locks/drop_index_2.rs",
        "locks/drop_index_2.md",
        "locks/mod.rs",
    ];
    assert_eq!(written, names.map(|name| workspace.path(name)));

    let rule = workspace.read("locks/drop_index_2.rs");
    for part in [
        "id: \"drop-index-2\"",
        "include_str!(\"drop_index_2.md\")",
        "group: Group::Locks",
    ] {
        assert!(rule.contains(part), "{rule}");
    }
    let page = workspace.read("locks/drop_index_2.md");
    assert!(page.starts_with("# drop-index-2\n"), "{page}");
    assert!(page.contains("--~ drop-index-2\n"), "{page}");
    for text in [rule, page] {
        assert!(!text.contains("{id}") && !text.contains("{name}"), "{text}");
    }
    let expected = LOCKS
        .replace(
            "pub(super) mod lock_table;",
            "mod drop_index_2;\npub(super) mod lock_table;",
        )
        .replace(
            "    &lock_table::RULE,",
            "    &drop_index_2::RULE,\n    &lock_table::RULE,",
        );
    assert_eq!(workspace.read("locks/mod.rs"), expected);
}

#[test]
fn the_first_and_the_last_place_are_right_too() {
    let workspace = Workspace::new();
    workspace.new_rule("locks", "add").expect("a rule");
    workspace.new_rule("locks", "vacuum").expect("a rule");
    workspace
        .new_rule("locks", "lock-table-once")
        .expect("a rule");
    let list = workspace.read("locks/mod.rs");
    let list = list.replace("pub(super) ", "");
    let lines = |start: &str, end: &str| -> Vec<String> {
        let names = list.lines().filter_map(|line| line.strip_prefix(start));
        let names = names.filter_map(|line| line.strip_suffix(end));
        names.map(str::to_owned).collect()
    };
    let expected = [
        "add",
        "add_column",
        "lock_table",
        "lock_table_once",
        "lock_table_twice",
        "vacuum",
    ];
    assert_eq!(lines("mod ", ";"), expected);
    assert_eq!(lines("    &", "::RULE,"), expected);
}

#[test]
fn an_id_that_is_not_kebab_case_is_refused() {
    let workspace = Workspace::new();
    for id in [
        "",
        "Drop",
        "drop_column",
        "drop--column",
        "-drop",
        "drop-",
        "2-drop",
        "../x",
    ] {
        let expected = format!(
            "`{id}` is not a rule id: write lower-case words and numbers with `-` between them, \
             such as drop-column"
        );
        assert_eq!(workspace.refusal("locks", id), expected);
    }
}

#[test]
fn a_group_that_does_not_exist_is_refused() {
    let workspace = Workspace::new();
    for group in ["lock", "facts", "", "../rules"] {
        let expected = format!("there is no group `{group}`; the groups are: locks, tenancy");
        assert_eq!(workspace.refusal(group, "drop-index"), expected);
    }
}

#[test]
fn a_rule_that_exists_is_refused_in_any_group() {
    let workspace = Workspace::new();
    for group in ["locks", "tenancy"] {
        let text = workspace.refusal(group, "add-column");
        assert!(
            text.starts_with("the rule `add-column` exists already, in "),
            "{text}"
        );
        assert!(text.ends_with("add_column.rs"), "{text}");
    }
}

#[test]
fn a_list_of_another_shape_is_left_alone() {
    let workspace = Workspace::new();
    let text = workspace.refusal("tenancy", "drop-index");
    assert!(
        text.ends_with("it has no `const RULES: &[&Rule] = &[`"),
        "{text}"
    );
}

/// The lists of the analyzer's groups are in the form that a rule is added to.
#[test]
fn each_group_of_the_analyzer_takes_a_rule() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(RULES);
    let lists = files(&rules).into_iter().filter(|path| {
        path.ends_with("mod.rs") && path.with_file_name("mod.rs") != rules.join("mod.rs")
    });
    let mut groups = 0;
    for path in lists {
        let text = fs::read_to_string(&path).expect("readable");
        if text.contains("::RULE,") {
            let longer =
                super::list::with_rule(&text, "zz_rule").expect("the list can be extended");
            assert!(longer.contains("mod zz_rule;") && longer.contains("&zz_rule::RULE,"));
            groups += 1;
        }
    }
    assert_eq!(groups, 10);
}

/// A module that is renamed in the analyzer must be renamed in the template too.
#[test]
fn the_template_imports_what_rules_import() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(RULES);
    let rules = files(&rules)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "rs"));
    let rules: Vec<_> = rules
        .map(|path| fs::read_to_string(path).expect("readable"))
        .collect();
    let imports = RULE.lines().filter_map(|line| line.strip_prefix("use "));
    let imports: Vec<_> = imports
        .map(|import| import.split("::{").next().unwrap_or(import))
        .collect();
    assert_eq!(imports.len(), 3);
    for import in imports {
        let known = rules
            .iter()
            .any(|rule| rule.contains(&format!("use {import}")));
        assert!(known, "no rule imports {import}");
    }
    assert!(PAGE.contains("| startup | seed | release | data |"));
}
