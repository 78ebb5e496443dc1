//! Row-level security must not change what a migration does.

use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::row;
use crate::{Outcome, start};

const NOTES: &str = "CREATE TABLE shop.authors (id int PRIMARY KEY);
CREATE TABLE shop.notes (id int PRIMARY KEY, author_id int);
INSERT INTO shop.notes VALUES (1, 7);
ALTER TABLE shop.notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.notes FORCE ROW LEVEL SECURITY;
CREATE POLICY nothing ON shop.notes USING (false) WITH CHECK (true);
ALTER TABLE shop.notes ADD CONSTRAINT notes_author_id_fkey
    FOREIGN KEY (author_id) REFERENCES shop.authors (id) NOT VALID;";

/// The author of the one note does not exist, and the policy hides the note from its owner: without
/// the runner's `row_security = off` the server would call the foreign key valid.
#[tokio::test]
async fn a_foreign_key_is_not_validated_against_visible_rows_only() -> Outcome {
    let folder = Folder::empty("shop").with("001_notes.sql", NOTES).with(
        "002_validate.sql",
        "ALTER TABLE shop.notes VALIDATE CONSTRAINT notes_author_id_fkey;",
    );
    let plan = folder.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let owner = format!("owner_of_{}", database.name());
    client
        .batch_execute(&format!(
            "CREATE ROLE {owner}; GRANT CREATE ON DATABASE {} TO {owner}; SET ROLE {owner}",
            database.name()
        ))
        .await?;
    let ran = start(&plan, &mut client).await;
    let valid = "SELECT convalidated FROM pg_constraint WHERE conname = 'notes_author_id_fkey'";
    let valid = row(&client, valid).await?;
    client
        .batch_execute(&format!(
            "RESET ROLE; DROP OWNED BY {owner} CASCADE; DROP ROLE {owner}"
        ))
        .await?;
    let error = ran
        .err()
        .ok_or("a foreign key without its row was validated")?;
    assert_eq!(error.sqlstate(), Some("42501"), "{error}");
    assert_eq!(error.progress().applied.len(), 1, "{error}");
    assert_eq!(valid, "f");
    Ok(())
}
