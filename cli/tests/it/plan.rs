//! `onward plan`: locks and the queries that wait.

use serde_json::json;

use crate::Outcome;
use crate::support::{Folder, MODULES, onward};

/// The locks that are shown here are the ones that the rules are there to prevent.
const FILES: &[(&str, &[u8])] = &[
    ("onward.toml", onward_tests::UNJUDGED.as_bytes()),
    (
        "001_products.sql",
        b"CREATE TABLE shop.products (id bigint PRIMARY KEY, name text);
CREATE TABLE shop.stock (id bigint PRIMARY KEY, product_id bigint REFERENCES shop.products);
COMMENT ON TABLE shop.stock IS 'x';
",
    ),
    (
        "002_more.sql",
        b"CREATE TABLE shop.prices (product_id bigint REFERENCES shop.products);
GRANT SELECT ON shop.products TO public;
ALTER TABLE shop.products ADD COLUMN token uuid DEFAULT gen_random_uuid();
ALTER TABLE shop.stock ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;
ALTER TABLE shop.stock VALIDATE CONSTRAINT positive;
",
    ),
];

#[tokio::test]
async fn the_text_names_locks_on_existing_tables_and_the_queries_that_wait() -> Outcome {
    let folder = Folder::shop(FILES)?;
    let answer = onward(&["plan", &folder.path()]).await?;
    let first = "
001_products.sql
  takes no lock on existing tables

002_more.sql
  1:1  CREATE TABLE shop.prices (product_id bigint REFERENCES shop.products)
    SHARE ROW EXCLUSIVE on shop.products: writes wait
";
    answer.with(0).says(&[
        first,
        // On 15 to 17 it takes none.
        "    ACCESS SHARE on shop.products: no query waits\n",
        "    ACCESS EXCLUSIVE on shop.products: reads and writes wait\n    rewrites shop.products\n",
        "    SHARE UPDATE EXCLUSIVE on shop.stock: only changes of the schema and VACUUM wait\n    scans shop.stock in full\n",
    ]);
    assert!(!answer.out.contains("on shop.prices"), "{}", answer.out);
    Ok(())
}

/// The locks of a statement are what one wants to see of a file with findings.
#[tokio::test]
async fn a_folder_with_findings_has_a_plan_and_so_has_one_file() -> Outcome {
    let folder = Folder::shop(&FILES[1..])?;
    let path = folder.path();
    let answer = onward(&["plan", &path]).await?;
    answer
        .with(0)
        .says(&["rewrites shop.products", "note: ", "`onward check "]);
    let file = format!("{path}/002_more.sql");
    let answer = onward(&["plan", &file]).await?;
    answer
        .with(0)
        .says(&["002_more.sql", "rewrites shop.products"]);
    assert!(!answer.out.contains("001_products.sql"), "{}", answer.out);
    Ok(())
}

#[tokio::test]
async fn the_json_has_all_of_it() -> Outcome {
    let folder = Folder::shop(FILES)?;
    let answer = onward(&["plan", &folder.path(), "--format", "json"]).await?;
    let plans = answer.with(0).json()?;
    let added = &plans[0]["migrations"][1]["statements"][2];
    assert_eq!(
        *added,
        json!({
            "line": 3,
            "column": 1,
            "sql": "ALTER TABLE shop.products ADD COLUMN token uuid DEFAULT gen_random_uuid()",
            "locks": [{
                "relation": "shop.products",
                "mode": "ACCESS EXCLUSIVE",
                "blocks": "reads-and-writes",
            }],
            "rewrites": ["shop.products"],
            "scans": [],
            "opaque": false,
        })
    );
    Ok(())
}

/// A data migration shows what was put into its statement.
#[tokio::test]
async fn a_data_migration_shows_its_ranges_and_what_it_waits_for() -> Outcome {
    let files: &[(&str, &[u8])] = &[
        ("onward.toml", b"[data]\nhealthy = [\"SELECT true\"]\n"),
        (
            "001_products.sql",
            b"CREATE TABLE shop.products (id bigint PRIMARY KEY, name text, slug text);\n",
        ),
        (
            "DM001_products_slug.sql",
            b"-- onward: batch 500 by id\n-- onward: skip at most 3 rows\n-- onward: approve
UPDATE shop.products SET slug = lower(name) WHERE slug IS NULL AND name IS NOT NULL OR name = '';\n",
        ),
        (
            "DM002_products_name.sql",
            b"-- onward: batch 500 by id\n-- onward: requires DM001
UPDATE shop.products SET name = 'x' WHERE name IS NULL;\n",
        ),
    ];
    let folder = Folder::shop(files)?;
    let text = onward(&["plan", &folder.path()]).await?;
    text.with(0).says(&[
        r#"  in ranges of shop.products by id bigint, 500 rows each:
    UPDATE shop.products SET slug = lower(name) WHERE (slug IS NULL AND name IS NOT NULL OR name = '') AND ("products"."id" > $1 AND "products"."id" <= $2)
  the end of the next range:
    SELECT pg_catalog.jsonb_build_array(walked."id") FROM (SELECT walked."id" FROM "shop"."products" AS walked WHERE "walked"."id" > $1 AND "walked"."id" <= $2 ORDER BY walked."id" OFFSET '499' LIMIT 1) AS walked
  waits unless this is true:
    SELECT true
  leaves out at most 3 rows that fail
  waits for `onward data approve`
"#,
        "  requires DM001\n  in ranges",
        "  done when no row of this is true:\n    SELECT true FROM shop.products WHERE (name IS NULL)\n",
    ]);
    let json = onward(&["plan", &folder.path(), "--format", "json"]).await?;
    let plans = json.with(0).json()?;
    let data = &plans[0]["migrations"][1]["data"];
    assert_eq!(data["job"], "ranges");
    assert_eq!(
        data["ranges"]["keys"],
        json!([{ "column": "id", "type": "bigint" }])
    );
    assert_eq!(plans[0]["migrations"][0]["data"], json!(null));
    Ok(())
}

#[tokio::test]
async fn the_modules_that_people_copy_have_a_plan() -> Outcome {
    let words = [&["plan", "--format", "json"], MODULES].concat();
    let plans = onward(&words).await?.with(0).json()?;
    let plans = plans.as_array().ok_or("a list")?;
    assert_eq!(plans.len(), MODULES.len());
    for (plan, module) in plans.iter().zip(MODULES) {
        assert_eq!(plan["folder"], *module);
        let files = plan["migrations"].as_array().ok_or("a list")?;
        let statements = files.iter().map(|file| file["statements"].as_array());
        let statements: Vec<_> = statements.collect::<Option<_>>().ok_or("a list")?;
        assert!(statements.iter().all(|all| !all.is_empty()), "{module}");
        let locks = statements.into_iter().flatten().map(|one| &one["locks"]);
        let mut locks = locks.filter_map(serde_json::Value::as_array);
        assert!(locks.any(|all| !all.is_empty()), "{module}");
    }
    let text = onward(&[&["plan"], MODULES].concat()).await?;
    let text = text.with(0);
    for module in MODULES {
        text.says(&[&format!("{module}, schema ")]);
    }
    Ok(())
}
