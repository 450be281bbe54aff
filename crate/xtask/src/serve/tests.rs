//! The server over real connections: what it answers, and what it does not put up with.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Instant;

use super::*;
use crate::scratch::Scratch;

/// A server of a small site; its thread ends with the tests.
struct Server {
    port: u16,
    scratch: Scratch,
    site: Arc<Site>,
}

/// Long enough for whatever is not meant to be cut off.
const PATIENT: Bounds = Bounds { head: Duration::from_secs(60), whole: Duration::from_secs(60), connections: 64 };

impl Server {
    fn start(name: &str, bounds: Bounds) -> Self {
        let scratch = Scratch::new(name);
        scratch.write("dist/index.html", "the page");
        scratch.write("dist/about/index.html", "about");
        scratch.write("dist/engine.wasm", "0123456789");
        scratch.write("dist/empty.txt", "");
        scratch.write("secret", "not yours");
        let listener = listen(Some(0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let site = Arc::new(Site::of(&scratch.workspace()).unwrap());
        let served = site.clone();
        let cache = scratch.path().join("cache");
        thread::spawn(move || answer_all(listener, &served, &cache, bounds));
        Self { port, scratch, site }
    }

    fn connect(&self) -> TcpStream {
        let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        // A test that hangs would say nothing.
        connection.set_read_timeout(Some(Duration::from_secs(50))).unwrap();
        connection
    }

    /// What comes back for these bytes, to the end of the connection.
    fn send(&self, request: &[u8]) -> String {
        let mut connection = self.connect();
        // Who is refused early may be cut off while it still writes.
        let _ = connection.write_all(request);
        read_to_end(&mut connection)
    }

    /// A request with a right `Host`, and more lines of a head.
    fn ask(&self, line: &str, head: &str) -> String {
        self.send(format!("{line} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{head}\r\n", self.port).as_bytes())
    }
}

fn read_to_end(connection: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    match connection.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("{error}, behind {:?}", String::from_utf8_lossy(&answer)),
    }
    String::from_utf8(answer).unwrap()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = answer.split_once("\r\n\r\n")?;
    head.lines().filter_map(|line| line.split_once(": ")).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

#[test]
fn the_language_model_is_served_where_it_was_fetched_and_nothing_else_of_its_folder() {
    let server = Server::start("model", PATIENT);
    let path = format!("GET /models/{}", crate::model::FILE);
    assert!(server.ask(&path, "").starts_with("HTTP/1.1 404"));
    server.scratch.write(&format!("cache/{}", crate::model::FILE), "GGUF0123");
    server.scratch.write("cache/models/other.gguf", "not yours");
    assert!(server.ask(&path, "").ends_with("GGUF0123"));
    let behind = server.ask(&path, "Range: bytes=4-\r\n");
    assert!(behind.starts_with("HTTP/1.1 206") && behind.ends_with("\r\n\r\n0123"));
    assert!(server.ask("GET /models/other.gguf", "").starts_with("HTTP/1.1 404"));
}

#[test]
fn a_taken_port_is_said_and_the_next_free_one_is_found() {
    let taken = listen(Some(0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = listen(Some(port)).unwrap_err();
    assert!(error.to_string().contains("is taken"), "{error}");

    let first = listen(None).unwrap();
    let second = listen(None).unwrap();
    assert_ne!(first.local_addr().unwrap(), second.local_addr().unwrap());
}

#[test]
fn a_browser_gets_the_page_with_what_it_has_to_know() {
    let server = Server::start("page", PATIENT);
    let page = server.ask("GET /?lang=zh", "");
    assert_eq!((status(&page), body(&page)), ("200", "the page"));
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", "8"),
        ("cache-control", "no-cache"),
        ("x-content-type-options", "nosniff"),
        ("accept-ranges", "bytes"),
        ("connection", "close"),
    ] {
        assert_eq!(header(&page, name), Some(value), "{name}");
    }
    assert_eq!(body(&server.ask("GET /about/", "")), "about");
    assert_eq!(body(&server.ask("GET /about", "")), "about");
    assert_eq!(status(&server.ask("GET /empty.txt", "")), "200");

    let head = server.ask("HEAD /index.html", "");
    assert_eq!((status(&head), header(&head, "content-length"), body(&head)), ("200", Some("8"), ""));
}

#[test]
fn files_have_the_types_that_browsers_insist_on() {
    let server = Server::start("types", PATIENT);
    for (file, expected) in [
        ("engine.wasm", "application/wasm"),
        ("starter.js", "text/javascript; charset=utf-8"),
        ("module.mjs", "application/javascript"),
        ("page.css", "text/css; charset=utf-8"),
        ("app.webmanifest", "application/manifest+json"),
        ("notes.txt", "text/plain; charset=utf-8"),
        ("picture.svg", "image/svg+xml"),
        ("picture.png", "image/png"),
        ("sizes.json", "application/json"),
        ("model.safetensors", "application/octet-stream"),
        ("LICENSE", "application/octet-stream"),
    ] {
        server.scratch.write(&format!("dist/{file}"), "x");
        assert_eq!(header(&server.ask(&format!("GET /{file}"), ""), "content-type"), Some(expected), "{file}");
    }
}

#[test]
fn nothing_outside_of_the_site_is_given() {
    let server = Server::start("outside", PATIENT);
    for path in ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/about/../../secret", "//secret", "/missing.js", "/%00", "/%"] {
        let answer = server.ask(&format!("GET {path}"), "");
        assert!(matches!(status(&answer), "404" | "400") && !answer.contains("not yours"), "{path}: {answer}");
    }
}

#[test]
fn only_the_names_of_this_machine_are_answered() {
    let server = Server::start("host", PATIENT);
    let port = server.port;
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")] {
        assert_eq!(status(&server.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())), "200", "{host}");
        let absolute = format!("GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
        assert_eq!(body(&server.send(absolute.as_bytes())), "the page", "{host}");
    }
    let own = format!("Host: 127.0.0.1:{port}\r\n");
    for (line, hosts) in [
        ("GET / HTTP/1.1", "Host: evil.example\r\n".to_string()),
        ("GET / HTTP/1.1", format!("Host: evil.example:{port}\r\n")),
        ("GET / HTTP/1.1", "Host: 127.0.0.1:1\r\n".into()),
        ("GET / HTTP/1.1", "Host:\r\n".into()),
        ("GET / HTTP/1.1", String::new()),
        ("GET / HTTP/1.0", String::new()),
        ("GET / HTTP/1.1", format!("{own}Host: evil.example\r\n")),
        ("GET http://evil.example/ HTTP/1.1", own.clone()),
        ("HEAD / HTTP/1.1", "Host: evil.example\r\n".into()),
        ("POST / HTTP/1.1", "Host: evil.example\r\n".into()),
    ] {
        let answer = server.send(format!("{line}\r\n{hosts}\r\n").as_bytes());
        assert_eq!(status(&answer), "403", "{line} {hosts}: {answer}");
        assert!(!answer.contains("the page"));
        assert!(line.starts_with("HEAD") || body(&answer).contains("answers only at"), "{answer}");
    }
}

#[test]
fn what_is_no_question_is_refused_by_its_own_name() {
    let server = Server::start("refused", PATIENT);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "BREW"] {
        let answer = server.ask(&format!("{method} /"), "");
        assert_eq!((status(&answer), header(&answer, "allow")), ("405", Some("GET, HEAD")), "{method}");
    }
    assert_eq!(status(&server.send(b"what is this\r\n\r\n")), "400");
    assert_eq!(status(&server.send(b"GET / HTTP/2.0\r\n\r\n")), "400");
    let long = "a".repeat(2 * BUFFER_BYTES);
    assert!(matches!(status(&server.ask(&format!("GET /{long}"), "")), "414" | "431"));
    assert_eq!(status(&server.ask("GET /", &format!("X: {long}\r\n"))), "431");
    assert_eq!(status(&server.ask("GET /", &"X: y\r\n".repeat(1000))), "431");
    assert_eq!(body(&server.ask("GET /", "")), "the page", "and goes on");
}

#[test]
fn a_part_of_a_file_is_given_where_one_is_asked_for() {
    let server = Server::start("range", PATIENT);
    for (range, part, workspace) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=8-", "89", "bytes 8-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=5-99", "56789", "bytes 5-9/10"),
        ("bytes=-99", "0123456789", "bytes 0-9/10"),
        ("bytes=9-99999999999999999999999", "9", "bytes 9-9/10"),
    ] {
        let answer = server.ask("GET /engine.wasm", &format!("Range: {range}\r\n"));
        let found = (status(&answer), body(&answer), header(&answer, "content-range"));
        assert_eq!(found, ("206", part, Some(workspace)), "{range}");
        assert_eq!(header(&answer, "content-length"), Some(part.len().to_string().as_str()), "{range}");
    }
    for range in ["bytes=10-", "bytes=99-100", "bytes=-0", "bytes=99999999999999999999999-"] {
        let answer = server.ask("GET /engine.wasm", &format!("Range: {range}\r\n"));
        assert_eq!((status(&answer), header(&answer, "content-range")), ("416", Some("bytes */10")), "{range}");
    }
    // What is no range of bytes, and a question without a body, are answered as if nothing were asked for.
    for range in ["bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=x", "bytes=0-1\r\nRange: bytes=3-4"] {
        let answer = server.ask("GET /engine.wasm", &format!("Range: {range}\r\n"));
        assert_eq!((status(&answer), body(&answer)), ("200", "0123456789"), "{range}");
    }
    assert_eq!(status(&server.ask("HEAD /engine.wasm", "Range: bytes=0-3\r\n")), "200");
    let empty = server.ask("GET /empty.txt", "Range: bytes=-5\r\n");
    assert!(matches!(status(&empty), "200" | "206" | "416") && body(&empty).is_empty(), "{empty}");
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start("unchanged", PATIENT);
    let first = server.ask("GET /engine.wasm", "");
    let (tag, time) = (header(&first, "etag").unwrap(), header(&first, "last-modified").unwrap());
    for known in
        [format!("If-None-Match: {tag}\r\n"), format!("If-None-Match: \"x\", W/{tag}\r\n"), format!("If-Modified-Since: {time}\r\n")]
    {
        let answer = server.ask("GET /engine.wasm", &known);
        assert_eq!((status(&answer), body(&answer)), ("304", ""), "{known}");
    }
    // A tag that differs counts more than a time that does not.
    let changed = server.ask("GET /engine.wasm", &format!("If-None-Match: \"x\"\r\nIf-Modified-Since: {time}\r\n"));
    assert_eq!(status(&changed), "200");
    let part = |known: &str| server.ask("GET /engine.wasm", &format!("Range: bytes=0-3\r\nIf-Range: {known}\r\n"));
    assert_eq!(body(&part(tag)), "0123");
    assert_eq!(body(&part("\"x\"")), "0123456789");

    server.scratch.write("dist/engine.wasm", "9876543210!");
    let answer = server.ask("GET /engine.wasm", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((status(&answer), body(&answer)), ("200", "9876543210!"));
}

#[test]
fn another_folder_takes_the_place_of_the_one_that_is_served() {
    let server = Server::start("swap", PATIENT);
    assert_eq!(body(&server.ask("GET /", "")), "the page");
    server.scratch.write("whole/index.html", "the whole page");
    let whole = Workspace { dist: server.scratch.path().join("whole"), ..server.scratch.workspace() };
    assert!(!server.site.is_whole(&whole));
    server.site.show(&whole).unwrap();
    assert!(server.site.is_whole(&whole));
    assert_eq!(body(&server.ask("GET /", "")), "the whole page");
    let missing = Workspace { dist: server.scratch.path().join("missing"), ..server.scratch.workspace() };
    assert!(server.site.show(&missing).is_err());
    assert_eq!(body(&server.ask("GET /", "")), "the whole page");
}

#[test]
fn who_writes_a_byte_now_and_then_is_cut_off() {
    let bounds = Bounds { head: Duration::from_millis(300), ..PATIENT };
    let server = Server::start("slow-writer", bounds);
    let began = Instant::now();
    let mut connection = server.connect();
    let mut writer = connection.try_clone().unwrap();
    let writing = thread::spawn(move || {
        while writer.write_all(b"G").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let answer = read_to_end(&mut connection);
    assert!(began.elapsed() < PATIENT.whole, "{answer}");
    drop(connection);
    writing.join().unwrap();
}

#[test]
fn who_says_nothing_is_let_go() {
    let server = Server::start("silent", Bounds { head: Duration::from_millis(300), ..PATIENT });
    let began = Instant::now();
    assert_eq!(body(&read_to_end(&mut server.connect())), "");
    assert!(began.elapsed() < PATIENT.whole);
}

#[test]
fn who_does_not_read_is_cut_off() {
    let server = Server::start("slow-reader", Bounds { whole: Duration::from_secs(1), ..PATIENT });
    // More than the sockets of this machine hold on the way.
    let size = 256 * 1024 * 1024;
    std::fs::File::create(server.scratch.path().join("dist/large")).unwrap().set_len(size).unwrap();
    let mut connections: Vec<TcpStream> = (0..20).map(|_| server.connect()).collect();
    for connection in &mut connections {
        let request = format!("GET /large HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", server.port);
        connection.write_all(request.as_bytes()).unwrap();
    }
    // Those who ask properly meanwhile are answered.
    assert_eq!(body(&server.ask("GET /", "")), "the page");
    thread::sleep(Duration::from_secs(2));
    for mut connection in connections {
        let mut read = 0;
        let mut buffer = vec![0; 1 << 20];
        while let Ok(bytes @ 1..) = connection.read(&mut buffer) {
            read += bytes as u64;
        }
        assert!(read < size / 4, "{read} bytes were on the way");
    }
}

#[test]
fn many_at_once_wait_for_their_turn_and_all_are_answered() {
    let server = Server::start("many", Bounds { head: Duration::from_millis(500), connections: 4, ..PATIENT });
    // Silent ones have every place for a while.
    let silent: Vec<TcpStream> = (0..8).map(|_| server.connect()).collect();
    let answers = thread::scope(|scope| {
        let asking: Vec<_> = (0..40).map(|_| scope.spawn(|| server.ask("GET /", ""))).collect();
        asking.into_iter().map(|asking| asking.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(answers.iter().all(|answer| body(answer) == "the page"));
    drop(silent);
}
