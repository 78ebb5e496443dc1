//! Messages of PostgreSQL's protocol: only their type and length are read.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Larger than any message of a test; a longer one is not a message.
const LONGEST: usize = 1 << 28;

/// A client's first message, which has no type; `None` at the end of the input.
pub(super) async fn read_untyped(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut message = vec![0; 4];
    from.read_exact(&mut message).await?;
    read_rest(from, message, 0).await
}

/// Any other message: a byte for its type, four for its length, and the rest.
pub(super) async fn read_typed(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut message = vec![0; 5];
    from.read_exact(&mut message).await?;
    read_rest(from, message, 1).await
}

async fn read_rest(
    from: &mut (impl AsyncRead + Unpin),
    mut message: Vec<u8>,
    tag: usize,
) -> io::Result<Vec<u8>> {
    let length = message
        .get(tag..)
        .and_then(|length| <[u8; 4]>::try_from(length).ok())
        .map(u32::from_be_bytes)
        .and_then(|length| usize::try_from(length).ok())
        .filter(|length| (4..LONGEST).contains(length));
    let Some(length) = length else {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "not a message of the protocol",
        ));
    };
    let read = message.len();
    message.resize(tag + length, 0);
    let rest = message.get_mut(read..).unwrap_or_default();
    from.read_exact(rest).await?;
    Ok(message)
}

/// Whether a first message only asks for encryption, by TLS or by GSSAPI.
pub(super) fn asks_for_encryption(message: &[u8]) -> bool {
    matches!(message, [0, 0, 0, 8, 4, 210, 22, 47 | 48])
}
