//! Language models: the file that `--model` names, and a link's experiment on it.

use crate::failure::Failure;
use crate::shipped::Shipped;
use glasses_contract::config::{Experiment, Frame, Model};
use glasses_contract::open::{admitted, admitted_on};
use glasses_contract::{Admitted, Warning};

/// Reads a link, on the language model where the file is one.
///
/// # Errors
/// A sentence, if the link is of another language model than was given, or of another model than the reader's own that was.
pub fn open_with(link: &str, library: &Shipped) -> Result<(Admitted, Frame, Vec<Warning>), Failure> {
    let Some(language_model) = library.language() else {
        let opened = admitted(link);
        refuse_without_file(&opened.0)?;
        library.refuse_other(&opened.0)?;
        return Ok(opened);
    };
    admitted_on(link, language_model.model()).map_err(|why| Failure::Answer(why.to_string()))
}

/// Refuses a link of a language model where none was given, so that no other model is shown in its place.
///
/// # Errors
/// A sentence, if the link is of one.
pub fn refuse_without_file(experiment: &Experiment) -> Result<(), Failure> {
    match experiment.model.file {
        Some(file) => {
            Err(Failure::Answer(format!("The link is of the language model whose file has the hash {file}: give the file with --model.")))
        }
        None => Ok(()),
    }
}

/// The experiment as a link holds it: of a language model its file and what a link can choose, and not the shape, which is the file's.
pub fn linked(experiment: &Experiment) -> Experiment {
    let Model { file, attention, formats, .. } = experiment.model;
    if file.is_none() {
        return experiment.clone();
    }
    Experiment { model: Model { file, attention, formats, ..Model::default() }, ..experiment.clone() }
}

/// Refuses a language model where a command does not take one.
///
/// # Errors
/// A sentence, if one was given or the link is of one.
pub fn refuse(library: &Shipped, experiment: &Experiment) -> Result<(), Failure> {
    match library.language() {
        Some(_) => Err(Failure::Answer("Of language models there are reports, pictures and tokens, and nothing else.".into())),
        None => refuse_without_file(experiment).and_then(|()| library.refuse_other(experiment)),
    }
}
