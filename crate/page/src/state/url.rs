//! The address bar: the only file of this crate that reads or writes `location`. The state and the part behind `#` follow each other, and a page
//! that embeds this one goes along.

// Here, and nowhere else: see clippy.toml.
#![allow(clippy::disallowed_methods)]

use super::history::{HistoryEntry, HistoryThrottle};
use super::lesson;
use super::pending;
use crate::browser::embedder::Embedder;
use crate::browser::idle::{Part, set_busy};
use crate::browser::{error, now_ms};
use crate::state::{Action, State};
use glasses_contract::config::Language;
use glasses_contract::gallery::Exhibit;
use glasses_contract::report::Digest;
use glasses_contract::{Config, Warning, link, open};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// What the address says when the page is opened. Without anything behind it, it opens the story; all that a link says is `v=1` where it
/// opens the bench as it is.
pub fn open() -> (Config, Vec<Warning>) {
    pending::take(&address()).map_or_else(read, |fragment| read_from(&fragment))
}

/// The figure of the paper that the address names: the reader came for it.
pub fn figure() -> Option<&'static Exhibit> {
    link::figure(&hash())
}

fn read() -> (Config, Vec<Warning>) {
    read_from(&hash())
}

fn read_from(hash: &str) -> (Config, Vec<Warning>) {
    let (config, mut notes) = if hash.trim_start_matches('#').is_empty() { (open::home().clone(), vec![]) } else { open::decode(hash) };
    notes.extend(lesson::notes(&config, &lesson::Read::of(&config.frame.lesson)));
    (config, notes)
}

/// The address of a state, to be given away.
pub fn link_to(config: &Config) -> String {
    let address = address();
    let page = address.split('#').next().unwrap_or_default();
    format!("{page}{}", fragment(config))
}

/// The same, with the numbers that are seen.
pub fn link_with(digest: &Digest, config: &Config) -> String {
    let address = address();
    let page = address.split('#').next().unwrap_or_default();
    format!("{page}#{}", digest.in_link(&open::encode(config)))
}

/// Loads the page again.
pub fn reload() {
    if let Err(thrown) = window().location().reload() {
        leptos::logging::warn!("{}", error::sentence(&thrown));
    }
}

/// A change is written a moment later, when its answer is drawn: writing the address costs as much as drawing a figure.
const AFTER_MS: f64 = 150.0;

/// A browser that refused to write the address is asked again after this time.
const AGAIN_MS: f64 = 10_000.0;

/// Keeps the state and the address alike from here on, and tells the state's link to a page that embeds this one. Tells whether the browser
/// refuses: what stands in the address then is of an older state.
pub fn follow(state: State) -> ReadSignal<bool> {
    state.keep_of(&hash());
    let is_unwritten = RwSignal::new(false);
    let told = move |now: bool| {
        if is_unwritten.get_untracked() != now {
            is_unwritten.set(now);
        }
    };
    let throttle = StoredValue::new(HistoryThrottle::default());
    let due = Trigger::new();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // What this page wrote behind `#` where the browser has no history, for as long as the address says it.
    let own_hash = StoredValue::new(None::<String>);
    let mark = move || set_busy(Part::Address, timer.with_value(Option::is_some));
    let later = move |wait_ms: f64| {
        if timer.with_value(Option::is_none) {
            let ring = move || {
                timer.set_value(None);
                due.notify();
            };
            timer.set_value(set_timeout_with_handle(ring, Duration::from_secs_f64(wait_ms / 1000.0)).ok());
            mark();
        }
    };
    let embedder = StoredValue::new_local(Embedder::find());
    let told_link = StoredValue::new(String::new());
    let tell = move || {
        let link = state.asked.with_untracked(whole_link);
        if told_link.with_value(|told| *told != link) {
            embedder.with_value(|embedder| embedder.iter().for_each(|embedder| embedder.tell(&link)));
            told_link.set_value(link);
        }
    };
    // What is to be written is a link that was sent: what is noted of it stays, as of one that stood in the address.
    let is_sent = StoredValue::new(false);
    let write = move || {
        tell();
        let fragment = state.asked.with_untracked(fragment);
        if fragment == current_fragment() {
            is_sent.set_value(false);
            return told(false);
        }
        match throttle.try_update_value(|throttle| throttle.write(now_ms())) {
            Some(Ok(entry)) => {
                let written = put(&fragment, entry);
                own_hash.set_value((written == Written::BehindHash).then(hash));
                told(written == Written::Nowhere);
                if written == Written::Nowhere {
                    later(AGAIN_MS);
                }
                if !is_sent.try_update_value(std::mem::take).unwrap_or_default() {
                    let about_step = state.lesson.with_untracked(|lesson| state.asked.with_untracked(|asked| lesson::notes(asked, lesson)));
                    state.notes.written(about_step);
                }
            }
            Some(Err(wait_ms)) => later(wait_ms),
            None => {}
        }
    };
    Effect::new(move || {
        state.asked.track();
        later(AFTER_MS);
    });
    Effect::new(move || {
        due.track();
        write();
        mark();
    });
    // Who leaves, or loads the page again, finds what was typed last, however fast that was, and where the browser refused to write it: the
    // timer runs then.
    window_event_listener_untyped("pagehide", move |_| {
        if timer.with_value(Option::is_some) {
            pending::keep(&address(), &state.asked.with_untracked(fragment));
        }
    });

    let stop_timer = move || {
        timer.try_update_value(Option::take).flatten().iter().for_each(TimeoutHandle::clear);
        mark();
    };
    // Back, Forward, and a hash that was edited by hand.
    let arrive = move || {
        // A browser announces what was written behind `#` as if somebody had gone there: what was typed since then stays.
        if own_hash.with_value(|own| own.as_deref() == Some(&hash())) {
            return;
        }
        own_hash.set_value(None);
        let (config, notes) = read();
        // What was to be written is older than the address: it must not come back in its place, nor with the page that is loaded again.
        stop_timer();
        is_sent.set_value(false);
        throttle.update_value(HistoryThrottle::commit);
        // What stands in the page is in one language.
        if config.frame.language != Language::spoken() {
            return reload();
        }
        state.apply(Action::Follow(Box::new(config), notes));
        state.keep_of(&hash());
    };
    window_event_listener(leptos::ev::popstate, move |_| arrive());
    window_event_listener(leptos::ev::hashchange, move |_| arrive());
    // A link that is sent is of now, so that what waits to be written is written with it, in one entry with others of a burst.
    let follow = move |link: &str| {
        let (config, notes) = read_from(link);
        if config.frame.language != Language::spoken() {
            put(&fragment(&config), HistoryEntry::New);
            return reload();
        }
        state.apply(Action::Follow(Box::new(config), notes));
        state.keep_of(link);
        is_sent.set_value(true);
        // Whoever sent it hears which link is shown now, if it is the same.
        told_link.update_value(String::clear);
        later(AFTER_MS);
    };
    embedder.with_value(|embedder| embedder.iter().for_each(|embedder| embedder.hear(follow)));
    let commit = move |()| {
        stop_timer();
        write();
        throttle.update_value(HistoryThrottle::commit);
    };
    state.on_commit(Callback::new(commit));
    is_unwritten.read_only()
}

/// What a link within the page to a state points at.
pub fn href(config: &Config) -> String {
    let fragment = fragment(config);
    if fragment.is_empty() { "#".into() } else { fragment }
}

/// What stands behind the page in an address: nothing at all, not an empty fragment, for what the bare address opens.
fn fragment(config: &Config) -> String {
    if config == open::home() {
        return String::new();
    }
    format!("#{}", whole_link(config))
}

/// The link of a state, never the empty text.
fn whole_link(config: &Config) -> String {
    let link = open::encode(config);
    if link.is_empty() { format!("v={}", link::VERSION) } else { link }
}

fn address() -> String {
    window().location().href().unwrap_or_default()
}

fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// The fragment that the state of the address has: a link of other order or spelling is left as it stands.
fn current_fragment() -> String {
    fragment(&read().0)
}

/// Where a fragment was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Nowhere,
    InHistory,
    /// As the part behind `#`, which the browser announces.
    BehindHash,
}

/// Writes a fragment.
fn put(fragment: &str, entry: HistoryEntry) -> Written {
    // What was kept while the page was away is written by now.
    pending::take(&address());
    let location = window().location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let address = format!("{path}{fragment}");
    let written = window().history().and_then(|history| match entry {
        HistoryEntry::New => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
        HistoryEntry::Same => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
    });
    // What a browser without a history, or with enough of it, still takes: the part behind `#`, which loads nothing again.
    let is_written = || fragment == current_fragment();
    if written.is_ok() && is_written() {
        Written::InHistory
    } else if location.set_hash(fragment).is_ok() && is_written() {
        Written::BehindHash
    } else {
        Written::Nowhere
    }
}
