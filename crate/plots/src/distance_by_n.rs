//! The collapse: the distance of the two last-token representations at every n, a line for each stage of the model.

mod assembly;
mod noise;
mod pinned;
mod seeds;
mod words;

pub use noise::{noise_from, tail};
pub use pinned::PinnedLine;

use crate::axis::AxisKind;
use crate::chart::{Chart, Curve, Form, Look, Name};
use crate::curve::is_noisy;
use crate::guess::Guess;
use crate::layout;
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::Readout;
use crate::table::{Cell, Column, Table};
use crate::value_axis::guides_note;
use crate::{Area, DrawError, Figure, Premises, Style, Theme, number};
use glasses_contract::config::Metric;
use glasses_contract::locale::together;
use glasses_contract::paper::PublishedCurve;
use glasses_contract::report::{Seeds, Stage, Sweep};
use glasses_contract::{Choice, say};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Distance against n, as in the paper's Figures 5 and 8.
#[derive(Clone, Debug, PartialEq)]
pub struct DistanceByN {
    /// The numbers.
    pub sweep: Arc<Sweep>,
    /// The same numbers computed in f64, of which the output is shown.
    pub reference: Option<Arc<Sweep>>,
    /// The output's distances of models that differ in nothing but the seed.
    pub seeds: Option<Arc<Seeds>>,
    /// The outputs' distances of other experiments.
    pub pinned: Vec<PinnedLine>,
    /// What somebody guessed the output's distance to be, by n, drawn by hand; empty where it can still be drawn.
    pub guess: Option<Vec<(usize, f64)>>,
    /// A curve that the paper published, of another model. It is an L∞ distance, and shown beside that only.
    pub published: Option<PublishedCurve>,
    /// Which of the distances.
    pub metric: Metric,
    /// The value of n that the rest of the page shows, marked by an upright line.
    pub n: usize,
    /// The last n of the axis, where the numbers end before it: what comes between is veiled.
    pub veiled_to: Option<usize>,
    /// What it supposes of the texts.
    pub premises: Premises,
    /// How n is counted.
    pub x: AxisKind,
    /// Which model drew it: “seeded random weights, 4 layers, …”.
    pub model: String,
}

impl DistanceByN {
    /// A figure with a linear n and no heads.
    pub fn new(sweep: impl Into<Arc<Sweep>>, metric: Metric, n: usize, model: impl Into<String>) -> Self {
        Self {
            sweep: sweep.into(),
            reference: None,
            seeds: None,
            pinned: Vec::new(),
            guess: None,
            published: None,
            metric,
            n,
            veiled_to: None,
            premises: Premises::default(),
            x: AxisKind::Linear,
            model: model.into(),
        }
    }

    /// What was guessed of the output.
    fn guess(&self) -> Guess<'_> {
        let output = self.sweep.stages.iter().find(|curve| curve.stage == Stage::Output);
        let real = output.map(|output| points(&self.sweep.n, output.distances.iter().map(|distances| distances.get(self.metric))));
        Guess { drawn: self.guess.as_deref(), is_veiled: self.veiled_to.is_some(), real: real.unwrap_or_default() }
    }

    fn title(&self) -> String {
        say!("{} distance of the last-token representations", self.metric.label())
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let shown = stages_shown(&self.sweep);
        let mut curves: Vec<Curve> =
            shown.iter().enumerate().map(|(at, &stage)| Curve { rank: rank(at, shown.len()), ..self.stage(stage, theme) }).collect();
        let mut notes = vec![self.model.clone()];
        if shown.len() < self.sweep.stages.len() {
            notes.push(some_layers(&self.sweep, &shown));
        }
        if self.sweep.is_at_some_n() {
            notes.push(at_some_n(&self.sweep));
        }
        if self.metric != Metric::Cosine {
            notes.push(guides_note().into());
        }
        if curves.iter().any(|curve| is_noisy(&curve.points.iter().map(|point| point.1).collect::<Vec<_>>())) {
            notes.push(say!("Noisy lines: faint as computed, strong the moving median.").into());
        }
        let noise = self.reference.as_deref().and_then(|reference| noise_from(&self.sweep, reference, self.metric));
        if let Some(from) = noise {
            let output = curves.pop();
            curves.extend(output.into_iter().flat_map(|output| noise::part(output, from)));
            notes.push(say!("Shaded: rounding noise, from the least to the greatest of the distances around each n.").into());
        }
        if curves.iter().any(|curve| !curve.flags.is_empty()) {
            notes.push(say!("Diamonds: from there on, the outputs are bit-identical in that format.").into());
        }
        curves.extend(self.reference(theme));
        curves.extend(self.over_seeds(theme));
        curves.extend(self.pinned(theme));
        curves.extend(self.guess().curve(theme, Name::AtEndStrong));
        if let Some(bound) = self.bound(theme) {
            curves.extend(bound);
            notes.push(say!("Theorem 4.2: one layer's attention cannot be further apart than the bound.").into());
        }
        if let Some((published, note)) = self.published(theme) {
            notes.push(note);
            curves.push(published);
            curves.extend(self.last_heads(theme));
        }
        Chart {
            title: format!("↑ {}", self.title()),
            notes,
            curves,
            reach: self.guess().room(),
            ends: self.sweep.n.first().copied().zip(self.veiled_to),
            veil: self.guess().veil(),
            ..Chart::of_distances(self.x, self.metric, self.n)
        }
    }

    /// A look without lines where nothing is known between the points.
    fn at_known(&self, look: Look) -> Look {
        let marker = if look.marker == Marker::None { Marker::Dot } else { look.marker };
        if self.sweep.is_at_some_n() { Look { form: Form::Points, marker, ..look } } else { look }
    }

    fn stage(&self, stage: usize, theme: &Theme) -> Curve {
        let (count, curve) = (self.sweep.stages.len(), &self.sweep.stages[stage]);
        let is_output = curve.stage == Stage::Output;
        Curve {
            label: curve.stage.to_string(),
            points: points(&self.sweep.n, curve.distances.iter().map(|distances| distances.get(self.metric))),
            look: self.at_known(look(theme, stage, count, if is_output { Name::AtEndStrong } else { Name::AtEnd })),
            flags: if is_output { self.collapses(stage) } else { Vec::new() },
            spot: self.below_bf16().filter(|_| is_output).map(|n| (n, format!("n = {n}"))),
            ..Curve::default()
        }
    }

    fn reference(&self, theme: &Theme) -> Option<Curve> {
        let reference = self.reference.as_deref()?;
        let output = reference.stages.iter().find(|curve| curve.stage == Stage::Output)?;
        Some(Curve {
            label: say!("output in f64").into(),
            points: points(&reference.n, output.distances.iter().map(|distances| distances.get(self.metric))),
            look: self.at_known(Look::ghost(theme)),
            ..Curve::default()
        })
    }

    /// The bound of Theorem 4.2 and what it bounds, both L1 distances.
    fn bound(&self, theme: &Theme) -> Option<[Curve; 2]> {
        let heads = self.sweep.heads.iter().find(|curve| curve.layer == 1)?;
        if self.metric != Metric::L1 || self.sweep.bound.is_empty() {
            return None;
        }
        let line = |dash, marker| self.at_known(Look { color: theme.series(3), width: 1.5, dash, marker, ..Look::default() });
        let bound = Curve {
            label: say!("bound on layer 1's heads (theory)").into(),
            points: self.sweep.n.iter().copied().zip(&self.sweep.bound).filter_map(|(n, bound)| Some((n, (*bound)?))).collect(),
            look: line(Some((9.0, 3.0)), Marker::Triangle),
            ..Curve::default()
        };
        let greatest = Curve {
            label: say!("layer 1's heads, greatest (engine)").into(),
            points: points(&self.sweep.n, heads.l1.iter().map(|spread| spread.max)),
            look: line(None, Marker::Ring),
            ..Curve::default()
        };
        Some([bound, greatest])
    }

    /// The published curve as far as ours goes, and what its note says.
    fn published(&self, theme: &Theme) -> Option<(Curve, String)> {
        let published = self.published.as_ref().filter(|_| self.metric == Metric::Linf)?;
        let most = self.sweep.n.last().copied().unwrap_or(0);
        let within: Vec<_> = published.points.iter().filter(|point| point.n <= most).collect();
        let last = published.points.last().map_or(0, |point| point.n);
        let cut = if last > most { say!("It goes on to n = {}.", last) } else { String::new() };
        let look = Look { width: 1.5, dash: Some((7.0, 3.0)), marker: Marker::Cross, form: Form::Line, ..Look::of_series(theme, 0) };
        let curve = Curve {
            label: published.label().into(),
            points: within.iter().map(|point| (point.n, point.value)).collect(),
            // Where one end of the published band cannot be read, the mean stands for it.
            band: within.iter().map(|point| (point.min.unwrap_or(point.value), point.max.unwrap_or(point.value))).collect(),
            look,
            ..Curve::default()
        };
        let note = say!(
            "Crosses: published, Gemma 7B, mean over the heads of its last layer; shaded, their range. Squares: the same of our model."
        );
        Some((curve, together([note, &cut])))
    }

    /// The heads of our last layer, the quantity that the paper shows of its model.
    fn last_heads(&self, theme: &Theme) -> Option<Curve> {
        let heads = self.sweep.heads.last()?;
        let spreads = heads.get(self.metric);
        Some(Curve {
            label: say!("heads of layer {}, {}", heads.layer, say!("mean")),
            points: points(&self.sweep.n, spreads.iter().map(|spread| spread.mean)),
            band: if self.sweep.is_at_some_n() { Vec::new() } else { spreads.iter().map(|spread| (spread.min, spread.max)).collect() },
            look: self.at_known(Look {
                width: 1.5,
                dash: Some((5.0, 3.0)),
                marker: Marker::Square,
                form: Form::Line,
                ..Look::of_series(theme, 1)
            }),
            ..Curve::default()
        })
    }
}

fn value_at(curve: &Curve, n: usize) -> Option<f64> {
    let index = curve.points.binary_search_by_key(&n, |point| point.0).ok()?;
    Some(curve.points[index].1)
}

pub(crate) fn points(n: &[usize], values: impl Iterator<Item = f64>) -> Vec<(usize, f64)> {
    n.iter().copied().zip(values).collect()
}

impl Figure for DistanceByN {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        self.chart(&style.theme).draw(&Pen::begin(area, style)?)
    }

    fn height(&self, width: f64) -> f64 {
        layout::height(width, 340.0, 460.0)
    }

    fn sentence(&self) -> String {
        let (Some(first), Some(last)) = (self.sweep.n.first(), self.sweep.n.last()) else {
            return say!("{}: no numbers yet.", self.title());
        };
        let mut stages = Vec::new();
        for curve in stages_shown(&self.sweep).into_iter().map(|stage| &self.sweep.stages[stage]) {
            let values: Vec<f64> = curve.distances.iter().map(|distances| distances.get(self.metric)).collect();
            let (Some(&from), Some(&to)) = (values.first(), values.last()) else { continue };
            stages.push(match curve.stage {
                stage if values.iter().all(|&value| value == 0.0) => say!("{} exactly 0 at every n", stage),
                stage => say!("{} from {} to {}", stage, number::short(from), number::short(to)),
            });
        }
        let stages = stages.join(say!("; "));
        let told = say!("{} from n = {} to n = {}, by stage: {}.", self.title(), first, last, stages);
        let points = if self.sweep.is_at_some_n() { at_some_n(&self.sweep) } else { String::new() };
        let shown = stages_shown(&self.sweep);
        let is_cut = shown.len() < self.sweep.stages.len();
        let one_text = self.premises.one_text().unwrap_or_default();
        together([
            one_text.into(),
            told,
            if is_cut { some_layers(&self.sweep, &shown) } else { String::new() },
            points,
            self.least(),
            self.crossings(),
            self.tail(),
            self.said_over_seeds(),
            self.beside_pinned(),
            self.guess().beside().unwrap_or_default(),
            say!("Model: {}.", self.model),
        ])
    }

    fn finding(&self) -> String {
        let Some(told) = self.way() else { return say!("{}: no numbers yet.", self.title()) };
        let guess = self.guess().beside().unwrap_or_default();
        together([guess, told, self.crossings(), self.tail(), self.said_over_seeds(), self.beside_pinned()])
    }

    fn table(&self) -> Table {
        let unit = self.metric.label();
        let mut columns = vec![Column::new("n")];
        columns.extend(self.sweep.stages.iter().map(|curve| Column::with_unit(curve.stage.to_string(), unit)));
        for curve in &self.sweep.heads {
            let name = |what| Column::with_unit(say!("heads of layer {}, {}", curve.layer, what), unit);
            columns.extend([say!("least"), say!("mean"), say!("greatest")].map(name));
        }
        let reference = self.reference(&Theme::light());
        let has_bound = !self.sweep.bound.is_empty();
        columns.extend(has_bound.then(|| Column::with_unit(say!("bound on the heads of layer 1 (Theorem 4.2)"), "L1")));
        columns.extend(reference.as_ref().map(|curve| Column::with_unit(&curve.label, unit)));
        let pinned: Vec<Curve> = self.pinned(&Theme::light()).collect();
        let spread = self.spread();
        if let Some(seeds) = &self.seeds {
            let name = |what| Column::with_unit(say!("{} seeds, {}", seeds.seeds.len(), what), unit);
            columns.extend([say!("least"), say!("median"), say!("greatest")].map(name));
        }
        columns.extend(pinned.iter().map(|curve| Column::with_unit(&curve.label, unit)));
        // A pinned curve may be known at other n than ours.
        let all: BTreeSet<usize> =
            self.sweep.n.iter().copied().chain(pinned.iter().flat_map(|curve| curve.points.iter().map(|point| point.0))).collect();
        let row = |n: usize| {
            let index = self.sweep.n.binary_search(&n).unwrap_or(usize::MAX);
            let number = |number: Option<f64>| number.map_or(Cell::Missing, Cell::Number);
            let mut row = vec![Cell::Count(n)];
            row.extend(self.sweep.stages.iter().map(|curve| number(curve.distances.get(index).map(|all| all.get(self.metric)))));
            for curve in &self.sweep.heads {
                let spread = curve.get(self.metric).get(index);
                row.extend([spread.map(|all| all.min), spread.map(|all| all.mean), spread.map(|all| all.max)].map(number));
            }
            row.extend(has_bound.then(|| number(self.sweep.bound.get(index).copied().flatten())));
            row.extend(reference.as_ref().map(|curve| number(value_at(curve, n))));
            if let Some(seeds) = &self.seeds {
                let at = seeds.n.binary_search(&n).ok().and_then(|at| spread.get(at));
                row.extend([at.map(|at| at.least), at.map(|at| at.median), at.map(|at| at.greatest)].map(number));
            }
            row.extend(pinned.iter().map(|curve| number(value_at(curve, n))));
            row
        };
        Table { columns, rows: all.into_iter().map(row).collect() }
    }
}

/// Which stages of a sweep are shown: all of a model of few layers; of a deeper one embedding and output, its first and last layer and those at the
/// quarters between, so that they can be told apart.
pub fn stages_shown(sweep: &Sweep) -> Vec<usize> {
    const MOST_LAYERS: usize = 8;
    let count = sweep.stages.len();
    let layers = count.saturating_sub(2);
    if layers <= MOST_LAYERS {
        return (0..count).collect();
    }
    let quarters = (0..=4).map(|quarter| 1 + ((layers - 1) * quarter + 2) / 4);
    [0].into_iter().chain(quarters).chain([layers + 1]).collect()
}

/// That nothing is known between the points, in words.
pub(crate) fn at_some_n(sweep: &Sweep) -> String {
    say!("Points: computed at {} values of n, and at none between them.", sweep.n.len())
}

/// That layers are left out, in words.
pub(crate) fn some_layers(sweep: &Sweep, shown: &[usize]) -> String {
    let layers = |stages: usize| stages.saturating_sub(2);
    say!("{} of {} layers are shown; the table has all.", layers(shown.len()), layers(sweep.stages.len()))
}

/// The deeper the stage, the stronger its color and the longer its dashes: from dots at the embedding to a thick unbroken line at
/// the output, so that the order can be seen without color too.
pub(crate) fn look(theme: &Theme, stage: usize, count: usize, name: Name) -> Look {
    let plain = Look { color: theme.stage(stage, count), name, ..Look::default() };
    if stage + 1 >= count {
        return Look { width: 2.5, ..plain };
    }
    let depth = stage as f64 / (count - 1) as f64;
    Look { width: 1.5, dash: Some((1.5 + 22.0 * depth * depth, 2.5)), ..plain }
}

/// How much a stage's label matters: the ends of the model most, then every other layer, every fourth, …
pub(crate) fn rank(stage: usize, count: usize) -> usize {
    if stage == 0 || stage + 1 == count { 0 } else { 2 + 16 - (stage.trailing_zeros() as usize).min(8) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use glasses_contract::report::StageCurve;

    #[test]
    fn the_finding_names_the_place_that_is_marked() {
        let sweep = samples::sweep(2, 100);
        let figure = DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL);
        let below = figure.below_bf16().expect("it falls far enough");
        assert_eq!(figure.stage(3, &Theme::light()).spot, Some((below, format!("n = {below}"))));
        assert_eq!(figure.stage(2, &Theme::light()).spot, None);
        let finding = figure.finding();
        assert!(finding.contains(&format!("From n = {below} on, the output stays below bf16's")), "{finding}");
        assert!(figure.sentence().contains(&figure.crossings()), "who hears the figure is told the same");
        assert!(!finding.contains(samples::MODEL), "what its notes say is not said twice");
    }

    #[test]
    fn where_the_distance_is_least_before_its_end_that_is_said() {
        let mut sweep = samples::sweep(2, 100);
        let set = |sweep: &mut Sweep, value: fn(usize) -> f64| {
            let output = sweep.stages.last_mut().expect("an output");
            output.distances.iter_mut().enumerate().for_each(|(index, entry)| entry.linf = value(index + 1));
        };
        let finding = |sweep: &Sweep| DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL).finding();
        set(&mut sweep, |n| if n <= 47 { 0.72 / n as f64 } else { 0.02 });
        let told = "From n = 1 to n = 100, the distance at the output goes from 0.720 to 0.0200. The output's distance is least at n = 47: 0.0153.";
        assert!(finding(&sweep).starts_with(told), "{}", finding(&sweep));
        let heard = DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL).sentence();
        assert!(heard.contains("is least at n = 47: 0.0153."), "{heard}");
        set(&mut sweep, |n| 0.72 / n as f64);
        assert!(!finding(&sweep).contains("least"), "{}", finding(&sweep));
    }

    #[test]
    fn one_text_crosses_nothing() {
        let mut sweep = samples::sweep(2, 100);
        let all = sweep.stages.iter_mut().flat_map(|curve| &mut curve.distances);
        all.for_each(|entry| *entry = glasses_contract::report::Distances::default());
        let of = DistanceByN::new(sweep, Metric::Linf, 24, samples::MODEL);
        let one = DistanceByN { premises: Premises { differ: false, ..Premises::default() }, ..of };
        assert_eq!(one.finding(), "A and B are the same text.");
        assert!(one.sentence().starts_with("A and B are the same text.") && !one.sentence().contains("same in"), "{}", one.sentence());
        let output = one.stage(3, &Theme::light());
        assert!(output.flags.is_empty() && output.spot.is_none(), "there is no crossing to mark");
    }

    #[test]
    fn the_slope_of_the_tail_is_told_where_it_is_no_noise_and_not_veiled() {
        let sweep = samples::sweep(2, 100);
        let figure = DistanceByN::new(sweep.clone(), Metric::Linf, 24, samples::MODEL);
        let tail = sweep.tail(Metric::Linf).expect("there are enough");
        let told = format!("The output's log-log slope from n = 51 to n = 100 is {}.", number::short(tail.slope));
        assert!(figure.finding().contains(&told) && figure.sentence().contains(&told), "{}", figure.finding());
        let veiled = DistanceByN { veiled_to: Some(200), ..figure.clone() };
        assert!(!veiled.finding().contains("slope"), "it would give the answer away");
        let noisy = samples::noisy_sweep(2, 100);
        let noisy = DistanceByN { sweep: noisy.clone().into(), reference: Some(sweep.clone().into()), ..figure };
        assert!(!noisy.finding().contains("slope"), "noise has none");
    }

    #[test]
    fn where_some_n_are_known_only_points_are_drawn_and_that_is_said() {
        let whole = samples::sweep(2, 100);
        let mut some = whole.clone().until(4);
        some.n[3] = 9;
        let [whole, some] = [&whole, &some].map(|sweep| DistanceByN::new(sweep.clone(), Metric::Linf, 2, samples::MODEL));
        let forms = |figure: &DistanceByN| {
            figure.chart(&Theme::light()).curves.iter().map(|curve| curve.look.form == Form::Points).collect::<Vec<_>>()
        };
        assert!(forms(&some).iter().all(|&is_point| is_point) && forms(&whole).iter().all(|&is_point| !is_point));
        assert!(some.sentence().contains("at 4 values of n") && !whole.sentence().contains("values of n"));
    }

    #[test]
    fn of_a_deep_model_a_few_layers_are_drawn_and_the_table_has_all() {
        let mut sweep = samples::sweep(2, 20);
        let layer = sweep.stages[1].clone();
        let deep = |layers: usize| (1..=layers).map(|of| StageCurve { stage: Stage::Layer(of), ..layer.clone() }).collect::<Vec<_>>();
        let (first, last) = (sweep.stages[0].clone(), sweep.stages[3].clone());
        for (layers, drawn) in [(8, vec![1, 2, 3, 4, 5, 6, 7, 8]), (9, vec![1, 3, 5, 7, 9]), (30, vec![1, 8, 16, 23, 30])] {
            sweep.stages = [vec![first.clone()], deep(layers), vec![last.clone()]].concat();
            let figure = DistanceByN::new(sweep.clone(), Metric::Linf, 2, samples::MODEL);
            let labels: Vec<String> = figure.chart(&Theme::light()).curves.into_iter().map(|curve| curve.label).collect();
            let named = drawn.iter().map(|layer| format!("layer {layer}"));
            let expected: Vec<String> = ["embedding".into()].into_iter().chain(named).chain(["output".into()]).collect();
            assert_eq!(labels, expected);
            let is_cut = drawn.len() < layers;
            let note = format!("{} of {layers} layers are shown; the table has all.", drawn.len());
            assert_eq!((figure.chart(&Theme::light()).notes.contains(&note), figure.sentence().contains(&note)), (is_cut, is_cut));
            assert!(figure.table().columns.len() > layers + 2);
        }
    }
}
