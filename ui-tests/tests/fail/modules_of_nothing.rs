static MODULES: onward::Modules = onward::modules!();

fn main() {
    let _ = &MODULES;
}
