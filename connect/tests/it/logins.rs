//! Passwords, and what the server says to who logs in.

use onward_connect::{Surroundings, Target};

use crate::Outcome;
use crate::support::{Files, says, secure, tls, tls_around};

#[tokio::test]
async fn a_password_comes_from_the_url_the_environment_or_a_file() -> Outcome {
    let secure = secure().await?;
    let port = secure.port();
    let plain = secure.at("user=scram_role sslmode=disable");
    let files = Files::new()?;
    let line = format!("localhost:{port}:postgres:scram_role:hush\\:hush\n");
    let kept = files.write(".pgpass", &line, 0o600)?;
    let open = files.write("open", &line, 0o644)?;
    let none = Surroundings::none;
    let home = files.root().display().to_string();
    for around in [
        none().with("PGPASSWORD", "hush:hush"),
        none().with("PGPASSFILE", &kept),
        none().with("HOME", &home),
        none().with_env_file("PGPASSWORD='hush:hush'"),
    ] {
        assert_eq!(tls_around(&plain, &around).await, Ok(false), "{around:?}");
    }
    let url =
        format!("postgres://scram_role:hush%3Ahush@127.0.0.1:{port}/postgres?sslmode=disable");
    assert_eq!(tls(&url).await, Ok(false));
    let open = none().with("PGPASSFILE", &open);
    let notes = Target::read(&plain, &open)?.notes().join("\n");
    assert!(notes.contains("chmod 0600"), "{notes}");
    says(tls_around(&plain, &open).await, "none was given");
    let wrong = none().with("PGPASSWORD", "hush");
    says(tls_around(&plain, &wrong).await, "the password is wrong");
    Ok(())
}

#[tokio::test]
async fn a_password_is_bound_to_the_channel_on_request() -> Outcome {
    let secure = secure().await?;
    let around = Surroundings::none().with("PGPASSWORD", "hush:hush");
    for (wish, expected) in [
        ("sslmode=require channel_binding=require", Ok(true)),
        ("sslmode=require channel_binding=disable", Ok(true)),
        ("sslmode=prefer channel_binding=prefer", Ok(true)),
    ] {
        let text = secure.at(&format!("user=scram_role {wish}"));
        assert_eq!(tls_around(&text, &around).await, expected, "{wish}");
    }
    // Nothing binds where no password is asked for.
    let trusted = secure.at("user=postgres sslmode=require channel_binding=require");
    says(tls(&trusted).await, "did not offer it");
    Ok(())
}

#[tokio::test]
async fn each_refusal_names_the_server_and_what_helps() -> Outcome {
    let secure = secure().await?;
    let port = secure.port();
    let at = |more: &str| secure.at(more);
    for (text, part) in [
        (at("user=no_role"), "the role does not exist"),
        (
            at("user=postgres dbname=nowhere"),
            "the database does not exist",
        ),
        (
            at("user=postgres dbname=nowhere"),
            &*format!("localhost:{port}, database nowhere, role postgres"),
        ),
        (at("user=stranger"), "pg_hba.conf"),
        (
            "host=127.0.0.1 port=1 user=me".to_owned(),
            "no server listens there",
        ),
        (
            "host=/no/such/folder user=me".to_owned(),
            "no server listens on this socket",
        ),
        ("host=nowhere.invalid user=me".to_owned(), "check the host"),
        ("host=127.0.0.1 port=0 user=me".to_owned(), "the port"),
    ] {
        says(tls(&text).await, part);
    }
    Ok(())
}
