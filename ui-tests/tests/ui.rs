//! Compiles each case as a user's crate would be compiled.

#[test]
fn messages_and_plans() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/fail/*.rs");
    cases.pass("tests/pass/*.rs");
}
