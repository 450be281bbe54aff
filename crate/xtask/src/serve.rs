//! `cargo xtask serve`: dist/ on this machine's own address, up to date before the first answer.
//!
//! A server of our own on the standard library: it reads files for one person on one machine. The
//! well-kept alternative (axum with tower-http) was tried and costs a minute and a half of
//! compiling on two cores, before anybody sees the page.

mod answer;
mod request;

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::build::build_if_changed;
use crate::place::Place;
use crate::step::run;

/// Where to serve.
#[derive(Args)]
pub struct Options {
    /// The port; without it, 8080 or the next one that is free
    #[arg(long)]
    port: Option<u16>,
    /// Open the page in the default browser
    #[arg(long)]
    open: bool,
}

/// Tried one after the other where no port was asked for.
const PORTS: std::ops::RangeInclusive<u16> = 8080..=8099;

/// A browser opens connections before it needs them; one that stays silent is let go.
const PATIENCE: Duration = Duration::from_secs(30);

/// Builds where needed, then answers until it is stopped.
pub fn serve(place: &Place, options: &Options) -> Result<()> {
    // First, because a port that is taken is better said before a long build than after it.
    let listener = listen(options.port)?;
    build_if_changed(place)?;
    let dist = place.dist().canonicalize().context("dist/ cannot be read")?;
    let address = format!("http://{}/", listener.local_addr()?);
    println!("Glasses is at {address} (Ctrl-C stops it)");
    if options.open {
        open_in_browser(&address)?;
    }
    answer_all(&listener, &dist);
    Ok(())
}

/// A port that was asked for is that or nothing; otherwise the first free one of [`PORTS`].
fn listen(port: Option<u16>) -> Result<TcpListener> {
    // Only this machine can reach this address.
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = port {
        return bind(port).map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => anyhow::anyhow!("port {port} is taken: choose another with --port, or leave --port out"),
            _ => anyhow::anyhow!("port {port} cannot be used ({error})"),
        });
    }
    match PORTS.map(bind).find_map(Result::ok) {
        Some(listener) => Ok(listener),
        None => bail!("all ports from {} to {} are taken: choose another with --port", PORTS.start(), PORTS.end()),
    }
}

fn answer_all(listener: &TcpListener, dist: &Path) {
    thread::scope(|scope| {
        for connection in listener.incoming() {
            // What goes wrong with one connection (a tab closed half-way) is over with it.
            let Ok(connection) = connection else { continue };
            scope.spawn(move || answer_one(connection, dist));
        }
    });
}

fn answer_one(mut connection: TcpStream, dist: &Path) -> std::io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let request = request::read(&mut connection)?;
    answer::write(&mut connection, dist, request)
}

fn open_in_browser(address: &str) -> Result<()> {
    let opener = match std::env::consts::OS {
        "macos" => "open",
        _ => "xdg-open",
    };
    run(Command::new(opener).arg(address)).context("no browser could be opened: leave --open out")
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;
    use crate::scratch::Scratch;

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
    fn a_browser_gets_the_page_and_nothing_outside() {
        let scratch = Scratch::new("serve");
        scratch.write("dist/index.html", "the page");
        scratch.write("secret", "not yours");
        let dist = scratch.path().join("dist");

        let page = ask(&dist, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
        assert!(page.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"));
        assert!(page.contains("\r\nCache-Control: no-cache\r\n"));
        assert!(page.ends_with("\r\n\r\nthe page"));

        let head = ask(&dist, "HEAD /index.html HTTP/1.1\r\n\r\n");
        assert!(head.contains("\r\nContent-Length: 8\r\n") && head.ends_with("\r\n\r\n"));

        let outside = ask(&dist, "GET /../secret HTTP/1.1\r\n\r\n");
        assert!(outside.starts_with("HTTP/1.1 404 "), "{outside}");
        assert!(ask(&dist, "POST / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405 "));
        assert!(ask(&dist, "what is this\r\n\r\n").starts_with("HTTP/1.1 400 "));
    }

    /// One question over a real connection.
    fn ask(dist: &Path, question: &str) -> String {
        let listener = listen(Some(0)).unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.write_all(question.as_bytes()).unwrap();
        let (connection, _) = listener.accept().unwrap();
        answer_one(connection, dist).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answer
    }
}
