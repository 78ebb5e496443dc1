//! What an operator reads.

use std::error::Error as _;

use super::*;
use crate::outcome::progress::Applied;
use crate::plan::checksum::Checksum;
use crate::session::blocker::BlockerKind;

fn progress() -> Progress {
    let name = "001_a.sql";
    let duration = Duration::ZERO;
    Version::of(name).map_or_else(
        |_| Progress::default(),
        |version| Progress {
            applied: vec![Applied {
                version,
                name,
                duration,
            }],
        },
    )
}

#[test]
fn a_refused_release_names_the_command() -> Result<(), crate::plan::version::InvalidVersion> {
    let version = Version::of("100_r.sql")?;
    let error = Error::PendingRelease {
        schema: "auth",
        folder: "migrations/auth",
        pending: vec![Pending {
            version,
            name: "100_r.sql",
        }],
        progress: progress(),
    };
    assert_eq!(
        error.to_string(),
        "auth: release migrations are pending; this run had applied 001. An operator has to \
         run `onward release migrations/auth --url <url>`, which applies:\n  100_r.sql"
    );
    Ok(())
}

/// As docs/roles.md shows it.
#[test]
fn a_start_that_only_verifies_names_the_command() -> Result<(), crate::plan::version::InvalidVersion>
{
    let error = Error::Behind {
        schema: "auth",
        folder: "migrations/auth",
        has_ledger: true,
        pending: vec![Pending {
            version: Version::of("004_index.sql")?,
            name: "004_index.sql",
        }],
    };
    let shown = "auth: the database is behind this binary; this start only verifies, and applied nothing. An operator, or a job whose role owns the
        schema, has to run `onward up migrations/auth --startup --url <url>`, which applies:
        004_index.sql";
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&error.to_string()), words(shown));
    Ok(())
}

#[test]
fn an_edited_file_shows_both_checksums() -> Result<(), crate::plan::version::InvalidVersion> {
    let drift = Drift::Modified {
        version: Version::of("001_a.sql")?,
        name: "001_a.sql".to_owned(),
        applied: Checksum([1; 32]),
        planned: Checksum([2; 32]),
    };
    let error = Error::Modified {
        schema: "auth",
        drift: vec![drift],
        progress: Progress::default(),
    };
    let text = error.to_string();
    assert!(
        text.contains(&"01".repeat(32)) && text.contains(&"02".repeat(32)),
        "{text}"
    );
    assert!(text.contains("this run applied nothing"), "{text}");
    Ok(())
}

#[test]
fn a_holder_is_named() {
    let blocker = |kind| Blocker {
        pid: 7,
        application_name: "psql".to_owned(),
        role: Some("dba".to_owned()),
        kind,
        relation: None,
        state: None,
        query_age: None,
        transaction_age: None,
    };
    let error = |blockers| Error::Locked {
        schema: "auth",
        doing: "waiting to apply 001_a.sql".to_owned(),
        waited: Duration::from_millis(60_040),
        blockers,
        progress: Progress::default(),
    };
    assert_eq!(
        error(vec![blocker(BlockerKind::Onward)]).to_string(),
        "auth: gave up after 60.0s of waiting to apply 001_a.sql; this run applied nothing. \
         Blocked by pid 7 `psql` (role dba), another onward run. Wait, or run \
         `SELECT pg_terminate_backend(7)`, then start again"
    );
    assert!(
        error(vec![blocker(BlockerKind::Hashtext)])
            .to_string()
            .contains("not an onward run")
    );
    assert!(
        error(Vec::new())
            .to_string()
            .contains("The blocking session has gone")
    );
}

#[test]
fn why_is_the_source_and_not_the_text() {
    let source = ServerMessage::new("42501", "permission denied for schema auth", None);
    let error = Error::Permission {
        schema: "auth",
        right: MissingRight::ReadLedger,
        role: "app".to_owned(),
        fix: String::new(),
        doing: "reading the ledger".into(),
        progress: progress(),
        source,
    };
    assert!(!error.to_string().contains("denied"));
    let whole = [
        &error.to_string(),
        "\n  because: PostgreSQL says: permission denied for schema auth (SQLSTATE 42501)",
    ]
    .concat();
    assert_eq!(format!("{error:#}"), whole);
    assert_eq!(format!("{error:?}"), whole);
    assert_eq!(
        error.source().map(ToString::to_string).as_deref(),
        Some("PostgreSQL says: permission denied for schema auth (SQLSTATE 42501)")
    );
    assert_eq!(error.sqlstate(), Some("42501"));
    assert_eq!(error.progress(), &progress());
}
