//! A server's answers, as texts to compare.

use tokio_postgres::{Client, Error, SimpleQueryMessage};

/// One text a row, its columns separated by `|`; NULL is `-`.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = onward_pg::database().await?.connect().await?;
/// let rows = onward_tests::rows(&client, "SELECT 1, NULL").await?;
/// assert_eq!(rows, ["1|-"]);
/// # Ok(())
/// # }
/// ```
pub async fn rows(client: &Client, sql: &str) -> Result<Vec<String>, Error> {
    let answer = client.simple_query(sql).await?;
    let rows = answer.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let row = |row: &tokio_postgres::SimpleQueryRow| {
        let columns: Vec<_> = (0..row.len()).map(|n| row.get(n).unwrap_or("-")).collect();
        columns.join("|")
    };
    Ok(rows.map(row).collect())
}
