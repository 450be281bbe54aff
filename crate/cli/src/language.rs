//! Language models: the file that `--model` names, and a link's experiment on it.

use crate::failure::Failure;
use crate::shipped::Shipped;
use crate::{open, print};
use glasses_contract::admit::{admit, fit_to};
use glasses_contract::config::{Architecture, Experiment, Frame, Model};
use glasses_contract::{Admitted, Warning};

/// Reads a link, on the language model where the file is one, and says on the error stream what was made of it.
pub fn open_with(link: &str, library: &Shipped) -> (Admitted, Frame, Vec<Warning>) {
    let (admitted, frame, mut warnings) = open(link);
    let Some(language_model) = library.language() else { return (admitted, frame, warnings) };
    let mut experiment = admitted.into_inner();
    // Everything but formats and the slots of attention is the file's.
    fit_to(&mut experiment.model, language_model.model().clone());
    let (admitted, more) = admit(experiment);
    more.iter().for_each(|warning| print::note(format!("note: {warning}")));
    warnings.extend(more);
    (admitted, frame, warnings)
}

/// The experiment as a link holds it: of a language model what a link can say, and not the shape, which is the file's.
pub fn linked(experiment: &Experiment) -> Experiment {
    let Model { weights, attention, formats, ref architecture, .. } = experiment.model;
    if *architecture == Architecture::default() {
        return experiment.clone();
    }
    Experiment { model: Model { weights, attention, formats, ..Model::default() }, ..experiment.clone() }
}

/// Refuses a language model where a command does not read one.
pub fn refuse(library: &Shipped) -> Result<(), Failure> {
    match library.language() {
        Some(_) => Err(Failure::Answer("Of language models there are reports and tokens yet, and nothing else.".into())),
        None => Ok(()),
    }
}
