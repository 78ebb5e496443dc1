//! The names of templates and of the databases of tests. Pure.

use sha2::{Digest, Sha256};

use crate::plan::Plan;

/// How the names of a process's databases begin. What processes see of one another's locks is what happens in one
/// database, so the names hold its number.
pub(super) fn databases(server: u32) -> String {
    format!("onward_test_{server}_")
}

/// How the names of templates begin.
pub(super) fn templates(server: u32) -> String {
    format!("onward_template_{server}_")
}

/// Another text of any migration, another order or another version of this crate is another template.
pub(super) fn template(server: u32, plans: &[Plan]) -> String {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    for plan in plans {
        hash.update(plan.digest().to_string());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let short = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
    [templates(server), short.collect()].concat()
}

/// The same server and settings, another database.
pub(super) fn with_database(url: &str, name: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        // In pairs the last one counts.
        return format!("{url} dbname={name}").trim_start().to_owned();
    };
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = address.split('/').next().unwrap_or_default();
    let others: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("dbname="))
        .collect();
    match others.is_empty() {
        true => format!("{scheme}://{authority}/{name}"),
        false => format!("{scheme}://{authority}/{name}?{}", others.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use onward_connect::{Surroundings, Target};

    use super::*;

    #[test]
    fn a_url_keeps_everything_but_its_database() -> Result<(), onward_connect::Unreadable> {
        let none = Surroundings::none();
        for (url, expected) in [
            ("postgres://u:p@h:5/old", "postgres://u:p@h:5/x"),
            ("postgresql://h", "postgresql://h/x"),
            (
                "postgres://h/?connect_timeout=3",
                "postgres://h/x?connect_timeout=3",
            ),
            ("postgres://h/a?dbname=old&user=u", "postgres://h/x?user=u"),
            ("postgres:///old?host=/tmp", "postgres:///x?host=/tmp"),
            (
                "host=h dbname=old user=u",
                "host=h dbname=old user=u dbname=x",
            ),
            ("", "dbname=x"),
        ] {
            let url = with_database(url, "x");
            assert_eq!(url, expected);
            let target = Target::read(&url, &none.clone().with("PGHOST", "h"))?;
            assert_eq!(target.config().get_dbname(), Some("x"), "{url}");
        }
        Ok(())
    }

    #[test]
    fn names_fit_into_63_bytes() {
        assert!(template(u32::MAX, &[]).len() <= 63);
        let database = [
            databases(u32::MAX),
            "0".repeat(16),
            "_4294967295".to_owned(),
        ]
        .concat();
        assert!(database.len() <= 63);
    }
}
