//! A picture: a figure of the plots crate together with the answer that it shows, so that it can be drawn again at any time.

use crate::worker::{self, Provenance};
use glasses_contract::config::Tool;
use glasses_contract::locale::in_english;
use glasses_contract::{Config, Experiment, open, say};
use glasses_plots::{Figure, Image, Readout, Style, Table, Theme};
use leptos::prelude::Signal;
use plotters::prelude::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use std::ops::Deref;
use std::sync::Arc;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// What a canvas can show.
pub trait Picture: Send + Sync {
    /// Draws onto the whole canvas.
    ///
    /// # Errors
    /// A sentence.
    fn draw(&self, canvas: &HtmlCanvasElement, style: &Style) -> Result<Readout, String>;

    /// The height that suits a width, both in CSS pixels.
    fn height(&self, width: f64) -> f64;

    /// Writes the whole figure as an SVG document of so many CSS pixels.
    ///
    /// # Errors
    /// A sentence.
    fn svg(&self, width: u32, height: u32, style: &Style) -> Result<String, String>;

    /// What it shows, in words.
    fn sentence(&self) -> String;

    /// What there is to see in it: its caption.
    fn finding(&self) -> String;

    /// The numbers behind it.
    fn table(&self) -> Table;

    /// The same as a file for programs.
    fn csv(&self) -> String;
}

/// The picture of a figure; none as long as there is no answer.
pub type PictureSignal = Signal<Option<Drawn>>;

/// A picture, and what its numbers are of: the form may hold something else by now.
#[derive(Clone)]
pub struct Drawn {
    picture: Arc<dyn Picture>,
    source: Source,
}

/// Where the numbers of a picture came from.
#[derive(Clone)]
pub enum Source {
    /// An answer.
    Answer(Box<Provenance>),
    /// The run of training with the recipe of this link.
    Run(Option<String>),
}

impl Drawn {
    /// A picture of an answer, or of a run.
    pub fn new(picture: impl Picture + 'static, source: Source) -> Self {
        Self { picture: Arc::new(picture), source }
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

impl Deref for Drawn {
    type Target = dyn Picture;

    fn deref(&self) -> &Self::Target {
        self.picture.as_ref()
    }
}

/// Who holds what a figure borrows.
pub trait Holder: Send + Sync {
    /// The figure.
    type Figure<'a>: Figure
    where
        Self: 'a;

    /// The figure of what is held.
    fn figure(&self) -> Self::Figure<'_>;

    /// The figure with all that is in it, also what [`Holder::image`] adds on a canvas.
    fn whole(&self) -> Self::Figure<'_> {
        self.figure()
    }

    /// A map of so many cells that it is drawn as a bitmap, into the figure's place for it.
    fn image(&self, _theme: &Theme) -> Option<Image> {
        None
    }
}

impl<T: Holder> Picture for T {
    fn draw(&self, canvas: &HtmlCanvasElement, style: &Style) -> Result<Readout, String> {
        let context = context(canvas).ok_or(say!("This browser gives the page no canvas to draw on."))?;
        context.set_line_join("round");
        let backend = CanvasBackend::with_canvas_object(canvas.clone()).ok_or(say!("This browser gives the page no canvas to draw on."))?;
        let area = backend.into_drawing_area();
        let readout = self.figure().draw(&area, style).map_err(|error| error.to_string())?;
        area.present().map_err(|error| error.to_string())?;
        if let Some(image) = self.image(&style.theme) {
            draw_image(&context, &image, &readout).ok_or(say!("The map could not be drawn."))?;
        }
        Ok(readout)
    }

    fn height(&self, width: f64) -> f64 {
        self.figure().height(width)
    }

    fn svg(&self, width: u32, height: u32, style: &Style) -> Result<String, String> {
        glasses_plots::svg(&self.whole(), width, height, style).map_err(|error| error.to_string())
    }

    fn sentence(&self) -> String {
        self.figure().sentence()
    }

    fn finding(&self) -> String {
        self.figure().finding()
    }

    fn table(&self) -> Table {
        self.figure().table()
    }

    fn csv(&self) -> String {
        in_english(|| self.figure().csv())
    }
}

/// A pixel for each cell, made larger without smoothing.
fn draw_image(context: &CanvasRenderingContext2d, image: &Image, readout: &Readout) -> Option<()> {
    let place = readout.image?;
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
