//! Comparison: the same sequences and seed, read by the plain model and by models with a cure each.

use super::last_tokens::LastTokens;
use super::{Engine, Loaded, NoAnswer, Progress, Respond, Still, sensitivity};
use crate::library::Library;
use crate::progress::SubProgress;
use crate::weights::Weights;
use glasses_contract::config::{Cure, Experiment, Origin};
use glasses_contract::question::{self, Ask, QUICK_PROBES};
use glasses_contract::report::{Compared, Comparison, JacobianMethod};
use glasses_contract::sequence::{self, Sequences};
use glasses_contract::{Choice, Sentence, admit};

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
        // What one model can't read is compared of none.
        let mut models = (0..self.shards(config)).filter_map(|shard| model(config, shard));
        let tokens = Sequences::parse(&config.input)?.tokens(config.view.sequence, config.input.n)?;
        let reads_all = models.all(|(_, config)| sensitivity::refuse_too_many_weights(&config.model, tokens.len()).is_ok());
        let mut comparison =
            Comparison { n: Vec::new(), tokens: if reads_all { sequence::labels(&tokens) } else { Vec::new() }, rows: Vec::new() };
        let Some((cure, config)) = model(config, shard) else { return Ok(comparison) };

        let method =
            if tokens.len() <= MOST_EXACT_TOKENS { JacobianMethod::Exact } else { JacobianMethod::Estimate { probes: QUICK_PROBES } };
        let Loaded { transformer, .. } = engine.build(&config.model, &engine.spec(), &Still(progress)).await?;
        let last_tokens = LastTokens::at_every_n(&transformer, &config, None, &SubProgress::new(progress, (0.0, 0.5))).await?;
        let sensitivity = match reads_all {
            true => Some(sensitivity::full(&transformer, &tokens, method, progress, (0.5, 1.0)).await?),
            false => None,
        };
        let output = config.model.layers + 1;
        comparison.rows.push(Compared {
            word: cure.word().into(),
            label: Sentence::constant(cure.entry().label),
            distances: last_tokens.output_distances(),
            collapse: last_tokens.collapse(&config.model, output..output + 1, &SubProgress::new(progress, (1.0, 1.0))).await?,
            sensitivity,
        });
        comparison.n = last_tokens.n;
        Ok(comparison)
    }
}

/// The plain model, or the one with a cure that was chosen; none where that is no other model.
fn model(config: &Experiment, shard: usize) -> Option<(Cure, Experiment)> {
    let base = Experiment { model: config.model.plain(), ..config.clone() };
    let Some(before) = shard.checked_sub(1) else { return Some((Cure::None, base)) };
    let cure = config.view.cures.chosen().nth(before)?;
    let mut cured = base.clone();
    cure.apply(&mut cured.model);
    // A cure may need an even head, say; what has to give is found where every configuration's limits are.
    let cured = admit(cured).0.into_inner();
    // Weights that were trained without a cure leave no choice in some: those are no other model, or one that has more weights.
    let is_another = cured.model != base.model && Weights::count_of(&cured.model) == Weights::count_of(&base.model);
    (is_another || base.model.weights == Origin::Seed).then_some((cure, cured))
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::{NoProgress, device};
    use glasses_contract::config::{Cures, Model};

    /// A reader's own model: the weights that the default model's seed draws.
    struct Own;

    impl Library for Own {
        async fn file(&self, _: Origin) -> Result<Vec<u8>, Sentence> {
            Weights::draw(&Model::default().plain()).to_safetensors([]).map_err(|error| Sentence::verbatim(error.to_string()))
        }
    }

    #[test]
    fn a_model_of_ones_own_is_compared_with_the_cures_that_its_weights_allow() {
        let mut config = Experiment::default();
        config.model.weights = Origin::Own;
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
