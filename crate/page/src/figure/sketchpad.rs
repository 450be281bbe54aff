//! Where a guess is drawn into a figure: over the part of it that is veiled. Who draws nothing chooses an answer of the chapter.

use super::viewport::Viewport;
use crate::context::Context;
use crate::state::sketch::{self, Sketch};
use glasses_contract::config::{Metric, Part};
use glasses_contract::report::{Stage, Sweep};
use glasses_contract::say;
use glasses_plots::Readout;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// The part of a figure that is drawn upon, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Place {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// The last that is given, at which every guess begins: n and the output's distance.
pub type Given = (usize, f64);

/// What a sweep gives.
pub fn given(sweep: &Sweep, metric: Metric) -> Option<Given> {
    let output = sweep.stages.iter().find(|curve| curve.stage == Stage::Output)?;
    Some((*sweep.n.last()?, output.distances.last()?.get(metric))).filter(|given| given.1 > 0.0)
}

/// The pad over a figure.
#[component]
pub fn Sketchpad(
    page: Context,
    /// Nothing where nothing is to be drawn.
    given: Signal<Option<Given>>,
    readout: StoredValue<Readout>,
    ratio: RwSignal<f64>,
    /// Is set anew with every drawing.
    viewport: RwSignal<Viewport>,
) -> impl IntoView {
    let book = page.sketchbook;
    let place = Memo::new(move |_| {
        let (viewport, ratio) = (viewport.get(), ratio.get());
        let (from, _) = given.get()?;
        readout.with_value(|readout| {
            let left = readout.x?.pixel_from_data(from as f64);
            let width = readout.plot.x + readout.plot.width - left;
            let y = readout.y?;
            let (top, bottom) = (y.pixels.0.min(y.pixels.1), y.pixels.0.max(y.pixels.1));
            Some(Place { left: left / ratio, top: viewport.top + top / ratio, width: width / ratio, height: (bottom - top) / ratio })
        })
    });
    // Where the hand was last, while it draws.
    let hand = StoredValue::new(None::<Given>);
    let draw = move |event: &PointerEvent| {
        let Some(pad) = event.current_target().and_then(|pad| pad.dyn_into::<Element>().ok()) else { return };
        let rect = pad.get_bounding_client_rect();
        let share = |at: i32, from: f64, length: f64| ((f64::from(at) - from) / length).clamp(0.0, 1.0);
        let (right, down) = (share(event.client_x(), rect.left(), rect.width()), share(event.client_y(), rect.top(), rect.height()));
        let to = readout.with_value(|readout| {
            let (x, y) = (readout.x?, readout.y?);
            let left = x.pixel_from_data(given.get_untracked()?.0 as f64);
            let (top, bottom) = (y.pixels.0.min(y.pixels.1), y.pixels.0.max(y.pixels.1));
            let n = x.data_from_pixel(left + right * (readout.plot.x + readout.plot.width - left)).min(x.data.1);
            Some((n.round() as usize, y.data_from_pixel(top + down * (bottom - top))))
        });
        let (Some(to), Some(given)) = (to, given.get_untracked()) else { return };
        let about = page.state.asked.with_untracked(sketch::about);
        book.sketch.update(|sketch| {
            if sketch.about != about {
                *sketch = Sketch { about, points: vec![given] };
            }
            // A new stroke goes on from the end of what is drawn, where it begins behind it.
            let end = sketch.points.last().copied().filter(|end| end.0 < to.0);
            let from = hand.get_value().or(end).unwrap_or(to);
            sketch.line(from, to);
        });
        hand.set_value(Some(to));
    };
    let pixels = move |length: fn(&Place) -> f64| move || format!("{}px", place.with(|place| place.as_ref().map_or(0.0, length)));
    view! {
        <Show when=move || place.with(Option::is_some)>
            <div
                class="sketchpad"
                aria-hidden="true"
                style:left=pixels(|place| place.left)
                style:top=pixels(|place| place.top)
                style:width=pixels(|place| place.width)
                style:height=pixels(|place| place.height)
                on:pointerdown=move |event| {
                    event.stop_propagation();
                    // So that the stroke goes on where the hand leaves the pad; without it, it ends there.
                    let pad = event.current_target().and_then(|pad| pad.dyn_into::<Element>().ok());
                    drop(pad.map(|pad| pad.set_pointer_capture(event.pointer_id())));
                    hand.set_value(None);
                    draw(&event);
                }
                on:pointermove=move |event| {
                    event.stop_propagation();
                    if event.buttons() == 1 {
                        draw(&event);
                    }
                }
                on:click=|event| event.stop_propagation()
            ></div>
        </Show>
    }
}

/// What can be done with a sketch.
#[component]
pub fn SketchTools(page: Context, part: Part, last: Signal<Option<usize>>) -> impl IntoView {
    let book = page.sketchbook;
    let is_drawn = move || book.sketch.with(|sketch| sketch.points.len() > 1);
    let is_whole = move || book.sketch.with(|sketch| last.get().is_some_and(|last| sketch.reaches(last)));
    view! {
        <Show when=move || book.is_open_in(part)>
            <span class="sketch-tools">
                <button type="button" class="button" disabled=move || !is_whole() on:click=move |_| book.is_done.notify()>
                    {say!("Show the real curve")}
                </button>
                <button type="button" class="link" disabled=move || !is_drawn() on:click=move |_| book.sketch.set(Sketch::default())>
                    {say!("Erase")}
                </button>
            </span>
        </Show>
    }
}
