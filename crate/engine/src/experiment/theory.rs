//! Theory: what the paper's statements say of the two sequences at n, with this model's attention.

use super::{Engine, NoAnswer, Progress, Respond, run, sensitivity::refuse_too_many_weights};
use crate::device;
use crate::hook::{Hook, Recorder};
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

impl Respond for question::Theory {
    async fn respond<L: Library>(self, engine: &mut Engine<L>, config: &Experiment, progress: &impl Progress) -> Result<Theory, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        answer(&loaded.transformer, config, progress).await
    }
}

async fn answer(transformer: &Transformer, config: &Experiment, progress: &impl Progress) -> Result<Theory, NoAnswer> {
    let sequences = Sequences::parse(&config.input)?;
    let tokenizer = transformer.tokenizer();
    let [a, b] = tokenizer.both(&sequences, config.input.n)?;
    let shown = if config.view.sequence == Which::A { &a } else { &b };
    refuse_too_many_weights(&config.model, a.len().max(b.len()))?;

    let (rows_a, first_a) = attention(transformer, &a, progress, (0.0, 0.3)).await?;
    let (rows_b, first_b) = attention(transformer, &b, progress, (0.3, 0.6)).await?;
    let read = device::read([rows_a, rows_b, vec![if config.view.sequence == Which::A { first_a } else { first_b }]].concat()).await?;
    progress.step(0.65).await?;

    let (layers, heads) = (config.model.layers, config.model.heads);
    let variation = (0..layers).map(|layer| {
        let (of_a, of_b) = (&read[layer], &read[layers + layer]);
        let rows = of_a.chunks_exact(a.len()).zip(of_b.chunks_exact(b.len()));
        Variation { layer: layer + 1, heads: rows.map(|(a, b)| variation::distance(a, b)).collect() }
    });
    let side = shown.len();
    let mut mean = vec![0.0; side * side];
    for head in read[2 * layers].chunks_exact(side * side) {
        rollout::add_head(&mut mean, head, heads);
        progress.step(0.65).await?;
    }
    let measured = first_token::limit(&mean, *DEPTH.end(), config.view.depth, &SubProgress::new(progress, (0.65, 0.85))).await?;
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
    })
}

/// The last token's attention row in every layer, [head, keys] each; and the whole first layer, [head, rows, keys].
async fn attention(
    transformer: &Transformer,
    tokens: &[Token],
    progress: &impl Progress,
    share: (f32, f32),
) -> Result<(Vec<Tensor<1>>, Tensor<1>), NoAnswer> {
    let recorder = Recorder::new(|site| site == Site::Weights(0));
    let mut hook = (Rounding::of(&transformer.model().formats), (recorder, LastRows::default()));
    let rows = transformer.embed(&[tokens], &[0], &mut hook);
    run(transformer, rows, None, &mut hook, progress, share).await?;
    let (recorder, last) = hook.1;
    let whole = recorder.weights(0, 0..transformer.model().heads, tokens.len()).flatten(0, 3);
    Ok((last.rows.into_iter().map(|row| row.flatten(0, 3)).collect(), whole))
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
