//! What a browser is answered: a file with its type, or a short refusal.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::request::Request;

/// The types of what a site holds. A browser starts a module or compiles a stream only with the
/// right one.
const TYPES: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("csv", "text/csv; charset=utf-8"),
    ("md", "text/markdown; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
];

const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Writes the whole answer to `request`.
pub fn write(connection: &mut impl Write, dist: &Path, request: Request) -> io::Result<()> {
    let (path, head_only) = match request {
        Request::File { path, head_only } => (path, head_only),
        Request::NoSuchFile => return refuse(connection, "404 Not Found"),
        Request::UnknownMethod => return refuse(connection, "405 Method Not Allowed"),
        Request::Malformed => return refuse(connection, "400 Bad Request"),
    };
    let found = find(dist, &path).and_then(|file| Some((fs::read(&file).ok()?, file)));
    let Some((content, file)) = found else {
        return refuse(connection, "404 Not Found");
    };
    head(connection, "200 OK", type_of(&file), content.len())?;
    if !head_only {
        connection.write_all(&content)?;
    }
    connection.flush()
}

/// The file, if it lies in `dist` after all links are followed.
fn find(dist: &Path, path: &str) -> Option<PathBuf> {
    let mut file = dist.join(path);
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(dist) && file.is_file()).then_some(file)
}

fn type_of(file: &Path) -> &'static str {
    let extension = file.extension().and_then(|extension| extension.to_str());
    let row = TYPES.iter().find(|(known, _)| Some(*known) == extension);
    row.map_or(UNKNOWN_TYPE, |(_, media_type)| media_type)
}

fn refuse(connection: &mut impl Write, status: &str) -> io::Result<()> {
    head(connection, status, "text/plain; charset=utf-8", status.len())?;
    connection.write_all(status.as_bytes())?;
    connection.flush()
}

/// `no-cache` because index.html, the service worker, weights and pictures keep their names from
/// build to build: a browser that trusted its cache would show what was before.
fn head(connection: &mut impl Write, status: &str, media_type: &str, length: usize) -> io::Result<()> {
    write!(
        connection,
        "HTTP/1.1 {status}\r\n\
         Content-Type: {media_type}\r\n\
         Content-Length: {length}\r\n\
         Cache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn types_that_browsers_insist_on() {
        for (file, expected) in [
            ("worker_cpu_bg.wasm", "application/wasm"),
            ("worker_cpu_loader.js", "text/javascript; charset=utf-8"),
            ("weights.safetensors", UNKNOWN_TYPE),
            ("LICENSE", UNKNOWN_TYPE),
        ] {
            assert_eq!(type_of(Path::new(file)), expected, "{file}");
        }
    }

    #[test]
    fn folders_answer_with_their_index_and_missing_files_do_not_answer() {
        let scratch = Scratch::new("answer");
        scratch.write("dist/about/index.html", "about");
        let dist = scratch.path().join("dist");
        assert_eq!(find(&dist, "about/"), Some(dist.join("about/index.html")));
        assert_eq!(find(&dist, "about"), Some(dist.join("about/index.html")));
        assert_eq!(find(&dist, "missing.js"), None);
        assert_eq!(find(&dist, ""), None, "there is no index.html at the top");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_outside_is_not_followed() {
        let scratch = Scratch::new("link");
        scratch.write("dist/index.html", "page");
        scratch.write("secret", "not yours");
        let dist = scratch.path().join("dist");
        std::os::unix::fs::symlink(scratch.path().join("secret"), dist.join("door")).unwrap();
        assert_eq!(find(&dist, "door"), None);
    }
}
