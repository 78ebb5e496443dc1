use onward_analyzer::{analyze, source};
use std::path::Path;
#[test]
fn zz() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for dir in std::env::var("DIRS").unwrap().split_whitespace() {
        let path = root.join(dir);
        let analysis = analyze(source::read(
            &path,
            path.file_name().unwrap().to_str().unwrap(),
        ));
        for f in &analysis.findings {
            println!(
                "ZZ {} {} {:?} {}",
                f.place.path, f.rule, f.severity, f.message.what
            );
        }
    }
}
