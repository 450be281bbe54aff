//! Separators: the distance of the two last tokens over the period k of the separators in the texts, and over n.

use super::last_tokens::LastTokens;
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
            map.n = columns(&last_tokens.n);
        }
        let output = last_tokens.output_distances();
        // With separators a long sequence may be too long to be read: what every row has is kept.
        map.n.retain(|n| last_tokens.n.contains(n));
        let rows = map.distances.iter_mut();
        rows.for_each(|row: &mut Vec<_>| row.truncate(map.n.len()));
        map.distances.push(map.n.iter().filter_map(|n| output.get(n - last_tokens.n.first()?)).copied().collect());
    }
    Ok(map)
}

/// Values of n, evenly spaced on a logarithmic axis, each once.
fn columns(n: &[usize]) -> Vec<usize> {
    let (Some(&first), Some(&last)) = (n.first(), n.last()) else { return Vec::new() };
    let ratio = (last as f64 / first as f64).ln();
    let at = |column: usize| (first as f64 * (ratio * column as f64 / (COLUMNS - 1) as f64).exp()).round() as usize;
    let mut columns: Vec<usize> = (0..COLUMNS).map(at).collect();
    columns.dedup();
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_from_end_to_end_each_once() {
        let all: Vec<usize> = (3..=300).collect();
        let columns = columns(&all);
        assert_eq!((columns[0], columns[columns.len() - 1]), (3, 300));
        assert!(columns.is_sorted_by(|a, b| a < b) && columns.len() > 30);
        assert_eq!(super::columns(&[5]), [5]);
    }
}
