//! What the parameters ask of TLS, before any file is read.

use std::path::PathBuf;

use crate::mode::SslMode;
use crate::parameters::Parameters;
use crate::surroundings::Surroundings;
use crate::unreadable::Unreadable;

/// The settings of TLS.
pub(crate) struct Wanted {
    pub(crate) check: Check,
    pub(crate) roots: Roots,
    /// A certificate of the client's own and its key.
    pub(crate) own: Option<(PathBuf, PathBuf)>,
    /// Whether the server learns which name it is asked for.
    pub(crate) names_host: bool,
    pub(crate) versions: Versions,
    /// TLS begins without a request in PostgreSQL's protocol, and says which protocol it carries.
    pub(crate) is_direct: bool,
}

/// What of the server's certificate is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    Nothing,
    Issuer,
    IssuerAndName,
}

/// Which issuers are trusted.
pub(crate) enum Roots {
    System,
    File(PathBuf),
}

/// Which versions of TLS are spoken. Older ones are not, whatever is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Versions {
    Both,
    Only12,
    Only13,
}

const SYSTEM: &str = "system";

pub(crate) fn mode(parameters: &Parameters) -> Result<SslMode, Unreadable> {
    let given = parameters.read_as("sslmode", SslMode::TAKES, SslMode::of)?;
    let is_system = parameters.get("sslrootcert") == Some(SYSTEM);
    let is_required = parameters.get("requiressl") == Some("1");
    let mode = given.unwrap_or(match (is_system, is_required) {
        (true, _) => SslMode::VerifyFull,
        (false, true) => SslMode::Require,
        (false, false) => SslMode::Prefer,
    });
    if is_system && mode != SslMode::VerifyFull {
        return Err(Unreadable::Weak(
            "sslrootcert=system trusts every certificate that the system trusts, so only sslmode=verify-full \
             makes sense with it",
        ));
    }
    if parameters.get("sslnegotiation") == Some("direct") && !mode.demands_tls() {
        return Err(Unreadable::Weak(
            "sslnegotiation=direct needs TLS: add sslmode=require, or better verify-full",
        ));
    }
    if parameters.get("channel_binding") == Some("require") && mode == SslMode::Disable {
        return Err(Unreadable::Weak(
            "channel_binding=require needs TLS: use another sslmode than disable",
        ));
    }
    Ok(mode)
}

pub(crate) fn tls(
    parameters: &Parameters,
    mode: SslMode,
    around: &Surroundings,
) -> Result<Wanted, Unreadable> {
    let of_user = |name: &str| around.file_of_user(&format!(".postgresql/{name}"), name);
    let file = |name: &str, usual: &str| match parameters.get(name) {
        Some(file) => Some((PathBuf::from(file), true)),
        None => of_user(usual).map(|file| (file, false)),
    };
    let there = |(file, is_given): (PathBuf, bool)| (is_given || file.is_file()).then_some(file);
    let roots = match parameters.get("sslrootcert") {
        Some(SYSTEM) => None,
        _ => file("sslrootcert", "root.crt").and_then(there),
    };
    let check = match (mode, &roots) {
        (SslMode::VerifyFull, _) => Check::IssuerAndName,
        (SslMode::VerifyCa, Some(_)) => Check::Issuer,
        (SslMode::VerifyCa, None) => {
            return Err(Unreadable::Weak(
                "sslmode=verify-ca needs the issuer's certificate in sslrootcert: among all that the system \
                 trusts, it would accept any server. Or use sslmode=verify-full",
            ));
        }
        // As libpq does: a root that is there is asked.
        (SslMode::Disable | SslMode::Allow | SslMode::Prefer | SslMode::Require, Some(_)) => {
            Check::Issuer
        }
        (SslMode::Disable | SslMode::Allow | SslMode::Prefer | SslMode::Require, None) => {
            Check::Nothing
        }
    };
    let own = file("sslcert", "postgresql.crt").and_then(there);
    let own = own.zip(file("sslkey", "postgresql.key").map(|(file, _)| file));
    Ok(Wanted {
        check,
        roots: roots.map_or(Roots::System, Roots::File),
        own,
        names_host: parameters.get("sslsni") != Some("0"),
        versions: versions(parameters)?,
        is_direct: parameters.get("sslnegotiation") == Some("direct"),
    })
}

fn versions(parameters: &Parameters) -> Result<Versions, Unreadable> {
    const TAKES: &str = "TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3";
    let number = |text: &str| match text.to_ascii_lowercase().as_str() {
        "tlsv1" => Some(10),
        "tlsv1.1" => Some(11),
        "tlsv1.2" => Some(12),
        "tlsv1.3" => Some(13),
        _ => None,
    };
    let least = parameters.read_as("ssl_min_protocol_version", TAKES, number)?;
    let most = parameters.read_as("ssl_max_protocol_version", TAKES, number)?;
    match (least.unwrap_or(12).max(12), most.unwrap_or(13)) {
        (12, 13) => Ok(Versions::Both),
        (12, 12) => Ok(Versions::Only12),
        (13, 13) => Ok(Versions::Only13),
        (_, _) => Err(Unreadable::Weak(
            "no version of TLS is left between ssl_min_protocol_version and ssl_max_protocol_version: 1.2 and 1.3 \
             are spoken",
        )),
    }
}
