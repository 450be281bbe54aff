//! Length generalisation: how is a task answered as the sequence grows, and how far apart does the model keep a minimal pair, two sequences
//! that differ in the least that changes the right answer?

use super::decode::decode;
use super::{Engine, Loaded, NoAnswer, Progress, RespondWhole, of_another};
use crate::library::Library;
use crate::measure;
use crate::precision::Grid;
use crate::progress::SubProgress;
use crate::transformer::Transformer;
use glasses_contract::config::{Experiment, Format, Model, WeightsSource};
use glasses_contract::limits::forward_flop;
use glasses_contract::models;
use glasses_contract::question;
use glasses_contract::report::{Distances, Length, LengthGeneralization, LengthsOf, Spread};
use glasses_contract::task::{Example, Task};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

/// Lengths that are looked at, evenly spaced.
const LENGTHS: usize = 40;
/// Sequences of each length, where they are not all the same.
const SEQUENCES: usize = 4;
/// The longest sequence whose copy is asked for: an answer as long as the sequence costs a forward for each token.
const MOST_COPIED: usize = 192;
/// The random stream of the sequences.
const STREAM: u64 = 3 << 48;

/// The answers of the experiment's model, and of the one that it is compared with.
impl RespondWhole for question::LengthGeneralization {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<LengthGeneralization, NoAnswer> {
        let mut models = vec![config.model.clone()];
        models.extend(models::trained(config.view.beside).map(|beside| Model { formats: config.model.formats, ..beside.model() }));
        let mut answered = Vec::with_capacity(models.len());
        for (index, model) in models.iter().enumerate() {
            let within = SubProgress::part(progress, index, models.len());
            let Loaded { transformer, .. } = engine
                .build(model, &engine.spec(), &SubProgress::still(&within))
                .await
                .map_err(|why| if index > 0 { of_another(why) } else { why })?;
            answered.push(of(&transformer, config, &within).await?);
        }
        Ok(LengthGeneralization { task: config.input.task, asked: config.input.asked, models: answered })
    }
}

/// How one model answers.
async fn of(transformer: &Transformer, config: &Experiment, progress: &impl Progress) -> Result<LengthsOf, NoAnswer> {
    let (task, model) = (config.input.task, transformer.model());
    let training = match models::trained(model.weights) {
        Some(trained) => Some(trained.training()),
        None => (model.weights == WeightsSource::Own).then(|| config.training.clone()),
    };
    let separators = training.as_ref().map_or(0, |training| training.separators);
    let most_tokens = glasses_contract::limits::max_tokens(config).min(glasses_contract::limits::MAX_TOKENS / 2);
    let most = task.elements_within(most_tokens, separators).min(config.input.max_n);
    let most = if task == Task::Whole { most.min(MOST_COPIED) } else { most };
    let all = evenly(most);
    let mut lengths = Vec::with_capacity(all.len());
    // What a length costs: its sequences and their twins are read, and answers are said.
    let cost = |n: usize| forward_flop(config, n) as f32;
    let total: f32 = all.iter().map(|&n| cost(n)).sum();
    let mut done = 0.0;
    for &n in &all {
        let sequences = sequences(config, separators, n);
        let within = SubProgress::new(progress, (done, done + cost(n) / total));
        done += cost(n) / total;
        lengths.push(length(transformer, config, n, &sequences, &within).await?);
    }
    let trained_to = training.map(|training| task.elements_within(training.tokens, training.separators));
    Ok(LengthsOf { origin: model.weights, name: models::name(model), trained_to, lengths })
}

/// Numbers from 1 to `most`, evenly spaced, each once.
fn evenly(most: usize) -> Vec<usize> {
    let mut n: Vec<usize> = (1..=LENGTHS).map(|at| (at * most).div_ceil(LENGTHS).max(1)).collect();
    n.dedup();
    n
}

/// The sequences of a length: the same for every model, as the reader's seed for random symbols draws them.
fn sequences(config: &Experiment, separators: usize, n: usize) -> Vec<String> {
    let mut random = ChaCha8Rng::seed_from_u64(u64::from(config.input.draw_seed));
    random.set_stream(STREAM + n as u64);
    let task = config.input.task;
    (0..if task.is_fixed() { 1 } else { SEQUENCES }).map(|_| task.sequence(n, separators, &mut random)).collect()
}

async fn length(
    transformer: &Transformer,
    config: &Experiment,
    n: usize,
    sequences: &[String],
    progress: &impl Progress,
) -> Result<Length, NoAnswer> {
    let (task, asked) = (config.input.task, config.input.asked);
    let mut answered =
        Length { n, right: vec![], said: vec![], twin: Spread { min: 0.0, mean: 0.0, max: 0.0 }, identical_in: vec![], same_next: 0 };
    let (mut distances, mut identical) = (Vec::new(), measure::COMPARED.to_vec());
    for (index, sequence) in sequences.iter().enumerate() {
        let examples = [Example::about(task, asked, sequence), Example::about(task, asked, &task.twin(sequence))];
        let [Some(example), Some(twin)] = examples else { continue };
        let right = task.answer(sequence).unwrap_or_default();
        let within = SubProgress::part(progress, index, sequences.len());
        let own = decode(transformer, &example.prompt, right.len() + 2, &SubProgress::part(&within, 0, 2)).await?;
        let other = decode(transformer, &twin.prompt, 1, &SubProgress::part(&within, 1, 2)).await?;
        distances.push(Distances::between(&own.output, &other.output));
        let bits = transformer.model().formats.bits;
        identical.retain(|&format: &Format| measure::identical(&own.output, &other.output, Grid::of(format, bits)));
        answered.same_next += usize::from(own.first() == other.first());
        answered.said.push(own.text);
        answered.right.push(right);
    }
    answered.twin = Spread::over(&distances, glasses_contract::config::Metric::Linf);
    answered.identical_in = identical;
    Ok(answered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_spaced_evenly_and_each_stands_once() {
        assert_eq!(evenly(3), [1, 2, 3]);
        let many = evenly(256);
        assert_eq!((many.len(), many[0], many.last()), (LENGTHS, 7, Some(&256)));
    }

    #[test]
    fn every_model_is_asked_the_same_sequences() {
        let mut config = Experiment::default();
        config.input.task = Task::Digits;
        let (one, other) = (sequences(&config, 0, 9), sequences(&config, 3, 9));
        assert_eq!(one.len(), SEQUENCES);
        assert!(one.iter().zip(&other).all(|(one, other)| *one == other.replace(',', "")));
    }
}
