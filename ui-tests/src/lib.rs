//! The compiler's messages: one case for each kind of message, run by `tests/ui.rs`.
//!
//! A case is `tests/fail/<case>.rs` with its folder `migrations/<case>` and the expected output
//! `tests/fail/<case>.stderr`; `TRYBUILD=overwrite cargo test -p onward-ui-tests` rewrites the
//! outputs, and `git diff` shows what changed for users.
