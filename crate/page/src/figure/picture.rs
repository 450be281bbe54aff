//! A picture: a figure with what its numbers are of, so that it can be drawn again at any time.

use crate::format;
use crate::worker::{self, Provenance};
use glasses_contract::config::Tool;
use glasses_contract::{Config, Experiment, open, say};
use glasses_plots::{Cells, Figure, Image, Readout, Style};
use leptos::prelude::Signal;
use plotters::prelude::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use std::ops::Deref;
use std::sync::Arc;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// The picture of a figure; none as long as there is no answer.
pub type PictureSignal = Signal<Option<Drawn>>;

/// A figure, and what its numbers are of: the form may hold something else by now.
#[derive(Clone)]
pub struct Drawn {
    figure: Arc<dyn Figure>,
    source: Source,
}

/// Where the numbers of a picture came from.
#[derive(Clone, PartialEq)]
pub enum Source {
    /// An answer.
    Answer(Box<Provenance>),
    /// The run of training with the recipe of this link.
    Run(Option<String>),
}

impl Drawn {
    /// A figure of an answer, or of a run.
    pub fn new(figure: Box<dyn Figure>, source: Source) -> Self {
        Self { figure: figure.into(), source }
    }

    /// Who computed it.
    pub fn computed(&self) -> String {
        match &self.source {
            Source::Answer(origin) => format::computed(origin),
            Source::Run(_) => say!("Trained by the CPU in this browser.").into(),
        }
    }

    /// Whether it shows an answer to another question than is asked now.
    pub fn is_of_another(&self, now: &Experiment) -> bool {
        match &self.source {
            Source::Answer(origin) => worker::is_of_another(origin.question, &origin.about, now),
            Source::Run(_) => false,
        }
    }

    /// The state that computes these numbers again, looked at as the page is now.
    pub fn state(&self, now: &Config) -> Option<Config> {
        match &self.source {
            Source::Answer(origin) => Some(worker::state_for(origin.question, &origin.about, now)),
            Source::Run(recipe) => {
                let mut config = open::decode(recipe.as_ref()?).0;
                config.view.tool = Tool::Train;
                Some(config)
            }
        }
    }
}

impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        *self.figure == *other.figure && self.source == other.source
    }
}

impl Deref for Drawn {
    type Target = dyn Figure;

    fn deref(&self) -> &Self::Target {
        self.figure.as_ref()
    }
}

/// Draws a figure onto a whole canvas.
///
/// # Errors
/// A sentence.
pub fn draw(figure: &dyn Figure, canvas: &HtmlCanvasElement, style: &Style) -> Result<Readout, String> {
    let context = context(canvas).ok_or(say!("This browser gives the page no canvas to draw on."))?;
    context.set_line_join("round");
    let backend = CanvasBackend::with_canvas_object(canvas.clone()).ok_or(say!("This browser gives the page no canvas to draw on."))?;
    let area = backend.into_drawing_area();
    let style = Style { cells: Cells::Caller, ..style.clone() };
    let mut readout = figure.draw(&area, &style).map_err(|error| error.to_string())?;
    area.present().map_err(|error| error.to_string())?;
    if let Some(image) = readout.image.take() {
        draw_image(&context, &image).ok_or(say!("The map could not be drawn."))?;
    }
    Ok(readout)
}

/// A pixel for each cell, made larger without smoothing.
fn draw_image(context: &CanvasRenderingContext2d, image: &Image) -> Option<()> {
    let place = image.place;
    let (width, height) = (u32::try_from(image.width).ok()?, u32::try_from(image.height).ok()?);
    let cells = web_sys::window()?.document()?.create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    cells.set_width(width);
    cells.set_height(height);
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&image.rgba), width, height).ok()?;
    self::context(&cells)?.put_image_data(&data, 0.0, 0.0).ok()?;
    context.set_image_smoothing_enabled(false);
    context.draw_image_with_html_canvas_element_and_dw_and_dh(&cells, place.x, place.y, place.width, place.height).ok()
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}
