//! Configuration: flags and `ROSTER_…` variables as text, turned into values that cannot be wrong, or into one clear sentence.

use std::{
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

use clap::Args;
use ipnet::IpNet;
use store::backup::Schedule;
use url::Url;

use crate::{audit_log::Target, backups::BackupArgs};

/// Requests that an app may send within a second, unless the configuration says otherwise (Easemob: 100).
pub const DEFAULT_RATE: u32 = 100;

/// What `roster serve` can be told. An empty variable counts as one that is not set.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeArgs {
    /// Address and port to listen on
    #[arg(long, env = "ROSTER_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:3000")]
    pub listen: String,

    /// The address that people type, such as https://roster.example.org. With https it turns on Secure cookies and HSTS
    #[allow(rustdoc::bare_urls, reason = "the command line shows this text as it is")]
    #[arg(long, env = "ROSTER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Addresses or networks of reverse proxies, separated by commas, whose X-Forwarded-For is believed
    #[arg(long, env = "ROSTER_TRUSTED_PROXY", value_name = "ADDRESSES")]
    pub trusted_proxy: Option<String>,

    /// Calls of the REST API that an app's back end may make within a second, and each of its users; 0: as many as come
    #[arg(long, env = "ROSTER_API_RATE", value_name = "CALLS", default_value = "100")]
    pub api_rate: String,

    /// Whether HSTS, which comes with an https public URL, holds for the hosts below it too: 1 or 0
    #[arg(long, env = "ROSTER_HSTS_SUBDOMAINS", value_name = "0|1", default_value = "0")]
    pub hsts_subdomains: String,
    /// A file that every event is written to as a line of JSON as soon as it is on the disk; - for standard output
    #[arg(long, env = "ROSTER_AUDIT_LOG", value_name = "FILE|-")]
    pub audit_log: Option<String>,
    /// Shared files, imports and exports are refused when less of the disk is free, and backups when less of theirs would be, such as
    /// 200 MB; 0: never. Usually 1 GB, or 5 % of a disk of less than 20 GB
    #[arg(long, env = "ROSTER_MIN_FREE", value_name = "SIZE")]
    pub min_free: Option<String>,

    /// Whether an empty data folder gets a sample app: 1 or 0
    #[arg(long, env = "ROSTER_DEMO", value_name = "0|1", default_value = "1")]
    pub demo: String,

    #[command(flatten)]
    pub backup: BackupArgs,

    /// Make a new database in a folder that holds files of another one, which are kept
    #[arg(long)]
    pub new_database: bool,
}

/// Where the data is. Every command needs it.
#[derive(Args, Clone, Debug)]
pub struct DataArgs {
    /// The data folder
    #[arg(long, env = "ROSTER_DATA", value_name = "FOLDER", default_value = "./data", global = true)]
    pub data: PathBuf,
}

/// A checked [`ServeArgs`].
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: Vec<SocketAddr>,
    pub public: Option<PublicUrl>,
    pub proxies: Vec<IpNet>,
    /// HSTS holds for the hosts below the public URL's too.
    pub hsts_subdomains: bool,
    pub demo: bool,
    /// Calls of the REST API that an app's back end may make within a second, and each of its users; 0: as many as come.
    pub api_rate: u32,
    /// Backups that are made without being asked for.
    pub backup: Option<Schedule>,
    /// Where every event is written to besides.
    pub audit_log: Option<Target>,
    /// Bytes of the disk that files leave free; `None`: as usual.
    pub min_free: Option<u64>,
}

/// Scheme, host and port under which people reach the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// As browsers write it in `Origin`: `https://roster.example.org`.
    pub origin: String,
    pub https: bool,
}

impl TryFrom<&ServeArgs> for Config {
    type Error = String;

    fn try_from(args: &ServeArgs) -> Result<Self, String> {
        Ok(Self {
            listen: listen(&args.listen)?,
            public: given(args.public_url.as_deref()).map(public_url).transpose()?,
            proxies: given(args.trusted_proxy.as_deref()).map(proxies).transpose()?.unwrap_or_default(),
            hsts_subdomains: switch(&args.hsts_subdomains, false, HSTS_SUBDOMAINS)?,
            demo: switch(&args.demo, true, DEMO)?,
            audit_log: given(args.audit_log.as_deref()).map(Target::parse),
            api_rate: given(Some(&args.api_rate)).map(rate).transpose()?.unwrap_or(DEFAULT_RATE),
            backup: args.backup.schedule()?,
            min_free: min_free(args.min_free.as_deref())?,
        })
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn listen(text: &str) -> Result<Vec<SocketAddr>, String> {
    let wrong = |why: &str| {
        format!(
            "ROSTER_LISTEN (--listen) is «{text}», which {why}. Give an address and a port, such as 127.0.0.1:3000 or [::1]:3000."
        )
    };
    let text = text.trim();
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Ok(vec![address]);
    }
    // Not an address: perhaps a host name.
    let port = text.rsplit_once(':').map(|(_, port)| port).ok_or_else(|| wrong("names no port"))?;
    port.parse::<u16>().map_err(|_| wrong("has no port number from 0 to 65535 after the colon"))?;
    let found: Vec<_> = text.to_socket_addrs().map(Iterator::collect).map_err(|_| wrong("names an unknown host"))?;
    if found.is_empty() { Err(wrong("names a host without an address")) } else { Ok(found) }
}

fn public_url(text: &str) -> Result<PublicUrl, String> {
    let wrong = |why: &str| {
        format!(
            "ROSTER_PUBLIC_URL (--public-url) is «{text}», which {why}. Give scheme and host, such as https://roster.example.org."
        )
    };
    let url = Url::parse(text).map_err(|_| wrong("is not a URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("begins with neither https:// nor http://"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has something after the host: Roster answers at the root of a host only"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("holds a user name"));
    }
    Ok(PublicUrl { origin: url.origin().ascii_serialization(), https: url.scheme() == "https" })
}

fn proxies(text: &str) -> Result<Vec<IpNet>, String> {
    let one = |item: &str| {
        item.parse::<IpNet>().or_else(|_| item.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
            format!(
                "ROSTER_TRUSTED_PROXY (--trusted-proxy) holds «{item}». Give addresses such as 127.0.0.1 or networks such as 10.0.0.0/8, separated by commas."
            )
        })
    };
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(one).collect()
}

fn rate(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| {
        format!(
            "ROSTER_API_RATE (--api-rate) is «{text}». Give the number of REST calls that one app may make within a second, such as 100, or 0 for no limit."
        )
    })
}

/// What `ROSTER_MIN_FREE` says, bytes; `None`: as usual.
pub fn min_free(text: Option<&str>) -> Result<Option<u64>, String> {
    let bytes = |text: &str| {
        let wrong =
            |_| format!("ROSTER_MIN_FREE (--min-free) is «{text}». Give a size such as 200 MB or 1 GB, or 0 to fill the disk.");
        if text == "0" { Ok(0) } else { domain::file::rules::size(text).map_err(wrong) }
    };
    given(text).map(bytes).transpose()
}

/// Names and meanings of the switches, for the sentence about a malformed one.
const DEMO: (&str, &str) = ("ROSTER_DEMO (--demo)", "Give 1 to load the sample app into an empty data folder, or 0 not to.");
const HSTS_SUBDOMAINS: (&str, &str) = (
    "ROSTER_HSTS_SUBDOMAINS (--hsts-subdomains)",
    "Give 1 if every host below the one of ROSTER_PUBLIC_URL is reached over https only, or 0.",
);

fn switch(text: &str, empty: bool, (name, advice): (&str, &str)) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "" => Ok(empty),
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err(format!("{name} is «{text}». {advice}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(change: impl FnOnce(&mut ServeArgs)) -> Result<Config, String> {
        let mut args = ServeArgs { listen: "127.0.0.1:3000".into(), demo: "1".into(), ..Default::default() };
        change(&mut args);
        Config::try_from(&args)
    }

    #[test]
    fn empty_variables_count_as_unset() {
        let config = args(|a| {
            a.public_url = Some(String::new());
            a.trusted_proxy = Some(" ".into());
            a.demo = String::new();
        });
        assert!(config.is_ok_and(|c| c.public.is_none() && c.proxies.is_empty() && c.demo && c.api_rate == 100));
    }

    #[test]
    fn the_public_url_becomes_an_origin() {
        let origin = |text: &str| args(|a| a.public_url = Some(text.into())).map(|c| c.public.map(|p| (p.origin, p.https)));
        assert_eq!(origin("https://Roster.example.org:443/"), Ok(Some(("https://roster.example.org".into(), true))));
        assert_eq!(origin("http://10.0.0.1:8080"), Ok(Some(("http://10.0.0.1:8080".into(), false))));
        for wrong in ["roster.example.org", "ftp://x", "https://x/roster", "https://me@x/"] {
            assert!(origin(wrong).is_err_and(|why| why.contains(wrong) && why.contains("https://roster.example.org")), "{wrong}");
        }
    }

    #[test]
    fn malformed_values_are_named() {
        for wrong in ["3000", "127.0.0.1", "127.0.0.1:port", "127.0.0.1:70000"] {
            assert!(args(|a| a.listen = wrong.into()).is_err_and(|why| why.contains(wrong)), "{wrong}");
        }
        assert!(args(|a| a.trusted_proxy = Some("10.0.0.0/8, proxy".into())).is_err_and(|why| why.contains("«proxy»")));
        for wrong in ["many", "-1", "1.5", "4294967296"] {
            assert!(args(|a| a.api_rate = wrong.into()).is_err_and(|why| why.contains(wrong)), "{wrong}");
        }
        assert!(args(|a| a.demo = "maybe".into()).is_err_and(|why| why.contains("maybe") && why.contains("ROSTER_DEMO")));
        let hsts = |text: &str| args(|a| a.hsts_subdomains = text.into()).map(|config| config.hsts_subdomains);
        assert_eq!((hsts(""), hsts("0"), hsts("1")), (Ok(false), Ok(false), Ok(true)));
        assert!(hsts("all").is_err_and(|why| why.contains("«all»") && why.contains("ROSTER_HSTS_SUBDOMAINS")));
        assert!(args(|a| a.min_free = Some("much".into())).is_err_and(|why| why.contains("«much»") && why.contains("200 MB")));
        assert!(args(|a| a.min_free = Some("200 MB".into())).is_ok_and(|config| config.min_free == Some(200 << 20)));
        assert!(args(|a| a.min_free = Some("0".into())).is_ok_and(|config| config.min_free == Some(0)));
    }
}
