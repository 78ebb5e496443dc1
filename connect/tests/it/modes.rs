//! The six values of `sslmode`, on a server with TLS and on one without.

use crate::Outcome;
use crate::support::{says, secure, tls};

#[tokio::test]
async fn a_server_with_tls_is_asked_for_as_much_as_the_mode_asks_for() -> Outcome {
    let secure = secure().await?;
    let ca = secure.files.path("ca.crt");
    for (mode, role, expected) in [
        ("disable", "postgres", Ok(false)),
        ("disable", "tls_role", Err("without TLS")),
        ("allow", "postgres", Ok(false)),
        ("allow", "tls_role", Ok(true)),
        ("prefer", "postgres", Ok(true)),
        ("prefer", "plain_role", Ok(false)),
        ("require", "postgres", Ok(true)),
        ("require", "plain_role", Err("pg_hba.conf")),
        ("verify-ca", "postgres", Ok(true)),
        ("verify-full", "postgres", Ok(true)),
    ] {
        let root = match mode.starts_with("verify") {
            true => format!("sslrootcert={ca}"),
            false => String::new(),
        };
        let text = secure.at(&format!("user={role} sslmode={mode} {root}"));
        let result = tls(&text).await;
        match expected {
            Ok(expected) => assert_eq!(result, Ok(expected), "{mode} {role}"),
            Err(part) => says(result, part),
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_server_without_tls_is_used_where_the_mode_allows_it() -> Outcome {
    let database = onward_pg::database().await?;
    let ca = secure().await?.files.path("ca.crt");
    for (mode, expected) in [
        ("disable", Ok(false)),
        ("allow", Ok(false)),
        ("prefer", Ok(false)),
        ("require", Err("does not offer TLS")),
        ("verify-ca", Err("does not offer TLS")),
        ("verify-full", Err("does not offer TLS")),
    ] {
        let url = format!("{}?sslmode={mode}&sslrootcert={ca}", database.url());
        match expected {
            Ok(expected) => assert_eq!(tls(&url).await, Ok(expected), "{mode}"),
            Err(part) => says(tls(&url).await, part),
        }
    }
    Ok(())
}

#[tokio::test]
async fn wishes_that_exclude_each_other_are_refused_before_a_server_is_asked() {
    for (text, part) in [
        ("sslmode=sometimes", "disable, allow, prefer"),
        ("sslmode=verify-ca", "needs the issuer's certificate"),
        ("sslrootcert=system sslmode=require", "verify-full"),
        ("sslnegotiation=direct", "needs TLS"),
        ("sslmode=disable channel_binding=require", "needs TLS"),
        ("sslmod=disable", "did you mean `sslmode`"),
        ("sslcrl=/x", "not supported"),
        ("gssencmode=require", "not supported"),
        ("sslrootcert=/no/such/file sslmode=require", "/no/such/file"),
        ("ssl_max_protocol_version=TLSv1.1", "no version of TLS"),
    ] {
        says(tls(&format!("host=localhost {text}")).await, part);
    }
}
