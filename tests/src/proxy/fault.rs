use std::fmt::{self, Display};
use std::time::Duration;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The client, to the server.
    Client,
    /// The server, to the client.
    Server,
}

/// Where in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing of it arrives.
    Before,
    /// Its first half arrives.
    Half,
    /// It arrives, and no answer to it comes back.
    After,
}

impl Place {
    /// All of them.
    pub const ALL: [Place; 3] = [Place::Before, Place::Half, Place::After];
}

/// A point in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// Whose message.
    pub side: Side,
    /// The how-manieth message of that side since the fault was armed, from 1.
    pub message: usize,
    /// Where in it.
    pub place: Place,
}

/// What happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Both connections are closed, in good order as far as TCP can tell.
    Cut,
    /// Both connections are reset.
    Reset,
    /// Nothing goes on in either direction for so long, then everything does.
    Stall(Duration),
    /// Nothing ever goes on, and neither side is told.
    Blackhole,
    /// Nothing goes on until [`release`](super::Proxy::release).
    Hold,
    /// From here on each byte travels alone.
    Drip,
}

/// Something that goes wrong, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: At,
    /// What.
    pub effect: Effect,
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { at, effect } = self;
        let At {
            side,
            message,
            place,
        } = at;
        write!(f, "{effect:?} {place:?} message {message} of the {side:?}")
    }
}
