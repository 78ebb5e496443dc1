//! What no source file may contain: too many lines, a panic, a catch-all arm, a test that never runs.

use super::{Source, never, never_says};

#[test]
fn no_file_has_more_than_500_lines() {
    let check = |sources: &[Source]| {
        let long = sources
            .iter()
            .map(|source| (source, source.text.lines().count()));
        long.filter(|(_, lines)| *lines > 500)
            .map(|(source, lines)| format!("{}:501: the file has {lines} lines", source.path))
            .collect()
    };
    never(check, [Source::new("cli/src/long.rs", "\n".repeat(501))]);
}

/// A new variant must be thought about in each of these places.
#[test]
fn our_own_enums_are_matched_without_a_catch_all() {
    let files = [
        "analyzer/src/effect/",
        "analyzer/src/finding.rs",
        "analyzer/src/analyze/",
        "analyzer/src/plan/",
        "analyzer/src/schema/",
        "analyzer/src/statement/",
        "macros/src/",
        "runtime/src/ledger/",
        "runtime/src/messages/",
        "runtime/src/plan/migration.rs",
        "runtime/src/plan/mod.rs",
        "runtime/src/plan/step.rs",
        "runtime/src/run/",
    ];
    let violation = Source::new(
        "analyzer/src/effect/mode.rs",
        "        _ => Mode::Transactional,",
    );
    never_says(&files, &["_ =>"], [violation]);
}

#[test]
fn no_panic_in_the_macro_the_analyzer_or_the_runtime() {
    let words = [
        "panic!(",
        ".unwrap()",
        ".expect(",
        "unreachable!(",
        "todo!(",
        "unimplemented!(",
    ];
    let violations = words.map(|word| Source::new("runtime/src/run/mod.rs", word));
    never_says(
        &["analyzer/src/", "macros/src/", "runtime/src/"],
        &words,
        violations,
    );
}

#[test]
fn nothing_is_unsafe() {
    let words = [" fn", " {", " impl", " extern"].map(|rest| format!("unsafe{rest}"));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let seeded = format!("un{}", "safe { free(p) }");
    never_says(&[""], &words, [Source::new("cli/src/main.rs", seeded)]);
}

#[test]
fn no_module_has_a_meaningless_name() {
    let check = |sources: &[Source]| {
        let empty_words = ["util", "utils", "helper", "helpers", "common", "misc"];
        let named = |source: &&Source| {
            let mut parts = source.path.trim_end_matches(".rs").split('/');
            parts.any(|part| empty_words.contains(&part))
        };
        let files = sources.iter().filter(named);
        let mut found: Vec<String> = files.map(|source| format!("{}:1", source.path)).collect();
        let inline = |line: &str| {
            let name = line
                .trim_start()
                .trim_start_matches("pub ")
                .strip_prefix("mod ");
            name.is_some_and(|name| empty_words.contains(&name.trim_end_matches([' ', '{', ';'])))
        };
        for source in sources {
            let lines = source.code().filter(|(_, line)| inline(line));
            found.extend(lines.map(|(n, line)| format!("{}:{n}: {line}", source.path)));
        }
        found
    };
    let violations = [
        Source::new("runtime/src/utils.rs", ""),
        Source::new("tests/tests/common/mod.rs", ""),
        Source::new("cli/src/main.rs", "mod helpers {"),
    ];
    never(check, violations);
}

#[test]
fn no_test_is_skipped_silently() {
    // Directly, and behind a condition.
    let ways = [concat!("#[", "ignore"), concat!(", ", "ignore)]")];
    let check = |sources: &[Source]| {
        let line = |source: &Source| {
            let skips = |line: &str| ways.iter().any(|way| line.contains(way));
            let at = source.text.lines().position(skips)?;
            Some(format!(
                "{}:{}: a test that never runs",
                source.path,
                at + 1
            ))
        };
        sources.iter().filter_map(line).collect()
    };
    let violations = ways.map(|way| format!("#[cfg(test)]\nmod tests {{\n{way}\n"));
    never(
        check,
        violations.map(|text| Source::new("cli/src/main.rs", text)),
    );
}
