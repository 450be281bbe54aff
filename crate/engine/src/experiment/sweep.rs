//! Sweep: the distance of the two last tokens at every n, at every stage of the model and in every head.

use super::last_tokens::{Kept, LastTokens};
use super::{Engine, Loaded, NoAnswer, Progress, Respond, Still, collapse_bound};
use crate::device::TensorSpec;
use crate::library::Library;
use crate::measure;
use crate::progress::SubProgress;
use crate::transformer::Transformer;
use glasses_contract::config::{Experiment, Formats, Metric};
use glasses_contract::question;
use glasses_contract::report::{HeadCurve, Spread, Stage, StageCurve, Sweep};

/// The share of a sweep that is reading.
pub(super) const READ: (f32, f32) = (0.0, 0.9);

/// Values of n that are measured between two steps of progress.
const MEASURED_AT_ONCE: usize = 64;

impl Respond for question::Sweep {
    async fn respond<L: Library>(self, engine: &mut Engine<L>, config: &Experiment, progress: &impl Progress) -> Result<Sweep, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        let within = SubProgress::new(progress, READ);
        let last_tokens = Kept::last_tokens(&mut engine.kept, &loaded, config, &within).await?;
        answer(&loaded.transformer, config, &last_tokens, progress).await
    }
}

impl Respond for question::Reference {
    async fn respond<L: Library>(self, engine: &mut Engine<L>, config: &Experiment, progress: &impl Progress) -> Result<Sweep, NoAnswer> {
        let spec = TensorSpec::double(&engine.compute.device);
        // What is rounded on purpose is not rounded here: it is what the noise lies around.
        let mut config = config.clone();
        config.model.formats = Formats { bits: config.model.formats.bits, ..Formats::default() };
        let Loaded { transformer, .. } = engine.build(&config.model, &spec, &Still(progress)).await?;
        let last_tokens = LastTokens::at_every_n(&transformer, &config, None, &SubProgress::new(progress, READ)).await?;
        answer(&transformer, &config, &last_tokens, progress).await
    }
}

/// What there is to say of the last tokens, from [`READ`] on.
pub(super) async fn answer(
    transformer: &Transformer,
    config: &Experiment,
    last_tokens: &LastTokens,
    progress: &impl Progress,
) -> Result<Sweep, NoAnswer> {
    let layers = config.model.layers;
    let mut stages: Vec<StageCurve> = Stage::all(layers).into_iter().map(|stage| StageCurve { stage, distances: Vec::new() }).collect();
    let mut heads: Vec<HeadCurve> =
        (1..=layers).map(|layer| HeadCurve { layer, l1: Vec::new(), l2: Vec::new(), linf: Vec::new(), cosine: Vec::new() }).collect();
    let mut same_next = Vec::with_capacity(last_tokens.n.len());
    for (at, [a, b]) in last_tokens.pairs().enumerate() {
        if at % MEASURED_AT_ONCE == 0 {
            progress.step(0.9).await?;
        }
        for (curve, distances) in stages.iter_mut().zip(measure::stage_distances(layers, a, b)) {
            curve.distances.push(distances);
        }
        same_next.push(a.0.next(a.1) == b.0.next(b.1));
        for (curve, of_heads) in heads.iter_mut().zip(measure::head_distances(&config.model, a, b)) {
            curve.l1.push(Spread::over(&of_heads, Metric::L1));
            curve.l2.push(Spread::over(&of_heads, Metric::L2));
            curve.linf.push(Spread::over(&of_heads, Metric::Linf));
            curve.cosine.push(Spread::over(&of_heads, Metric::Cosine));
        }
    }
    let collapse = last_tokens.collapse(&config.model, 0..layers + 2, &SubProgress::new(progress, (0.9, 0.95))).await?;
    let bound = collapse_bound::bound(transformer, &last_tokens.all, &SubProgress::new(progress, (0.95, 1.0))).await?;
    Ok(Sweep { n: last_tokens.n.clone(), method: last_tokens.method, stages, heads, collapse, same_next, bound })
}
