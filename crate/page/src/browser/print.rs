//! Paper: whether the page is being printed, and printing it.

use super::{error, optional};
use glasses_contract::say;
use leptos::prelude::*;
use std::rc::Rc;

/// What the page is seen on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Medium {
    /// A screen.
    #[default]
    Screen,
    /// Paper, or a file that a browser prints to.
    Paper,
}

/// Calls back as soon as the page goes to paper or back, before it is laid out for it: with the events that browsers send around printing,
/// and with what the style sheets see, where a browser sends none.
pub fn follow(on_change: impl Fn(Medium) + 'static) {
    let on_change = Rc::new(on_change);
    for (event, medium) in [("beforeprint", Medium::Paper), ("afterprint", Medium::Screen)] {
        let on_change = on_change.clone();
        window_event_listener_untyped(event, move |_| on_change(medium));
    }
    super::watch::media("print", move |is_paper| on_change(if is_paper { Medium::Paper } else { Medium::Screen }));
}

/// Opens the browser's dialog for printing.
///
/// # Errors
/// A sentence, where the page can't open it: the browser has none, or the frame around forbids it.
pub fn open() -> Result<(), String> {
    let refused = |why: String| say!("The browser does not let this page print ({}): use its own menu.", why.trim_end_matches('.'));
    optional::call(&window(), "print", &[]).map(drop).map_err(|thrown| refused(error::sentence(&thrown)))
}
