//! The state that all connections of a proxy share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::fault::{Effect, Fault, Side};

/// The state of the connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Open,
    /// Nothing is passed on for now.
    Held,
    /// Nothing is passed on any more.
    Void,
    Cut,
    Reset,
}

/// What was sent over a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Messages of the client.
    pub client: usize,
    /// Messages of the server.
    pub server: usize,
    /// How often the client sent after it had received: the round trips, if nothing is sent
    /// ahead.
    pub turns: usize,
}

#[derive(Debug, Default)]
struct Ledger {
    traffic: Traffic,
    speaker: Option<Side>,
    fault: Option<Fault>,
    drips: bool,
}

#[derive(Debug, Default)]
pub(super) struct Wire {
    ledger: Mutex<Ledger>,
    state: watch::Sender<State>,
    struck: watch::Sender<bool>,
}

impl Wire {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn arm(&self, fault: Fault) {
        *self.ledger() = Ledger {
            fault: Some(fault),
            ..Ledger::default()
        };
        self.struck.send_replace(false);
        self.open();
    }

    pub(super) fn take_traffic(&self) -> Traffic {
        let mut ledger = self.ledger();
        ledger.speaker = None;
        std::mem::take(&mut ledger.traffic)
    }

    /// Counts a message, and returns the fault at it.
    pub(super) fn passes(&self, side: Side) -> Option<Fault> {
        let mut ledger = self.ledger();
        let message = match side {
            Side::Client => {
                if ledger.speaker != Some(Side::Client) {
                    ledger.traffic.turns += 1;
                }
                &mut ledger.traffic.client
            }
            Side::Server => &mut ledger.traffic.server,
        };
        *message += 1;
        let message = *message;
        ledger.speaker = Some(side);
        let is_hit = |fault: &mut Fault| fault.at.side == side && fault.at.message == message;
        let fault = ledger.fault.take_if(is_hit)?;
        ledger.drips = fault.effect == Effect::Drip;
        drop(ledger);
        if fault.effect != Effect::Drip {
            // Before the first byte is passed on, so that no answer to it gets through.
            self.state.send_replace(State::Held);
        }
        Some(fault)
    }

    pub(super) fn tell_that_it_struck(&self) {
        self.struck.send_replace(true);
    }

    pub(super) fn has_struck(&self) -> bool {
        *self.struck.borrow()
    }

    pub(super) async fn struck(&self) {
        // We hold the sender, so this cannot fail.
        let _ = self.struck.subscribe().wait_for(|struck| *struck).await;
    }

    pub(super) fn drips(&self) -> bool {
        self.ledger().drips
    }

    pub(super) fn open(&self) {
        self.state.send_replace(State::Open);
    }

    /// Only the connections that existed then were cut.
    pub(super) fn begins(&self) {
        self.state.send_if_modified(|state| {
            let is_cut = matches!(state, State::Cut | State::Reset);
            if is_cut {
                *state = State::Open;
            }
            is_cut
        });
    }

    pub(super) fn turn(&self, state: State) {
        self.state.send_replace(state);
    }

    /// Waits until data may be passed on, or never will be.
    pub(super) async fn settled(&self) -> State {
        let mut state = self.state.subscribe();
        let settled = state.wait_for(|state| *state != State::Held).await;
        settled.map_or(State::Cut, |state| *state)
    }
}
