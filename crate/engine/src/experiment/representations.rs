//! The last tokens' representations themselves, at every n, for whoever computes on with them.

use super::last_tokens::{LastTokens, Row};
use super::{Engine, NoAnswer, Progress};
use crate::library::Library;
use crate::progress::SubProgress;
use glasses_contract::Admitted;
use glasses_contract::config::Experiment;
use glasses_contract::report::{LastTokenRepresentations, Stage};
use glasses_contract::sequence::Sequences;

impl<L: Library> Engine<L> {
    /// The representations of both last tokens at every n up to the configuration's greatest.
    ///
    /// # Errors
    /// If the input can't be read, there is too much to compute, the device fails, or `progress` says stop.
    pub async fn representations(&mut self, config: &Admitted, progress: &impl Progress) -> Result<LastTokenRepresentations, NoAnswer> {
        // The type that answers are compiled for.
        let progress = &SubProgress::new(progress, (0.0, 1.0));
        let loaded = self.loaded(&config.model, progress).await?;
        let asked = config.input.n;
        let is_swept = Sequences::parse(&config.input)?.depend_on_n();
        let mut config: Experiment = config.clone().into_inner();
        if !is_swept {
            config.input.max_n = 1;
        }
        let mut last = LastTokens::at_every_n(&loaded.transformer, &config, None, progress).await?;
        if !is_swept {
            last.n = vec![asked];
        }
        let rows: Vec<Row> = last.pairs().flatten().collect();
        let (mut stages, mut heads) = (Vec::new(), Vec::new());
        let put = |to: &mut Vec<f32>, vector: &[f64]| to.extend(vector.iter().map(|&coordinate| coordinate as f32));
        for (representations, row) in rows {
            for stage in 0..Stage::all(config.model.layers).len() {
                put(&mut stages, representations.stage(stage, row));
            }
            for layer in 0..config.model.layers {
                for head in 0..config.model.heads {
                    put(&mut heads, representations.head(layer, head, row));
                }
            }
        }
        Ok(LastTokenRepresentations { n: last.n, stages, heads })
    }
}
