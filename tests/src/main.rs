//! Finds a PostgreSQL as the tests do, prints what it is and its URL, and keeps it until the
//! input ends: `cargo run -p onward-tests`, and Ctrl-C or Ctrl-D to stop it.

use onward_tests::postgres::{NoServer, Server};
use std::io::{self, Write};

#[tokio::main]
async fn main() -> Result<(), NoServer> {
    let server = Server::find().await?;
    let mut out = io::stdout();
    // Whoever closes our output does not want to be told.
    let _ = writeln!(out, "{server}\n{}", server.url()).and_then(|()| out.flush());
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    Ok(())
}
