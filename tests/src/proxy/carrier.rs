//! One direction of one connection.

use std::future::pending;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

use super::fault::{Effect, Fault, Place, Side};
use super::message::{asks_for_encryption, read_typed, read_untyped};
use super::wire::{State, Wire};

/// Reads a client's first message. A proxy cannot read encrypted messages, so it declines encryption.
pub(super) async fn greet(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    loop {
        let message = read_untyped(client).await?;
        if !asks_for_encryption(&message) {
            return Ok(message);
        }
        client.write_all(b"N").await?;
    }
}

pub(super) struct Carrier {
    side: Side,
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    delay: Duration,
    wire: Arc<Wire>,
}

impl Carrier {
    pub(super) fn new(
        side: Side,
        from: OwnedReadHalf,
        to: OwnedWriteHalf,
        delay: Duration,
        wire: Arc<Wire>,
    ) -> Carrier {
        Carrier {
            side,
            from,
            to,
            delay,
            wire,
        }
    }

    /// Passes messages on until either end closes, or the connection is cut.
    pub(super) async fn carry(self, first: Option<Vec<u8>>) -> io::Result<()> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let reading = read(self.from, first, self.delay, sender);
        let writing = write(self.side, self.to, receiver, self.delay, self.wire);
        let mut writing = pin!(writing);
        tokio::select! {
            written = &mut writing => return written,
            // What was read before the end is still passed on.
            _ = reading => {}
        }
        writing.await
    }
}

async fn read(
    mut from: OwnedReadHalf,
    first: Option<Vec<u8>>,
    delay: Duration,
    queue: mpsc::UnboundedSender<(Instant, Vec<u8>)>,
) -> io::Result<()> {
    let mut first = first;
    loop {
        let message = match first.take() {
            Some(message) => message,
            None => read_typed(&mut from).await?,
        };
        if queue.send((Instant::now() + delay, message)).is_err() {
            return Ok(());
        }
    }
}

async fn write(
    side: Side,
    mut to: OwnedWriteHalf,
    mut messages: mpsc::UnboundedReceiver<(Instant, Vec<u8>)>,
    delay: Duration,
    wire: Arc<Wire>,
) -> io::Result<()> {
    while let Some((due, message)) = messages.recv().await {
        if !delay.is_zero() {
            sleep_until(due).await;
        }
        may_pass(&to, wire.settled().await).await?;
        match wire.passes(side) {
            None => send(&mut to, &message, wire.drips()).await?,
            Some(fault) => strike(&mut to, &message, fault, &wire).await?,
        }
    }
    // The end of the stream is information too, and is not passed on when nothing is.
    may_pass(&to, wire.settled().await).await
}

async fn strike(
    to: &mut OwnedWriteHalf,
    message: &[u8],
    fault: Fault,
    wire: &Wire,
) -> io::Result<()> {
    let passed = match fault.at.place {
        Place::Before => 0,
        Place::Half => message.len() / 2,
        Place::After => message.len(),
    };
    let (now, later) = message.split_at(passed);
    send(to, now, false).await?;
    match fault.effect {
        Effect::Cut => wire.turn(State::Cut),
        Effect::Reset => wire.turn(State::Reset),
        Effect::Blackhole => wire.turn(State::Void),
        Effect::Stall(long) => {
            sleep(long).await;
            wire.open();
        }
        Effect::Hold | Effect::Drip => {}
    }
    wire.tell_that_it_struck();
    may_pass(to, wire.settled().await).await?;
    send(to, later, wire.drips()).await
}

async fn may_pass(to: &OwnedWriteHalf, state: State) -> io::Result<()> {
    match state {
        State::Open | State::Held => Ok(()),
        State::Void => pending().await,
        State::Cut => Err(io::ErrorKind::ConnectionAborted.into()),
        State::Reset => {
            to.as_ref().set_zero_linger()?;
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
}

async fn send(to: &mut OwnedWriteHalf, bytes: &[u8], drips: bool) -> io::Result<()> {
    if !drips {
        return to.write_all(bytes).await;
    }
    for byte in bytes.chunks(1) {
        to.write_all(byte).await?;
    }
    Ok(())
}
