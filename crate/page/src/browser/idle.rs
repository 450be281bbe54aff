//! The mark `data-idle` on the page's root: all that was asked for is there, drawn and in the address. For whoever drives the page, as
//! tests do.

use leptos::prelude::document;
use std::cell::Cell;

/// What can be under way.
#[derive(Clone, Copy)]
pub enum Part {
    /// Questions to the engines, and the pause before some of them.
    Engine = 1,
    /// Figures that are to be drawn.
    Figures = 2,
    /// The address that is to be written.
    Address = 4,
}

thread_local! {
    /// The parts that are busy. The engine is from the start: nothing has been asked yet.
    static BUSY: Cell<u8> = const { Cell::new(Part::Engine as u8) };
}

/// Says whether a part is busy.
pub fn set_busy(part: Part, is_busy: bool) {
    let before = BUSY.get();
    let now = if is_busy { before | part as u8 } else { before & !(part as u8) };
    BUSY.set(now);
    if (before == 0) == (now == 0) {
        return;
    }
    let Some(root) = document().document_element() else { return };
    let marked = if now == 0 { root.set_attribute("data-idle", "") } else { root.remove_attribute("data-idle") };
    // Nobody who reads the page needs the mark.
    marked.unwrap_or_default();
}
