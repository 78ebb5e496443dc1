//! What of certificates is checked, on both sides.

use crate::Outcome;
use crate::support::{Authority, Issued, Secure, says, secure, tls};

#[tokio::test]
async fn the_issuer_and_the_name_count_where_the_mode_asks_for_them() -> Outcome {
    let secure = secure().await?;
    let ca = secure.files.path("ca.crt");
    let other = Authority::new()?.pem;
    let other = secure.files.write("other.crt", &other, 0o644)?;
    for (host, mode, root, expected) in [
        ("localhost", "verify-full", &ca, None),
        ("elsewhere.example", "verify-ca", &ca, None),
        (
            "elsewhere.example",
            "verify-full",
            &ca,
            Some("another host name"),
        ),
        ("127.0.0.1", "verify-full", &ca, Some("another host name")),
        ("localhost", "verify-full", &other, Some("issuer")),
        ("localhost", "verify-ca", &other, Some("issuer")),
        // A root that is there is asked.
        ("localhost", "require", &other, Some("issuer")),
    ] {
        let wish = format!("user=postgres sslmode={mode} sslrootcert={root}");
        let result = tls(&secure.named(host, &wish)).await;
        match expected {
            None => assert_eq!(result, Ok(true), "{host} {mode}"),
            Some(part) => says(result, part),
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_server_may_sign_its_own_certificate_and_not_let_it_expire() -> Outcome {
    let secure = Secure::start().await?;
    for (issued, trusts_issuer, expected) in [
        (
            secure.authority.issue_until("localhost", 2021)?,
            true,
            Some("expired"),
        ),
        (Issued::by_itself("localhost", 2090)?, false, None),
        (
            Issued::by_itself("elsewhere.example", 2090)?,
            false,
            Some("another host name"),
        ),
        (
            Issued::by_itself("localhost", 2021)?,
            false,
            Some("expired"),
        ),
        (Issued::by_itself("localhost", 2090)?, true, Some("issuer")),
    ] {
        secure.present(&issued).await?;
        let root = match trusts_issuer {
            true => &secure.authority.pem,
            false => &issued.certificate,
        };
        let root = secure.files.write("root.crt", root, 0o644)?;
        let wish = format!("user=postgres sslmode=verify-full sslrootcert={root}");
        let result = tls(&secure.at(&wish)).await;
        match expected {
            None => assert_eq!(result, Ok(true)),
            Some(part) => says(result, part),
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_client_shows_its_certificate() -> Outcome {
    let secure = secure().await?;
    let issued = secure.authority.issue("cert_role")?;
    let stranger = Authority::new()?.issue("cert_role")?;
    let write = |name: &str, text: &str, mode| secure.files.write(name, text, mode);
    let cert = write("client.crt", &issued.certificate, 0o600)?;
    let key = write("client.key", &issued.key, 0o600)?;
    let open_key = write("open.key", &issued.key, 0o644)?;
    let other_cert = write("stranger.crt", &stranger.certificate, 0o644)?;
    let other_key = write("stranger.key", &stranger.key, 0o600)?;
    let hidden = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n";
    let hidden = write("hidden.key", hidden, 0o600)?;
    for (role, cert, key, expected) in [
        ("cert_role", &cert, &key, None),
        ("cert_role", &cert, &open_key, Some("chmod 0600")),
        ("cert_role", &cert, &cert, Some("no private key")),
        ("cert_role", &cert, &hidden, Some("openssl pkey")),
        ("cert_role", &cert, &other_key, Some("TLS cannot be set up")),
        ("cert_role", &other_cert, &other_key, Some("cannot connect")),
        (
            "cert_role",
            &other_key,
            &other_key,
            Some("no certificate in it"),
        ),
    ] {
        let wish = format!("user={role} sslmode=require sslcert={cert} sslkey={key}");
        let result = tls(&secure.at(&wish)).await;
        match expected {
            None => assert_eq!(result, Ok(true)),
            Some(part) => says(result, part),
        }
    }
    let none = tls(&secure.at("user=cert_role sslmode=require")).await;
    says(none, "client certificate");
    Ok(())
}
