//! `draw`: any of the page's figures as an SVG file, from the answers that the page would draw it from.

use crate::failure::Failure;
use crate::language::open_with;
use crate::output::Output;
use crate::sheet::{Form, PIXEL_RATIO, Sheet, WIDTH};
use crate::shipped::Shipped;
use crate::{note_all, train};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use glasses_contract::config::{Metric, WeightsSource, Which};
use glasses_contract::drawing::{Drawing, Side};
use glasses_contract::question::Reported;
use glasses_contract::recipe::Recipe;
use glasses_contract::report::Report;
use glasses_contract::sequence::{self, Sequences};
use glasses_contract::{Admitted, Choice, Warning, names, paper, question, recipe};
use glasses_engine::experiment::{Respond, model_info};
use glasses_engine::library::Library;
use glasses_engine::model_file::Header;
use glasses_engine::{Engine, NoProgress, Progress, device};
use glasses_plots::{
    AccuracyByLength, Anatomy, AnswerHistogram, Attention, AttentionRow, AxisKind, CuresByLoss, CuresByN, CuresByToken, DistanceByLayer,
    DistanceByN, ErrorByLength, FirstTokenByDepth, LikenessByN, MeetingAtN, MeetingSteps, NextTokens, PaperFigure, PinnedLine, RoundingByN,
    SensitivityByToken, SeparatorHeat, SeparatorsByN, ShareByToken, SmallPrint, Style, Theme, TwinByLength, VariationByLayer,
};
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
    let style = Style { theme: Theme::of(args.theme), pixel_ratio: PIXEL_RATIO, small_print: SmallPrint::Set };
    let sheet = Sheet { width: args.width, height: args.height, style, form: Form::Svg };
    let (document, notes) = document(&config, args.figure, library, sheet, &NoProgress)?;
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
    sheet: Sheet,
    progress: &impl Progress,
) -> Result<(String, Vec<Warning>), Failure> {
    let engine = Engine::with_library(device::cpu(), library.clone());
    let mut renderer = Renderer { config, library, engine, known: None, sheet, progress };
    let drawn = renderer.drawn(drawing)?;
    Ok((drawn, renderer.engine.notes(&config.model)))
}

/// One figure of a configuration from the answers in a report; none where the report has not what it shows.
///
/// # Errors
/// A sentence, if it can't be drawn.
pub fn of_report(config: &Admitted, drawing: Drawing, library: Shipped, report: &Report, sheet: Sheet) -> Result<Option<String>, Failure> {
    let engine = Engine::with_library(device::cpu(), library.clone());
    let mut renderer = Renderer { config, library, engine, known: Some(report), sheet, progress: &NoProgress };
    optional(renderer.drawn(drawing))
}

/// What a report may lack.
fn optional<T>(found: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match found {
        Err(Failure::NotReported) => Ok(None),
        found => found.map(Some),
    }
}

/// Where a figure is drawn: the question, who answers it, and the sheet.
struct Renderer<'a, P: Progress> {
    config: &'a Admitted,
    library: Shipped,
    engine: Engine<Shipped>,
    /// Where all answers are taken from, and none is computed.
    known: Option<&'a Report>,
    sheet: Sheet,
    progress: &'a P,
}

impl<P: Progress> Renderer<'_, P> {
    /// The answer to a question, where the experiment raises it.
    fn raised<Q: Respond + Reported>(&mut self) -> Result<Option<Q::Answer>, Failure> {
        let answer = Q::raised(self.config).first().map(|&question| optional(self.ask(question))).transpose()?;
        Ok(answer.flatten())
    }

    fn ask<Q: Respond + Reported>(&mut self, question: Q) -> Result<Q::Answer, Failure> {
        if let Some(report) = self.known {
            return Q::in_report(report).cloned().ok_or(Failure::NotReported);
        }
        Ok(pollster::block_on(self.engine.answer(self.config, question, self.progress))?)
    }

    /// Each figure as the page shows it.
    fn drawn(&mut self, drawing: Drawing) -> Result<String, Failure> {
        let (view, n, model) = (&self.config.view, self.config.input.n, self.model());
        let metric = view.metric;
        match drawing {
            Drawing::Meeting | Drawing::MeetingSteps | Drawing::MeetingFilm => self.meeting(drawing, n, model),
            Drawing::Rounding => {
                let meeting = self.ask(question::Meeting)?;
                let format = self.config.model.formats.name(meeting.format);
                self.sheet.drawn(&RoundingByN { meeting: &meeting, n, format, model })
            }
            Drawing::DistanceByN => self.distance_by_n(metric, n, model),
            Drawing::LikenessByN => {
                let sweep = self.ask(question::Sweep)?;
                self.sheet.drawn(&LikenessByN { sweep: &sweep, n, veiled_to: None, model })
            }
            Drawing::DistanceByLayer => {
                let pair = self.ask(question::Pair)?;
                self.sheet.drawn(&DistanceByLayer { n: self.n(), ..DistanceByLayer::new(&pair, metric, model) })
            }
            Drawing::NextTokens => {
                let pair = self.ask(question::Pair)?;
                self.sheet.drawn(&NextTokens { n: self.n(), ..NextTokens::new(&pair, model) })
            }
            Drawing::Sensitivity => self.sensitivity(model),
            Drawing::AttentionA => self.attention(Which::A),
            Drawing::AttentionB => self.attention(Which::B),
            Drawing::AttentionRow => {
                let reading = self.ask(question::Pair)?.a;
                let model = names::reader(Which::A, &model_info(&self.config.model));
                self.sheet.drawn(&AttentionRow { map: &reading.attention, tokens: &reading.tokens, which: Which::A, model })
            }
            Drawing::Variation => {
                let theory = self.ask(question::Theory)?;
                self.sheet.drawn(&VariationByLayer { theory: &theory, n: self.n(), model })
            }
            Drawing::Paths => {
                let theory = self.ask(question::Theory)?;
                let model = names::reader(view.sequence, &model_info(&self.config.model));
                self.sheet.drawn(&Anatomy { theory: &theory, layer: view.layer, head: None, followed: None, model })
            }
            Drawing::FirstToken => {
                let theory = self.ask(question::Theory)?;
                self.sheet.drawn(&FirstTokenByDepth { theory: &theory, depth: view.depth, model })
            }
            Drawing::Shares => {
                let theory = self.ask(question::Theory)?;
                self.sheet.drawn(&ShareByToken { theory: &theory, depth: view.depth, model })
            }
            Drawing::CuresByN => {
                let comparison = self.ask(question::Comparison)?;
                self.sheet.drawn(&CuresByN { comparison: &comparison, metric, n, lit: None, model })
            }
            Drawing::CuresByLoss => {
                let comparison = self.ask(question::Comparison)?;
                self.sheet.drawn(&CuresByLoss { comparison: &comparison, metric, n, lit: None, model })
            }
            Drawing::CuresByToken => {
                let comparison = self.ask(question::Comparison)?;
                self.sheet.drawn(&CuresByToken { comparison: &comparison, lit: None, model })
            }
            Drawing::SeparatorsByN => {
                let map = self.ask(question::Separators)?;
                let published = paper::of_separators(view.paper);
                let k = self.config.input.k;
                self.sheet.drawn(&SeparatorsByN { map: &map, metric, k, n, published: &published, model })
            }
            Drawing::Separators => {
                let map = self.ask(question::Separators)?;
                self.sheet.drawn(&SeparatorHeat::new(&map, metric, model))
            }
            Drawing::Error => {
                let lengths = self.ask(question::LengthGeneralization)?;
                self.sheet.drawn(&ErrorByLength { lengths: &lengths, published: &paper::answers(lengths.task) })
            }
            Drawing::Twin => {
                let lengths = self.ask(question::LengthGeneralization)?;
                self.sheet.drawn(&TwinByLength { lengths: &lengths, n })
            }
            Drawing::Histogram => {
                let lengths = self.ask(question::LengthGeneralization)?;
                self.sheet.drawn(&AnswerHistogram { lengths: &lengths })
            }
            Drawing::Paper => {
                let simulation = self.ask(question::Simulation(view.paper))?;
                self.sheet.drawn(&PaperFigure { simulation: &simulation, published: &paper::curves(view.paper) })
            }
            Drawing::Loss => self.sheet.loss(&self.recipe()?),
            Drawing::Accuracy => {
                let recipe = self.recipe()?;
                self.sheet.drawn(&AccuracyByLength { accuracy: &recipe.accuracy, model: names::shape(&recipe.used().model) })
            }
        }
    }

    /// The value of n, where anything depends on it.
    fn n(&self) -> Option<usize> {
        sequence::n_of(&self.config.input)
    }

    fn model(&self) -> String {
        names::model(&model_info(&self.config.model))
    }

    fn distance_by_n(&mut self, metric: Metric, n: usize, model: String) -> Result<String, Failure> {
        let sweep = self.ask(question::Sweep)?;
        // Of a language model there is none.
        let reference = match self.config.model.file {
            Some(_) => None,
            None => optional(self.ask(question::Reference))?,
        };
        let seeds = self.raised::<question::Seeds>()?;
        let pinned = self.raised::<question::Pinned>()?;
        let curves = pinned.iter().flat_map(|pinned| &pinned.curves);
        let published = paper::beside(self.config.view.paper);
        self.sheet.drawn(&DistanceByN {
            x: AxisKind::Log,
            reference: reference.as_ref(),
            seeds: seeds.as_ref(),
            pinned: curves.filter_map(|curve| PinnedLine::beside(curve, self.config)).collect(),
            published: published.as_ref(),
            ..DistanceByN::new(&sweep, metric, n, model)
        })
    }

    fn meeting(&mut self, drawing: Drawing, n: usize, model: String) -> Result<String, Failure> {
        let meeting = self.ask(question::Meeting)?;
        let sequences = Sequences::parse(&self.config.input).map_err(|error| Failure::Answer(error.to_string()))?;
        let at = meeting.at(n);
        let format = self.config.model.formats.name(meeting.format);
        let figure = MeetingAtN { meeting: &meeting, sequences: Some(&sequences), at, format, model };
        match drawing {
            Drawing::MeetingFilm => self.sheet.film(&figure),
            Drawing::MeetingSteps => self.sheet.drawn(&MeetingSteps { meeting: figure }),
            _ => self.sheet.drawn(&figure),
        }
    }

    fn sensitivity(&mut self, model: String) -> Result<String, Failure> {
        let view = &self.config.view;
        let sensitivity = {
            let (sequence, is_tiny) = (view.sequence, self.config.model.file.is_none());
            let question = if is_tiny { question::Sensitivity::exact(sequence) } else { question::Sensitivity::estimate(sequence) };
            self.ask(question)?
        };
        let published = paper::of_places(view.paper);
        self.sheet.drawn(&SensitivityByToken { units: view.units, published, n: self.n(), ..SensitivityByToken::new(&sensitivity, model) })
    }

    fn attention(&mut self, which: Which) -> Result<String, Failure> {
        let pair = self.ask(question::Pair)?;
        let reading = match which {
            Which::A => &pair.a,
            Which::B => &pair.b,
        };
        let model = names::reader(which, &model_info(&self.config.model));
        self.sheet.drawn(&Attention::new(&reading.attention, &reading.tokens, model))
    }

    /// How the model was trained; one of random weights is trained now.
    fn recipe(&self) -> Result<Recipe, Failure> {
        let origin = self.config.model.weights;
        if origin == WeightsSource::Seed {
            if self.known.is_some() {
                return Err(Failure::NotReported);
            }
            return train::recipe(&recipe::training_config(self.config));
        }
        let file = pollster::block_on(self.library.file(origin)).map_err(|why| Failure::Answer(why.to_string()))?;
        let recipe = Header::of(&file).and_then(|header| header.recipe());
        recipe.map_err(|why| Failure::Answer(format!("{} can't be used: {why}.", self.library.name(origin))))
    }
}
