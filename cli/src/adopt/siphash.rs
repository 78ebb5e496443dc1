//! refinery's checksum: SipHash-1-3 without a key, over the name, the number and the text of a migration.

/// As refinery writes it into its table: with numbers of 32 bits, and after `|` as with its feature `int8-versions`.
pub(super) fn refinery(path: &str, version: &str, text: &str) -> Option<String> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let (_, name) = file.strip_suffix(".sql")?.split_once("__")?;
    let of = |number: &[u8]| {
        let parts = [name.as_bytes(), &[0xff], number, text.as_bytes(), &[0xff]];
        siphash(&parts.concat()).to_string()
    };
    let long = of(&version.parse::<i64>().ok()?.to_le_bytes());
    Some(match version.parse::<i32>() {
        Ok(short) => format!("{}|{long}", of(&short.to_le_bytes())),
        Err(_) => long,
    })
}

/// SipHash with one round for a block and three at the end, both keys 0.
fn siphash(bytes: &[u8]) -> u64 {
    let mut state = [
        0x736f_6d65_7073_6575,
        0x646f_7261_6e64_6f6d,
        0x6c79_6765_6e65_7261,
        0x7465_6462_7974_6573,
    ];
    let mut blocks = bytes.chunks_exact(8);
    for block in blocks.by_ref() {
        absorb(&mut state, number(block));
    }
    // The last block ends with the length.
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX) << 56;
    absorb(&mut state, length | number(blocks.remainder()));
    state[2] ^= 0xff;
    (0..3).for_each(|_| round(&mut state));
    state.iter().fold(0, |all, one| all ^ one)
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |all, byte| all << 8 | u64::from(*byte))
}

fn absorb(state: &mut [u64; 4], block: u64) {
    state[3] ^= block;
    round(state);
    state[0] ^= block;
}

const fn round([a, b, c, d]: &mut [u64; 4]) {
    *a = a.wrapping_add(*b);
    *c = c.wrapping_add(*d);
    *b = b.rotate_left(13) ^ *a;
    *d = d.rotate_left(16) ^ *c;
    *a = a.rotate_left(32);
    *c = c.wrapping_add(*b);
    *a = a.wrapping_add(*d);
    *b = b.rotate_left(17) ^ *c;
    *d = d.rotate_left(21) ^ *a;
    *c = c.rotate_left(32);
}

#[cfg(test)]
mod tests {
    use std::collections::hash_map::DefaultHasher;
    use std::hash::{Hash as _, Hasher as _};

    use super::*;

    /// The standard library's hasher is the one that refinery used before it had its own.
    #[test]
    fn it_is_the_hash_of_the_standard_library() {
        for (name, version, text) in [
            ("users", 1, "CREATE TABLE users (id int);"),
            ("a", 20_240_131, ""),
            ("orders_2", 7, "-- ä\r\nSELECT 1;\n"),
        ] {
            let mut hasher = DefaultHasher::new();
            name.hash(&mut hasher);
            i32::hash(&version, &mut hasher);
            text.hash(&mut hasher);
            let ours = refinery(
                &format!("deep/V{version}__{name}.sql"),
                &version.to_string(),
                text,
            );
            let short = ours.as_deref().and_then(|both| both.split('|').next());
            assert_eq!(short, Some(hasher.finish().to_string().as_str()));
        }
        assert_eq!(refinery("V1_a.sql", "1", ""), None);
    }
}
