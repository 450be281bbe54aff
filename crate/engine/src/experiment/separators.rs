//! Separators: the distance of the two last tokens over the period k of the separators in the texts, and over n.

use super::last_tokens::LastTokens;
use super::{Engine, NoAnswer, Progress, Respond};
use crate::library::Library;
use crate::progress::SubProgress;
use glasses_contract::config::Experiment;
use glasses_contract::question::{self, Ask};
use glasses_contract::report::SeparatorMap;

/// A period at which no separator ever stands.
const NEVER: usize = 1 << 30;

impl Respond for question::Separators {
    async fn respond<L: Library>(
        self,
        shard: usize,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<SeparatorMap, NoAnswer> {
        let periods = if self.shards(config) == 1 { 0..=SeparatorMap::PERIODS } else { shard..=shard };
        let loaded = engine.loaded(&config.model, progress).await?;
        let (mut rows, first, count) = (Vec::new(), *periods.start(), periods.clone().count());
        for k in periods {
            let within = SubProgress::part(progress, k - first, count);
            let mut config = config.clone();
            config.input.k = if k == 0 { NEVER } else { k };
            let last_tokens = LastTokens::at_every_n(&loaded.transformer, &config, None, &within).await?;
            rows.push(SeparatorMap { k: vec![k], distances: vec![last_tokens.output_distances()], n: last_tokens.n });
        }
        let row = rows.remove(0);
        Ok(if rows.is_empty() { row } else { row.join(rows) })
    }
}
