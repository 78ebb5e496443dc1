//! Cargo rebuilds a crate after a file in its folder of migrations changed or was added.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A crate that prints the digest of its plan.
struct Crate(PathBuf);

impl Crate {
    fn new() -> Self {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .canonicalize()
            .unwrap();
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rebuild");
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        fs::create_dir_all(root.join("src")).unwrap();
        fs::create_dir_all(root.join("migrations/items")).unwrap();
        let runtime = workspace.join("runtime");
        let manifest = [
            "[package]\nname = \"rebuild\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n",
            "[dependencies]\nonward = { path = \"",
            runtime.to_str().unwrap(),
            "\" }\n",
        ];
        fs::write(root.join("Cargo.toml"), manifest.concat()).unwrap();
        // The same versions as in this workspace: they are on this machine already.
        fs::copy(workspace.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
        fs::write(
            root.join("src/main.rs"),
            "static PLAN: onward::Plan = onward::embed_migrations!(\"migrations/items\");\n\
             fn main() { println!(\"{}\", PLAN.digest()); }\n",
        )
        .unwrap();
        Self(root)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join("migrations/items").join(name), text).unwrap();
    }

    fn cargo(&self) -> Output {
        Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--offline"])
            .current_dir(&self.0)
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("rebuild-target"),
            )
            .output()
            .unwrap()
    }

    /// The digest of the plan in the binary that cargo now builds, or the compiler's output.
    fn run(&self) -> Result<String, String> {
        let output = self.cargo();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        if output.status.success() {
            Ok(text(output.stdout))
        } else {
            Err(text(output.stderr))
        }
    }

    /// Whether the compiler prints that new files are not noticed.
    fn lacks_a_build_script(&self) -> bool {
        let printed = String::from_utf8(self.cargo().stderr).unwrap();
        printed.contains("this crate has no build script")
    }
}

#[test]
fn an_edited_file_and_with_a_build_script_a_new_one_make_cargo_expand_again() {
    let project = Crate::new();
    project.write(
        "001_items.sql",
        "CREATE TABLE items.items (id int PRIMARY KEY);\n",
    );
    let first = project.run().unwrap();
    assert_eq!(project.run().unwrap(), first);
    assert!(project.lacks_a_build_script());

    project.write(
        "001_items.sql",
        "CREATE TABLE items.items (id bigint PRIMARY KEY);\n",
    );
    let edited = project.run().unwrap();
    assert_ne!(edited, first, "cargo notices an edit without build.rs");

    let build = "fn main() { println!(\"cargo::rerun-if-changed=migrations\"); }\n";
    fs::write(project.0.join("build.rs"), build).unwrap();
    assert_eq!(project.run().unwrap(), edited);
    assert!(!project.lacks_a_build_script());

    project.write(
        "002_note.sql",
        "ALTER TABLE items.items ADD COLUMN note text;\n",
    );
    let added = project.run().unwrap();
    assert_ne!(added, edited);

    project.write("002_note.sql", "ALTER TABLE items.items DROP COLUMN id;\n");
    let refused = project.run().unwrap_err();
    assert!(refused.contains("error[drop-column]"), "{refused}");

    project.write(
        "002_note.sql",
        "ALTER TABLE items.items ADD COLUMN note text;\n",
    );
    assert_eq!(project.run().unwrap(), added);

    fs::write(
        project.0.join("migrations/items/onward.toml"),
        "schema = \"other\"\n",
    )
    .unwrap();
    let refused = project.run().unwrap_err();
    let owner = "this module owns the schema other";
    assert!(
        refused.contains(owner),
        "a setting is noticed by itself: {refused}"
    );
}
