//! Runs through TLS, on a server that accepts no other connection.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::time::Duration;

use onward::{Connector, PendingRelease, Startup};
use onward_pg::{Binaries, Cluster, Settings};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::support::witness::{is_sound, row, until};
use crate::{Outcome, SHOP, applied};

/// A file that only the server may read, as it requires for its key.
fn write(data: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let file = data.join(name);
    fs::write(&file, text)?;
    fs::set_permissions(&file, Permissions::from_mode(0o600))?;
    let owner = fs::metadata(data)?;
    chown(file, Some(owner.uid()), Some(owner.gid()))
}

#[tokio::test]
async fn a_run_speaks_any_tls_that_the_driver_speaks() -> Outcome {
    let cluster = Cluster::start(&Binaries::find().await?, Settings::fast()).await?;
    let database = cluster.database().await?;
    // Connected before the server refuses connections without TLS.
    let watcher = database.connect().await?;
    let data = row(&watcher, "SHOW data_directory").await?;
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    write(data.as_ref(), "server.crt", &certified.cert.pem())?;
    write(
        data.as_ref(),
        "server.key",
        &certified.signing_key.serialize_pem(),
    )?;
    write(
        data.as_ref(),
        "pg_hba.conf",
        "hostssl all all 127.0.0.1/32 trust\n",
    )?;
    watcher.batch_execute("ALTER SYSTEM SET ssl = on").await?;
    watcher.batch_execute("SELECT pg_reload_conf()").await?;
    until(
        &watcher,
        "SELECT setting = 'on' FROM pg_settings WHERE name = 'ssl'",
    )
    .await?;

    let mut config: Config = database.url().parse()?;
    let startup = || Startup::new(&SHOP).pending_release(PendingRelease::Report);
    let plain = Connector::new(config.clone(), NoTls);
    let refused = startup().run_with(&plain).await.err();
    assert_eq!(
        refused.as_ref().and_then(onward::Error::sqlstate),
        Some("28000")
    );

    let mut roots = RootCertStore::empty();
    roots.add(certified.cert.der().clone())?;
    let tls = ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let port = config.get_ports().first().copied().unwrap_or(5432);
    config = Config::new();
    config
        .host("localhost")
        .hostaddr([127, 0, 0, 1].into())
        .port(port)
        .user("postgres")
        .dbname(database.name())
        .ssl_mode(SslMode::Require);
    let connector = Connector::new(config, MakeRustlsConnect::new(tls));
    let report = startup().run_with(&connector).await?;
    assert_eq!(applied(&report).len(), 5);
    assert_eq!(startup().run_with(&connector).await?.applied(), []);

    // The same by a URL alone, with the root in a file.
    let root = std::env::temp_dir().join(format!("onward-root-{}.crt", std::process::id()));
    fs::write(&root, certified.cert.pem())?;
    let url = format!(
        "host=localhost hostaddr=127.0.0.1 port={port} user=postgres dbname={} sslmode=verify-full sslrootcert={}",
        database.name(),
        root.display()
    );
    let report = startup().run_with(&Connector::from_url(&url)?).await;
    let elsewhere = Connector::from_url(&url.replace("localhost", "elsewhere.example"))?;
    let refused = startup()
        .run_with(&elsewhere.total_connect_timeout(Duration::ZERO))
        .await;
    fs::remove_file(&root)?;
    assert_eq!(report?.applied(), []);
    let refused = refused
        .err()
        .map(|error| format!("{error:#}"))
        .unwrap_or_default();
    assert!(refused.contains("for another host name"), "{refused}");
    is_sound(&watcher).await
}
