//! The list of a group's `mod.rs`: a `mod` line and an entry of `RULES` for each rule, in alphabetical
//! order.

use std::ops::Range;

/// The text with one rule more, or what is missing in it.
pub(super) fn with_rule(text: &str, name: &str) -> Result<String, &'static str> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let start = lines.iter().position(|line| line.contains("const RULES:"));
    let start = start.ok_or("it has no `const RULES: &[&Rule] = &[`")?;
    let length = lines[start..].iter().position(|line| line == "];");
    let end = start + length.ok_or("its list `RULES` has no line `];`")?;
    let first = lines.iter().position(|line| module(line).is_some());
    let first = first.ok_or("it has no `mod` line")?;
    let modules = lines[first..].iter().map_while(|line| module(line));
    let modules = first..first + modules.count();

    let entry_at = place(&lines, start + 1..end, entry, name);
    let module_at = place(&lines, modules, module, name);
    lines.insert(entry_at, format!("    &{name}::RULE,"));
    // The module lines are above the list, or else the entry is below its own line by one.
    let below = usize::from(module_at > entry_at);
    lines.insert(module_at + below, format!("mod {name};"));
    Ok(lines.join("\n") + "\n")
}

/// The line before which a name belongs.
fn place(
    lines: &[String],
    range: Range<usize>,
    name_of: fn(&str) -> Option<&str>,
    name: &str,
) -> usize {
    let is_behind = |line: &String| name_of(line).is_some_and(|other| other > name);
    let first = lines[range.clone()].iter().position(is_behind);
    first.map_or(range.end, |first| range.start + first)
}

/// `drop_view` for `mod drop_view;`, with or without a visibility.
fn module(line: &str) -> Option<&str> {
    let words = ["pub(super) ", "pub(crate) ", "pub "];
    let line = words
        .iter()
        .find_map(|word| line.strip_prefix(word))
        .unwrap_or(line);
    line.strip_prefix("mod ")?.strip_suffix(';')
}

/// `drop_view` for `    &drop_view::RULE,`.
fn entry(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix('&')?.strip_suffix("::RULE,")
}
