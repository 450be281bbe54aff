//! Theory for the sensitivity: the over-squashing bound with this model's own constants, attention rollout, and path counts.

use super::{NoAnswer, Progress, run};
use crate::device;
use crate::hook::Recorder;
use crate::measure::greater;
use crate::precision::Rounding;
use crate::progress::SubProgress;
use crate::theory::bound::{self, Layer};
use crate::theory::spectral::{self, Matrix};
use crate::theory::{paths, position_bias, rollout, upward};
use crate::transformer::{Transformer, norm};
use crate::weights::Weights;
use burn::tensor::Tensor;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{FeedForward, Mix, Model, Residual};
use glasses_contract::report::PathTheory;
use glasses_contract::site::Site;

/// What the norms of one block stretch a change by at the most, and its attention weights.
struct Seen {
    /// [head, query, key]
    weights: Vec<f64>,
    attention_gain: f64,
    feed_forward_gain: f64,
}

pub(super) async fn theory(
    transformer: &Transformer,
    weights: &Weights,
    tokens: &[Token],
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<PathTheory, NoAnswer> {
    let (model, length) = (transformer.model(), tokens.len());
    let progress = SubProgress::new(progress, share);
    let (layers, output_gain) = see(transformer, weights, tokens, &progress, (0.0, 0.4)).await?;
    let mut means = Vec::with_capacity(layers.len());
    for seen in &layers {
        let mut mean = vec![0.0; length * length];
        for head in seen.weights.chunks_exact(length * length) {
            rollout::add_head(&mut mean, head, model.heads);
        }
        means.push(mean);
        progress.step(0.4).await?;
    }
    let bound = match model.attention.mix {
        // A gate and a norm of head outputs depend on the input by more than the values.
        Mix::Gated | Mix::Differential => Vec::new(),
        Mix::Plain | Mix::Centred => {
            let mut blocks = Vec::with_capacity(layers.len());
            for (layer, seen) in layers.iter().enumerate() {
                let share = |layer: usize| 0.4 + 0.6 * layer as f32 / layers.len() as f32;
                let within = SubProgress::new(&progress, (share(layer), share(layer + 1)));
                blocks.push(block(transformer.model(), weights, layer, seen, length, &within).await?);
            }
            // A Frobenius norm is at most √d times the spectral norm that the theorem is about.
            let frobenius = upward::root(model.width as f64);
            bound::last_row(&blocks, output_gain).into_iter().map(|value| upward::product(frobenius, value)).collect()
        }
    };
    // Both forms are of causal attention over everything.
    let (paths, place) = match model.attention.sees_all_before(model.layers) {
        true => (paths::counts(model.layers, length), position_bias::closed_form(model, length)),
        false => (Vec::new(), Vec::new()),
    };
    Ok(PathTheory { bound, rollout: rollout::last_row(&means), paths, place })
}

/// One block's constants, with a step of progress behind each matrix.
async fn block(
    model: &Model,
    weights: &Weights,
    layer: usize,
    seen: &Seen,
    length: usize,
    progress: &impl Progress,
) -> Result<Layer, NoAnswer> {
    let matrix = |name: &str| {
        let name = format!("layers.{layer}.{name}");
        Matrix { rows: weights.get(&name).map_or(0, |array| array.shape[0]), values: weights.stored(&name, &model.formats).collect() }
    };
    let (value, output) = (matrix("attention.value.weight"), matrix("attention.output.weight"));
    let mut attention = vec![0.0; length * length];
    for (head, weights) in seen.weights.chunks_exact(length * length).enumerate() {
        let of_head = head * model.head_width()..(head + 1) * model.head_width();
        let norm = spectral::norm_of_product(&value.columns_in(of_head.clone()), &output.rows_in(of_head));
        bound::add_head(&mut attention, weights, norm);
        progress.step(0.5 * (head + 1) as f32 / model.heads as f32).await?;
    }
    let mut feed_forward = None;
    if model.block.feed_forward == FeedForward::On {
        let up = spectral::norm(&matrix("feed_forward.up.weight"));
        progress.step(0.75).await?;
        let down = spectral::norm(&matrix("feed_forward.down.weight"));
        progress.step(1.0).await?;
        feed_forward = [up, down, bound::gelu_lipschitz(), seen.feed_forward_gain].into_iter().reduce(upward::product);
    }
    let skip = model.block.residual == Residual::On;
    Ok(Layer { attention, attention_gain: seen.attention_gain, feed_forward, skip })
}

/// One forward, of which the attention weights and the norms' gains are kept: for each block, and the last token's gain at the output.
async fn see(
    transformer: &Transformer,
    weights: &Weights,
    tokens: &[Token],
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<(Vec<Seen>, f64), NoAnswer> {
    let (model, length) = (transformer.model(), tokens.len());
    let wanted = |site| matches!(site, Site::Embedding | Site::ResidualMiddle(_) | Site::Residual(_) | Site::Weights(_));
    let mut hook = (Rounding::of(&model.formats), Recorder::new(wanted));
    let rows = transformer.embed(&[tokens], &[0], &mut hook);
    run(transformer, rows, None, &mut hook, progress, share).await?;
    let recorder = hook.1;

    let stream = |site| recorder.stream(site).map(|x| x.flatten(0, 2));
    let mut tensors: Vec<Tensor<1>> = Vec::new();
    for layer in 0..model.layers {
        tensors.push(recorder.weights(layer, 0..model.heads, length).flatten(0, 3));
        tensors.extend(stream(if layer == 0 { Site::Embedding } else { Site::Residual(layer - 1) }));
        tensors.extend(stream(Site::ResidualMiddle(layer)));
    }
    tensors.extend(stream(Site::Residual(model.layers - 1)));
    let mut read = device::read(tensors).await?.into_iter();
    let mut next = || read.next().unwrap_or_default();

    // max |gain| / σ of the worst token.
    let gain = |x: &[f64], norm: &str| {
        let greatest = weights.stored(&format!("{norm}.gain"), &model.formats).map(f64::abs).fold(0.0, greater);
        x.chunks_exact(model.width).map(|token| (greatest / norm::least_size(model.norm, token)).next_up()).fold(0.0, greater)
    };
    let mut layers = Vec::with_capacity(model.layers);
    for layer in 0..model.layers {
        let (weights, before, middle) = (next(), next(), next());
        let feed_forward_gain = match model.block.feed_forward {
            FeedForward::On => gain(&middle, &format!("layers.{layer}.feed_forward_norm")),
            FeedForward::Off => 0.0,
        };
        layers.push(Seen { weights, attention_gain: gain(&before, &format!("layers.{layer}.attention_norm")), feed_forward_gain });
    }
    let last = next();
    Ok((layers, gain(&last[last.len() - model.width..], "final_norm")))
}
