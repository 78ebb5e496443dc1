use std::fmt::{self, Display};
use std::time::Duration;

/// The side that sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The client, to the server.
    Client,
    /// The server, to the client.
    Server,
}

/// A place in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing of it arrives.
    Before,
    /// Its first half arrives.
    Half,
    /// It arrives, and no answer to it is returned.
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
    /// The number of the message among those of that side since the fault was armed, from 1.
    pub message: usize,
    /// Where in it.
    pub place: Place,
}

/// What the fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Both connections are closed normally, as far as TCP can see.
    Cut,
    /// Both connections are reset.
    Reset,
    /// Nothing is passed on in either direction for so long, then everything is.
    Stall(Duration),
    /// Nothing is passed on any more, and neither side gets an error.
    Blackhole,
    /// Nothing is passed on until [`release`](super::Proxy::release).
    Hold,
    /// From here on each byte is sent in a packet of its own.
    Drip,
}

/// A fault that happens once.
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
