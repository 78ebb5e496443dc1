//! The last judgement of each module, for all questions that come before one of its texts changes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use super::folder::{Folder, texts_of};

/// What a judgement was made of: the texts of the editor, and the files on disk of which the editor has none, with
/// their sizes and times.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    texts: BTreeMap<String, String>,
    on_disk: BTreeMap<OsString, (u64, Option<SystemTime>)>,
}

impl Seen {
    fn now(path: &Path, texts: BTreeMap<String, String>) -> Self {
        let entries = path.read_dir().into_iter().flatten().flatten();
        let unedited = entries.filter(|entry| {
            let name = entry.file_name();
            name.to_str().is_none_or(|name| !texts.contains_key(name))
        });
        let on_disk = unedited
            .filter_map(|entry| {
                let about = entry.metadata().ok()?;
                Some((entry.file_name(), (about.len(), about.modified().ok())))
            })
            .collect();
        Self { texts, on_disk }
    }
}

/// The modules of this conversation, by their folders.
#[derive(Default)]
pub(super) struct Kept(BTreeMap<PathBuf, (Seen, Rc<Folder>)>);

impl Kept {
    /// The module as it is now: judged again only if something in it has changed.
    pub(super) fn judged(&mut self, path: &Path, edited: &BTreeMap<PathBuf, String>) -> Rc<Folder> {
        let seen = Seen::now(path, texts_of(path, edited));
        if let Some((last, folder)) = self.0.get(path)
            && *last == seen
        {
            return Rc::clone(folder);
        }
        let folder = Rc::new(Folder::judge(path, &seen.texts));
        self.0.insert(path.to_owned(), (seen, Rc::clone(&folder)));
        folder
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;

    use super::*;

    /// A folder of its own, removed at the end.
    struct Module(PathBuf);

    impl Drop for Module {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_module_is_judged_once_for_all_questions_until_a_text_changes() -> Result<(), Box<dyn Error>>
    {
        let name = format!("onward-kept-{}", std::process::id());
        let module = Module(std::env::temp_dir().join(name));
        fs::create_dir_all(&module.0)?;
        let file = module.0.join("001_items.sql");
        fs::write(&file, "CREATE TABLE shop.items (id bigint PRIMARY KEY);\n")?;
        let (mut kept, mut edited) = (Kept::default(), BTreeMap::new());
        let first = kept.judged(&module.0, &edited);
        assert!(Rc::ptr_eq(&first, &kept.judged(&module.0, &edited)));

        let other = std::env::temp_dir().join("elsewhere/001_a.sql");
        edited.insert(other, "SELECT 1;".to_owned());
        assert!(Rc::ptr_eq(&first, &kept.judged(&module.0, &edited)));
        edited.insert(
            file.clone(),
            "CREATE TABLE shop.items (id uuid);\n".to_owned(),
        );
        let second = kept.judged(&module.0, &edited);
        assert!(!Rc::ptr_eq(&first, &second), "the editor's text counts");
        fs::write(&file, "CREATE TABLE shop.items (id uuid);\n")?;
        assert!(
            Rc::ptr_eq(&second, &kept.judged(&module.0, &edited)),
            "a save changes no text"
        );

        fs::write(module.0.join("002_b.sql"), "SELECT 1;\n")?;
        let third = kept.judged(&module.0, &edited);
        assert!(!Rc::ptr_eq(&second, &third), "another program wrote a file");
        edited.remove(&file);
        let fourth = kept.judged(&module.0, &edited);
        assert!(
            !Rc::ptr_eq(&third, &fourth),
            "the file on disk counts again"
        );
        Ok(())
    }
}
