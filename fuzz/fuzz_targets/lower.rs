//! `cargo +nightly fuzz run lower`: no text makes the parser panic or point outside of it.

#![no_main]

#[path = "../../analyzer/tests/it/promises/mod.rs"]
#[expect(dead_code, reason = "one promise for each target")]
mod promises;

libfuzzer_sys::fuzz_target!(|text: &str| promises::lower_points_inside(text));
