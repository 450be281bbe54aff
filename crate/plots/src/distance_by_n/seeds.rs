//! A band over seeds: between which distances the outputs of models are that differ in nothing but the seed of their weights.

use super::{DistanceByN, points};
use crate::chart::{Curve, Form, Look};
use crate::marker::Marker;
use crate::number;
use crate::theme::Theme;
use glasses_contract::report::Quantiles;
use glasses_contract::say;

/// The color of the band among the series: what the paper published has the first two, theory the fourth.
const BAND: usize = 2;

impl DistanceByN {
    /// The median over the seeds, and the band from the least to the greatest distance.
    pub(super) fn over_seeds(&self, theme: &Theme) -> Option<Curve> {
        let (seeds, spread) = (self.seeds.as_deref()?, self.spread());
        let look = Look { dash: Some((9.0, 3.0)), marker: Marker::None, form: Form::Line, ..Look::of_series(theme, BAND) };
        Some(Curve {
            label: say!("median over {} seeds; shaded, their range", seeds.seeds.len()),
            points: points(&seeds.n, spread.iter().map(|at| at.median)),
            band: spread.iter().map(|at| (at.least, at.greatest)).collect(),
            look,
            ..Curve::default()
        })
    }

    pub(super) fn spread(&self) -> Vec<Quantiles> {
        self.seeds.as_ref().map(|seeds| seeds.quantiles(self.metric)).unwrap_or_default()
    }

    /// The band at its end, in words.
    pub(super) fn said_over_seeds(&self) -> String {
        let Some((seeds, &n)) = self.seeds.as_deref().and_then(|seeds| Some((seeds, seeds.n.last()?))) else { return String::new() };
        let last = seeds.quantiles_at(seeds.n.len() - 1, self.metric);
        let [least, median, greatest] = [last.least, last.median, last.greatest].map(number::short);
        let count = seeds.seeds.len();
        say!("Over {} seeds, the output's distance at n = {} is between {} and {}, with a median of {}.", count, n, least, greatest, median)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Figure;
    use crate::samples;
    use glasses_contract::config::Metric;
    use glasses_contract::report::Seeds;

    #[test]
    fn the_band_spans_the_seeds_and_is_said_in_the_caption_and_the_table() {
        let sweep = samples::sweep(2, 60);
        let output = &sweep.stages[3].distances;
        let times = |times: f64| output.iter().map(|at| glasses_contract::report::Distances { linf: times * at.linf, ..*at }).collect();
        let seeds = Seeds { n: sweep.n.clone(), seeds: vec![1, 2, 3], distances: vec![times(1.0), times(4.0), times(2.0)] };
        let figure = DistanceByN { seeds: Some(seeds.clone().into()), ..DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL) };
        let curve = figure.over_seeds(&Theme::light()).expect("there are seeds");
        assert!(curve.band.iter().zip(output).all(|(band, at)| *band == (at.linf, 4.0 * at.linf)));
        let last = output[59].linf;
        let [least, median, greatest] = [1.0, 2.0, 4.0].map(|times| number::short(times * last));
        let told = format!("Over 3 seeds, the output's distance at n = 60 is between {least} and {greatest}, with a median of {median}.");
        assert!(figure.finding().contains(&told) && figure.sentence().contains(&told), "{}", figure.finding());
        let table = figure.table();
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names[names.len() - 3..], ["3 seeds, least", "3 seeds, median", "3 seeds, greatest"]);
        assert_eq!(table.rows[59].len(), names.len());
    }
}
