//! `cargo run -p onward-pg` finds a PostgreSQL as the tests do, prints its version and its URL, and keeps
//! it until Ctrl-C, or until the end of standard input.

use onward_pg::{NoServer, Server};
use std::io::{self, Write};

#[tokio::main]
async fn main() -> Result<(), NoServer> {
    let server = Server::find().await?;
    let mut out = io::stdout();
    // The reader has closed our output and wants no more.
    let _ = writeln!(out, "{server}\n{}", server.url()).and_then(|()| out.flush());
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    Ok(())
}
