//! The name under which an index is built before it is published.

use crate::plan::version::Version;

/// PostgreSQL cuts names at 63 bytes; `__onward_dm001_` and four digits of attempts fit behind 44.
const BASE: usize = 44;

/// What the build names of all attempts of one migration begin with.
pub(crate) fn stem(index: &str, version: Version) -> String {
    let end = (0..=index.len().min(BASE))
        .rev()
        .find(|end| index.is_char_boundary(*end))
        .unwrap_or(0);
    let (base, _) = index.split_at(end);
    [base, "__onward_", &version.to_string().to_lowercase(), "_"].concat()
}

/// The build name of one attempt; only this attempt uses it.
pub(crate) fn name(index: &str, version: Version, attempt: i32) -> String {
    [stem(index, version), attempt.to_string()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::version::Category;

    #[test]
    fn a_build_name_has_version_and_attempt() {
        let version = Version::__new(Category::Startup, 7);
        assert_eq!(
            name("users_email_key", version, 2),
            "users_email_key__onward_007_2"
        );
    }

    #[test]
    fn every_build_name_fits() {
        let version = Version::__new(Category::Data, 999);
        for long in ["x".repeat(63), "é".repeat(31), "a".repeat(43) + "éé"] {
            let name = name(&long, version, 9999);
            assert!(name.len() <= 63, "{name}");
            assert!(name.ends_with("__onward_dm999_9999"), "{name}");
        }
    }
}
