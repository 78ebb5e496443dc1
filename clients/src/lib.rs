//! The examples are in `examples/`: `cargo test --manifest-path clients/Cargo.toml --examples` compiles and tries them.
