//! What must stay in its crate or folder: file access, the grammar's tree, features.

use super::{Source, never};

#[test]
fn only_source_touches_files_and_the_environment() {
    let check = |sources: &[Source]| {
        sources
            .iter()
            .filter(|source| source.is_below(&["analyzer/src/"]))
            .filter(|source| source.path != "analyzer/src/intake/source.rs")
            .flat_map(|source| source.lines_with(&["std::fs", "std::env", " fs::", "env::var"]))
            .collect()
    };
    never(check, [Source::new("analyzer/src/plan/", "use std::fs;")]);
}

/// Something private cannot expose the grammar's tree, so only `lower` may be public there.
#[test]
fn lower_exports_one_function_and_no_type_of_the_grammar() {
    let check = |sources: &[Source]| {
        let lower = sources
            .iter()
            .filter(|source| source.is_below(&["analyzer/src/lower/"]));
        let public = lower.flat_map(|source| source.lines_with(&["pub ", "pub(crate)"]));
        public.filter(|line| !line.ends_with(PUBLIC_DOOR)).collect()
    };
    const PUBLIC_DOOR: &str =
        "pub fn lower(text: &str, raw: &Raw, scope: impl Into<Scope>) -> Statement {";
    let text = "pub fn name(node: Node<'_>) -> Name {";
    never(check, [Source::new("analyzer/src/lower/mod.rs", text)]);
}

/// A feature adds a module, and changes nothing in the others.
#[test]
fn no_feature_changes_types() {
    // A room as a whole, which adds names and changes none.
    const ROOM: &str = "#[cfg(feature = \"testing\")]\npub mod testing;\n";
    let check = |sources: &[Source]| {
        let below = ["analyzer/src/", "macros/src/", "runtime/src/"];
        let all = sources.iter().filter(|source| source.is_below(&below));
        all.flat_map(|source| {
            let text = match source.path.as_str() {
                "runtime/src/lib.rs" => source.text.replace(ROOM, ""),
                // What is known of other crates' types: each is added as a whole, and changes none of ours.
                "runtime/src/types/crates.rs" => String::new(),
                _ => source.text.clone(),
            };
            Source::new(&source.path, text).lines_with(&["cfg(feature", "cfg_attr(feature"])
        })
        .collect()
    };
    let violations = [
        Source::new("runtime/src/plan/mod.rs", "#[cfg(feature = \"time\")]"),
        Source::new(
            "runtime/src/lib.rs",
            "#[cfg(feature = \"testing\")]\npub struct Plan;",
        ),
    ];
    never(check, violations);
}
