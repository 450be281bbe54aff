//! The order in which figures are drawn: one frame after the other, a few milliseconds each, those in view first.

use crate::browser::idle::{Part, set_busy};
use crate::browser::now_ms;
use leptos::prelude::{request_animation_frame_with_handle, set_timeout};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// Time that drawing may take out of a frame, so that typing is never felt.
const FRAME_MS: f64 = 10.0;

/// About the time from one frame to the next.
const FRAME: Duration = Duration::from_millis(16);

/// A figure's place in the queue.
#[derive(Clone)]
pub struct DrawHandle(Rc<dyn Figure>);

/// What the queue asks a figure.
pub trait Figure {
    /// Draws.
    fn draw(&self);
    /// Whether the reader can see it.
    fn is_in_view(&self) -> bool;
}

thread_local! {
    static WAITING: RefCell<Vec<DrawHandle>> = const { RefCell::new(Vec::new()) };
}

impl DrawHandle {
    /// A place for a figure.
    pub fn new(figure: impl Figure + 'static) -> Self {
        Self(Rc::new(figure))
    }

    /// The figure is to be drawn; asked twice before that, it is drawn once.
    pub fn ask(&self) {
        let was_empty = WAITING.with_borrow_mut(|waiting| {
            let was_empty = waiting.is_empty();
            if !waiting.iter().any(|ticket| Rc::ptr_eq(&ticket.0, &self.0)) {
                waiting.push(self.clone());
            }
            was_empty
        });
        if was_empty {
            set_busy(Part::Figures, true);
            draw_soon();
        }
    }
}

/// In the browser's next frame, or where it has none, after as long a time.
fn draw_soon() {
    if request_animation_frame_with_handle(draw_some).is_err() {
        set_timeout(draw_some, FRAME);
    }
}

fn draw_some() {
    let start = now_ms();
    while let Some(ticket) = next() {
        ticket.0.draw();
        if now_ms() - start > FRAME_MS {
            break;
        }
    }
    if WAITING.with_borrow(Vec::is_empty) {
        set_busy(Part::Figures, false);
    } else {
        draw_soon();
    }
}

fn next() -> Option<DrawHandle> {
    WAITING.with_borrow_mut(|waiting| {
        let index = waiting.iter().position(|ticket| ticket.0.is_in_view()).unwrap_or(0);
        (index < waiting.len()).then(|| waiting.remove(index))
    })
}
