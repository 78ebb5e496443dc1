//! An index is built outside of a transaction, where a borrowed connection has a `search_path` of its own: a name
//! that means something else by it is refused before it is used.

use onward::{Connector, Error, Startup, Up};
use onward_pg::{PgBouncer, database};
use tokio_postgres::NoTls;

use crate::support::folder::Folder;
use crate::support::witness::{is_sound, row};
use crate::{Outcome, connector, start};

const TABLE: &str = "CREATE TABLE shop.t (id int, mail varchar(99), label text, mood text);";

/// What stands in `public` beside PostgreSQL's own.
const PUBLIC: &str = "CREATE FUNCTION public.lower(varchar) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT $1::text $$;
    CREATE FUNCTION public.twice(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT $1 || $1 $$;
    CREATE TYPE public.pair AS (a int);
    CREATE FUNCTION public.upper(public.pair) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT 'x' $$;
    CREATE COLLATION public.plain FROM \"C\";
    CREATE DOMAIN public.label AS text;
    CREATE FUNCTION public.compare(text, text) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT 0 $$;
    CREATE OPERATOR CLASS public.odd_ops FOR TYPE text USING btree AS FUNCTION 1 public.compare(text, text)";

#[tokio::test]
async fn a_name_that_means_something_else_is_refused_on_a_borrowed_connection() -> Outcome {
    for (index, word) in [
        ("(lower(mail))", Some("lower")),
        ("(LOWER (mail), id)", Some("lower")),
        ("(twice(label))", Some("twice")),
        ("(label COLLATE plain)", Some("plain")),
        ("(label odd_ops)", Some("odd_ops")),
        ("((mood::label))", Some("label")),
        ("(ours(label))", Some("ours")),
        ("(pg_catalog.lower(mail))", None),
        ("(public.twice(label))", None),
        ("(shop.ours(label))", None),
        ("(label COLLATE public.plain)", None),
        // Columns and literals with such names, and a function for another type.
        ("(label)", None),
        ("(upper(label))", None),
        ("(id) WHERE label <> 'twice('", None),
    ] {
        let build = format!("CREATE INDEX CONCURRENTLY i ON shop.t {index};");
        let plan = Folder::empty("shop")
            .with("001_t.sql", TABLE)
            .with(
                "002_ours.sql",
                "CREATE FUNCTION shop.ours(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT $1 $$;",
            )
            .with("003_i.sql", &build)
            .plan()?;
        let database = database().await?;
        let mut client = database.connect().await?;
        client.batch_execute(PUBLIC).await?;
        let lent = start(&plan, &mut client).await;
        match (lent, word) {
            (Ok(report), None) => assert_eq!(report.applied().len(), 3, "{index}"),
            (Err(Error::AmbiguousName { found, .. }), Some(expected)) => {
                assert_eq!(found.word, expected)
            }
            (answer, _) => return Err(format!("{index}: {answer:?}").into()),
        }
        is_sound(&client).await?;
    }
    Ok(())
}

/// With a connection of the run's own, the path is that of a migration.
#[tokio::test]
async fn on_its_own_connection_a_run_means_what_a_migration_means() -> Outcome {
    let plan = Folder::empty("shop")
        .with("001_t.sql", TABLE)
        .with(
            "002_i.sql",
            "CREATE INDEX CONCURRENTLY i ON shop.t (lower(mail));",
        )
        .with("101_j.sql", "CREATE INDEX j ON shop.t (lower(mail), id);")
        .plan()?;
    let database = database().await?;
    let client = database.connect().await?;
    client.batch_execute(PUBLIC).await?;
    let pooler = PgBouncer::start(&database, "pool_mode = transaction").await?;
    let pooled = Connector::new(pooler.url().parse()?, NoTls);
    let refused = Startup::new(&plan).run_with(&pooled).await.err();
    assert!(
        matches!(refused, Some(Error::AmbiguousName { .. })),
        "{refused:?}"
    );
    Up::new(&plan).run_with(&connector(&database)?).await?;
    for index in ["i", "j"] {
        let called = format!(
            "SELECT count(*) FROM pg_depend WHERE objid = 'shop.{index}'::regclass
             AND refobjid = 'public.lower(varchar)'::regprocedure"
        );
        assert_eq!(row(&client, &called).await?, "0", "{index}");
    }
    is_sound(&client).await
}
