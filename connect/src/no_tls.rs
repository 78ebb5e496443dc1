//! Without the feature `tls`.

use tokio_postgres::{Config, Error, NoTls};

use crate::mode::SslMode;
use crate::opened::{Opened, speak};
use crate::unreadable::Unreadable;
use crate::wanted::Wanted;

#[derive(Clone)]
pub(crate) struct Tls;

impl Tls {
    pub(crate) const fn none() -> Self {
        Self
    }

    pub(crate) fn of(_: &Wanted, mode: SslMode) -> Result<Self, Unreadable> {
        match mode.demands_tls() {
            true => Err(Unreadable::NoTls(mode.name())),
            false => Ok(Self),
        }
    }

    pub(crate) const fn is_there(&self) -> bool {
        false
    }

    pub(crate) async fn speak(&self, config: &Config) -> Result<Opened, Error> {
        speak(config, NoTls).await
    }
}
