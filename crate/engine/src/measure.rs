//! Measuring the model through hooks: representations of chosen rows, stage by stage and head by head.

use crate::device::{self, DeviceFailed};
use crate::hook::{Hook, Recorder};
use crate::precision::Grid;
use crate::progress::{Stopped, Work};
use crate::transformer::{Transformer, joined, parts};
use burn::tensor::{Int, Tensor};
use glasses_contract::config::{Format, Model};
use glasses_contract::report::{Distances, Stage};
use glasses_contract::site::Site;

/// The formats in which representations are compared bit by bit, [`Format::Custom`] with the mantissa bits that the model names.
pub const COMPARED: [Format; 6] = [Format::Fp32, Format::Fp16, Format::Bf16, Format::Custom, Format::E4m3, Format::E5m2];

/// Scores of tokens that are held at once.
const MAX_SCORES: usize = 1 << 22;

/// The greater of two numbers; none where one of them is none, which `f64::max` would hide.
pub fn greater(one: f64, other: f64) -> f64 {
    if one.is_nan() || one > other { one } else { other }
}

/// The representations of some rows, on their way off the device.
pub struct Observed {
    tensors: Vec<Tensor<1>>,
}

/// The representations of some rows, as numbers.
#[derive(Default)]
pub struct Representations {
    /// For each stage, [rows, width].
    stages: Vec<Vec<f64>>,
    /// For each layer, [rows, head, head width]: the head outputs.
    heads: Vec<Vec<f64>>,
    /// For each row, the most likely next token; empty where it was not asked for.
    next: Vec<f64>,
    width: usize,
    head_width: usize,
}

/// Whether [`observe`] needs what passes here.
pub fn wanted(site: Site) -> bool {
    matches!(site, Site::Embedding | Site::Residual(_) | Site::FinalNorm | Site::HeadOutput(_))
}

/// Where a stage is found in the forward pass.
fn site(stage: Stage) -> Site {
    match stage {
        Stage::Embedding => Site::Embedding,
        Stage::Layer(layer) => Site::Residual(layer - 1),
        Stage::Output => Site::FinalNorm,
    }
}

/// Picks rows of everything recorded; a row is counted through the batch, sequence after sequence.
pub fn observe(recorder: &Recorder<impl Fn(Site) -> bool>, transformer: &Transformer, rows: &[usize]) -> Observed {
    let model = transformer.model();
    let index = transformer.spec().indices(rows.iter().copied());
    let streams = Stage::all(model.layers).into_iter().filter_map(|stage| recorder.stream(site(stage)));
    let heads = (0..model.layers).flat_map(|layer| recorder.head_blocks(Site::HeadOutput(layer))).map(|x| {
        let [batch, heads, length, head_width] = x.dims();
        x.swap_dims(1, 2).reshape([batch, length, heads * head_width])
    });
    Observed { tensors: streams.chain(heads).map(|x| pick(x, index.clone()).flatten(0, 1)).collect() }
}

/// The same, with the most likely token behind each row. The hook sees the rows' logits.
///
/// # Errors
/// If `work` says stop.
pub async fn observe_with_next(
    recorder: &Recorder<impl Fn(Site) -> bool>,
    transformer: &Transformer,
    rows: &[usize],
    hook: &mut dyn Hook,
    work: &Work<'_>,
) -> Result<Observed, Stopped> {
    let mut observed = observe(recorder, transformer, rows);
    if let Some(y) = recorder.stream(Site::FinalNorm) {
        let y = pick(y, transformer.spec().indices(rows.iter().copied()));
        let [count, width] = y.dims();
        // A language model has a score for each of its many tokens.
        let most = (MAX_SCORES / transformer.model().architecture.vocabulary).max(1);
        let mut next = Vec::new();
        for rows in parts(count, most) {
            let logits = transformer.logits_in_steps(y.clone().slice([rows, 0..width]).unsqueeze::<3>(), hook, work).await?;
            next.push(logits.clone().argmax(2).float().cast(logits.dtype()).flatten(0, 2));
        }
        observed.tensors.push(joined(next, 0));
    }
    Ok(observed)
}

/// Rows of a batch as one list, [rows, width].
fn pick(x: Tensor<3>, rows: Tensor<1, Int>) -> Tensor<2> {
    let [batch, length, width] = x.dims();
    x.reshape([batch * length, width]).select(0, rows)
}

/// Reads several observations in one go, with some more tensors.
pub async fn read(
    observed: Vec<Observed>,
    others: Vec<Tensor<1>>,
    model: &Model,
) -> Result<(Vec<Representations>, Vec<Vec<f64>>), DeviceFailed> {
    let counts: Vec<usize> = observed.iter().map(|observed| observed.tensors.len()).collect();
    let all = observed.into_iter().flat_map(|observed| observed.tensors).chain(others).collect();
    let mut read = device::read(all).await?.into_iter();
    let representations = counts.into_iter().map(|count| {
        let (stages, heads) = (model.layers + 2, model.layers);
        Representations {
            stages: read.by_ref().take(stages).collect(),
            heads: read.by_ref().take(heads).collect(),
            next: if count > stages + heads { read.next().unwrap_or_default() } else { Vec::new() },
            width: model.width,
            head_width: model.head_width(),
        }
    });
    let representations = representations.collect();
    Ok((representations, read.collect()))
}

impl Representations {
    /// How many numbers there are.
    pub fn count(&self) -> usize {
        self.stages.iter().chain(&self.heads).map(Vec::len).sum()
    }

    /// A row's representation at a stage, counted as in [`Stage::all`].
    pub fn stage(&self, stage: usize, row: usize) -> &[f64] {
        &self.stages[stage][row * self.width..][..self.width]
    }

    /// A row's representation at the output.
    pub fn output(&self, row: usize) -> &[f64] {
        self.stage(self.stages.len() - 1, row)
    }

    /// A row's most likely next token, by its number; not a number where it was not asked for.
    pub fn next(&self, row: usize) -> f64 {
        self.next.get(row).copied().unwrap_or(f64::NAN)
    }

    /// A row's output of one head.
    pub fn head(&self, layer: usize, head: usize, row: usize) -> &[f64] {
        &self.heads[layer][row * self.width + head * self.head_width..][..self.head_width]
    }
}

/// The distances of two rows, each from representations of its own, at every stage.
pub fn stage_distances(layers: usize, (a, row_a): (&Representations, usize), (b, row_b): (&Representations, usize)) -> Vec<Distances> {
    (0..layers + 2).map(|stage| Distances::between(a.stage(stage, row_a), b.stage(stage, row_b))).collect()
}

/// The distances of two rows' head outputs: for each layer, for each head.
pub fn head_distances(model: &Model, (a, row_a): (&Representations, usize), (b, row_b): (&Representations, usize)) -> Vec<Vec<Distances>> {
    let layer =
        |layer| (0..model.heads).map(move |head| Distances::between(a.head(layer, head, row_a), b.head(layer, head, row_b))).collect();
    (0..model.layers).map(layer).collect()
}

/// Whether two representations are the same once their coordinates are rounded to a format. Zeros are the same whatever their sign,
/// and so are two coordinates that are no numbers.
pub fn identical(x: &[f64], y: &[f64], grid: Option<Grid>) -> bool {
    let stored = |value: f64| grid.map_or(value as f32, |grid| grid.round(value as f32));
    x.iter().zip(y).all(|(&x, &y)| {
        let (x, y) = (stored(x), stored(y));
        x == y || (x.is_nan() && y.is_nan())
    })
}

/// The formats in which two representations are the same.
pub fn identical_in(model: &Model, x: &[f64], y: &[f64]) -> Vec<Format> {
    COMPARED.into_iter().filter(|&format| identical(x, y, Grid::of(format, model.formats.bits))).collect()
}
