//! `draw`: any of the page's figures as an SVG file, from the answers that the page would draw it from.

use crate::failure::Failure;
use crate::language::open_with;
use crate::output::Output;
use crate::sheet::{PIXEL_RATIO, Sheet, WIDTH};
use crate::shipped::Shipped;
use crate::{note_all, train};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use glasses_contract::config::WeightsSource;
use glasses_contract::drawing::{Drawing, Side};
use glasses_contract::question::Reported;
use glasses_contract::recipe::{Recipe, training_config};
use glasses_contract::report::Report;
use glasses_contract::{Admitted, Choice, Warning};
use glasses_engine::experiment::{Respond, model_info};
use glasses_engine::library::Library;
use glasses_engine::model_file::Header;
use glasses_engine::{Engine, NoProgress, Progress, device};
use glasses_plots::{Answers, Figure, Source, Style, Theme, Told, View, figure};
use std::path::PathBuf;

/// What is drawn, and how.
#[derive(clap::Args)]
pub struct DrawArgs {
    /// A link, or the part of it behind “#”; the empty text is the page's default.
    link: String,
    /// The figure.
    #[arg(long, value_parser = one_of::<Drawing>())]
    figure: Drawing,
    /// The file to write.
    #[arg(long)]
    out: PathBuf,
    /// The width, in CSS pixels.
    #[arg(long, default_value_t = WIDTH, value_parser = clap::value_parser!(u32).range(100..=4000))]
    width: u32,
    /// The height, in CSS pixels; what suits the width where it is not given.
    #[arg(long, value_parser = clap::value_parser!(u32).range(100..=4000))]
    height: Option<u32>,
    /// The colours of www/style/tokens.css.
    #[arg(long, value_parser = one_of::<Side>(), default_value = Side::Light.word())]
    theme: Side,
    /// The file of the model, where the link is of one of your own.
    #[arg(long)]
    model: Option<PathBuf>,
}

/// A choice as clap lists and reads it.
pub(crate) fn one_of<T: Choice + Default + Send + Sync>() -> impl TypedValueParser<Value = T> {
    let words = T::WORDS.iter().map(|entry| PossibleValue::new(entry.word).help(entry.help));
    PossibleValuesParser::new(words).map(|word| T::from_word(&word).unwrap_or_default())
}

/// Draws a figure into a file.
///
/// # Errors
/// A sentence, if there is nothing to draw or the file can't be written.
pub fn draw(args: DrawArgs) -> Result<(), Failure> {
    let output = Output::at(&args.out)?;
    output.apart_from(args.model.as_deref())?;
    let library = Shipped::with(args.model.as_deref())?;
    let (config, _, warnings) = open_with(&args.link, &library)?;
    note_all(&warnings);
    let style = Style::new(Theme::of(args.theme), PIXEL_RATIO);
    let sheet = Sheet { width: args.width, height: args.height, style };
    let (document, notes) = document(&config, args.figure, library, &sheet, &NoProgress)?;
    note_all(&notes);
    output.write(document.as_bytes())
}

/// One figure of a configuration, as an SVG document, and what there is to know of the model's file.
///
/// # Errors
/// A sentence, if there is no answer to draw, or `progress` says stop.
pub fn document(
    config: &Admitted,
    drawing: Drawing,
    library: Shipped,
    sheet: &Sheet,
    progress: &impl Progress,
) -> Result<(String, Vec<Warning>), Failure> {
    let engine = Engine::with_library(device::cpu(), library.clone());
    let mut computed = Computed { config, library, engine, progress };
    let figure = figure(drawing, &mut computed, &View::from(&**config))?;
    Ok((sheet.drawn(&*figure)?, computed.engine.notes(&config.model)))
}

/// One figure of a configuration from the answers in a report; none where the report has not what it shows.
///
/// # Errors
/// A sentence, if a file that it needs can't be read.
pub fn of_report(config: &Admitted, drawing: Drawing, library: &Shipped, report: &Report) -> Result<Option<Box<dyn Figure>>, Failure> {
    optional(figure(drawing, &mut Known { config, library, report }, &View::from(&**config)))
}

/// What a report may lack.
fn optional<T>(found: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match found {
        Err(Failure::NotReported) => Ok(None),
        found => found.map(Some),
    }
}

/// An answer to a configuration.
fn told<T>(config: &Admitted, answer: T) -> Told<T> {
    Told { answer: answer.into(), model: model_info(&config.model), about: (**config).clone() }
}

/// How the model was trained, as its file says.
fn recipe_of_file(library: &Shipped, origin: WeightsSource) -> Result<Recipe, Failure> {
    let file = pollster::block_on(library.file(origin)).map_err(|why| Failure::Answer(why.to_string()))?;
    let recipe = Header::of(&file).and_then(|header| header.recipe());
    recipe.map_err(|why| Failure::Answer(format!("{} can't be used: {why}.", library.name(origin))))
}

/// The answers that a report holds.
struct Known<'a> {
    config: &'a Admitted,
    library: &'a Shipped,
    report: &'a Report,
}

impl Source for Known<'_> {
    type Missing = Failure;

    fn recipe(&mut self) -> Result<Recipe, Failure> {
        match self.config.model.weights {
            WeightsSource::Seed => Err(Failure::NotReported),
            origin => recipe_of_file(self.library, origin),
        }
    }
}

impl<Q: Reported> Answers<Q> for Known<'_> {
    fn answer(&mut self, _: Q) -> Result<Told<Q::Answer>, Failure> {
        Q::in_report(self.report).map(|answer| told(self.config, answer.clone())).ok_or(Failure::NotReported)
    }

    fn besides(&mut self, question: Q) -> Result<Option<Told<Q::Answer>>, Failure> {
        optional(self.answer(question))
    }
}

/// Answers that are computed now.
struct Computed<'a, P: Progress> {
    config: &'a Admitted,
    library: Shipped,
    engine: Engine<Shipped>,
    progress: &'a P,
}

impl<P: Progress> Source for Computed<'_, P> {
    type Missing = Failure;

    fn recipe(&mut self) -> Result<Recipe, Failure> {
        match self.config.model.weights {
            WeightsSource::Seed => train::recipe(&training_config(self.config)),
            origin => recipe_of_file(&self.library, origin),
        }
    }
}

impl<Q: Respond, P: Progress> Answers<Q> for Computed<'_, P> {
    fn answer(&mut self, question: Q) -> Result<Told<Q::Answer>, Failure> {
        Ok(told(self.config, pollster::block_on(self.engine.answer(self.config, question, self.progress))?))
    }

    fn besides(&mut self, question: Q) -> Result<Option<Told<Q::Answer>>, Failure> {
        Q::raised(self.config).contains(&question).then(|| self.answer(question)).transpose()
    }
}
