//! Where a push may go. A device's address comes from whoever is signed in, and the server then asks it: so it must not become a way
//! to make our server knock at doors inside the network that it stands in. Only https, only the usual port, only names, and
//! of those only what they resolve to outside (see [`is_public`], which is asked when the connection is made).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

/// The longest address; those of browsers are under 600 characters.
const LONGEST: usize = 1024;

/// An address of a push service that one may send to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    uri: Uri,
    origin: String,
}

impl Endpoint {
    /// Judges an address. `inside`: the origin of a push service in one's own network, which is believed as it is.
    #[must_use]
    pub fn new(text: &str, inside: Option<&str>) -> Option<Self> {
        if text.len() > LONGEST || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return None;
        }
        let uri: Uri = text.parse().ok()?;
        let authority = uri.authority()?.as_str().to_ascii_lowercase();
        if authority.contains('@') {
            return None;
        }
        let scheme = uri.scheme_str()?;
        let port = uri.port_u16();
        let believed = inside.is_some_and(|inside| inside == format!("{scheme}://{authority}"));
        if !believed && (scheme != "https" || port.is_some_and(|p| p != 443) || !is_name(uri.host()?)) {
            return None;
        }
        let origin = if believed {
            format!("{scheme}://{authority}")
        } else {
            format!("https://{}", uri.host()?.to_ascii_lowercase())
        };
        Some(Self { uri, origin })
    }

    /// The address.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Scheme, host and port: who is asked, and for whom a signature is made.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

/// A name of the public network: two labels or more, and no number in any notation.
fn is_name(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let good = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
    };
    let inner = [
        "localhost",
        "local",
        "internal",
        "lan",
        "home",
        "corp",
        "intranet",
        "arpa",
    ];
    labels.len() >= 2
        && labels.iter().all(good)
        && labels.last().is_some_and(|last| {
            last.starts_with(|c: char| c.is_ascii_alphabetic())
                && !inner.contains(&last.to_ascii_lowercase().as_str())
        })
}

/// Does this address lie outside: not this machine, not a network of one's own, not a neighbour, not a way into one of them?
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_v4(four),
        IpAddr::V6(six) => is_public_v6(six),
    }
}

fn is_public_v4(four: Ipv4Addr) -> bool {
    let [a, b, c, _] = four.octets();
    let reserved = a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !(reserved || four.is_loopback() || four.is_private() || four.is_link_local() || four.is_documentation())
}

fn is_public_v6(six: Ipv6Addr) -> bool {
    if let Some(four) = six.to_ipv4_mapped() {
        return is_public_v4(four);
    }
    let [a, b, ..] = six.segments();
    // what is given out to the world begins with 001; in it lie tunnels into other networks, test networks, and examples
    a & 0xe000 == 0x2000 && a != 0x2002 && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8)) && a != 0x3fff
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_of_browsers_are_taken() {
        for (good, origin) in [
            (
                "https://fcm.googleapis.com/fcm/send/c1KrmpTuRm8:APA91bE",
                "https://fcm.googleapis.com",
            ),
            (
                "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
                "https://updates.push.services.mozilla.com",
            ),
            (
                "https://web.push.apple.com/QGuQyavXutnMH",
                "https://web.push.apple.com",
            ),
            (
                "https://WNS2-par02p.notify.windows.com:443/w/?token=BQYAAAD%2f",
                "https://wns2-par02p.notify.windows.com",
            ),
        ] {
            assert_eq!(Endpoint::new(good, None).unwrap().origin(), origin);
        }
    }

    #[test]
    fn what_leads_inside_is_refused() {
        let long = format!("https://push.example.org/{}", "a".repeat(1024));
        for bad in [
            "",
            "push.example.org",
            "/x",
            "http://push.example.org/x",
            "ftp://push.example.org/x",
            "https://push.example.org:8443/x",
            "https://push.example.org:22/x",
            "https://user@push.example.org/x",
            "https://user:pw@push.example.org/x",
            "https://localhost/x",
            "https://localhost./x",
            "https://parta/x",
            "https://printer.local/x",
            "https://db.internal/x",
            "https://a.localhost/x",
            "https://127.0.0.1/x",
            "https://127.1/x",
            "https://2130706433/x",
            "https://0x7f.0.0.0x1/x",
            "https://0177.0.0.01/x",
            "https://[::1]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://10.0.0.1/x",
            "https://push..example.org/x",
            "https://-push.example.org/x",
            "https://пуш.рф/x",
            "https://push.example.org/ x",
            "https://push.example.org/\r\nHost: a",
            &long,
        ] {
            assert_eq!(Endpoint::new(bad, None), None, "{bad:?}");
        }
    }

    #[test]
    fn one_origin_inside_may_be_believed_and_no_other() {
        let inside = Some("http://127.0.0.1:8030");
        let endpoint = Endpoint::new("http://127.0.0.1:8030/push/1", inside).unwrap();
        assert_eq!(endpoint.origin(), "http://127.0.0.1:8030");
        assert_eq!(Endpoint::new("http://127.0.0.1:8031/push/1", inside), None);
        assert_eq!(Endpoint::new("https://127.0.0.1:8030/push/1", inside), None);
        assert!(Endpoint::new("https://push.example.org/1", inside).is_some());
    }

    #[test]
    fn inner_addresses_are_known() {
        for inner in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.0.3",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "100::1",
        ] {
            assert!(!is_public(inner.parse().unwrap()), "{inner}");
        }
        for outer in [
            "8.8.8.8",
            "77.88.8.8",
            "100.63.0.1",
            "172.32.0.1",
            "2a00:1450:4010::5f",
            "2620:149:a44::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(outer.parse().unwrap()), "{outer}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC{0,60}", host in "[a-z0-9.:\\[\\]@-]{0,30}") {
            let _ = Endpoint::new(&text, None);
            if let Some(endpoint) = Endpoint::new(&format!("https://{host}/x"), None) {
                prop_assert!(endpoint.uri().host().unwrap().parse::<IpAddr>().is_err());
                prop_assert!(!host.contains('@'));
            }
        }
    }
}
