//! Folders of migrations that a test writes while it runs: other versions of the same module.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use onward::Plan;
use onward_cli::FolderError;

/// A module in a temporary folder, removed at the end of its test.
pub(crate) struct Folder {
    root: PathBuf,
    module: PathBuf,
}

impl Folder {
    /// Without a migration. The folder has the schema's name, and its files are not checked: the runner
    /// must also handle what the compiler would refuse.
    pub(crate) fn empty(schema: &str) -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("onward-runs-{}-{number}", std::process::id());
        let root = std::env::temp_dir().join(name);
        let module = root.join(schema);
        fs::create_dir_all(&module).expect("a temporary folder can be created");
        Folder { root, module }.with("onward.toml", onward_tests::UNJUDGED)
    }

    /// A copy of the fixture that [`SHOP`](crate::SHOP) embeds.
    pub(crate) fn shop() -> Folder {
        let folder = Folder::empty("shop");
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/shop");
        for entry in fs::read_dir(fixture).expect("the fixture exists") {
            let file = entry.expect("the fixture can be read").path();
            let name = file.file_name().expect("a file has a name");
            fs::copy(&file, folder.module.join(name)).expect("the fixture can be copied");
        }
        folder
    }

    /// With one more file, or another text of one.
    pub(crate) fn with(self, name: &str, text: &str) -> Folder {
        fs::write(self.module.join(name), text).expect("a file can be written");
        self
    }

    /// With the text of a file changed.
    pub(crate) fn edited(self, name: &str, edit: impl Fn(String) -> String) -> Folder {
        let text = fs::read_to_string(self.module.join(name)).expect("the file exists");
        let edited = edit(text.clone());
        assert_ne!(text, edited, "{name} is unchanged");
        self.with(name, &edited)
    }

    pub(crate) fn without(self, name: &str) -> Folder {
        fs::remove_file(self.module.join(name)).expect("the file existed");
        self
    }

    /// The plan, as `embed_migrations!` would build it.
    pub(crate) fn plan(&self) -> Result<Plan, FolderError> {
        onward_cli::plan(&self.module)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

#[test]
fn the_command_line_reads_a_folder_as_the_compiler_does() {
    let plan = Folder::shop().plan().expect("the fixture is clean");
    assert_eq!(plan.digest(), crate::SHOP.digest());
    assert_eq!(plan.lock(), crate::SHOP.lock());
    assert_eq!(plan.to_string(), crate::SHOP.to_string());
}
