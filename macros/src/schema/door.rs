//! How `query!` and `derive(Row)` find the folder: a macro of the schema's name, which passes on what they ask.

use std::fmt::Write as _;

/// A `macro_rules!` that is found by its path, as any item. A static, a module and a macro may all have one name.
pub(super) fn write(text: &mut String, name: &str, folder: &str) {
    let _ = write!(
        text,
        "#[doc(hidden)] #[allow(unused_macros)] macro_rules! __onward_{name} {{ \
         ($($asked:tt)*) => {{ ::onward::__asked! {{ {folder:?} $($asked)* }} }}; }} \
         #[doc(hidden)] #[allow(unused_imports)] pub(crate) use __onward_{name} as {name}; "
    );
}
