//! The guide "a year in the life of a column": each of its files is judged and run, beside the code of its time.

use onward::data::Worker;
use onward_pg::database;
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{is_sound, row};
use crate::{Outcome, connector, release, start};

const GUIDE: &str = include_str!("../../../../docs/a-year-of-a-column.md");

/// The files, with their names, in the order of the year.
fn files() -> Vec<(&'static str, &'static str)> {
    let parts = GUIDE.split("`migrations/shop/").skip(1);
    parts
        .filter_map(|part| {
            let (name, rest) = part.split_once("`:\n\n```sql\n")?;
            Some((name, rest.split_once("```")?.0))
        })
        .collect()
}

/// What the code of before, of the summer and of the autumn inserts; and whether it may still do so.
const INSERTS: [&str; 3] = [
    "INSERT INTO shop.customers (contact) VALUES ('New@shop.test ' || clock_timestamp())",
    "INSERT INTO shop.customers (contact, email) SELECT a, a FROM lower('b' || clock_timestamp()) AS a",
    "INSERT INTO shop.customers (email) VALUES ('c' || clock_timestamp())",
];

async fn which_work(client: &Client) -> Vec<usize> {
    let mut all = Vec::new();
    for (n, sql) in INSERTS.iter().enumerate() {
        if client.batch_execute(sql).await.is_ok() {
            all.push(n);
        }
    }
    all
}

#[tokio::test]
async fn a_year_in_the_life_of_a_column() -> Outcome {
    let files = files();
    let names: Vec<_> = files.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), 9, "{names:?}");
    let database = database().await?;
    let mut client = database.connect().await?;
    let connector = connector(&database)?;
    let mut folder = Folder::empty("shop").without("onward.toml");
    for (name, text) in files {
        folder = folder.with(name, text);
        let plan = folder.plan()?;
        match &name[..2] {
            "DM" => {
                start(&plan, &mut client).await?;
                Worker::new(&plan).finish(&connector, None).await?;
            }
            "10" => drop(release(&plan, &mut client).await?),
            _ => drop(start(&plan, &mut client).await?),
        }
        if name.starts_with("001") {
            let rows = "INSERT INTO shop.customers (contact) SELECT 'Old@shop.test ' || n FROM generate_series(1, 2500) n";
            client.batch_execute(rows).await?;
        }
        let expected: &[usize] = match name.split_once('_').map_or("", |(number, _)| number) {
            "001" => &[0],
            "002" | "DM001" | "DM002" => &[0, 1],
            "100" | "101" | "102" => &[1],
            "103" => &[1, 2],
            _ => &[2],
        };
        // Rows without an address come as long as they may, and are filled once more.
        assert_eq!(which_work(&client).await, expected, "behind {name}");
        if name.starts_with("DM002") {
            let fill = "UPDATE shop.customers SET email = lower(contact) WHERE email IS NULL";
            client.batch_execute(fill).await?;
        }
    }
    let unfilled =
        "SELECT count(*) FROM shop.customers WHERE email IS NULL OR email <> lower(email)";
    assert_eq!(row(&client, unfilled).await?, "0");
    let index = "SELECT indisvalid AND indisunique FROM pg_index WHERE indexrelid = 'shop.customers_email_key'::regclass";
    assert_eq!(row(&client, index).await?, "t");
    is_sound(&client).await
}
