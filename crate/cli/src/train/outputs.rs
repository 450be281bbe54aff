//! The files of a training run: all are known, can be written and are apart before the first step.

use crate::failure::Failure;
use crate::output::{Output, OutputFile};
use glasses_contract::recipe::Recipe;
use std::path::{Path, PathBuf};

/// More than a recipe takes.
const MOST_RECIPE_BYTES: u64 = 1 << 20;

/// Where a run writes what.
pub struct Outputs {
    /// The model, with its recipe inside: the file that --out names.
    pub model: OutputFile,
    /// The recipe by itself.
    pub recipe: OutputFile,
    /// The curve of the loss.
    pub curve: OutputFile,
    /// Until the end, where the run is.
    pub checkpoint: OutputFile,
    /// While it runs, who trains here.
    pub lock: PathBuf,
}

impl Outputs {
    /// The files that go with `--out`; fails where one would be another or replace what no training has written.
    pub fn at(out: &Path) -> Result<Self, Failure> {
        let Output::File(model) = Output::at(out)? else {
            return Err(Failure::unwritable(out, "training writes further files beside it, and this is no file; name one in a folder"));
        };
        let recipe = model.beside("json")?;
        let curve = model.beside("svg")?;
        let checkpoint = model.beside("checkpoint")?;
        let lock = model.path().with_extension("checkpoint.lock");
        let outputs = Self { model, recipe, curve, checkpoint, lock };
        outputs.are_apart()?;
        outputs.are_of_a_training()?;
        Ok(outputs)
    }

    fn are_apart(&self) -> Result<(), Failure> {
        let files = [
            (&self.model, "the model"),
            (&self.recipe, "the recipe"),
            (&self.curve, "the curve of the loss"),
            (&self.checkpoint, "the state of the run"),
        ];
        for (index, (file, what)) in files.iter().enumerate() {
            if let Some((_, other)) = files[..index].iter().find(|(other, _)| file.is(other)) {
                return Err(Failure::unwritable(file.path(), format!("it would be {other} and {what} at once; name another --out")));
            }
        }
        Ok(())
    }

    /// Nobody named the recipe and the curve: a package.json that happens to stand there is not theirs to replace.
    fn are_of_a_training(&self) -> Result<(), Failure> {
        let holds_something = |file: &OutputFile| file.path().metadata().is_ok_and(|found| found.len() > 0);
        let text = crate::input::read(self.recipe.path(), MOST_RECIPE_BYTES);
        if text.is_ok_and(|text| serde_json::from_slice::<Recipe>(&text).is_ok()) {
            return Ok(());
        }
        match [&self.recipe, &self.curve].into_iter().find(|file| holds_something(file)) {
            None => Ok(()),
            Some(file) => {
                let why = "it is there already, and not known to be of a training; move it away, or name another --out";
                Err(Failure::unwritable(file.path(), why))
            }
        }
    }
}
