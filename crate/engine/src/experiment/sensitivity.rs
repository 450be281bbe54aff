//! Sensitivity: how much does the last token's output y_n change with each input token's x⁰_i? ‖∂y_n/∂x⁰_i‖ in the Frobenius norm.
//!
//! Vector–Jacobian products rᵀJ share one forward pass (`transformer/vjp.rs`), and several cotangents r go back through it at once. With the unit
//! vectors as cotangents the squares add up to the exact norm; with random signs, E ‖rᵀJ_i‖² = ‖J_i‖_F² (Hutchinson
//! 1990), so that a few give an estimate with an error bar.

use super::{Engine, Loaded, NoAnswer, Progress, Respond, paths};
use crate::device::{self, DeviceFailed};
use crate::library::Library;
use crate::precision::Rounding;
use crate::progress::{SubProgress, Work};
use crate::transformer::layered::NoGradient;
use crate::transformer::{Linearized, Through, Transformer};
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Experiment, Model};
use glasses_contract::failure::Failure;
use glasses_contract::limits::MAX_SENSITIVITY_WEIGHTS;
use glasses_contract::question::{self, Ask};
use glasses_contract::report::{JacobianMethod, Profile, Sensitivity};
use glasses_contract::sentence;
use glasses_contract::sequence::Sequences;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

impl Respond for question::Sensitivity {
    async fn respond<L: Library>(
        self,
        shard: usize,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Sensitivity, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        let shard = (shard, self.shards(config));
        answer(&loaded, config, self, shard, progress).await
    }
}

async fn answer(
    Loaded { transformer, weights }: &Loaded,
    config: &Experiment,
    question::Sensitivity { sequence, method }: question::Sensitivity,
    (shard, shards): (usize, usize),
    progress: &impl Progress,
) -> Result<Sensitivity, NoAnswer> {
    let tokens = transformer.tokenizer().sequence(&Sequences::parse(&config.input)?, sequence, config.input.n)?;
    let (length, model) = (tokens.len(), &config.model);
    refuse_too_many_weights(model, length)?;
    let cotangents = cotangents(method, model.width);
    let of_shard = &cotangents[cotangents.len() * shard / shards..cotangents.len() * (shard + 1) / shards];
    let mut linearized = linearized(transformer, &tokens, &SubProgress::new(progress, (0.0, 0.02))).await?;
    linearized.prepare(2 * of_shard.len(), &SubProgress::new(progress, (0.02, 0.2))).await?;
    let full = profile(&linearized, Through::All, method, of_shard, progress, (0.2, 0.7)).await?;
    let frozen = profile(&linearized, Through::Values, method, of_shard, progress, (0.7, 0.95)).await?;
    let paths = match method {
        JacobianMethod::Exact if shard == 0 => Some(paths::theory(transformer, weights, &tokens, progress, (0.95, 1.0)).await?),
        _ => None,
    };
    let tokens = transformer.tokenizer().labels(&tokens);
    Ok(Sensitivity { n: config.input.n, sequence, tokens, full, frozen, paths })
}

/// The full profile alone, for comparisons.
pub(super) async fn full(
    transformer: &Transformer,
    tokens: &[Token],
    method: JacobianMethod,
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<Profile, NoAnswer> {
    refuse_too_many_weights(transformer.model(), tokens.len())?;
    let cotangents = cotangents(method, transformer.model().width);
    let mut linearized = linearized(transformer, tokens, progress).await?;
    linearized.prepare(cotangents.len(), &SubProgress::new(progress, (share.0, share.0))).await?;
    profile(&linearized, Through::All, method, &cotangents, progress, share).await
}

/// The model at a sequence.
async fn linearized<'a>(transformer: &'a Transformer, tokens: &[Token], progress: &impl Progress) -> Result<Linearized<'a>, NoAnswer> {
    let mut rounding = Rounding::of(&transformer.model().formats);
    let x = transformer.embed(&[tokens], &[0], &mut rounding).x;
    Ok(transformer.linearized(x, &mut rounding, progress).await?)
}

/// What keeps every attention weight of every layer is refused where they are too many.
pub(super) fn refuse_too_many_weights(model: &Model, length: usize) -> Result<(), NoAnswer> {
    let maps = (model.layers * model.heads * model.attention.maps()) as u64;
    if maps * (length as u64).pow(2) <= MAX_SENSITIVITY_WEIGHTS {
        return Ok(());
    }
    let most = (MAX_SENSITIVITY_WEIGHTS / maps).isqrt();
    Err(NoAnswer::Failed(Failure::Refused(sentence!(
        "This keeps every attention weight of every layer: with this model it reads at most {} tokens, and the sequence has {}.",
        most,
        length
    ))))
}

/// One cotangent for each coordinate of y, or random ones.
fn cotangents(method: JacobianMethod, width: usize) -> Vec<Vec<f32>> {
    match method {
        JacobianMethod::Exact => unit_vectors(width),
        JacobianMethod::Estimate { probes } => random_signs(probes, width),
    }
}

/// The norms for one way of differentiating, over these cotangents.
async fn profile(
    linearized: &Linearized<'_>,
    through: Through,
    method: JacobianMethod,
    cotangents: &[Vec<f32>],
    progress: &impl Progress,
    (from, to): (f32, f32),
) -> Result<Profile, NoAnswer> {
    let (length, width) = (linearized.tokens(), linearized.transformer().model().width);
    let mut rounding = Rounding::of(&linearized.transformer().model().formats);
    let batches: Vec<&[Vec<f32>]> = cotangents.chunks(linearized.at_once()).collect();
    let mut squares = Vec::with_capacity(cotangents.len() * length);
    for (index, batch) in batches.iter().enumerate() {
        let share = |index: usize| from + (to - from) * index as f32 / batches.len() as f32;
        let within = SubProgress::new(progress, (share(index), share(index + 1)));
        let work = Work::new(&within, linearized.flop(batch.len()));
        let batch = linearized.transformer().spec().floats(batch.concat().into_iter().map(f64::from), [batch.len(), 1, width]);
        let products = linearized.vjp(batch, through, &mut rounding, &work).await?;
        // A read a batch: devices that only queue work would otherwise report progress that is none.
        let read = device::read(vec![products.square().sum_dim(2).flatten(0, 2)]).await?; // [cotangents · rows]
        squares.extend(read.into_iter().flatten());
    }
    Ok(summary(&squares, length, method))
}

impl From<NoGradient> for NoAnswer {
    fn from(why: NoGradient) -> Self {
        match why {
            NoGradient::Stopped => Self::Stopped,
            NoGradient::Missing => DeviceFailed::no_gradient().into(),
        }
    }
}

/// From ‖rᵀJ_i‖² for every cotangent and token to the norm of each token's block.
fn summary(squares: &[f64], length: usize, method: JacobianMethod) -> Profile {
    let probes = squares.len() / length;
    let of_token = |token: usize| squares.iter().skip(token).step_by(length).copied();
    let sums: Vec<f64> = (0..length).map(|token| of_token(token).sum()).collect();
    match method {
        JacobianMethod::Exact => {
            Profile { norm: sums.into_iter().map(f64::sqrt).collect(), standard_error: vec![0.0; length], method: JacobianMethod::Exact }
        }
        JacobianMethod::Estimate { .. } => {
            let estimates = sums.iter().enumerate().map(|(token, sum)| {
                let mean = sum / probes as f64;
                let variance = of_token(token).map(|square| (square - mean).powi(2)).sum::<f64>() / (probes as f64 - 1.0).max(1.0);
                let error_of_mean = (variance / probes as f64).sqrt();
                // By the rule d√m = dm / 2√m; where the mean is zero so are all squares and the error.
                let norm = mean.sqrt();
                (norm, if mean == 0.0 { 0.0 } else { error_of_mean / (2.0 * norm) })
            });
            let (norm, standard_error) = estimates.unzip();
            Profile { norm, standard_error, method: JacobianMethod::Estimate { probes } }
        }
    }
}

fn unit_vectors(width: usize) -> Vec<Vec<f32>> {
    (0..width).map(|one| (0..width).map(|at| if at == one { 1.0 } else { 0.0 }).collect()).collect()
}

/// The probes are the same for every question, so that an estimate is as reproducible as an exact answer.
fn random_signs(probes: usize, width: usize) -> Vec<Vec<f32>> {
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let mut sign = move || if random.next_u32() >> 31 == 0 { 1.0 } else { -1.0 };
    (0..probes).map(|_| (0..width).map(|_| sign()).collect()).collect()
}
