//! Which figure shows which answers: here each is made of them, for the page, the command line, archives and Python alike.

use crate::told::Told;
use crate::{
    AccuracyByLength, Anatomy, AnswerHistogram, Attention, AttentionRow, CuresByLoss, CuresByN, CuresByToken, DistanceByLayer, DistanceByN,
    ErrorByLength, Figure, FirstTokenByDepth, LikenessByN, LossByStep, MeetingAtN, MeetingFilm, MeetingSteps, NextTokens, PaperFigure,
    RoundingByN, SensitivityByToken, SeparatorHeat, SeparatorsByN, ShareByToken, SinksByLayer, TwinByLength, VariationByLayer, View,
};
use glasses_contract::config::Which;
use glasses_contract::drawing::Drawing;
use glasses_contract::question::{
    Ask, Comparison, LengthGeneralization, Meeting, Pair, Pinned, Reference, Seeds, Sensitivity, Separators, Simulation, Sweep, Theory,
};
use glasses_contract::recipe::Recipe;

/// Whoever has what figures are made of.
pub trait Source {
    /// Why something is not there.
    type Missing;

    /// How the model was trained.
    ///
    /// # Errors
    /// Why nobody knows.
    fn recipe(&mut self) -> Result<Recipe, Self::Missing>;
}

/// Whoever has the answer to a question.
pub trait Answers<Q: Ask>: Source {
    /// The answer, which a figure can't do without.
    ///
    /// # Errors
    /// Why there is none.
    fn answer(&mut self, question: Q) -> Result<Told<Q::Answer>, Self::Missing>;

    /// The answer, where it is shown besides: nothing where nobody asks for it, or nobody has it.
    ///
    /// # Errors
    /// Why it could not be had.
    fn besides(&mut self, question: Q) -> Result<Option<Told<Q::Answer>>, Self::Missing>;
}

/// The figure of a kind, made of the answers that a source has, as it is looked at. A row a kind.
///
/// # Errors
/// Why the source has no answer to it.
pub fn figure<S>(drawing: Drawing, from: &mut S, view: &View) -> Result<Box<dyn Figure>, S::Missing>
where
    S: Answers<Pair> + Answers<Sweep> + Answers<Reference> + Answers<Seeds> + Answers<Pinned> + Answers<Meeting> + Answers<Sensitivity>,
    S: Answers<Theory> + Answers<Comparison> + Answers<Separators> + Answers<LengthGeneralization> + Answers<Simulation>,
{
    Ok(match drawing {
        Drawing::Meeting => Box::new(MeetingAtN::of(&from.answer(Meeting)?, view)),
        Drawing::MeetingSteps => Box::new(MeetingSteps { meeting: MeetingAtN::of(&from.answer(Meeting)?, view) }),
        Drawing::MeetingFilm => Box::new(MeetingFilm { meeting: MeetingAtN::of(&from.answer(Meeting)?, view) }),
        Drawing::Rounding => Box::new(RoundingByN::of(&from.answer(Meeting)?, view)),
        Drawing::DistanceByN => {
            let sweep = from.answer(Sweep)?;
            // Of a language model there is none.
            let reference = if sweep.model.config.file.is_none() { from.besides(Reference)? } else { None };
            Box::new(DistanceByN::of(&sweep, reference, from.besides(Seeds)?, from.besides(Pinned)?, view))
        }
        Drawing::LikenessByN => Box::new(LikenessByN::of(&from.answer(Sweep)?, view)),
        Drawing::DistanceByLayer => Box::new(DistanceByLayer::of(&from.answer(Pair)?, view)),
        Drawing::NextTokens => Box::new(NextTokens::of(&from.answer(Pair)?)),
        Drawing::Sensitivity => Box::new(SensitivityByToken::of(&from.answer(view.sensitivity)?, view)),
        Drawing::AttentionA => Box::new(Attention::of(&from.answer(Pair)?, Which::A)),
        Drawing::AttentionB => Box::new(Attention::of(&from.answer(Pair)?, Which::B)),
        Drawing::AttentionRow => Box::new(AttentionRow(Attention::of(&from.answer(Pair)?, Which::A))),
        Drawing::SinksByLayer => Box::new(SinksByLayer::of(&from.answer(Pair)?)),
        Drawing::Variation => Box::new(VariationByLayer::of(&from.answer(Theory)?)),
        Drawing::Paths => Box::new(Anatomy::of(&from.answer(Theory)?, view)),
        Drawing::FirstToken => Box::new(FirstTokenByDepth::of(&from.answer(Theory)?, view)),
        Drawing::Shares => Box::new(ShareByToken::of(&from.answer(Theory)?)),
        Drawing::CuresByN => Box::new(CuresByN::of(&from.answer(Comparison)?, view)),
        Drawing::CuresByToken => Box::new(CuresByToken::of(&from.answer(Comparison)?, view)),
        Drawing::CuresByLoss => Box::new(CuresByLoss::of(&from.answer(Comparison)?, view)),
        Drawing::SeparatorsByN => Box::new(SeparatorsByN::of(&from.answer(Separators)?, view)),
        Drawing::Separators => Box::new(SeparatorHeat::of(&from.answer(Separators)?, view)),
        Drawing::Error => Box::new(ErrorByLength::of(&from.answer(LengthGeneralization)?)),
        Drawing::Twin => Box::new(TwinByLength::of(&from.answer(LengthGeneralization)?, view)),
        Drawing::Histogram => Box::new(AnswerHistogram::of(&from.answer(LengthGeneralization)?)),
        Drawing::Paper => Box::new(PaperFigure::of(&from.answer(Simulation(view.published))?)),
        Drawing::Loss => Box::new(LossByStep::of(&from.recipe()?)),
        Drawing::Accuracy => Box::new(AccuracyByLength::of(&from.recipe()?)),
    })
}
