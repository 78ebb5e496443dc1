//! Why a value has no Rust type of its own: the parameter of [`Unchecked`](super::Unchecked), so that the compiler's
//! message names it.

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $(
            $(#[$doc])*
            ///
            /// ```
            #[doc = concat!("let _why: Option<onward::types::why::", stringify!($name), "> = None;")]
            /// ```
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum $name {}
        )*
    };
}

reasons! {
    /// The driver has no Rust type for it, or the files do not say what it is.
    NoRustType
    /// The feature `with-uuid-1` of `onward` is off.
    FeatureWithUuid1IsOff
    /// The feature `with-serde_json-1` of `onward` is off.
    FeatureWithSerdeJson1IsOff
    /// Each of the features `with-jiff-0_2`, `with-time-0_3` and `with-chrono-0_4` of `onward` is off.
    FeatureWithJiff02OrTime03OrChrono04IsOff
}
