//! The check of Onward, compiled to WebAssembly: a page sends the files that a reader types, and gets what the compiler would
//! print.
//!
//! Bytes go in and out one at a time, so that the page needs no generated code and this crate no pointer. A file is its name,
//! a zero byte, its text and another zero byte.

use std::sync::{Mutex, PoisonError};

use onward_analyzer::source::Module;
use onward_analyzer::{Analysis, analyze, report};

/// What the page has sent since the last answer, and the answer.
static WIRE: Mutex<(Vec<u8>, Vec<u8>)> = Mutex::new((Vec::new(), Vec::new()));

/// Takes a byte of the question.
#[unsafe(no_mangle)]
pub extern "C" fn send(byte: u32) {
    let mut wire = WIRE.lock().unwrap_or_else(PoisonError::into_inner);
    wire.0.push(u8::try_from(byte).unwrap_or_default());
}

/// Judges what was sent. The number of bytes of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn judge() -> u32 {
    let mut wire = WIRE.lock().unwrap_or_else(PoisonError::into_inner);
    let question = String::from_utf8_lossy(&wire.0).into_owned();
    wire.0.clear();
    wire.1 = answer(&question).into_bytes();
    u32::try_from(wire.1.len()).unwrap_or(u32::MAX)
}

/// A byte of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn receive(at: u32) -> u32 {
    let wire = WIRE.lock().unwrap_or_else(PoisonError::into_inner);
    let byte = usize::try_from(at).ok().and_then(|at| wire.1.get(at));
    byte.copied().map_or(0, u32::from)
}

/// What the compiler would print, and below it the locks of each statement.
#[must_use]
pub fn answer(question: &str) -> String {
    let parts: Vec<&str> = question.split('\0').collect();
    let files = parts.chunks_exact(2).filter_map(|pair| match pair {
        [name, text] => Some((*name, *text)),
        _ => None,
    });
    let analysis = analyze(Module::in_memory("shop", files));
    let mut answer = report::by_file(&analysis.findings, &analysis.module.texts).join("\n");
    if answer.is_empty() {
        answer.push_str("nothing is wrong: this folder compiles\n");
    }
    answer + &locks(&analysis)
}

fn locks(analysis: &Analysis) -> String {
    let mut lines = String::from("\nlocks:\n");
    for statement in &analysis.statements {
        let file = analysis.module.sources.get(statement.source);
        let name = file.map(|file| file.name.as_str()).unwrap_or_default();
        let held: Vec<String> = { statement.locks.iter() }
            .map(|(relation, lock)| format!("{lock} on {relation}"))
            .collect();
        let held = match held.is_empty() {
            true => "none on what exists before it".to_owned(),
            false => held.join(", "),
        };
        lines.push_str(&format!("  {name}: {}: {held}\n", statement.kind));
    }
    lines
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_folder_is_judged_as_the_compiler_does() {
        let table = "001_a.sql\0CREATE TABLE shop.a (b bigint PRIMARY KEY);\0";
        let index = "002_b.sql\0CREATE INDEX a_b_idx ON shop.a (b);\0";
        let answer = super::answer(&[table, index].concat());
        assert!(
            answer.contains("error[index-without-concurrently]"),
            "{answer}"
        );
        assert!(
            answer.contains("002_b.sql: create-index: SHARE on shop.a"),
            "{answer}"
        );
        assert!(super::answer(table).starts_with("nothing is wrong"));
        assert!(super::answer("\0").contains("error"));
    }
}
