//! Glasses on the command line: the same engine, the same links, the same numbers.

// What prints by itself panics where the stream is closed or full: `print` does not.
#![warn(clippy::print_stderr)]

use clap::{Parser, Subcommand};
use glasses_cli::failure::Failure;
use glasses_cli::shipped::Shipped;
use glasses_cli::{archive, controls, draw, gallery, print, report, study, tokens, train, weights};
use std::path::PathBuf;
use std::process::ExitCode;

/// Watch a transformer go blind, from the command line.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer a link: distances, next tokens, the sweep over n, the exact sensitivity, theory, and the instrument that it chooses.
    Report {
        /// A link, or the part of it behind “#”; the empty text is the page's default.
        link: String,
        /// How to write the answer; docs/report.md describes the JSON.
        #[arg(long, value_enum, default_value_t)]
        format: report::Format,
        /// The file of the model, where the link is of one of your own; or a language model, which then takes the place of the link's: a GGUF file,
        /// or a folder with config.json, tokenizer.json and model.safetensors.
        #[arg(long)]
        model: Option<PathBuf>,
    },
    /// Draw one of the page's figures for a link, as an SVG file.
    Draw(draw::DrawArgs),
    /// Write all of a link's figures, its report and its last tokens' representations as one ZIP file, as the page saves it.
    Archive(archive::ArchiveArgs),
    /// Draw a picture of ours for each figure of the paper, as www/gallery holds them.
    Gallery {
        /// The folder to write to.
        folder: PathBuf,
    },
    /// Write the exact weights that a link's model has, before “fw” rounds them, as a safetensors file; docs/model.md describes its arrays.
    Weights {
        /// A link, or the part of it behind “#”.
        link: String,
        /// The file to write.
        #[arg(long)]
        out: PathBuf,
        /// The file of the model, where the link is of one of your own.
        #[arg(long)]
        model: Option<PathBuf>,
    },
    /// Train a link's model on a link's tasks, and write it as a safetensors file with its recipe inside. Goes on where it was stopped.
    Train {
        /// A link, or the part of it behind “#”.
        link: String,
        /// The file to write; beside it stand the recipe, the curve of the loss and, until the end, where the run is.
        #[arg(long)]
        out: PathBuf,
        /// Steps between two looks at where the run is: what a stop may lose.
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
        save_every: u32,
    },
    /// Print the tokens of a link's sequences at n, with their numbers.
    Tokens {
        /// A link, or the part of it behind “#”.
        link: String,
        /// A language model (a GGUF file, or a folder with config.json, tokenizer.json and model.safetensors), whose tokens they are; without one, the
        /// characters of the tiny models.
        #[arg(long)]
        model: Option<PathBuf>,
    },
    /// Answer a study: a link, axes of values and questions, in a table of one number a row. Goes on where it was stopped.
    Study(study::StudyArgs),
    /// Print the table of controls: every key of a link, what it does and what it takes.
    Controls {
        /// How to write it.
        #[arg(long, value_enum, default_value_t)]
        format: controls::Format,
    },
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // A mistake in the arguments has a status of its own, as with other programs.
        Err(error) => return print::clap(&error).map_or_else(end, |()| ExitCode::from(error.exit_code() as u8)),
    };
    carry_out(arguments.command).map_or_else(end, |()| ExitCode::SUCCESS)
}

/// Says what is wrong, and ends as the system expects: by the signal, where it was one, else with status 1.
fn end(failure: Failure) -> ExitCode {
    if !matches!(failure, Failure::ClosedPipe) {
        print::note(&failure);
    }
    if let Some(signal) = failure.signal() {
        // Returns only where the system knows no such signal.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
    ExitCode::FAILURE
}

fn carry_out(command: Command) -> Result<(), Failure> {
    match command {
        Command::Report { link, format, model } => report::print(&link, format, Shipped::with(model.as_deref())?),
        Command::Draw(args) => draw::draw(args),
        Command::Archive(args) => archive::archive(&args),
        Command::Gallery { folder } => gallery::write(&folder),
        Command::Weights { link, out, model } => weights::write(&link, &out, model.as_deref()),
        Command::Train { link, out, save_every } => train::train(&link, &out, save_every as usize),
        Command::Tokens { link, model } => tokens::print(&link, &Shipped::with(model.as_deref())?),
        Command::Study(args) => study::study(&args),
        Command::Controls { format } => controls::print(format),
    }
}
