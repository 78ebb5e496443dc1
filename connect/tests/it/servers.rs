//! Several servers, services, and what is read around a URL.

use onward_connect::{Surroundings, Target};

use crate::Outcome;
use crate::support::{Files, says, secure, tls, tls_around};

#[tokio::test]
async fn the_next_server_is_tried_when_one_is_not_there() -> Outcome {
    let port = secure().await?.port();
    let dead = format!("postgres://postgres@127.0.0.1:1,127.0.0.1:{port}/postgres");
    assert!(tls(&dead).await.is_ok());
    let both = tls("postgres://postgres@127.0.0.1:1,127.0.0.1:2/postgres").await;
    says(both.clone(), "127.0.0.1:1: no server");
    says(both, "127.0.0.1:2: no server");
    // A server that knows the login answers for all.
    let refused = format!("postgres://no_role@127.0.0.1:{port},127.0.0.1:1/postgres");
    says(tls(&refused).await, "the role does not exist");
    says(tls("host=a,b,c port=1,2").await, "3 hosts and 2 ports");
    Ok(())
}

#[tokio::test]
async fn a_server_of_another_kind_is_not_used() -> Outcome {
    let secure = secure().await?;
    for (attrs, expected) in [
        ("any", None),
        ("read-write", None),
        ("primary", None),
        ("prefer-standby", None),
        ("standby", Some("asks for a standby")),
        ("read-only", Some("read-only")),
        ("fast", Some("any, read-write")),
    ] {
        let wish = format!("user=postgres target_session_attrs={attrs}");
        let result = tls(&secure.at(&wish)).await;
        match expected {
            None => assert_eq!(result, Ok(true), "{attrs}"),
            Some(part) => says(result, part),
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_url_comes_before_the_service_and_the_service_before_the_environment() -> Outcome {
    let port = secure().await?.port();
    let files = Files::new()?;
    let text = format!(
        "[shop]\nhost=127.0.0.1\nport={port}\nuser=postgres\ndbname=postgres\n\n[dead]\nhost=127.0.0.1\nport=1\n"
    );
    let file = files.write("services", &text, 0o644)?;
    let around = Surroundings::none()
        .with("PGSERVICEFILE", &file)
        .with("PGPORT", "1");
    for text in ["service=shop", "postgres:///?service=shop"] {
        assert_eq!(tls_around(text, &around).await, Ok(true), "{text}");
    }
    let named = around.clone().with("PGSERVICE", "shop");
    assert_eq!(tls_around("", &named).await, Ok(true));
    says(tls_around("port=2", &named).await, "127.0.0.1:2");
    says(
        tls_around("service=dead user=me", &around).await,
        "no server listens",
    );
    says(
        tls_around("service=none", &around).await,
        "write a section [none]",
    );
    Ok(())
}

#[test]
fn parameters_of_other_drivers_are_ignored_with_a_word() -> Outcome {
    let url = "postgres://me@h/db?schema=public&pool_timeout=5&statement_cache_capacity=0&sslmode=require";
    let target = Target::read(url, &Surroundings::none())?;
    assert_eq!(target.to_string(), "on h:5432, database db, role me");
    let notes = target.notes().join("\n");
    for name in ["`schema`", "`pool_timeout`", "`statement_cache_capacity`"] {
        assert!(notes.contains(name), "{notes}");
    }
    Ok(())
}
