//! Fixes for which no number is free.

use crate::finding::Message;
use crate::intake::file_name::Category;

/// The same message. If it names a file that has no number, because the last one of its category is taken, the help
/// says what to do instead.
pub(crate) fn without_free_number(message: Message) -> Message {
    let names_none = |category: &Category| {
        let name = format!("{}_", category.no_number());
        let mut files = message.suggested_files.iter();
        message.help.contains(&name) || files.any(|file| file.file.starts_with(&name))
    };
    let full = [
        Category::Startup,
        Category::Release,
        Category::Seed,
        Category::Data,
    ];
    let full = full.into_iter().find(names_none);
    match full {
        Some(category) => Message {
            help: format!("{}. But {}", message.help, category.when_full()),
            ..message
        },
        None => message,
    }
}
