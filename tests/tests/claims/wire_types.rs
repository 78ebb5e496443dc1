//! `Category` and `Checksum` as parameters and results of real queries.

use onward::{Category, Checksum};
use onward_pg::{Database, database};
use tokio_postgres::Client;

async fn client() -> (Database, Client) {
    let database = database().await.unwrap();
    let client = database.connect().await.unwrap();
    (database, client)
}

#[tokio::test]
async fn a_category_is_text_to_the_server() {
    let (_database, client) = client().await;
    for category in Category::ALL {
        let row = client
            .query_one("SELECT $1::text || '', $1::varchar", &[&category])
            .await
            .unwrap();
        assert_eq!(row.get::<_, &str>(0), category.as_str());
        assert_eq!(row.get::<_, Category>(0), category);
        assert_eq!(row.get::<_, Category>(1), category);
    }
}

#[tokio::test]
async fn a_checksum_is_bytea_to_the_server() {
    let (_database, client) = client().await;
    let row = client
        .query_one(
            "SELECT sha256('onward'::bytea), encode(sha256('onward'::bytea), 'hex')",
            &[],
        )
        .await
        .unwrap();
    let checksum: Checksum = row.get(0);
    assert_eq!(checksum.to_string(), row.get::<_, &str>(1));
    let row = client
        .query_one("SELECT $1 = sha256('onward'::bytea)", &[&checksum])
        .await
        .unwrap();
    assert!(row.get::<_, bool>(0));
}

#[tokio::test]
async fn a_value_of_another_kind_is_an_error_and_not_a_panic() {
    let (_database, client) = client().await;
    let row = client
        .query_one(
            "SELECT 'Startup'::text, '\\x00'::bytea, 1::int4, NULL::text",
            &[],
        )
        .await
        .unwrap();
    assert!(
        row.try_get::<_, Category>(0)
            .unwrap_err()
            .to_string()
            .contains("column 0")
    );
    assert!(row.try_get::<_, Checksum>(1).is_err());
    assert!(row.try_get::<_, Category>(2).is_err());
    assert_eq!(row.get::<_, Option<Category>>(3), None);
}
