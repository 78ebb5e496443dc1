//! A new file in the folder makes cargo expand `embed_migrations!` again.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    writeln!(
        std::io::stdout(),
        "cargo::rerun-if-changed=../../migrations/auth\ncargo::rerun-if-changed=migrations"
    )
}
