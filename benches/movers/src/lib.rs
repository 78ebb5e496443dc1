//! The tests are all that there is: `cargo test --manifest-path benches/Cargo.toml -p onward-benches-movers`.
