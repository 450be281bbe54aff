//! The answers on the page as figures are made of them.

use super::picture::{Drawn, PictureSignal, Source};
use crate::context::Context;
use crate::worker::{Answered, Kept, Provenance};
use glasses_contract::Experiment;
use glasses_contract::drawing::Drawing;
use glasses_contract::recipe::Recipe;
use glasses_plots::{self as plots, Told, View};
use leptos::prelude::*;

/// The last answers, and where the one came from that a figure was made of.
struct Shown {
    page: Context,
    origin: Option<Provenance>,
}

/// There is no such answer yet, and a note beside the figure says why.
struct NotYet;

impl plots::Source for Shown {
    type Missing = NotYet;

    /// The figures of a run are made of what the page sees of it.
    fn recipe(&mut self) -> Result<Recipe, NotYet> {
        Err(NotYet)
    }
}

impl<Q: Kept> plots::Answers<Q> for Shown {
    fn answer(&mut self, question: Q) -> Result<Told<Q::Answer>, NotYet> {
        self.origin = self.page.engine.signals.answers.of::<Q>().with(|shown| shown.told.as_ref().map(|told| told.origin.clone()));
        self.besides(question)?.ok_or(NotYet)
    }

    fn besides(&mut self, _: Q) -> Result<Option<Told<Q::Answer>>, NotYet> {
        Ok(self.page.engine.signals.answers.of::<Q>().with(|shown| shown.told.as_deref().map(told)))
    }
}

/// An answer as a figure is made of it.
pub fn told<T>(answered: &Answered<T>) -> Told<T> {
    Told { answer: answered.part.clone(), model: answered.origin.model.clone(), about: answered.origin.about.clone() }
}

/// The picture of the last answer, where that is one to an experiment.
pub fn answered(page: Context, drawing: Drawing, experiment: &Experiment) -> Option<Drawn> {
    let mut shown = Shown { page, origin: None };
    let figure = plots::figure(drawing, &mut shown, &View::from(experiment)).ok()?;
    let origin = shown.origin.filter(|origin| origin.is_of(experiment))?;
    Some(Drawn::new(figure, Source::Answer(Box::new(origin))))
}

/// The picture of the last answer.
pub fn picture(page: Context, drawing: Drawing) -> PictureSignal {
    looked_at(page, drawing, |view| view)
}

/// The same, looked at in a way of its own.
pub fn looked_at(page: Context, drawing: Drawing, look: impl Fn(View) -> View + Send + Sync + 'static) -> PictureSignal {
    let picture = Memo::new(move |_| {
        let mut shown = Shown { page, origin: None };
        let figure = plots::figure(drawing, &mut shown, &look(page.view.get())).ok()?;
        Some(Drawn::new(figure, Source::Answer(Box::new(shown.origin?))))
    });
    picture.into()
}
