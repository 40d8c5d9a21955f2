//! Configuration: command line over environment over file over default.
//!
//! Every key is one field of [`Settings`], which both clap and the file read; [`Settings::resolve`] puts the layers
//! together into a [`Config`], in which nothing is open any more. To add a key: a field here, a line in `over`, a
//! field in [`Config`].

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;
use study_core::compose::sql::Capacity;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// What may be set; nothing has a value until somebody gives it one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, clap::Args)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// A TOML file with the same keys as the long options, `-` written as `_`
    #[arg(long, global = true, env = "PARTA_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// PostgreSQL to use; without it Parta starts a cluster of its own in the data folder
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,

    /// The same database with a login that owns nothing, to serve with; DATABASE_URL is then used to migrate, and closed
    #[arg(
        long,
        global = true,
        env = "PARTA_SERVE_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub serve_database_url: Option<String>,

    /// Folder of all that Parta keeps on disk [default: /var/lib/parta for root, else ~/.local/share/parta]
    #[arg(long, global = true, env = "PARTA_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// How log lines look; RUST_LOG chooses which there are
    #[arg(long, global = true, env = "PARTA_LOG", value_name = "FORMAT")]
    pub log: Option<LogFormat>,

    /// Where to listen [default: 127.0.0.1:3000]
    #[arg(long, global = true, env = "PARTA_ADDRESS", value_name = "IP:PORT")]
    pub address: Option<SocketAddr>,

    /// How people reach it, for links and the check of origin [default: http://ADDRESS]
    #[arg(long, global = true, env = "PARTA_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Where Prometheus may read metrics: an address of this machine alone [default: nowhere]
    #[arg(long, global = true, env = "PARTA_METRICS_ADDRESS", value_name = "IP:PORT")]
    pub metrics_address: Option<SocketAddr>,

    /// Cores that searches for timetables may use together [default: all but one]
    #[arg(long, global = true, env = "PARTA_COMPOSE_CORES", value_name = "N")]
    pub compose_cores: Option<usize>,

    /// Searches for timetables at once; others wait for their turn [default: half as many as cores for them, at most 4]
    #[arg(long, global = true, env = "PARTA_COMPOSE_AT_ONCE", value_name = "N")]
    pub compose_at_once: Option<usize>,

    /// Server to send letters by, smtps://user:password@host or smtp://host:25; without it none are sent
    #[arg(
        long,
        global = true,
        env = "PARTA_MAIL_SERVER",
        value_name = "URL",
        hide_env_values = true
    )]
    pub mail_server: Option<String>,

    /// Whom letters are from: `Парта <parta@example.org>`
    #[arg(long, global = true, env = "PARTA_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,

    /// Tell devices by Web Push [default: true]
    #[arg(long, global = true, env = "PARTA_PUSH", value_name = "BOOL")]
    pub push: Option<bool>,

    /// File of the key that push services know this server by; several servers of one database share it [default: push.key in
    /// the data folder, made at the first start]
    #[arg(long, global = true, env = "PARTA_PUSH_KEY", value_name = "FILE")]
    pub push_key: Option<PathBuf>,

    /// Push service of your own network that may be sent to, as https://host:port; all others must be public https addresses
    #[arg(long, global = true, env = "PARTA_PUSH_INSIDE", value_name = "ORIGIN")]
    pub push_inside: Option<String>,

    /// Reverse proxies whose X-Forwarded-For is believed
    #[arg(
        long,
        global = true,
        env = "PARTA_TRUSTED_PROXY",
        value_name = "IP",
        value_delimiter = ','
    )]
    pub trusted_proxy: Option<Vec<IpAddr>>,
}

/// How letters are sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The server's address; it may hold a password.
    pub server: String,
    /// Whom they are from.
    pub from: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail(from {})", self.from)
    }
}

/// How devices are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The file of the key.
    pub key: PathBuf,
    /// Whom push services may write to.
    pub contact: String,
    /// The origin of a push service of one's own network.
    pub inside: Option<String>,
}

/// The configuration in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// How letters are sent; `None`: not at all.
    pub mail: Option<Mail>,
    /// How devices are told; `None`: not at all.
    pub push: Option<Push>,
    /// A PostgreSQL of the administrator's, or `None` for our own.
    pub database_url: Option<String>,
    /// The same database with a login that owns nothing; `None`: our own cluster's, else that of `database_url`.
    pub serve_database_url: Option<String>,
    /// Folder of all that Parta keeps on disk.
    pub data: PathBuf,
    /// How log lines look.
    pub log: LogFormat,
    /// Where to listen.
    pub address: SocketAddr,
    /// How people reach it, without a slash at the end.
    pub public_url: String,
    /// Where Prometheus may read metrics.
    pub metrics_address: Option<SocketAddr>,
    /// What searches for timetables may use of this machine.
    pub compose: Capacity,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxy: Vec<IpAddr>,
}

impl Settings {
    /// Reads the file, if there is one, and fills what is still open with defaults.
    pub fn resolve(self) -> anyhow::Result<Config> {
        let file = match &self.config {
            Some(path) => read(path)?,
            None => Self::default(),
        };
        self.over(file).check()
    }

    /// Lays these settings over others.
    fn over(self, under: Self) -> Self {
        Self {
            config: self.config.or(under.config),
            database_url: self
                .database_url
                .filter(|url| !url.is_empty())
                .or(under.database_url),
            serve_database_url: self
                .serve_database_url
                .filter(|url| !url.is_empty())
                .or(under.serve_database_url),
            data: self.data.or(under.data),
            log: self.log.or(under.log),
            address: self.address.or(under.address),
            public_url: self.public_url.or(under.public_url),
            metrics_address: self.metrics_address.or(under.metrics_address),
            compose_cores: self.compose_cores.or(under.compose_cores),
            compose_at_once: self.compose_at_once.or(under.compose_at_once),
            mail_server: self.mail_server.or(under.mail_server),
            mail_from: self.mail_from.or(under.mail_from),
            push: self.push.or(under.push),
            push_key: self.push_key.or(under.push_key),
            push_inside: self.push_inside.filter(|o| !o.is_empty()).or(under.push_inside),
            trusted_proxy: self.trusted_proxy.or(under.trusted_proxy),
        }
    }

    /// Fills in defaults and refuses what must not be.
    fn check(self) -> anyhow::Result<Config> {
        let address = self
            .address
            .unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)));
        if let Some(metrics) = self.metrics_address
            && !metrics.ip().is_loopback()
        {
            bail!(
                "metrics are not for the public: {metrics} is not an address of this machine alone (127.0.0.1)"
            );
        }
        if self.serve_database_url.is_some() && self.database_url.is_none() {
            bail!(
                "the login to serve with needs a DATABASE_URL beside it, whose login owns the tables and migrates them"
            );
        }
        if self.compose_cores == Some(0) || self.compose_at_once == Some(0) {
            bail!("searches for timetables need a core, and one must go on at once: give 1 or more");
        }
        let compose = match self.compose_cores {
            Some(cores) => Capacity::of(cores, self.compose_at_once),
            None => Capacity::of_machine(self.compose_at_once),
        };
        let public_url = self.public_url.unwrap_or_else(|| format!("http://{address}"));
        if !public_url.starts_with("https://") && !public_url.starts_with("http://") {
            bail!("the public address must begin with https:// or http://, not `{public_url}`");
        }
        let mail = match (self.mail_server.filter(|url| !url.is_empty()), self.mail_from) {
            (Some(server), Some(from)) => Some(Mail { server, from }),
            (Some(_), None) => {
                bail!("letters need somebody they are from: give --mail-from (PARTA_MAIL_FROM)")
            }
            (None, _) => None,
        };
        let data = match self.data {
            Some(data) => data,
            None => default_data()?,
        };
        let public_url = public_url.trim_end_matches('/').to_owned();
        let push = if self.push.unwrap_or(true) {
            let contact = match (&mail, public_url.starts_with("https://")) {
                (_, true) | (None, _) => public_url.clone(),
                (Some(mail), false) => contact(&mail.from),
            };
            Some(Push {
                key: self.push_key.unwrap_or_else(|| data.join("push.key")),
                contact,
                inside: self
                    .push_inside
                    .map(|origin| checked_origin(&origin))
                    .transpose()?,
            })
        } else {
            None
        };
        Ok(Config {
            mail,
            push,
            database_url: self.database_url,
            serve_database_url: self.serve_database_url,
            data,
            log: self.log.unwrap_or_default(),
            address,
            public_url,
            metrics_address: self.metrics_address,
            compose,
            trusted_proxy: self.trusted_proxy.unwrap_or_default(),
        })
    }
}

/// `Парта <parta@example.org>` as push services want it.
fn contact(from: &str) -> String {
    let address = from.rsplit('<').next().unwrap_or_default().trim_end_matches('>');
    format!("mailto:{}", address.trim())
}

/// Scheme, host and port, nothing more.
fn checked_origin(origin: &str) -> anyhow::Result<String> {
    let origin = origin.trim_end_matches('/').to_ascii_lowercase();
    let rest = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['/', '@', '?', '#', ' ']) => Ok(origin),
        _ => bail!("the push service of your own network is named by scheme, host and port, not `{origin}`"),
    }
}

/// Reads a settings file.
fn read(path: &Path) -> anyhow::Result<Settings> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the configuration {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("in the configuration {}", path.display()))
}

/// The data folder when nobody names one.
fn default_data() -> anyhow::Result<PathBuf> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    if root {
        return Ok(PathBuf::from("/var/lib/parta"));
    }
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map(|share| share.join("parta"))
        .context("there is no HOME: choose the data folder with --data")
}

#[cfg(test)]
mod tests;
