//! A guess that is drawn by hand where a chapter asks for one: a curve over n. It stays for as long as the tab is open, loaded anew or not.

use crate::browser::session;
use glasses_contract::config::{Input, Part, Place};
use glasses_contract::{Choice, Config, open};
use leptos::prelude::*;

/// A curve that was drawn, over every n that the hand passed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketch {
    /// The experiment that it is about: see [`about`].
    pub about: String,
    /// Guessed distances, by growing n.
    pub points: Vec<(usize, f64)>,
}

/// As many places of a curve are kept: a line drawn by hand has no more to it.
const MOST_KEPT: usize = 40;

impl Sketch {
    /// Draws a line that is straight on logarithmic axes, over what was drawn between its ends.
    pub fn line(&mut self, from: (usize, f64), to: (usize, f64)) {
        let (left, right) = if from.0 <= to.0 { (from, to) } else { (to, from) };
        self.points.retain(|point| !(left.0..=right.0).contains(&point.0));
        let at = self.points.partition_point(|point| point.0 < left.0);
        let log = |n: usize| (n.max(1) as f64).ln();
        let share = |n: usize| if left.0 == right.0 { 1.0 } else { (log(n) - log(left.0)) / (log(right.0) - log(left.0)) };
        // Where the hand stands still over one n, the last height counts.
        let height = |n: usize| if left.0 == right.0 { to.1 } else { left.1 * (right.1 / left.1).powf(share(n)) };
        self.points.splice(at..at, (left.0..=right.0).map(|n| (n, height(n))));
    }

    /// Whether it goes on to about this n.
    pub fn reaches(&self, n: usize) -> bool {
        self.points.last().is_some_and(|point| point.0 as f64 >= 0.9 * n as f64)
    }

    /// “v=1…<tab>24:1.85e-2,…”.
    fn write(&self) -> String {
        let step = self.points.len().div_ceil(MOST_KEPT).max(1);
        let last = self.points.len().saturating_sub(1);
        let kept = self.points.iter().enumerate().filter(|(at, _)| at % step == 0 || *at == last);
        let points: Vec<String> = kept.map(|(_, (n, value))| format!("{n}:{value:.9e}")).collect();
        format!("{}\t{}", self.about, points.join(","))
    }

    /// What [`Sketch::write`] wrote.
    fn read(text: &str) -> Option<Self> {
        let (about, points) = text.split_once('\t')?;
        let mut sketch = Self { about: about.into(), points: Vec::new() };
        for point in points.split(',') {
            let (n, value) = point.split_once(':')?;
            let point = (n.parse().ok()?, value.parse().ok().filter(|&value: &f64| value.is_finite() && value > 0.0)?);
            let before = sketch.points.last().copied().unwrap_or(point);
            if point.0 < before.0 {
                return None;
            }
            sketch.line(before, point);
        }
        Some(sketch)
    }
}

/// What a sketch is about: the experiment, whatever n the rest of the page shows.
pub fn about(asked: &Config) -> String {
    let mut config = Config { experiment: asked.experiment.clone(), ..Config::default() };
    config.experiment.input.n = Input::default().n;
    open::encode(&config)
}

/// The sketch of the place that is shown, and who waits for it.
#[derive(Clone, Copy)]
pub struct Sketchbook {
    /// The part of the page in whose figure the place asks for a guess.
    pub drawn_in: RwSignal<Option<Part>>,
    /// Whether one can be drawn now.
    pub is_open: RwSignal<bool>,
    /// What is drawn.
    pub sketch: RwSignal<Sketch>,
    /// Whoever drew it wants to see the answer.
    pub is_done: Trigger,
}

/// Where a tab keeps the sketches.
const SKETCHES: &str = "glasses-sketches";

impl Sketchbook {
    /// Nothing is drawn.
    pub fn new() -> Self {
        Self { drawn_in: RwSignal::new(None), is_open: RwSignal::new(false), sketch: RwSignal::default(), is_done: Trigger::new() }
    }

    /// What was drawn in the figure of a part about an experiment: empty where it can still be drawn. What was drawn of another experiment is no
    /// guess of this one.
    pub fn guess(&self, part: Part, about: &str) -> Option<Vec<(usize, f64)>> {
        self.drawn_in.get().filter(|drawn_in| *drawn_in == part)?;
        // The bench as it opens is about as much as a sketch of nothing.
        let drawn = self.sketch.with(|sketch| (sketch.about == about && !sketch.points.is_empty()).then(|| sketch.points.clone()));
        drawn.or_else(|| self.is_open.get().then(Vec::new))
    }

    /// Whether one can be drawn now in the figure of a part.
    pub fn is_open_in(&self, part: Part) -> bool {
        self.is_open.get() && self.drawn_in.get() == Some(part)
    }

    /// Opens what was drawn at a place; says whether there is anything.
    pub fn turn_to(&self, place: Place) -> bool {
        let kept = all().into_iter().find(|(other, _)| *other == place).map(|(_, sketch)| sketch).unwrap_or_default();
        let is_there = !kept.points.is_empty();
        self.sketch.set(kept);
        is_there
    }

    /// Keeps what is drawn at a place.
    pub fn keep(&self, place: Place) {
        let mut sketches = all();
        sketches.retain(|(other, _)| *other != place);
        sketches.push((place, self.sketch.get_untracked()));
        keep(&sketches);
    }
}

/// All that are kept: what is taken is put back.
fn all() -> Vec<(Place, Sketch)> {
    let kept = session::take(SKETCHES).unwrap_or_default();
    let sketches = read_all(&kept);
    keep(&sketches);
    sketches
}

fn keep(sketches: &[(Place, Sketch)]) {
    session::keep(SKETCHES, &write_all(sketches));
}

fn write_all(sketches: &[(Place, Sketch)]) -> String {
    sketches.iter().map(|(place, sketch)| format!("{}\t{}", place.word(), sketch.write())).collect::<Vec<_>>().join("\n")
}

fn read_all(text: &str) -> Vec<(Place, Sketch)> {
    let sketch = |line: &str| {
        let (place, sketch) = line.split_once('\t')?;
        Some((Place::from_word(place)?, Sketch::read(sketch)?))
    };
    text.lines().filter_map(sketch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_straight_on_logarithmic_axes_and_replaces_what_it_passes() {
        let mut sketch = Sketch::default();
        sketch.line((10, 1.0), (40, 0.25));
        assert_eq!(sketch.points.len(), 31);
        assert_eq!(sketch.points[0], (10, 1.0));
        assert!((sketch.points[10].1 - 0.5).abs() < 1e-12, "like 1/n: {:?}", sketch.points[10]);
        // Back over its end, by a hand that draws to the left.
        sketch.line((50, 0.1), (30, 0.1));
        let n: Vec<usize> = sketch.points.iter().map(|point| point.0).collect();
        assert_eq!(n, (10..=50).collect::<Vec<_>>());
        assert!(sketch.points[20..].iter().all(|point| (point.1 - 0.1).abs() < 1e-12));
        assert!((sketch.points[19].1 - 10.0 / 29.0).abs() < 1e-12);
        assert!(sketch.reaches(55) && !sketch.reaches(56));
        // Straight up, at one n.
        sketch.line((50, 0.1), (50, 0.7));
        assert_eq!((sketch.points.len(), sketch.points[40]), (41, (50, 0.7)));
    }

    #[test]
    fn what_is_kept_is_read_again_and_what_is_none_is_left_out() {
        let mut sketch = Sketch { about: "v=1&a=1%5En%20".into(), points: Vec::new() };
        sketch.line((24, 0.0185), (256, 0.001));
        let read = read_all(&write_all(&[(Place::Collapse, sketch.clone()), (Place::Early, sketch.clone())]));
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].0, &read[0].1.about), (Place::Collapse, &sketch.about));
        for (one, other) in read[0].1.points.iter().zip(&sketch.points) {
            assert!(one.0 == other.0 && (one.1 / other.1 - 1.0).abs() < 1e-3, "{one:?} {other:?}");
        }
        assert_eq!(read[0].1.points.len(), sketch.points.len());
        let bad = "nowhere\tv=1\t3:1e0\ncollapse\tv=1\t9:1e0,3:1e0\ncollapse\tv=1\t3:NaN\ncollapse\tv=1\t\ncollapse";
        assert_eq!(read_all(bad), []);
    }

    #[test]
    fn a_sketch_is_about_an_experiment_at_every_n() {
        let (one, _) = open::decode("v=1&at=collapse&n=20");
        let (other, _) = open::decode("v=1&at=collapse&n=64");
        let (another, _) = open::decode("v=1&at=collapse&pos=rotary");
        assert_eq!(about(&one), about(&other));
        assert_ne!(about(&one), about(&another));
    }
}
