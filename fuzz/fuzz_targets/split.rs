//! `cargo +nightly fuzz run split`: no text makes the splitter panic or lose a byte.

#![no_main]

#[path = "../../analyzer/tests/it/promises/mod.rs"]
#[expect(dead_code, reason = "one promise for each target")]
mod promises;

libfuzzer_sys::fuzz_target!(|text: &str| promises::split_keeps_all(text));
