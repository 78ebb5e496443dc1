//! Unicode escapes in strings and quoted names, which PostgreSQL checks when it reads them.

/// Whether PostgreSQL accepts the escapes of a string or a quoted name, with the literal of its
/// `UESCAPE`.
pub(super) fn are_valid(text: &str, uescape: Option<&str>) -> bool {
    let (escape, lengths): (char, Lengths) = match text.as_bytes() {
        [b'e' | b'E', b'\'', ..] => ('\\', c_style),
        [b'u' | b'U', b'&', ..] => match escape_of(uescape) {
            Some(escape) => (escape, unicode_style),
            None => return false,
        },
        _ => return true,
    };
    let mut rest = text.get(2..).unwrap_or_default();
    // The first half of a surrogate pair must be followed directly by the second half.
    let mut half = false;
    while let Some(at) = rest.find(escape) {
        if half && at > 0 {
            return false;
        }
        rest = rest.get(at + escape.len_utf8()..).unwrap_or_default();
        let next = rest.chars().next();
        let Some((skip, digits)) = lengths(next, escape) else {
            rest = rest
                .get(next.map_or(0, char::len_utf8)..)
                .unwrap_or_default();
            if half {
                return false;
            }
            continue;
        };
        let code = rest.get(skip..skip + digits);
        let code = code.filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()));
        half = match code.and_then(|code| u32::from_str_radix(code, 16).ok()) {
            Some(0xd800..=0xdbff) if !half => true,
            Some(0xdc00..=0xdfff) if half => false,
            Some(code) if !half && code > 0 && char::from_u32(code).is_some() => false,
            Some(_) | None => return false,
        };
        rest = rest.get(skip + digits..).unwrap_or_default();
    }
    !half
}

/// What follows the escape character: how many characters to skip, and how many digits follow if it is a
/// code.
type Lengths = fn(Option<char>, char) -> Option<(usize, usize)>;

fn c_style(next: Option<char>, _: char) -> Option<(usize, usize)> {
    match next {
        Some('u') => Some((1, 4)),
        Some('U') => Some((1, 8)),
        Some(_) | None => None,
    }
}

fn unicode_style(next: Option<char>, escape: char) -> Option<(usize, usize)> {
    match next {
        Some(next) if next == escape => None,
        Some('+') => Some((1, 6)),
        Some(_) | None => Some((0, 4)),
    }
}

/// The character in the literal of `UESCAPE`, or the backslash; `None` for a character that is not
/// allowed.
fn escape_of(uescape: Option<&str>) -> Option<char> {
    let Some(literal) = uescape else {
        return Some('\\');
    };
    let mut inside = literal.strip_prefix('\'')?.chars();
    let (escape, close) = (inside.next()?, inside.as_str());
    let is_taken = escape.is_ascii_hexdigit() || "+'\" \t\n\r".contains(escape);
    (!is_taken && close == "'").then_some(escape)
}
