//! The layers of each crate, from the bottom up: a module uses only those before it in its list. This
//! way, no circle of modules is possible.

use super::{Source, never};

/// A crate, and its modules from the bottom up. A module is a folder or a file of `src`.
struct House {
    src: &'static str,
    rooms: &'static [&'static str],
}

const HOUSES: [House; 4] = [
    House {
        src: "analyzer/src/",
        rooms: &[
            "finding",
            "text",
            "statement",
            "lower",
            "schema",
            "intake",
            "precondition",
            "folded",
            "tenancy",
            "effect",
            "plan",
            "replace",
            "check",
            "rules",
            "severity",
            "allow",
            "report",
            "analyze",
            "typed",
            "lib",
        ],
    },
    House {
        src: "connect/src/",
        rooms: &[
            "keyword",
            "surroundings",
            "unreadable",
            "text",
            "mode",
            "service",
            "password",
            "parameters",
            "server",
            "wanted",
            "opened",
            "no_tls",
            "tls",
            "trouble",
            "failure",
            "target",
            "open",
            "lib",
        ],
    },
    House {
        src: "runtime/src/",
        rooms: &[
            "plan", "sql", "session", "ledger", "messages", "outcome", "run", "data", "tenant",
            "operator", "status", "verify", "history", "adopt", "release", "startup", "up",
            "modules", "artifact", "testing", "types", "lib",
        ],
    },
    House {
        src: "cli/src/",
        rooms: &[
            "git", "adopt", "connect", "module", "service", "named", "running", "bridge", "input",
            "ctrl_c", "scratch", "targets", "new_file", "screen", "census", "editor", "live",
            "picture", "output", "outcome", "failure", "confirm", "fleet", "commands", "args",
            "operator", "process", "lib", "main",
        ],
    },
];

impl House {
    fn floor(&self, room: &str) -> Option<usize> {
        self.rooms.iter().position(|one| *one == room)
    }

    /// The uses in one file that lead upward, or to a module that is not in the list.
    fn upward(&self, source: &Source) -> Vec<String> {
        let Some(path) = source.path.strip_prefix(self.src) else {
            return Vec::new();
        };
        let own = path.split('/').next().unwrap_or(path);
        let own = own.trim_end_matches(".rs");
        let Some(floor) = self.floor(own) else {
            return vec![format!("{}:1: `{own}` has no floor", source.path)];
        };
        let mut found = Vec::new();
        for (n, line) in source.code() {
            for used in used_rooms(line) {
                match self.floor(used) {
                    Some(other) if other <= floor => {}
                    Some(_) => found.push(format!(
                        "{}:{n}: `{own}` uses `{used}`, which is above it",
                        source.path
                    )),
                    // A re-export of the crate's interface, such as `crate::Severity`.
                    None => found.push(format!(
                        "{}:{n}: `crate::{used}` is not a room",
                        source.path
                    )),
                }
            }
        }
        found
    }
}

/// The modules that a line names, as `crate::module`. A macro for users names what they see: `$crate::Plan`.
fn used_rooms(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("crate::").filter_map(|(at, path)| {
        let rest = &line[at + path.len()..];
        if line[..at].ends_with('$') && rest.starts_with(|c: char| c.is_ascii_uppercase()) {
            return None;
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let room = &rest[..end.unwrap_or(rest.len())];
        (!room.is_empty()).then_some(room)
    })
}

#[test]
fn no_module_uses_a_layer_above_it() {
    let check = |sources: &[Source]| {
        let houses = HOUSES.iter();
        houses
            .flat_map(|house| sources.iter().flat_map(|source| house.upward(source)))
            .collect()
    };
    let violations = [
        Source::new("analyzer/src/intake/settings.rs", "use crate::rules::ALL;"),
        Source::new("analyzer/src/text/quote.rs", "    crate::lower::lower(sql)"),
        Source::new("analyzer/src/cellar/mod.rs", ""),
        Source::new("analyzer/src/plan/build.rs", "use crate::Severity;"),
        Source::new("runtime/src/session/mod.rs", "use crate::run::Run;"),
        Source::new("cli/src/output/text.rs", "use crate::commands::check;"),
    ];
    never(check, violations);
}

#[test]
fn a_rule_uses_facts_and_fixes_and_no_other_rule() {
    let check = |sources: &[Source]| {
        let rules = sources
            .iter()
            .filter(|source| source.path.starts_with("analyzer/src/rules/"));
        let rules = rules.filter(|source| source.path.matches('/').count() > 3);
        rules.flat_map(uses_another_rule).collect()
    };
    let violations = [
        Source::new(
            "analyzer/src/rules/locks/lock_table.rs",
            "use crate::rules::hygiene::savepoint;",
        ),
        Source::new("analyzer/src/rules/locks/lock_table.rs", "use super::key;"),
        Source::new(
            "analyzer/src/rules/facts/rows.rs",
            "use crate::rules::fixes::key;",
        ),
    ];
    never(check, violations);
}

fn uses_another_rule(source: &Source) -> Vec<String> {
    let room = source.path.split('/').nth(3).unwrap_or_default();
    let is_shared = matches!(room, "facts" | "fixes");
    let allowed: &[&str] = match room {
        "facts" => &["facts"],
        _ => &["facts", "fixes"],
    };
    let mut found = Vec::new();
    for (n, line) in source.code() {
        let mut used = line.split("crate::rules::").skip(1);
        let elsewhere = used.any(|rest| {
            let word = rest
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next();
            !word.is_some_and(|word| allowed.contains(&word))
        });
        let beside = !is_shared && line.contains("super::") && !source.path.ends_with("/mod.rs");
        if elsewhere || beside {
            found.push(format!("{}:{n}: {}", source.path, line.trim()));
        }
    }
    found
}
