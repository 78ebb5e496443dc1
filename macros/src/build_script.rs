//! Whether cargo notices a new file.

use std::env;
use std::path::{Path, PathBuf};

/// What to add to a crate without a build script. Cargo then watches the files that the macro has read, but
/// not the folder, and a file that is added is in no build until another one is edited.
///
/// Only a source of the crate's own `src` is asked for it: a test or an example is not deployed, and a
/// documentation test or a file that a test compiles as part of another crate has no place for a build script.
pub(crate) fn missing(literal: &str, found: &Path, caller: Option<&Path>) -> Option<String> {
    if env::var_os("OUT_DIR").is_some() || env::var_os("CARGO_PRIMARY_PACKAGE").is_none() {
        return None;
    }
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)?;
    let sources = package.join("src").canonicalize().ok()?;
    if !caller?.canonicalize().ok()?.starts_with(sources) {
        return None;
    }
    let levels = package
        .ancestors()
        .position(|above| above.join(literal) == *found)?;
    let watched = format!("{}{literal}", "../".repeat(levels));
    Some(format!(
        "this crate has no build script: cargo does not notice a new file in {literal}\n\n\
         Write this into `build.rs`, beside the crate's Cargo.toml:\n\n    \
         fn main() {{\n        println!(\"cargo::rerun-if-changed={watched}\");\n    }}\n"
    ))
}
