use std::error::Error;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

/// A folder that every user may read, removed at the end of its test.
pub(crate) struct Folder {
    pub(crate) path: String,
}

impl Folder {
    pub(crate) fn new(name: &str) -> Result<Folder, Box<dyn Error>> {
        let path = format!("/tmp/onward-{name}-{}", std::process::id());
        fs::create_dir(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o755))?;
        Ok(Folder { path })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
