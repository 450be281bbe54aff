//! `cargo xtask serve`: the site on this machine's own address, never an older one than the sources.
//!
//! Where dist/ is not up to date, a site without the WebGPU engine is built first and served; the whole site takes its place once it is built. With
//! `--whole` that is built first.
//!
//! hyper speaks HTTP and keeps the deadlines of a connection, tower-http streams the files. What is ours is who is
//! answered ([`host`]), which file a path means ([`path`]), and what the answer says besides ([`answer`]).

mod answer;
mod host;
mod path;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::Semaphore;

use crate::build::{build, build_if_changed, is_current, quick};
use crate::step::run;
use crate::workspace::Workspace;

/// Where to serve.
#[derive(Args)]
pub struct Options {
    /// The port; without it, 8080 or the next one that is free
    #[arg(long)]
    port: Option<u16>,
    /// Open the page in the default browser
    #[arg(long)]
    open: bool,
    /// Where something changed, build the whole site before it is served, in place of the page without the WebGPU engine first
    #[arg(long)]
    whole: bool,
}

/// Tried one after the other where no port was asked for.
const PORTS: std::ops::RangeInclusive<u16> = 8080..=8099;

/// What one connection may take of this machine.
#[derive(Clone, Copy)]
struct Bounds {
    /// How long a head may take to arrive. A browser opens connections before it needs them; one that stays silent is let go.
    head: Duration,
    /// How long a connection may take from its first byte to its last: it serves one request.
    whole: Duration,
    /// Connections that are answered at once; others wait for their turn.
    connections: usize,
}

const BOUNDS: Bounds = Bounds { head: Duration::from_secs(30), whole: Duration::from_secs(120), connections: 256 };

/// The longest head of a request, and what hyper collects of an answer before it is sent, in bytes.
const BUFFER_BYTES: usize = 64 * 1024;

/// Builds where needed, then answers until it is stopped.
pub fn serve(workspace: &Workspace, options: &Options) -> Result<()> {
    // First, because a port that is taken is better said before a long build than after it.
    let listener = listen(options.port)?;
    let address = format!("http://{}/", listener.local_addr()?);
    let site = if options.whole || is_current(workspace)? {
        build_if_changed(workspace)?;
        Site::of(workspace)?
    } else {
        Site::of(&quick::build(workspace)?)?
    };
    println!("Glasses is at {address} (Ctrl-C stops it)");
    if options.open {
        open_in_browser(&address)?;
    }
    thread::scope(|scope| {
        if !site.is_whole(workspace) {
            scope.spawn(|| site.become_whole(workspace, &address));
        }
        answer_all(listener, &site, &workspace.cache, BOUNDS)
    })
}

/// The folder that is served, which another one may take the place of.
struct Site(RwLock<Arc<Path>>);

impl Site {
    fn of(workspace: &Workspace) -> Result<Self> {
        Ok(Self(RwLock::new(folder(workspace)?)))
    }

    /// The folder now.
    fn folder(&self) -> Arc<Path> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves the folder of another place from now on.
    fn show(&self, workspace: &Workspace) -> Result<()> {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = folder(workspace)?;
        Ok(())
    }

    fn is_whole(&self, workspace: &Workspace) -> bool {
        folder(workspace).is_ok_and(|whole| whole == self.folder())
    }

    /// Builds the whole site, and serves it from then on. What fails is said, and what is served stays.
    fn become_whole(&self, workspace: &Workspace, address: &str) {
        eprintln!("▸ building the WebGPU engine and the optimised site behind it");
        match build(workspace).and_then(|()| self.show(workspace)) {
            Ok(()) => {
                println!("The whole site is at {address} now, with the WebGPU engine: load the page again");
            }
            Err(error) => eprintln!("error: the site without the WebGPU engine stays: {error:#}"),
        }
    }
}

fn folder(workspace: &Workspace) -> Result<Arc<Path>> {
    Ok(workspace.dist.canonicalize().with_context(|| format!("{} cannot be read", workspace.dist.display()))?.into())
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

/// Answers every connection, on one thread; the files are read on a few others.
fn answer_all(listener: TcpListener, site: &Site, cache: &Path, bounds: Bounds) -> Result<()> {
    let mut threads = tokio::runtime::Builder::new_current_thread();
    threads.enable_io().enable_time().max_blocking_threads(8).build()?.block_on(accept(listener, site, cache, bounds))
}

async fn accept(listener: TcpListener, site: &Site, cache: &Path, bounds: Bounds) -> Result<()> {
    let port = listener.local_addr()?.port();
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let cache: Arc<Path> = cache.into();
    let free = Arc::new(Semaphore::new(bounds.connections));
    loop {
        let turn = free.clone().acquire_owned().await?;
        // What goes wrong with one connection (a tab closed half-way) is over with it. Where this machine has no sockets left for a
        // moment, waiting for that moment is better than asking without a pause.
        let Ok((connection, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (dist, cache) = (site.folder(), cache.clone());
        tokio::spawn(async move {
            let answer = service_fn(move |request| {
                let (dist, cache) = (dist.clone(), cache.clone());
                async move { Ok::<_, Infallible>(answer::answer(&request, &dist, &cache, port).await) }
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(bounds.head).max_buf_size(BUFFER_BYTES).keep_alive(false);
            // Who reads or writes too slowly is cut off here, and what was held for them is free again.
            let _ = tokio::time::timeout(bounds.whole, http.serve_connection(TokioIo::new(connection), answer)).await;
            drop(turn);
        });
    }
}

fn open_in_browser(address: &str) -> Result<()> {
    let opener = match std::env::consts::OS {
        "macos" => "open",
        _ => "xdg-open",
    };
    run(Command::new(opener).arg(address)).context("no browser could be opened: leave --open out")
}
