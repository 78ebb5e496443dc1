//! The part of a file that goes forward, where a file has both directions.

use crate::adopt::files::{Migration, Problem};
use crate::adopt::tool::Tool;

/// The marks of a tool, as they begin in a line. None of them is SQL.
struct Marks {
    up: &'static str,
    down: &'static str,
    /// How every mark begins.
    all: &'static str,
}

const fn marks(tool: Tool) -> Option<Marks> {
    match tool {
        Tool::Goose => Some(Marks {
            up: "+goose up",
            down: "+goose down",
            all: "+goose",
        }),
        Tool::Dbmate => Some(Marks {
            up: "migrate:up",
            down: "migrate:down",
            all: "migrate:",
        }),
        Tool::Sqlx
        | Tool::Refinery
        | Tool::Diesel
        | Tool::Flyway
        | Tool::GolangMigrate
        | Tool::EfCore
        | Tool::Rails
        | Tool::None => None,
    }
}

/// Leaves out what goes back, and the tool's marks.
pub(crate) fn go_forward(tool: Tool, migration: &mut Migration) -> Result<(), Problem> {
    let Some(marks) = marks(tool) else {
        without_first_line_mark(migration);
        return Ok(());
    };
    let (mut kept, mut is_up, mut has_up, mut has_down) = (String::new(), false, false, false);
    for line in migration.text.split_inclusive('\n') {
        let mark = line.trim().strip_prefix("--").map(str::trim_start);
        let mark = mark.map(str::to_ascii_lowercase);
        match mark.filter(|mark| mark.starts_with(marks.all)) {
            Some(mark) if mark.starts_with(marks.up) => (is_up, has_up) = (true, true),
            Some(mark) if mark.starts_with(marks.down) => (is_up, has_down) = (false, true),
            Some(mark) if mark.contains("envsub on") => {
                let what = "it takes values from the environment, and a migration must be the same everywhere: \
                            write the values into it";
                return Err(Problem::new(&migration.from, what));
            }
            Some(_) => {}
            None if is_up => kept.push_str(line),
            None => {}
        }
    }
    if !has_up {
        let what = format!("it has no line `-- {}`", marks.up);
        return Err(Problem::new(&migration.from, what));
    }
    migration.text = kept.trim_start_matches('\n').trim_end().to_owned() + "\n";
    migration
        .changes
        .push("without the tool's marks".to_owned());
    if has_down {
        migration.changes.push("without what goes back".to_owned());
    }
    Ok(())
}

/// sqlx and Atlas write how a file runs into its first line.
fn without_first_line_mark(migration: &mut Migration) {
    let text = std::mem::take(&mut migration.text);
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let mark = first.trim().strip_prefix("--").map(str::trim);
    match mark.filter(|mark| matches!(*mark, "no-transaction" | "atlas:txmode none")) {
        Some(mark) => {
            migration.text = rest.to_owned();
            migration.changes.push(format!("without `-- {mark}`"));
        }
        None => migration.text = text,
    }
}
