use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Reverse proxies whose word about a request is believed: where it came from and whether over TLS. Anybody else can write
/// those headers too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

/// What a request tells of its way here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Address of the caller; `None` when there is no connection, as in tests.
    pub address: Option<IpAddr>,
    /// Whether the caller came over TLS, as a trusted proxy says.
    pub https: bool,
}

impl Proxies {
    /// Reads networks (`10.0.0.0/8`, `fd00::/8`) and single addresses.
    ///
    /// # Errors
    /// The text that is neither.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let network = |text: &'a str| {
            let text = text.trim();
            text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| format!("{text} is neither a network like 10.0.0.0/8 nor an address"))
        };
        texts.into_iter().map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether this is one of them.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Where a request came from. Every proxy appends the address it was called from to `X-Forwarded-For`, so the list is read
    /// from its end for as long as the writer is trusted; what a caller wrote there before is never reached.
    pub fn origin<'a>(&self, peer: Option<IpAddr>, forwarded_for: impl DoubleEndedIterator<Item = &'a str>, forwarded_proto: Option<&str>) -> Origin {
        let Some(peer) = peer.map(|address| address.to_canonical()) else { return Origin { address: None, https: false } };
        let believed = self.trusts(peer);
        let mut address = peer;
        for text in forwarded_for.rev() {
            if !self.trusts(address) {
                break;
            }
            let Ok(before) = text.trim().parse::<IpAddr>() else { break };
            address = before.to_canonical();
        }
        let last = forwarded_proto.and_then(|list| list.rsplit(',').next()).map(str::trim);
        Origin { address: Some(address), https: believed && last.is_some_and(|proto| proto.eq_ignore_ascii_case("https")) }
    }
}

impl Default for Proxies {
    /// A proxy on the same machine.
    fn default() -> Self {
        Self(vec![IpNet::from(IpAddr::V6(Ipv6Addr::LOCALHOST)), IpNet::new_assert(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8)])
    }
}

impl Serialize for Proxies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ToString::to_string))
    }
}

impl<'de> Deserialize<'de> for Proxies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        Self::parse(texts.iter().map(String::as_str)).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn from(proxies: &Proxies, peer: &str, header: &str) -> String {
        proxies.origin(Some(address(peer)), header.split(','), None).address.unwrap().to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let local = Proxies::default();
        assert_eq!(from(&local, "127.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(from(&local, "::1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(from(&local, "::ffff:127.0.0.1", "203.0.113.9"), "203.0.113.9", "IPv4 on an IPv6 socket");
        assert_eq!(from(&local, "198.51.100.7", "203.0.113.9"), "198.51.100.7", "anybody can write the header");
        assert_eq!(from(&local, "127.0.0.1", "1.2.3.4, 203.0.113.9"), "203.0.113.9", "what the caller wrote is not reached");
        for nonsense in ["", "unknown", "203.0.113.9:1234", "中文", ",,,"] {
            assert_eq!(from(&local, "127.0.0.1", nonsense), "127.0.0.1", "{nonsense}");
        }
    }

    #[test]
    fn a_chain_of_trusted_proxies_is_followed_to_its_end() {
        let proxies = Proxies::parse(["127.0.0.0/8", "10.1.0.0/16", "fd00::5"]).unwrap();
        assert_eq!(from(&proxies, "127.0.0.1", "1.2.3.4, 203.0.113.9, 10.1.2.3"), "203.0.113.9");
        assert_eq!(from(&proxies, "fd00::5", "203.0.113.9, 10.2.0.1"), "10.2.0.1", "of another network");
        assert_eq!(from(&proxies, "fd00::6", "203.0.113.9"), "fd00::6");
        assert_eq!(from(&Proxies::parse([]).unwrap(), "127.0.0.1", "203.0.113.9"), "127.0.0.1", "nobody is trusted");
    }

    #[test]
    fn tls_is_believed_of_trusted_proxies_only() {
        let told = |peer: &str, proto: Option<&str>| Proxies::default().origin(Some(address(peer)), std::iter::empty(), proto).https;
        assert!(told("127.0.0.1", Some("https")) && told("127.0.0.1", Some("http, HTTPS")));
        assert!(!told("127.0.0.1", Some("http")) && !told("127.0.0.1", Some("https, http")) && !told("127.0.0.1", None));
        assert!(!told("203.0.113.9", Some("https")));
        assert!(!Proxies::default().origin(None, std::iter::empty(), Some("https")).https);
    }

    #[test]
    fn a_wrong_network_is_named() {
        assert!(Proxies::parse(["127.0.0.1", "10.0.0.0/33"]).unwrap_err().contains("10.0.0.0/33"));
        let read = |json: &str| serde_json::from_str::<Proxies>(json);
        assert!(read(r#"["proxy.local"]"#).unwrap_err().to_string().contains("proxy.local"));
        let default = serde_json::to_string(&Proxies::default()).unwrap();
        assert_eq!(read(&default).unwrap(), Proxies::default());
    }

    proptest! {
        /// Whatever is written before the last trusted hop changes nothing.
        #[test]
        fn forged_beginnings_change_nothing(forged in "[ -~]{0,60}", caller in any::<u32>()) {
            let caller = IpAddr::from(caller.to_be_bytes());
            prop_assume!(!Proxies::default().trusts(caller));
            prop_assert_eq!(from(&Proxies::default(), "127.0.0.1", &format!("{forged},{caller}")), caller.to_string());
        }
    }
}
