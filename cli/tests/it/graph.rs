//! `onward graph`: drawings of the tables and of their history.

use crate::Outcome;
use crate::support::{FOLDER, MODULES, onward};

#[tokio::test]
async fn the_tables_and_their_keys_are_drawn() -> Outcome {
    let text = onward(&["graph", FOLDER]).await?;
    text.with(0).says(&[
        "erDiagram\n    \"shop.categories\" {\n        text code PK\n",
        "    \"shop.products\" ||--o| \"shop.stock\" : \"stock_product_id_fkey\"\n",
    ]);
    let auth = onward(&["graph", "migrations/auth"]).await?;
    auth.with(0).says(&[
        "uuid tenant_id PK, FK \"tenant\"",
        "%% auth.permissions: the same for all tenants",
    ]);
    let svg = onward(&["graph", FOLDER, "--format", "svg"]).await?;
    svg.with(0).says(&[
        "<svg xmlns=",
        ">shop.products</text>",
        "<title>stock_product_id_fkey</title>",
    ]);
    let all = onward(&[&["graph", "--format", "svg"], MODULES].concat()).await?;
    assert_eq!(all.with(0).out.matches("<svg").count(), 1);
    onward(&["graph", "no/such/folder"]).await?.with(2);
    Ok(())
}

#[tokio::test]
async fn each_file_has_a_moment() -> Outcome {
    let text = onward(&["graph", FOLDER, "--timeline"]).await?;
    text.with(0).says(&[
        "timeline\n    section shop\n        001_products.sql : ",
        "100_drop_products_legacy_code.sql : ",
    ]);
    let svg = onward(&["graph", FOLDER, "--timeline", "--format", "svg"]).await?;
    svg.with(0).says(&["<svg", ">001_products.sql</text>"]);
    Ok(())
}
