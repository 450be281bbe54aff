//! Sweep: the distance of the two last tokens at every n, at every stage of the model and in every head.

use super::last_tokens::{Kept, LastTokens, Row};
use super::{Engine, Loaded, NoAnswer, Progress, RespondWhole, collapse_bound};
use crate::device::TensorSpec;
use crate::library::Library;
use crate::measure;
use crate::progress::SubProgress;
use crate::transformer::Transformer;
use glasses_contract::config::{Experiment, Formats, Metric, Model};
use glasses_contract::question::{self, Answer};
use glasses_contract::report::{HeadCurve, Likeness, Spread, Stage, StageCurve, Sweep};

/// Values of n that are measured between two steps of progress.
const MEASURED_AT_ONCE: usize = 64;

/// The share of a sweep that is reading.
pub(super) const READ: (f32, f32) = (0.0, 0.9);

impl RespondWhole for question::Sweep {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Sweep, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        let within = SubProgress::new(progress, READ);
        let mut show = |read: &LastTokens| progress.show(Answer::Sweep(so_far(config, read)));
        let last_tokens = Kept::last_tokens(&mut engine.kept, &loaded, config, &within, &mut show).await?;
        answer(&loaded.transformer, config, &last_tokens, progress).await
    }
}

impl RespondWhole for question::Reference {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Sweep, NoAnswer> {
        let spec = TensorSpec::double(&engine.compute.device);
        // What is rounded on purpose is not rounded here: it is what the noise lies around.
        let mut config = config.clone();
        config.model.formats = Formats { bits: config.model.formats.bits, ..Formats::default() };
        let Loaded { transformer, .. } = engine.build(&config.model, &spec, &SubProgress::still(progress)).await?;
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
    let mut curves = Curves::new(config, last_tokens);
    for (at, ((n, pair), first)) in last_tokens.known().zip(last_tokens.first_tokens()).enumerate() {
        if at % MEASURED_AT_ONCE == 0 {
            progress.step(0.9).await?;
        }
        curves.add(n, pair, first);
    }
    let stages = 0..config.model.layers + 2;
    let collapse = last_tokens.collapse(&config.model, stages, &SubProgress::new(progress, (0.9, 0.95))).await?;
    let bound = collapse_bound::bound(transformer, &last_tokens.all, &SubProgress::new(progress, (0.95, 1.0))).await?;
    Ok(Sweep { collapse, bound, ..curves.sweep })
}

/// The distances at the n at which both last tokens are read. What is said of a whole sweep is left out.
fn so_far(config: &Experiment, last_tokens: &LastTokens) -> Sweep {
    let mut curves = Curves::new(config, last_tokens);
    last_tokens.known().zip(last_tokens.first_tokens()).for_each(|((n, pair), first)| curves.add(n, pair, first));
    curves.sweep
}

/// A sweep that grows.
struct Curves<'a> {
    model: &'a Model,
    sweep: Sweep,
}

impl<'a> Curves<'a> {
    fn new(Experiment { model, .. }: &'a Experiment, last_tokens: &LastTokens) -> Self {
        let head = |layer| HeadCurve { layer, l1: Vec::new(), l2: Vec::new(), linf: Vec::new(), cosine: Vec::new() };
        let sweep = Sweep {
            n: Vec::new(),
            method: last_tokens.method,
            stages: Stage::all(model.layers).into_iter().map(|stage| StageCurve { stage, distances: Vec::new() }).collect(),
            heads: (1..=model.layers).map(head).collect(),
            collapse: Vec::new(),
            same_next: Vec::new(),
            bound: Vec::new(),
            likeness: Stage::all(model.layers).into_iter().map(|stage| Likeness { stage, cosine: Vec::new() }).collect(),
        };
        Self { model, sweep }
    }

    fn add(&mut self, n: usize, [a, b]: [Row<'_>; 2], first: Row<'_>) {
        self.sweep.n.push(n);
        for (curve, distances) in self.sweep.stages.iter_mut().zip(measure::stage_distances(self.model.layers, a, b)) {
            curve.distances.push(distances);
        }
        for (curve, distances) in self.sweep.likeness.iter_mut().zip(measure::stage_distances(self.model.layers, a, first)) {
            curve.cosine.push(1.0 - distances.cosine);
        }
        self.sweep.same_next.push(a.0.next(a.1) == b.0.next(b.1));
        for (curve, of_heads) in self.sweep.heads.iter_mut().zip(measure::head_distances(self.model, a, b)) {
            curve.l1.push(Spread::over(&of_heads, Metric::L1));
            curve.l2.push(Spread::over(&of_heads, Metric::L2));
            curve.linf.push(Spread::over(&of_heads, Metric::Linf));
            curve.cosine.push(Spread::over(&of_heads, Metric::Cosine));
        }
    }
}
