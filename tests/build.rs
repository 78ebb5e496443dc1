//! Cargo does not notice a new file in a folder of migrations by itself.

fn main() {
    println!("cargo::rerun-if-changed=fixtures");
}
