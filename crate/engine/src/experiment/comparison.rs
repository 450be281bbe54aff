//! Comparison: the same sequences and seed, read by the plain model and by models with a cure each.
//!
//! A cure that moves the two apart may do so by ruining the model. Of a tiny model the sensitivity stands beside; of a language model, whose sensitivity would
//! take minutes for each cure, how well it still reads a plain text.

use super::cross_entropy::cross_entropy;
use super::last_tokens::LastTokens;
use super::{Engine, Loaded, NoAnswer, Progress, Respond, sensitivity};
use crate::library::Library;
use crate::progress::SubProgress;
use crate::weights::Weights;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Cure, Experiment, Mask, WeightsSource};
use glasses_contract::question::{self, Answer, QUICK_PROBES};
use glasses_contract::report::{Compared, Comparison, JacobianMethod, PLAIN_TEXT};
use glasses_contract::sequence::{self, Sequences};
use glasses_contract::{Choice, Sentence, admit, admit_on};

/// Longer sequences have their sensitivity estimated, so that a comparison takes seconds.
const MOST_EXACT_TOKENS: usize = 128;

impl Respond for question::Comparison {
    async fn respond<L: Library>(
        self,
        shard: usize,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Comparison, NoAnswer> {
        let is_tiny = config.model.file.is_none();
        // What one model can't read is compared of none.
        let tokens = if is_tiny { Sequences::parse(&config.input)?.tokens(config.view.sequence, config.input.n)? } else { Vec::new() };
        let reads_all = |config: &Experiment| sensitivity::refuse_too_many_weights(&config.model, tokens.len()).is_ok();
        let felt = Some(&*tokens).filter(|_| is_tiny && models(config).all(|(_, config)| reads_all(&config)));
        let labels = felt.map(sequence::labels).unwrap_or_default();
        let mut comparison = Comparison { n: Vec::new(), tokens: labels, rows: Vec::new() };
        let asked: Vec<_> = if is_tiny { model(config, shard).into_iter().collect() } else { models(config).collect() };
        for (at, (cure, config)) in asked.iter().enumerate() {
            let within = SubProgress::part(progress, at, asked.len());
            let (n, row) = compared(engine, *cure, config, felt, &within).await?;
            comparison.n = n;
            comparison.rows.push(row);
            if !is_tiny {
                progress.show(Answer::Comparison(comparison.clone()));
            }
        }
        Ok(comparison)
    }
}

/// The values of n, and what one model makes of them. Its sensitivity is that to the tokens of `felt`, where there are any.
async fn compared<L: Library>(
    engine: &Engine<L>,
    cure: Cure,
    config: &Experiment,
    felt: Option<&[Token]>,
    progress: &impl Progress,
) -> Result<(Vec<usize>, Compared), NoAnswer> {
    let Loaded { transformer, .. } = engine.build(&config.model, &engine.spec(), &SubProgress::still(progress)).await?;
    let last_tokens = LastTokens::at_every_n(&transformer, config, None, &SubProgress::new(progress, (0.0, 0.5))).await?;
    let sensitivity = match felt {
        Some(tokens) => {
            let is_short = tokens.len() <= MOST_EXACT_TOKENS;
            let method = if is_short { JacobianMethod::Exact } else { JacobianMethod::Estimate { probes: QUICK_PROBES } };
            Some(sensitivity::full(&transformer, tokens, method, progress, (0.5, 1.0)).await?)
        }
        None => None,
    };
    // Where a token sees the one behind it, there is nothing to foretell.
    let cross_entropy = match config.model.file.filter(|_| config.model.attention.mask == Mask::Causal) {
        Some(_) => Some(cross_entropy(&transformer, PLAIN_TEXT, &SubProgress::new(progress, (0.5, 1.0))).await?),
        None => None,
    };
    let output = config.model.layers + 1;
    let row = Compared {
        word: cure.word().into(),
        label: Sentence::constant(cure.entry().label),
        distances: last_tokens.output_distances(),
        collapse: last_tokens.collapse(&config.model, output..output + 1, &SubProgress::new(progress, (1.0, 1.0))).await?,
        sensitivity,
        cross_entropy,
    };
    Ok((last_tokens.n, row))
}

/// The plain model, and those with the cures that were chosen and make another model of it.
fn models(config: &Experiment) -> impl Iterator<Item = (Cure, Experiment)> {
    (0..=config.view.cures.chosen().count()).filter_map(|index| model(config, index))
}

/// The plain model, or the one with a cure that was chosen; none where that is no other model.
fn model(config: &Experiment, index: usize) -> Option<(Cure, Experiment)> {
    let base = Experiment { model: config.model.plain(), ..config.clone() };
    let Some(before) = index.checked_sub(1) else { return Some((Cure::None, base)) };
    let cure = config.view.cures.chosen().nth(before)?;
    let mut cured = base.clone();
    cure.apply(&mut cured.model);
    // A cure may need an even head, say; what has to give is found where every configuration's limits are.
    let is_language_model = base.model.file.is_some();
    let cured = if is_language_model { admit_on(cured, &base.model) } else { admit(cured) }.0.into_inner();
    // Weights that were trained without a cure leave no choice in some: those are no other model, or one that has more weights.
    let is_another = cured.model != base.model && Weights::count_of(&cured.model) == Weights::count_of(&base.model);
    (is_another || (base.model.weights == WeightsSource::Seed && !is_language_model)).then_some((cure, cured))
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::{NoProgress, device};
    use glasses_contract::config::{Cures, Model};

    /// A reader's own model: the weights that the default model's seed draws.
    struct Own;

    impl Library for Own {
        async fn file(&self, _: WeightsSource) -> Result<Vec<u8>, Sentence> {
            Weights::draw(&Model::default().plain()).to_safetensors([]).map_err(|error| Sentence::verbatim(error.to_string()))
        }
    }

    #[test]
    fn a_model_of_ones_own_is_compared_with_the_cures_that_its_weights_allow() {
        let mut config = Experiment::default();
        config.model.weights = WeightsSource::Own;
        (config.input.max_n, config.input.n) = (4, 4);
        config.view.cures = Cures::of(Cure::ALL);
        let mut engine = Engine::with_library(device::cpu(), Own);
        let compared = pollster::block_on(engine.answer(&admit(config).0, question::Comparison, &NoProgress)).expect("a comparison");
        let has = |word: &str| compared.rows.iter().any(|row| row.word == word);
        assert!(has("") && has("log") && has("alibi"), "{compared:?}");
        // Gates have weights of their own, which this file does not hold.
        assert!(!has("gated") && !has("logit"), "{compared:?}");
    }
}
