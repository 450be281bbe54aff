//! `archive`: all figures of a state, its report and its last tokens' representations in one ZIP file, as the page saves it.

use crate::draw::{of_report, one_of};
use crate::failure::Failure;
use crate::language::{linked, open_with};
use crate::output::Output;
use crate::sheet::{PIXEL_RATIO, Sheet, WIDTH};
use crate::shipped::Shipped;
use crate::{note_all, print, report};
use glasses_contract::archive::{Archive, provenance, seed_of};
use glasses_contract::drawing::{Drawing, Side};
use glasses_contract::{Choice, Config};
use glasses_engine::experiment::NoAnswer;
use glasses_engine::{Engine, NoProgress, device};
use glasses_plots::{Style, Theme};
use std::path::PathBuf;

/// What is archived, and how it is drawn.
#[derive(clap::Args)]
pub struct ArchiveArgs {
    /// A link, or the part of it behind “#”; the empty text is the page's default.
    link: String,
    /// The file to write.
    #[arg(long)]
    out: PathBuf,
    /// The width of the figures, in CSS pixels.
    #[arg(long, default_value_t = WIDTH, value_parser = clap::value_parser!(u32).range(100..=4000))]
    width: u32,
    /// The colours of www/style/tokens.css.
    #[arg(long, value_parser = one_of::<Side>(), default_value = Side::Light.word())]
    theme: Side,
    /// The file of the model, where the link is of one of your own; or a language model: a GGUF file or a folder.
    #[arg(long)]
    model: Option<PathBuf>,
}

/// Writes the archive of a link: what `report` answers, every figure of it, and the arrays behind it.
///
/// # Errors
/// A sentence, if the sequences have no answer, or the file can't be written.
pub fn archive(args: &ArchiveArgs) -> Result<(), Failure> {
    let output = Output::at(&args.out)?;
    output.apart_from(args.model.as_deref())?;
    let library = Shipped::with(args.model.as_deref())?;
    let report = report::answer(&args.link, library.clone(), &NoProgress)?;
    note_all(&report.warnings);
    let (config, frame, _) = open_with(&args.link, &library)?;
    let mut archive = Archive::new(&Config { experiment: linked(&config), frame }, &report.link);
    let about = provenance(&report.link, seed_of(&config.model));
    let sheet = Sheet { width: args.width, height: None, style: Style::new(Theme::of(args.theme), PIXEL_RATIO) };
    for &drawing in Drawing::ALL {
        if let Some(figure) = of_report(&config, drawing, &library, &report)? {
            archive.figure(drawing.word(), &about, &sheet.drawn(&*figure)?, &figure.csv());
        }
    }
    archive.json("report", &(serde_json::to_string_pretty(&report)? + "\n"));
    let mut engine = Engine::with_library(device::cpu(), library);
    match pollster::block_on(engine.representations(&config, &NoProgress)) {
        Ok(last) => archive.representations(&last, &config.model),
        // What is too much for the sweep is so here.
        Err(NoAnswer::Failed(why)) => print::note(format!("no arrays: {why}")),
        Err(why) => return Err(why.into()),
    }
    output.write(&archive.finish())
}
