//! The command that writes a series of files instead of a statement.

use crate::check::context::FileContext;
use crate::replace::{Request, Wanted, is_open, is_possible};
use crate::statement::Name;
use crate::statement::to_sql::quote_name;
use crate::text::quote::quote_ident;

/// How another column takes the place of this one.
pub(in crate::rules) struct By<'a> {
    pub(in crate::rules) table: &'a Name,
    pub(in crate::rules) column: &'a str,
    pub(in crate::rules) new: String,
    pub(in crate::rules) data_type: Option<String>,
    pub(in crate::rules) using: Option<String>,
    pub(in crate::rules) keeps_name: bool,
}

/// The command line, with everything filled in; `None` where the column cannot be replaced like this.
pub(in crate::rules) fn command(context: &FileContext<'_>, by: &By<'_>) -> Option<String> {
    let wanted = Wanted {
        column: by.new.clone(),
        data_type: by.data_type.clone(),
        using: by.using.clone(),
    };
    let request = Request {
        keeps_name: by.keeps_name,
        ..Request::new(by.table.clone(), by.column, wanted)
    };
    // How the way back is computed from another expression is the author's to write: nothing is known of it.
    let is_possible = by.using.is_some()
        || !is_open(context.before, by.table, by.column)
            && is_possible(context.module, context.schema, &request);
    if !is_possible {
        return None;
    }
    let mut words = vec![
        "onward replace".to_owned(),
        context.module.folder.clone(),
        format!("{}.{}", quote_name(by.table), quote_ident(by.column)),
    ];
    words.push(match by.keeps_name {
        true => "--keep-name".to_owned(),
        false => by.new.clone(),
    });
    words.extend(
        by.data_type
            .iter()
            .map(|data_type| format!("--type {}", shell(data_type))),
    );
    if let Some(using) = &by.using {
        words.push(format!(
            "--using {} --back '<{} from {}>'",
            shell(using),
            by.column,
            by.new
        ));
    }
    Some(words.join(" "))
}

/// A word of a command line.
fn shell(text: &str) -> String {
    let is_plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    match is_plain {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}
