//! The check as one page for a browser.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
enum NotBuilt {
    #[error(
        "the check does not compile for a browser: cargo ended with {0}; `rustup target add wasm32-unknown-unknown` adds \
         what it needs"
    )]
    Cargo(std::process::ExitStatus),
}

/// Where the pages of the guide find it.
pub(crate) const PAGE: &str = "docs/guide/playground.html";

const TARGET: &str = "wasm32-unknown-unknown";

/// The page with the check in it, so that one file is all there is to copy.
pub(crate) fn page(root: &Path) -> Result<String, Box<dyn Error>> {
    let folder = root.join("playground");
    // Beside the builds of the workspace, which is another one.
    let built = root.join("target/playground");
    let status = Command::new(std::env::var_os("CARGO").map_or("cargo".into(), PathBuf::from))
        .args(["build", "--release", "--locked", "--target", TARGET])
        .env("CARGO_TARGET_DIR", &built)
        .current_dir(&folder)
        .status()?;
    if !status.success() {
        return Err(NotBuilt::Cargo(status).into());
    }
    let program = built.join(TARGET).join("release/onward_playground.wasm");
    let text = STANDARD.encode(fs::read(program)?);
    let page = fs::read_to_string(folder.join("page.html"))?;
    Ok(page.replace("{{wasm}}", &text))
}
