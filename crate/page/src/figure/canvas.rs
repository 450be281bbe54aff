//! A figure on a canvas: drawn when its picture, its size or the theme changes, and read off by pointer, finger and keys.

use super::export::Export;
use super::frame_queue::{self, DrawHandle, Figure as _};
use super::picture::{self, Drawn, PictureSignal};
use super::shown;
use super::sketchpad::{Given, Sketchpad};
use super::steering::{Steering, SteeringBar};
use super::tooltip::Tooltip;
use super::viewport::Viewport;
use crate::browser::print::Medium;
use crate::browser::style::{self, Look};
use crate::browser::{keys, watch};
use crate::context::Context;
use glasses_contract::config::Presenting;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::Topic;
use glasses_contract::{Choice, say};
use glasses_plots::{Direction, Reading, Readout, Style};
use leptos::children::ViewFn;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A figure with its readout and its numbers. `note` says what the picture can't: why there is none, or none that is newer.
#[component]
pub fn FigureCanvas(
    page: Context,
    /// Which figure: its word is for the stylesheet and the names of files.
    drawing: Drawing,
    /// The topic that it answers; none where no question is behind it.
    #[prop(optional)]
    topic: Option<Topic>,
    /// Where it is another than that of the last answer.
    #[prop(optional)]
    picture: Option<PictureSignal>,
    #[prop(into)] note: Signal<Option<String>>,
    /// What a click on a datum does with its key.
    #[prop(optional, into)]
    on_choose: Option<Callback<usize>>,
    /// What a datum that is read off does with its number.
    #[prop(optional, into)]
    on_read: Option<Callback<usize>>,
    /// What is given where a guess is to be drawn.
    #[prop(optional, into)]
    sketch: Option<Signal<Option<Given>>>,
    /// What stands above it while it is large, where that is more than the controls that its kind follows.
    #[prop(optional, into)]
    steering: Option<ViewFn>,
) -> impl IntoView {
    let name = drawing.word();
    let picture = picture.unwrap_or_else(|| shown::picture(page, drawing));
    let computed = Signal::derive(move || picture.with(|picture| picture.as_ref().map(Drawn::computed)));
    // The old picture of another question would be read as an answer to this one.
    let picture = Signal::derive(move || picture.get().filter(|drawn| !page.state.admitted.with(|now| drawn.is_of_another(now))));
    let canvas = Canvas::new(page, picture, topic.map(|topic| (topic, name)));
    if let Some(on_read) = on_read {
        Effect::new(move || {
            if let Some(index) = canvas.reading.with(|reading| reading.as_ref().map(|reading| reading.index)) {
                on_read.run(index);
            }
        });
    }
    let is_stale = move || topic.is_some_and(|topic| page.engine.signals.stale.with(|stale| stale.contains(&topic)));
    // A text can't be read, and what is shown is of the one before.
    let is_of_before = move || topic.is_some() && picture.with(Option::is_some) && page.state.wanted.with(Option::is_none);
    let sentence =
        move || picture.with(|picture| picture.as_ref().map_or_else(|| say!("No figure yet.").to_string(), |picture| picture.sentence()));
    let is_large = canvas.is_large;
    let steering = steering.unwrap_or_else(|| ViewFn::from(move || view! { <Steering page drawing /> }));
    // The focus would be lost with the control that has it.
    let leave = Callback::new(move |()| {
        canvas.leave();
        canvas.frame.get_untracked().iter().for_each(|frame| frame.focus().unwrap_or_default());
    });
    let choose = move || {
        if let (Some(on_choose), Some(reading)) = (on_choose, canvas.reading.get_untracked()) {
            on_choose.run(reading.key);
        }
    };
    // No other model's figure stands in the place of a language model's that is not here.
    let missing = move || page.state.is_missing.get().then(|| say!("Load the language model to see this.").into());
    // The page that lies behind is there for nobody: who goes on to it sees it.
    let follow_focus = move |event: web_sys::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Element>().ok());
        if to.is_some_and(|to| to.closest(".large, .steering").is_ok_and(|within| within.is_none())) {
            is_large.set(false);
        }
    };
    view! {
        <div class="drawing" on:focusout=follow_focus>
            <div
                class=format!("box {name}")
                class:large=move || is_large.get()
                class:stale=is_stale
                class:unread=is_of_before
                class:empty=move || picture.with(Option::is_none)
                class:choosable=on_choose.is_some()
                tabindex="0"
                role="group"
                aria-label=sentence
                aria-busy=move || is_stale().to_string()
                node_ref=canvas.frame
                on:pointermove=move |event| {
                    canvas.point(&event);
                    if event.buttons() == 1 && event.pointer_type() == "mouse" {
                        choose();
                    }
                }
                on:pointerdown=move |event| canvas.point(&event)
                on:pointerleave=move |event| if event.pointer_type() == "mouse" { canvas.reading.set(None) }
                on:click=move |_| {
                    choose();
                    page.state.commit();
                }
                on:keydown=move |event| {
                    let is_taken = match keys::plain(&event).as_deref() {
                        // On the button within, these keys press it.
                        Some("Enter" | " ") if !keys::is_from_within(&event) => {
                            choose();
                            page.state.commit();
                            true
                        }
                        Some("Escape") => canvas.leave(),
                        Some(key) => canvas.walk(key),
                        None => false,
                    };
                    if is_taken {
                        event.prevent_default();
                    }
                }
                on:blur=move |_| canvas.reading.set(None)
            >
                <Progress page name />
                <canvas
                    node_ref=canvas.element
                    aria-hidden="true"
                    on:contextrestored=move |_: web_sys::Event| canvas.lost.notify()
                    style:margin-top=move || is_large.get().then(|| format!("{}px", canvas.viewport.get().top))
                    style:height=move || is_large.get().then(|| format!("{}px", canvas.viewport.get().height))
                ></canvas>
                <Tooltip reading=canvas.reading readout=canvas.readout is_touched=canvas.is_touched ratio=canvas.ratio viewport=canvas.viewport />
                {sketch.map(|given| view! { <Sketchpad page given readout=canvas.readout ratio=canvas.ratio viewport=canvas.viewport /> })}
                <p class="note" role="status">{move || missing().or_else(|| note.get()).or_else(|| canvas.problem.get())}</p>
                <button
                    type="button"
                    class="enlarge"
                    aria-pressed=move || is_large.get().to_string()
                    aria-label=say!("Enlarge")
                    title=move || if is_large.get() { say!("Make it small again (Escape)") } else { say!("Enlarge to the whole window") }
                    // The button is in the box for the keys, and beside what is drawn: there is nothing to read off at it.
                    on:pointerenter=move |_| canvas.reading.set(None)
                    on:pointermove=move |event| event.stop_propagation()
                    on:pointerdown=move |event| event.stop_propagation()
                    on:click=move |event| {
                        event.stop_propagation();
                        is_large.update(|is_large| *is_large = !*is_large);
                    }
                >
                    {move || if is_large.get() { "×" } else { "⤢" }}
                </button>
                <p class="unseen" aria-live="polite">{move || canvas.spoken.get()}</p>
            </div>
            <Show when=move || is_large.get()>
                <SteeringBar controls=steering.clone() height=canvas.head leave />
            </Show>
            <div class="under">
                // Who hears the page is told the same and more as the name of the figure.
                <p class="caption" aria-hidden="true">{move || picture.with(|picture| picture.as_ref().map(|picture| picture.finding()))}</p>
                <Export page name picture computed size=canvas.size.into() />
            </div>
        </div>
    }
}

/// How far the answer is that this figure waits for, in the one figure that shows it, and a way to stop it.
#[component]
fn Progress(page: Context, name: &'static str) -> impl IntoView {
    let work = page.engine.signals.work;
    let is_here = Memo::new(move |_| page.shows_progress().is_some_and(|shown| shown == name));
    let label = move || work.with(|work| work.as_ref().map(|work| work.label.clone()));
    let share = move || work.with(|work| work.as_ref().and_then(|work| work.share));
    let stop = move |event: web_sys::MouseEvent| {
        event.stop_propagation();
        page.engine.stop();
    };
    view! {
        <Show when=move || is_here.get()>
            <div class="progress">
                <progress max="1" value=move || share().map(|share| share.to_string()) aria-label=label></progress>
                <span>{move || share().map(|share| format!("{:.0}%", share * 100.0))}</span>
                <button type="button" class="link" on:pointerdown=|event| event.stop_propagation() on:click=stop>{say!("Cancel")}</button>
            </div>
        </Show>
    }
}

/// What is behind a figure on the page.
#[derive(Clone, Copy)]
struct Canvas {
    frame: NodeRef<html::Div>,
    element: NodeRef<html::Canvas>,
    picture: PictureSignal,
    look: Signal<Look>,
    /// Of the box, in CSS pixels.
    size: RwSignal<(f64, f64)>,
    /// The box is as large as the window.
    is_large: RwSignal<bool>,
    /// How much of the window the controls above it take then.
    head: RwSignal<f64>,
    /// The last drawing's.
    viewport: RwSignal<Viewport>,
    /// How many pixels of the canvas, which readings count in, make a CSS pixel.
    ratio: RwSignal<f64>,
    is_in_view: RwSignal<bool>,
    /// What the last drawing can be asked.
    readout: StoredValue<Readout>,
    reading: RwSignal<Option<Reading>>,
    /// A finger reads it off.
    is_touched: StoredValue<bool>,
    /// The reading in words, where keys led to it.
    spoken: RwSignal<String>,
    problem: RwSignal<Option<String>>,
    /// The browser took the bitmap's memory and gave it back empty.
    lost: Trigger,
}

impl Canvas {
    fn new(page: Context, picture: PictureSignal, answers: Option<(Topic, &'static str)>) -> Self {
        let canvas = Self {
            frame: NodeRef::new(),
            element: NodeRef::new(),
            picture,
            look: page.look,
            size: RwSignal::default(),
            is_large: RwSignal::new(false),
            head: RwSignal::new(0.0),
            viewport: RwSignal::default(),
            ratio: RwSignal::new(2.0),
            is_in_view: RwSignal::new(true),
            readout: StoredValue::default(),
            reading: RwSignal::default(),
            is_touched: StoredValue::new(false),
            spoken: RwSignal::default(),
            problem: RwSignal::default(),
            lost: Trigger::new(),
        };
        Effect::new(move || {
            let Some(frame) = canvas.frame.get() else { return };
            watch::size(&frame, move |width, height| canvas.size.set((width, height)));
            watch::view(&frame, move |is_in_view| {
                canvas.is_in_view.set(is_in_view);
                answers.into_iter().for_each(|figure| page.sees(figure, is_in_view));
            });
        });
        on_cleanup(move || answers.into_iter().for_each(|figure| page.sees(figure, false)));
        let is_presenting = Memo::new(move |_| page.state.asked.with(|asked| asked.frame.present == Presenting::On));
        let ticket = StoredValue::new_local(DrawHandle::new(canvas));
        Effect::new(move || {
            canvas.picture.track();
            canvas.size.track();
            canvas.head.track();
            // Larger type than before.
            is_presenting.track();
            canvas.lost.track();
            match canvas.look.with(|look| look.medium) {
                Medium::Screen => ticket.with_value(DrawHandle::ask),
                // The browser lays the page out for paper as soon as this is done: no frame comes before that.
                Medium::Paper => canvas.draw(),
            }
        });
        canvas
    }

    /// The datum nearest to the pointer.
    fn point(&self, event: &web_sys::PointerEvent) {
        let Some(element) = self.element.get_untracked() else { return };
        self.is_touched.set_value(event.pointer_type() == "touch");
        let rect = element.get_bounding_client_rect();
        let ratio = self.ratio.get_untracked();
        let (x, y) = ((f64::from(event.client_x()) - rect.left()) * ratio, (f64::from(event.client_y()) - rect.top()) * ratio);
        self.read(self.readout.with_value(|readout| readout.nearest(x, y)));
    }

    /// Back from what is read off, and from the whole window; says whether there was anything to come back from.
    fn leave(&self) -> bool {
        let is_in = self.is_large.get_untracked() || self.reading.with_untracked(Option::is_some);
        self.reading.set(None);
        self.is_large.set(false);
        is_in
    }

    /// The datum to which a key leads; says whether the key leads anywhere.
    fn walk(&self, key: &str) -> bool {
        let direction = match key {
            "ArrowLeft" => Direction::Left,
            "ArrowRight" => Direction::Right,
            "ArrowUp" => Direction::Up,
            "ArrowDown" => Direction::Down,
            "Home" => Direction::First,
            "End" => Direction::Last,
            _ => return false,
        };
        self.is_touched.set_value(false);
        let from = self.reading.get_untracked();
        let reading = self.readout.with_value(|readout| readout.step(from.as_ref(), direction));
        let leads = reading.is_some();
        self.spoken.set(reading.as_ref().map(Reading::sentence).unwrap_or_default());
        self.read(reading);
        leads
    }

    fn read(&self, reading: Option<Reading>) {
        if self.reading.with_untracked(|old| *old != reading) {
            self.reading.set(reading);
        }
    }
}

impl frame_queue::Figure for Canvas {
    fn draw(&self) {
        // An instrument that was put away may still wait in the queue: its signals are gone.
        let (Some(element), Some(picture)) = (self.element.try_get_untracked().flatten(), self.picture.try_get_untracked().flatten())
        else {
            return;
        };
        let size = self.size.get_untracked();
        if size.0 < 1.0 || size.1 < 1.0 {
            return;
        }
        let zoom = style::type_zoom();
        let viewport = if self.is_large.get_untracked() {
            Viewport::in_window(size, zoom, self.head.get_untracked(), |width| picture.height(width))
        } else {
            Viewport::in_box(size, zoom)
        };
        let ratio = style::pixel_ratio();
        let style = Style::new(self.look.with_untracked(|look| look.theme.clone()), ratio * viewport.zoom);
        let pixels = |length: f64| (length * ratio).round() as u32;
        if (element.width(), element.height()) != (pixels(viewport.width), pixels(viewport.height)) {
            element.set_width(pixels(viewport.width));
            element.set_height(pixels(viewport.height));
        }
        match picture::draw(&*picture, &element, &style) {
            Ok(readout) => {
                // The pointer rests where it was: the numbers under it are new.
                let reading = self.reading.get_untracked().and_then(|reading| readout.at(reading.index, reading.focus));
                self.readout.set_value(readout);
                self.ratio.set(ratio);
                self.viewport.set(viewport);
                self.problem.set(None);
                self.read(reading);
            }
            Err(sentence) => self.problem.set(Some(sentence)),
        }
    }

    fn is_in_view(&self) -> bool {
        self.is_in_view.try_get_untracked().unwrap_or(false)
    }
}
