//! Closed sets of words, each an enum that knows its spelling.

/// What has one spelling for each of its variants.
pub(crate) trait Spelled: Copy + 'static {
    /// Each variant once.
    const ALL: &'static [Self];

    /// How it is written.
    fn words(self) -> &'static str;

    /// The variant that is written so, in capitals or not.
    fn spelled(words: &str) -> Option<Self> {
        let all = Self::ALL.iter().copied();
        { all }.find(|one| one.words().eq_ignore_ascii_case(words))
    }
}

macro_rules! spelled {
    ($(#[$meta:meta])* $name:ident { $($variant:ident $words:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the names are PostgreSQL's own")]
        pub enum $name {
            $($variant,)+
        }

        impl $crate::statement::spelled::Spelled for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn words(self) -> &'static str {
                match self {
                    $(Self::$variant => $words,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::statement::spelled::Spelled::words(*self))
            }
        }
    };
}

pub(super) use spelled;
