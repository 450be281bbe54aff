//! The anatomy: all attention of one sequence, what each token becomes from layer to layer, and the answer.

use super::{NoAnswer, Progress, run};
use crate::hook::Recorder;
use crate::precision::Rounding;
use crate::progress::{SubProgress, Work};
use crate::theory::{paths, rollout};
use crate::transformer::Transformer;
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use glasses_contract::alphabet::Token;
use glasses_contract::report::{Anatomy, AnatomyOfLayer};
use glasses_contract::site::Site;

/// Every layer's attention weights, [head, query, key] each, and behind them the probabilities of the next token.
pub(super) async fn see(
    transformer: &Transformer,
    tokens: &[Token],
    progress: &impl Progress,
    (from, to): (f32, f32),
) -> Result<Vec<Tensor<1>>, NoAnswer> {
    let (model, length) = (transformer.model(), tokens.len());
    let recorder = Recorder::new(|site| matches!(site, Site::Weights(_)));
    let mut hook = (Rounding::of(&model.formats), recorder);
    let rows = transformer.embed(&[tokens], &[0], &mut hook);
    let through_blocks = from + (to - from) * 0.9;
    let rows = run(transformer, rows, None, &mut hook, progress, (from, through_blocks)).await?;
    let last = transformer.output(rows, &mut hook).narrow(1, length - 1, 1);
    let (mut rounding, recorder) = hook;
    let within = SubProgress::new(progress, (through_blocks, to));
    let work = Work::new(&within, 2 * (model.width * model.architecture.vocabulary) as u64);
    let logits = transformer.logits_in_steps(last, &mut rounding, &work).await?;
    let maps = (0..model.layers).map(|layer| recorder.weights(layer, 0..model.heads, length).flatten(0, 3));
    Ok(maps.chain([softmax(logits, 2).flatten(0, 2)]).collect())
}

/// What is drawn of it. `means` holds each layer's mean over heads of |α|, `next` the probabilities of the next token.
pub(super) async fn anatomy(
    transformer: &Transformer,
    length: usize,
    (maps, means): (&[Vec<f64>], &[Vec<f64>]),
    next: &[f64],
    progress: &impl Progress,
) -> Result<Anatomy, NoAnswer> {
    let (model, shown) = (transformer.model(), Anatomy::shown(length));
    let mut columns: Vec<Vec<f64>> =
        shown.iter().map(|&token| (0..length).map(|place| f64::from(u8::from(place == token))).collect()).collect();
    let mut layers = Vec::with_capacity(maps.len());
    for (layer, (map, mean)) in maps.iter().zip(means).enumerate() {
        for column in &mut columns {
            *column = rollout::spread(column, mean);
        }
        let heads = map.chunks_exact(length * length);
        let rows = heads.flat_map(|head| shown.iter().map(|&query| &head[query * length..][..length]));
        layers.push(AnatomyOfLayer {
            weights: rows.flat_map(|row| shown.iter().map(|&key| row[key])).collect(),
            influence: shown.iter().flat_map(|&position| columns.iter().map(move |column| column[position])).collect(),
        });
        progress.step((layer + 1) as f32 / maps.len() as f32).await?;
    }
    let counts = if model.attention.sees_all_before(model.layers) { paths::counts(model.layers, length) } else { Vec::new() };
    // The first of equals, as in the figure of next tokens; what is no number is said to be none.
    let best = if next.iter().all(|share| share.is_finite()) { next.iter().copied().fold(0.0, f64::max) } else { f64::NAN };
    let answer = next.iter().position(|&share| share == best);
    Ok(Anatomy {
        paths: shown.iter().filter_map(|&token| counts.get(token).copied()).collect(),
        answer: answer.map(|token| transformer.tokenizer().label(Token(token as u32))).unwrap_or_default(),
        probability: best,
        shown,
        layers,
    })
}
