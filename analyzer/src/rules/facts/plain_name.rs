//! Names that need no quotes.

/// Whether the name needs no quotes. Does not check for reserved words, which need them too.
pub(in crate::rules) fn is_plain(name: &str) -> bool {
    let bytes = name.as_bytes();
    if let Some(b'0'..=b'9' | b'$') = bytes.first() {
        return false;
    }
    for byte in bytes {
        match byte {
            byte if is_plain_sign(char::from(*byte)) => {}
            byte if byte.is_ascii() => return false,
            _ => {
                let mut others = name.chars().filter(|sign| !is_plain_sign(*sign));
                return others.all(|sign| !sign.is_ascii() && sign.is_alphabetic());
            }
        }
    }
    true
}

const fn is_plain_sign(sign: char) -> bool {
    matches!(sign, 'a'..='z' | '0'..='9' | '_' | '$')
}
