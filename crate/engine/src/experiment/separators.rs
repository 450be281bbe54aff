//! Separators: the distance of the two last tokens over the period k of the separators in the texts, and over n.

use super::last_tokens::LastTokens;
use super::spaced::spaced;
use super::{Engine, NoAnswer, Progress, Respond};
use crate::library::Library;
use crate::progress::SubProgress;
use crate::transformer::Transformer;
use glasses_contract::config::Experiment;
use glasses_contract::question;
use glasses_contract::report::SeparatorMap;

/// The periods that are compared.
const PERIODS: usize = 12;
/// A period at which no separator ever stands.
const NEVER: usize = 1 << 30;
/// Values of n that are kept.
const COLUMNS: usize = 48;

impl Respond for question::Separators {
    async fn respond<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<SeparatorMap, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        answer(&loaded.transformer, config, progress).await
    }
}

async fn answer(transformer: &Transformer, config: &Experiment, progress: &impl Progress) -> Result<SeparatorMap, NoAnswer> {
    let k: Vec<usize> = (0..=PERIODS).collect();
    let mut map = SeparatorMap { k: k.clone(), n: Vec::new(), distances: Vec::new() };
    for (row, &k) in k.iter().enumerate() {
        let mut config = config.clone();
        config.input.k = if k == 0 { NEVER } else { k };
        let last_tokens = LastTokens::at_every_n(transformer, &config, None, &SubProgress::part(progress, row, PERIODS + 1)).await?;
        if row == 0 {
            map.n = last_tokens.n.first().zip(last_tokens.n.last()).map_or_else(Vec::new, |(&first, &last)| spaced(first, last, COLUMNS));
        }
        let output = last_tokens.output_distances();
        // With separators a long sequence may be too long to be read: what every row has is kept.
        let at = |n: &usize| last_tokens.n.binary_search(n).ok();
        map.n.retain(|n| at(n).is_some());
        let rows = map.distances.iter_mut();
        rows.for_each(|row: &mut Vec<_>| row.truncate(map.n.len()));
        map.distances.push(map.n.iter().filter_map(|n| output.get(at(n)?)).copied().collect());
    }
    Ok(map)
}
