//! Whom a request really comes from, when proxies stand in between. Limits and the audit depend on it, so nobody may be
//! able to choose it: only the proxies named in `http.trusted_proxies` are believed, and only about their own neighbour.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use crate::platform::config::Network;

/// Walks `X-Forwarded-For` from its end, where the proxy nearest to us wrote. Every address that is one of our proxies
/// is passed over; the first other one is the client. What stands further left was said by the client itself and is
/// never looked at. An entry that is no address ends the walk at the last address that somebody trusted vouched for.
///
/// `forwarded_for` holds the values of the header in the order in which they came, since it may come several times.
pub fn client_address<'a, I>(peer: IpAddr, forwarded_for: I, trusted: &[Network]) -> IpAddr
where
    I: IntoIterator<Item = &'a str>,
    I::IntoIter: DoubleEndedIterator,
{
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut nearest = peer.to_canonical();
    for entry in forwarded_for.into_iter().rev().flat_map(|value| value.rsplit(',')) {
        if !is_trusted(nearest) {
            break;
        }
        match entry_address(entry) {
            Some(address) => nearest = address,
            None => break,
        }
    }
    nearest
}

/// The address under which limits count: an IPv6 subscriber owns a whole /64 and could otherwise change address at will.
pub fn limit_address(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

/// Some proxies write the port too: `192.0.2.1:5000`, `[2001:db8::1]:5000`, `[2001:db8::1]`.
fn entry_address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = || entry.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    let address = entry.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|s| s.ip())).or_else(bare)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn trusted() -> Vec<Network> {
        ["10.0.0.0/8", "2001:db8:ffff::/48"].iter().map(|n| n.parse().unwrap()).collect()
    }

    fn client(peer: &str, headers: &[&str]) -> String {
        client_address(ip(peer), headers.iter().copied(), &trusted()).to_string()
    }

    #[test]
    fn without_a_trusted_proxy_the_peer_is_the_client() {
        assert_eq!(client("192.0.2.9", &["198.51.100.1"]), "192.0.2.9");
        assert_eq!(client("192.0.2.9", &[]), "192.0.2.9");
        assert_eq!(client_address(ip("10.0.0.1"), ["198.51.100.1"], &[]), ip("10.0.0.1"));
    }

    #[test]
    fn the_walk_goes_from_right_to_left() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["203.0.113.7, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["203.0.113.7", "198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(client("::ffff:10.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("2001:db8:ffff::1", &["2001:db8:1::5"]), "2001:db8:1::5");
    }

    #[test]
    fn when_all_are_trusted_the_furthest_counts() {
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &[""]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1,"]), "10.0.0.1");
    }

    #[test]
    fn ports_are_ignored() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["[2001:db8:1::5]:4711"]), "2001:db8:1::5");
        assert_eq!(client("10.0.0.1", &["[2001:db8:1::5]"]), "2001:db8:1::5");
    }

    #[test]
    fn limits_count_a_whole_subscriber() {
        assert_eq!(limit_address(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(limit_address(ip("198.51.100.1")), ip("198.51.100.1"));
        assert_eq!(limit_address(ip("::ffff:198.51.100.1")), ip("198.51.100.1"));
    }

    proptest! {
        #[test]
        fn a_client_cannot_choose_its_address(said in ".{0,200}", real in any::<u32>(), hops in 0_usize..4) {
            let real = IpAddr::V4(real.into());
            prop_assume!(!trusted().iter().any(|n| n.contains(real)));
            let mut header = format!("{said}, {real}");
            for hop in 0..hops {
                header.push_str(&format!(", 10.0.1.{hop}"));
            }
            prop_assert_eq!(client_address(ip("10.0.0.1"), [header.as_str()], &trusted()), real);
            prop_assert_eq!(client_address(real, [header.as_str()], &trusted()), real);
            let more = [said.as_str(), header.as_str()];
            prop_assert_eq!(client_address(ip("10.0.0.1"), more, &trusted()), real);
        }

        #[test]
        fn a_limit_address_is_its_own_limit_address(bits in any::<u128>()) {
            let once = limit_address(IpAddr::V6(bits.into()));
            prop_assert_eq!(limit_address(once), once);
        }
    }
}
