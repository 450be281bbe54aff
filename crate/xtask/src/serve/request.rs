//! What a browser asks for: the first line of an HTTP request, made safe to look up on disk.

use std::io::{self, BufRead, BufReader, Read};

/// The longest head (request line and headers) that is read.
const HEAD_BYTES: u64 = 16 * 1024;

/// A request, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// A file under dist/, with `/` between the parts; empty for the top.
    File { path: String, head_only: bool },
    /// A path that could lead outside, or that is no text.
    NoSuchFile,
    /// Anything but GET and HEAD.
    UnknownMethod,
    /// Not HTTP.
    Malformed,
}

/// Reads the whole head, so that closing the connection later does not cut off a client that is
/// still writing, and understands its first line.
pub fn read(connection: &mut impl Read) -> io::Result<Request> {
    let mut lines = BufReader::new(connection.take(HEAD_BYTES));
    let mut first = Vec::new();
    lines.read_until(b'\n', &mut first)?;
    let mut header = Vec::new();
    while lines.read_until(b'\n', &mut header)? > 2 {
        header.clear();
    }
    Ok(understand(&String::from_utf8_lossy(&first)))
}

fn understand(line: &str) -> Request {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [method, target, version] = words[..] else {
        return Request::Malformed;
    };
    if !version.starts_with("HTTP/1.") {
        return Request::Malformed;
    }
    let head_only = match method {
        "GET" => false,
        "HEAD" => true,
        _ => return Request::UnknownMethod,
    };
    match safe_path(target) {
        Some(path) => Request::File { path, head_only },
        None => Request::NoSuchFile,
    }
}

/// The path below dist/, if each of its parts is an ordinary file name.
fn safe_path(target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = percent_decoded(path)?;
    let is_ordinary = |part: &str| {
        // `.` and `..` among them, and every hidden file.
        !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0'])
    };
    let parts = path.strip_suffix('/').unwrap_or(&path);
    (parts.is_empty() || parts.split('/').all(is_ordinary)).then_some(path)
}

/// Decoded once, before the check of its parts, so that `%2e%2e` is seen for what it is.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex(bytes.next()?)? * 16 + hex(bytes.next()?)?,
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_below_the_site_or_nowhere() {
        for (target, expected) in [
            ("/", Some("")),
            ("/index.html", Some("index.html")),
            ("/style/", Some("style/")),
            ("/style/page.css?v=1", Some("style/page.css")),
            ("/a%20b.txt", Some("a b.txt")),
            ("/gr%C3%BC%C3%9Fe", Some("grüße")),
            ("/../secret", None),
            ("/style/../../secret", None),
            ("/%2e%2e/secret", None),
            ("/%2E%2E%2Fsecret", None),
            ("/..%5csecret", None),
            ("//etc/passwd", None),
            ("/C:/secret", None),
            ("/.git/config", None),
            ("/nul%00", None),
            ("/half%2", None),
            ("/%ff", None),
            ("http://elsewhere/", None),
        ] {
            assert_eq!(safe_path(target).as_deref(), expected, "{target}");
        }
    }

    #[test]
    fn an_endless_head_ends() {
        let endless = [b'a'; 2 * HEAD_BYTES as usize];
        assert_eq!(read(&mut &endless[..]).unwrap(), Request::Malformed);
    }
}
