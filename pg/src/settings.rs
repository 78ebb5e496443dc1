/// How a cluster of our own is run.
///
/// In both modes it listens on the loopback only, accepts every login without a password, uses UTC
/// and allows 200 connections.
///
/// ```
/// use onward_pg::Settings;
///
/// let settings = Settings::durable().with("log_statement", "all");
/// ```
#[derive(Debug, Clone)]
pub struct Settings {
    values: Vec<(String, String)>,
    variables: Vec<(String, String)>,
}

impl Settings {
    /// Nothing is flushed to disk: fast, and good for every test that does not kill the server.
    pub fn fast() -> Settings {
        let mut settings = Settings::durable();
        for name in ["fsync", "synchronous_commit", "full_page_writes"] {
            settings = settings.with(name, "off");
        }
        settings
    }

    /// PostgreSQL's own defaults: what was committed survives a crash.
    pub fn durable() -> Settings {
        let nothing = Settings {
            values: Vec::new(),
            variables: Vec::new(),
        };
        nothing
            .with("listen_addresses", "127.0.0.1")
            // A socket's path may not be longer than 107 bytes, and no test needs a socket.
            .with("unix_socket_directories", "")
            .with("max_connections", "200")
            .with("timezone", "UTC")
            .with("log_timezone", "UTC")
    }

    /// One more setting, or another value for one.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Settings {
        self.values.retain(|(known, _)| known != name);
        self.values.push((name.to_owned(), value.to_owned()));
        self
    }

    /// One more variable in the environment of the server's processes.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Settings {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The environment variables.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        let variables = self.variables.iter();
        variables.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The settings as arguments of `postgres`.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = String> {
        self.values
            .iter()
            .flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")])
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings::fast()
    }
}
