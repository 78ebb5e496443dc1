//! Labels of enum types.

/// A label that the enum type did not have when the program was compiled.
///
/// ```
/// let unknown = onward::types::UnknownLabel::new("auth.mood", "angry", &["calm", "sad"]);
/// assert_eq!(
///     unknown.to_string(),
///     "auth.mood has no label `angry` in this program, which was compiled with: calm, sad"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{data_type} has no label `{label}` in this program, which was compiled with: {}", .known.join(", "))]
pub struct UnknownLabel {
    data_type: &'static str,
    label: String,
    known: &'static [&'static str],
}

impl UnknownLabel {
    /// The label, the type, and the labels that are known.
    ///
    /// ```
    /// let unknown = onward::types::UnknownLabel::new("auth.mood", "angry", &["calm", "sad"]);
    /// assert!(unknown.to_string().ends_with("calm, sad"));
    /// ```
    #[must_use]
    pub fn new(data_type: &'static str, label: &str, known: &'static [&'static str]) -> Self {
        Self {
            data_type,
            label: label.to_owned(),
            known,
        }
    }

    /// The label as it was read.
    ///
    /// ```
    /// let unknown = onward::types::UnknownLabel::new("auth.mood", "angry", &["calm", "sad"]);
    /// assert_eq!(unknown.label(), "angry");
    /// ```
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }
}
