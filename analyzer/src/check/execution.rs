//! When a statement runs.

/// When a statement runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Execution {
    /// With the migration, as a statement of the file.
    TopLevel,
    /// With the migration, as a part of a `DO` block.
    InDoBlock,
    /// Each time that the routine that contains it is called.
    InRoutine,
}

impl Execution {
    /// The execution of a statement that is inside a `DO` block.
    pub(crate) const fn inside_do_block(self) -> Self {
        match self {
            Self::TopLevel | Self::InDoBlock => Self::InDoBlock,
            Self::InRoutine => Self::InRoutine,
        }
    }
}
