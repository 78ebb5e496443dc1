//! An error together with what caused it.

use std::error::Error;
use std::fmt;

/// Prints an error and, indented below it, its causes: of most errors only the last one is the reason, such as the
/// server's own sentence. `{error:#}` of an [`Error`](crate::Error) prints the same; this is for any error.
///
/// ```
/// fn stop(error: Box<dyn std::error::Error>) -> ! {
///     eprintln!("{}", onward::Chain(&*error));
///     std::process::exit(1)
/// }
/// ```
#[derive(Debug)]
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, "\n  because: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
