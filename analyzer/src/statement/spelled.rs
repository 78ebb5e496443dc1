//! Closed sets of words: enums whose variants know their spelling.

/// A type with one spelling for each of its variants.
pub(crate) trait Spelled: Copy + 'static {
    /// All variants, each once.
    const ALL: &'static [Self];

    /// The spelling.
    fn words(self) -> &'static str;

    /// The variant with this spelling, in upper or lower case.
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
