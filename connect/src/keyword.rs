//! The parameters of libpq, and what becomes of each.

/// A parameter, by its name in a URL.
pub(crate) struct Keyword {
    pub(crate) name: &'static str,
    /// The environment variable that stands for it.
    pub(crate) variable: Option<&'static str>,
    pub(crate) meaning: Meaning,
}

/// What becomes of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It is used.
    Used,
    /// A connection is as safe without it.
    Harmless,
    /// It demands what is not done here, unless its value is one of these.
    Demand(&'static [&'static str]),
}

const fn used(name: &'static str, variable: &'static str) -> Keyword {
    Keyword {
        name,
        variable: Some(variable),
        meaning: Meaning::Used,
    }
}

const fn unnamed(name: &'static str) -> Keyword {
    Keyword {
        name,
        variable: None,
        meaning: Meaning::Used,
    }
}

const fn harmless(name: &'static str) -> Keyword {
    Keyword {
        name,
        variable: None,
        meaning: Meaning::Harmless,
    }
}

const fn demand(
    name: &'static str,
    variable: &'static str,
    but: &'static [&'static str],
) -> Keyword {
    Keyword {
        name,
        variable: Some(variable),
        meaning: Meaning::Demand(but),
    }
}

/// As the manual lists them: libpq-connect.html and libpq-envars.html of PostgreSQL 18.
pub(crate) const ALL: &[Keyword] = &[
    used("service", "PGSERVICE"),
    used("servicefile", "PGSERVICEFILE"),
    used("host", "PGHOST"),
    used("hostaddr", "PGHOSTADDR"),
    used("port", "PGPORT"),
    used("dbname", "PGDATABASE"),
    used("user", "PGUSER"),
    used("password", "PGPASSWORD"),
    used("passfile", "PGPASSFILE"),
    used("options", "PGOPTIONS"),
    used("application_name", "PGAPPNAME"),
    unnamed("fallback_application_name"),
    used("connect_timeout", "PGCONNECT_TIMEOUT"),
    used("target_session_attrs", "PGTARGETSESSIONATTRS"),
    used("load_balance_hosts", "PGLOADBALANCEHOSTS"),
    used("channel_binding", "PGCHANNELBINDING"),
    used("sslmode", "PGSSLMODE"),
    used("requiressl", "PGREQUIRESSL"),
    used("sslnegotiation", "PGSSLNEGOTIATION"),
    used("sslrootcert", "PGSSLROOTCERT"),
    used("sslcert", "PGSSLCERT"),
    used("sslkey", "PGSSLKEY"),
    used("sslsni", "PGSSLSNI"),
    used("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
    used("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
    unnamed("keepalives"),
    unnamed("keepalives_idle"),
    unnamed("keepalives_interval"),
    unnamed("keepalives_count"),
    unnamed("tcp_user_timeout"),
    demand("sslcrl", "PGSSLCRL", &[]),
    demand("sslcrldir", "PGSSLCRLDIR", &[]),
    demand("sslcertmode", "PGSSLCERTMODE", &["allow"]),
    demand("require_auth", "PGREQUIREAUTH", &[]),
    demand("requirepeer", "PGREQUIREPEER", &[]),
    demand("gssencmode", "PGGSSENCMODE", &["disable", "prefer"]),
    demand("replication", "", &["false", "off", "no", "0"]),
    harmless("sslcompression"),
    harmless("sslpassword"),
    harmless("sslkeylogfile"),
    harmless("client_encoding"),
    harmless("krbsrvname"),
    harmless("gsslib"),
    harmless("gssdelegation"),
    harmless("min_protocol_version"),
    harmless("max_protocol_version"),
    harmless("scram_client_key"),
    harmless("scram_server_key"),
    harmless("oauth_issuer"),
    harmless("oauth_client_id"),
    harmless("oauth_client_secret"),
    harmless("oauth_scope"),
];

/// The parameter with this name. The names of the driver for two of them are understood as well.
pub(crate) fn find(name: &str) -> Option<&'static Keyword> {
    let name = match name {
        "keepalives_retries" => "keepalives_count",
        name => name,
    };
    ALL.iter().find(|keyword| keyword.name == name)
}

/// The parameter that was probably meant: one letter more, less or other. A parameter of another driver is ignored,
/// and a misspelt `sslmode` must not be.
pub(crate) fn nearly(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let used = ALL.iter().filter(|keyword| keyword.name.len() > 4);
    let mut names = used.map(|keyword| keyword.name);
    names.find(|known| {
        let plain = |text: &str| text.replace(['_', '-'], "");
        plain(known) == plain(&name) || is_one_letter_off(known.as_bytes(), name.as_bytes())
    })
}

fn is_one_letter_off(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    match long.len() - short.len() {
        0 => {
            let is_swapped = matches!(
                (&short[same..], &long[same..]),
                ([a, b, rest @ ..], [c, d, others @ ..]) if a == d && b == c && rest == others
            );
            is_swapped || short[same..].get(1..) == long[same..].get(1..)
        }
        1 => short[same..] == long[same + 1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_parameter_is_not_one_of_another_driver() {
        for (wrong, meant) in [
            ("sslmod", Some("sslmode")),
            ("sslmdoe", Some("sslmode")),
            ("sslMode", Some("sslmode")),
            ("ssl_mode", Some("sslmode")),
            ("ssl-root-cert", Some("sslrootcert")),
            ("target_session_attr", Some("target_session_attrs")),
            ("schema", None),
            ("pool_timeout", None),
            ("statement_cache_capacity", None),
            ("connection_limit", None),
            ("pgbouncer", None),
            ("sslaccept", None),
        ] {
            assert_eq!(nearly(wrong), meant, "{wrong}");
        }
    }
}
