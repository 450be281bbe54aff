//! Evaluation: how often a model answers right.

use super::TrainingFailed;
use crate::device;
use crate::precision::Rounding;
use crate::progress::{Progress, SubProgress};
use crate::transformer::Transformer;
use burn::tensor::Tensor;
use glasses_contract::alphabet::{self, Token};
use glasses_contract::config::Training;
use glasses_contract::random::below;
use glasses_contract::recipe::Accuracy;
use glasses_contract::task::Example;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

/// Tokens that go through the model at once.
const BATCH_TOKENS: usize = 4096;

/// The first random stream of examples that no model is trained on.
const STREAM: u64 = 1 << 49;

/// Lengths of sequences at which accuracy is measured, in tokens.
const LENGTHS: [usize; 12] = [4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512];
/// Examples of each length.
const EXAMPLES: usize = 32;
/// Examples drawn as in training.
const TRAINED_EXAMPLES: usize = 256;

/// How often a model answers each task of its recipe exactly right, on examples that it was not trained on.
///
/// # Errors
/// If the device fails, or `progress` says stop.
pub async fn accuracy(transformer: &Transformer, training: &Training, progress: &impl Progress) -> Result<Vec<Accuracy>, TrainingFailed> {
    let mut all = Vec::new();
    let tasks: Vec<_> = training.tasks.chosen().collect();
    for (index, &task) in tasks.iter().enumerate() {
        let progress = SubProgress::part(progress, index, tasks.len());
        let mut random = ChaCha8Rng::seed_from_u64(u64::from(transformer.model().seed));
        random.set_stream(STREAM + task as u64);
        let k = training.separators;
        let most = task.elements_within(training.tokens, k);
        let mut examples = |count: usize, n: &dyn Fn(&mut ChaCha8Rng) -> usize| -> Vec<Example> {
            let example = |_| {
                let n = n(&mut random);
                Example::about(task, training.asked, &task.sequence(n, k, &mut random))
            };
            (0..count).filter_map(example).collect()
        };
        let any = |random: &mut ChaCha8Rng| 1 + below(random, most);
        let trained = share(&exact(transformer, &examples(TRAINED_EXAMPLES, &any), &SubProgress::new(&progress, (0.0, 0.2))).await?);
        let mut lengths: Vec<usize> = LENGTHS.into_iter().map(|tokens| task.elements_within(tokens, k)).collect();
        lengths.dedup();
        let mut at = Vec::with_capacity(lengths.len());
        let longest = lengths.iter().sum::<usize>() as f32;
        let mut done = 0.2;
        for &n in &lengths {
            let part = (done, done + 0.8 * n as f32 / longest);
            done = part.1;
            at.push(share(&exact(transformer, &examples(EXAMPLES, &|_| n), &SubProgress::new(&progress, part)).await?));
        }
        all.push(Accuracy { task, trained, n: lengths, exact: at, examples: EXAMPLES });
    }
    Ok(all)
}

fn share(correct: &[bool]) -> f64 {
    correct.iter().filter(|&&correct| correct).count() as f64 / correct.len() as f64
}

/// Whether each example is answered exactly right, token by token to the end, by greedy decoding.
///
/// One forward tells: what a model says itself is the right answer just if, behind every part of the right answer, its next token is the
/// most likely one.
///
/// # Errors
/// If the device fails, or `progress` says stop.
pub async fn exact(transformer: &Transformer, examples: &[Example], progress: &impl Progress) -> Result<Vec<bool>, TrainingFailed> {
    let mut correct = vec![false; examples.len()];
    let whole = |example: &Example| [example.prompt.as_slice(), &example.answer].concat();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    order.sort_by_key(|&index| whole(&examples[index]).len());
    let longest = order.last().map_or(1, |&index| whole(&examples[index]).len());
    let at_once = (BATCH_TOKENS / longest).max(1);
    let batches = order.len().div_ceil(at_once);
    for (index, batch) in order.chunks(at_once).enumerate() {
        let within = SubProgress::part(progress, index, batches);
        let mut sequences: Vec<_> = batch.iter().map(|&index| whole(&examples[index])).collect();
        let longest = sequences.iter().map(Vec::len).max().unwrap_or(0);
        sequences.iter_mut().for_each(|sequence| sequence.resize(longest, alphabet::BOS));
        let rows: Vec<usize> = batch
            .iter()
            .enumerate()
            .flat_map(|(place, &index)| {
                let first = place * longest + examples[index].prompt.len() - 1;
                first..first + examples[index].answer.len()
            })
            .collect();
        let predicted = most_likely(transformer, &sequences.iter().map(Vec::as_slice).collect::<Vec<_>>(), &rows, &within).await?;
        let mut predicted = predicted.into_iter();
        for &index in batch {
            let answer = &examples[index].answer;
            let same =
                predicted.by_ref().take(answer.len()).zip(answer).filter(|(predicted, token)| *predicted == token.0 as usize).count();
            correct[index] = same == answer.len();
        }
    }
    Ok(correct)
}

/// The most likely next token behind some rows, counted through the batch.
async fn most_likely(
    transformer: &Transformer,
    sequences: &[&[Token]],
    rows: &[usize],
    progress: &impl Progress,
) -> Result<Vec<usize>, TrainingFailed> {
    let y = transformer.read(sequences, &mut Rounding::of(&transformer.model().formats), progress).await?;
    let [count, length, width] = y.dims();
    let rows = transformer.spec().indices(rows.iter().copied());
    let y: Tensor<3> = y.reshape([count * length, width]).select(0, rows).unsqueeze::<3>();
    let logits = transformer.logits(y, &mut Rounding::of(&transformer.model().formats));
    let next = logits.clone().argmax(2).float().cast(logits.dtype()).flatten(0, 2);
    Ok(device::read(vec![next]).await?.into_iter().flatten().map(|next| next as usize).collect())
}
