//! What a command prints, compared with a page that shows it.

/// What differs from one run to the next in one form: digits, digests, seconds, and the blanks that fill a column.
pub(crate) fn shape(text: &str) -> String {
    let mut shape = String::new();
    for letter in masked(text).chars() {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        let is_run = matches!(letter, '0' | ' ') && shape.ends_with(letter);
        if !is_run {
            shape.push(letter);
        }
    }
    let shape = shape.replace("0.0s", "0ms").replace("0.0ms", "0ms");
    let lines = shape.lines().map(str::trim_end);
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// As a page shows what was printed: without the line that says where the command works, digests in short.
pub(crate) fn shown(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("on 127."));
    let lines = lines.map(|line| masked(line).trim_end().to_owned() + "\n");
    lines.collect()
}

/// The block of a page: indented, and blank lines stay empty.
pub(crate) fn block(text: &str) -> String {
    let lines = text.lines().map(|line| match line {
        "" => "\n".to_owned(),
        line => format!("    {line}\n"),
    });
    lines.collect()
}

fn masked(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_end();
        let is_digest = bare.len() == 64 && bare.chars().all(|c| c.is_ascii_hexdigit());
        match is_digest {
            true => ["9c4f…", &word[bare.len()..]].concat(),
            false => word.to_owned(),
        }
    });
    words.collect()
}
