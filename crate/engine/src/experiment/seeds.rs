//! Seeds: the output's distance at every n, of models that differ in nothing but the seed of their weights.

use super::last_tokens::LastTokens;
use super::{Engine, Loaded, NoAnswer, Progress, Respond};
use crate::library::Library;
use crate::progress::SubProgress;
use glasses_contract::config::{Experiment, Model};
use glasses_contract::question;
use glasses_contract::report::Seeds;

impl Respond for question::Seeds {
    async fn respond<L: Library>(
        self,
        shard: usize,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Seeds, NoAnswer> {
        // Behind the last seed comes the first.
        let seed = config.model.seed.wrapping_add(shard as u32);
        let model = Model { seed, ..config.model.clone() };
        let Loaded { transformer, .. } = engine.build(&model, &engine.spec(), &SubProgress::still(progress)).await?;
        let last_tokens = LastTokens::at_every_n(&transformer, config, None, progress).await?;
        Ok(Seeds { seeds: vec![seed], distances: vec![last_tokens.output_distances()], n: last_tokens.n })
    }
}
