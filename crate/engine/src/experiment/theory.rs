//! Theory: what the paper's statements say of the two sequences at n, with this model's attention.

use super::{Engine, NoAnswer, Progress, RespondWhole, anatomy, run, sensitivity::refuse_too_many_weights};
use crate::device;
use crate::hook::Hook;
use crate::library::Library;
use crate::precision::Rounding;
use crate::progress::SubProgress;
use crate::theory::{first_token, rollout, variation};
use crate::transformer::Transformer;
use burn::tensor::Tensor;
use glasses_contract::alphabet::Token;
use glasses_contract::config::{Experiment, Which};
use glasses_contract::limits::DEPTH;
use glasses_contract::question;
use glasses_contract::report::{FirstToken, Theory, Variation};
use glasses_contract::sequence::Sequences;
use glasses_contract::site::Site;

impl RespondWhole for question::Theory {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Theory, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        answer(&loaded.transformer, config, progress).await
    }
}

async fn answer(transformer: &Transformer, config: &Experiment, progress: &impl Progress) -> Result<Theory, NoAnswer> {
    let sequences = Sequences::parse(&config.input)?;
    let tokenizer = transformer.tokenizer();
    let [a, b] = tokenizer.both(&sequences, config.input.n)?;
    let (shown, other) = if config.view.sequence == Which::A { (&a, &b) } else { (&b, &a) };
    refuse_too_many_weights(&config.model, a.len().max(b.len()))?;

    let seen = anatomy::see(transformer, shown, progress, (0.0, 0.3)).await?;
    let rows = last_rows(transformer, other, progress, (0.3, 0.5)).await?;
    let read = device::read([seen, rows].concat()).await?;
    progress.step(0.55).await?;

    let (layers, heads, side) = (config.model.layers, config.model.heads, shown.len());
    let (maps, next, rows) = (&read[..layers], &read[layers], &read[layers + 1..]);
    let variation = maps.iter().zip(rows).enumerate().map(|(layer, (map, rows))| {
        let last = map.chunks_exact(side * side).map(|head| &head[side * (side - 1)..]);
        let rows = last.zip(rows.chunks_exact(other.len()));
        Variation { layer: layer + 1, heads: rows.map(|(shown, other)| variation::distance(shown, other)).collect() }
    });
    let mut means = Vec::with_capacity(layers);
    for map in maps {
        let mut mean = vec![0.0; side * side];
        map.chunks_exact(side * side).for_each(|head| rollout::add_head(&mut mean, head, heads));
        means.push(mean);
        progress.step(0.55).await?;
    }
    let anatomy = anatomy::anatomy(transformer, side, (maps, &means), next, &SubProgress::new(progress, (0.55, 0.65))).await?;
    let measured = first_token::limit(&means[0], *DEPTH.end(), config.view.depth, &SubProgress::new(progress, (0.65, 0.85))).await?;
    let even = first_token::uniform(side);
    progress.step(0.85).await?;
    let uniform = first_token::limit(&even, *DEPTH.end(), config.view.depth, &SubProgress::new(progress, (0.85, 1.0))).await?;
    Ok(Theory {
        n: config.input.n,
        sequence: config.view.sequence,
        tokens: tokenizer.labels(shown),
        variation: variation.collect(),
        alternating: variation::alternating(),
        uniform: FirstToken { share: uniform.share },
        measured: FirstToken { share: measured.share },
        profile: measured.profile,
        uniform_profile: uniform.profile,
        anatomy,
    })
}

/// The last token's attention row in every layer, [head, keys] each.
async fn last_rows(
    transformer: &Transformer,
    tokens: &[Token],
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<Vec<Tensor<1>>, NoAnswer> {
    let mut hook = (Rounding::of(&transformer.model().formats), LastRows::default());
    let rows = transformer.embed(&[tokens], &[0], &mut hook);
    run(transformer, rows, None, &mut hook, progress, share).await?;
    Ok(hook.1.rows.into_iter().map(|row| row.flatten(0, 3)).collect())
}

/// Keeps the last query's weights of each layer: those of the last block that passes.
#[derive(Default)]
struct LastRows {
    rows: Vec<Tensor<4>>,
}

impl Hook for LastRows {
    fn heads(&mut self, site: Site, x: Tensor<4>) -> Tensor<4> {
        if let Site::Weights(layer) = site {
            self.rows.truncate(layer);
            self.rows.push(x.clone().narrow(2, x.dims()[2] - 1, 1));
        }
        x
    }
}
