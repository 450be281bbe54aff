//! Who is answered: only a request that means this machine by one of its own names.
//!
//! Another site can make its name stand for this machine (DNS rebinding); a browser then lets its pages read what is served here. The name
//! that the browser asked for is in the request, and gives that away.

use hyper::Request;
use hyper::header::HOST;

/// The names of this machine.
const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Whether a request means this server: its one `Host`, and the host of its target where that is a whole address.
pub fn is_ours<B>(request: &Request<B>, port: u16) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let asked = request.uri().authority().map(|authority| authority.as_str());
    host.to_str().is_ok_and(|host| is_name(host, port)) && asked.is_none_or(|asked| is_name(asked, port))
}

/// Why a request that does not mean this server is refused.
pub fn refusal(port: u16) -> String {
    format!("This server answers only at http://127.0.0.1:{port}/ and http://localhost:{port}/.\n")
}

fn is_name(host: &str, port: u16) -> bool {
    NAMES.iter().any(|name| {
        let behind = host.get(..name.len()).filter(|host| host.eq_ignore_ascii_case(name)).map(|_| &host[name.len()..]);
        match behind {
            Some("") => port == 80,
            Some(behind) => behind.strip_prefix(':') == Some(port.to_string().as_str()),
            None => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_s_names_at_this_port_are_meant() {
        for host in ["127.0.0.1:8080", "localhost:8080", "LocalHost:8080", "[::1]:8080"] {
            assert!(is_name(host, 8080), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8080",
            "127.0.0.1",
            "localhost:80",
            "localhost:08080",
            "localhost:+8080",
            "localhost:8080.evil.example",
            "localhost.evil.example:8080",
            "evil.localhost:8080",
            "localhost.:8080",
            "user@localhost:8080",
            "127.0.0.1:8080:8080",
            "127.1:8080",
            "0.0.0.0:8080",
            "::1:8080",
            "［::1］:8080",
        ] {
            assert!(!is_name(host, 8080), "{host}");
        }
        assert!(is_name("localhost", 80) && is_name("localhost:80", 80));
    }
}
