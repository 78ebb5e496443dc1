//! Temporary folders with modules in them.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Ended, command, run};

/// A folder of its own for each test, removed at the end of it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// With these files, by their paths below the folder.
    pub(crate) fn new<Text: AsRef<[u8]>>(files: &[(&str, Text)]) -> Result<Self, Box<dyn Error>> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("onward-cli-{}-{next}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        for (file, text) in files {
            let path = folder.0.join(file);
            fs::create_dir_all(path.parent().ok_or("a file lies in a folder")?)?;
            fs::write(path, text)?;
        }
        Ok(folder)
    }

    /// A module `shop` with these files, or with none.
    pub(crate) fn shop(files: &[(&str, &[u8])]) -> Result<Self, Box<dyn Error>> {
        let paths: Vec<_> = files
            .iter()
            .map(|(file, _)| format!("shop/{file}"))
            .collect();
        let files = paths.iter().zip(files);
        let files: Vec<_> = files
            .map(|(path, (_, text))| (path.as_str(), text))
            .collect();
        let folder = Self::new(&files)?;
        fs::create_dir_all(folder.0.join("shop"))?;
        Ok(folder)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    /// The path of the module `shop`.
    pub(crate) fn path(&self) -> String {
        self.0.join("shop").display().to_string()
    }

    /// Runs `onward check` in the folder.
    pub(crate) async fn check(&self, arguments: &[&str]) -> Result<Ended, Box<dyn Error>> {
        self.run(&[&["check"], arguments].concat()).await
    }

    /// Runs `onward` in the folder.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Result<Ended, Box<dyn Error>> {
        let mut command = command(arguments);
        command.current_dir(&self.0);
        run(command).await
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
