//! What the connections of a proxy share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::fault::{Effect, Fault, Side};

/// How a wire is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Open,
    /// Nothing passes for now.
    Held,
    /// Nothing ever passes.
    Void,
    Cut,
    Reset,
}

/// What went over a wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Messages of the client.
    pub client: usize,
    /// Messages of the server.
    pub server: usize,
    /// How often the client spoke after it had listened: the round trips, where nothing is sent
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

    /// Counts a message, and tells what happens at it.
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
            // Before the first byte goes on, so that no answer to it slips through.
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

    /// What was cut are the connections that there were.
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

    /// Waits until something may pass, or nothing ever will.
    pub(super) async fn settled(&self) -> State {
        let mut state = self.state.subscribe();
        let settled = state.wait_for(|state| *state != State::Held).await;
        settled.map_or(State::Cut, |state| *state)
    }
}
