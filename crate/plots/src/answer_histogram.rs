//! Which answers a model gives, and how often, against how often each would have been right: whether it has a favourite.

use crate::answers;
use crate::axis::{AxisKind, round_up};
use crate::chart::{Across, Chart, Curve, Form, Look};
use crate::layout::{self, Mark};
use crate::marker::Marker;
use crate::pen::Pen;
use crate::readout::{Format, Readout};
use crate::rows::{self, Bars, Row, Rows};
use crate::table::{Cell, Column, Table};
use crate::told::Told;
use crate::{Area, DrawError, Figure, Style, Theme};
use glasses_contract::locale::{together, tr};
use glasses_contract::paper;
use glasses_contract::report::LengthGeneralization;
use glasses_contract::say;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often the first model gave each answer: numbers in bins, what is copied in rows.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerHistogram {
    /// The numbers, of which those of the first model are shown.
    pub lengths: Arc<LengthGeneralization>,
}

/// How often an answer was given, and how often it would have been right.
#[derive(Clone, Copy, Default)]
struct Times {
    said: usize,
    right: usize,
}

/// Numbers, in bins of one width from the first on.
struct Binned {
    first: usize,
    width: usize,
    bins: Vec<Times>,
    /// Answers that are no number.
    none: usize,
    /// Answers that are so large that bins up to there would show nothing else, and the number from which on they are.
    beyond: usize,
    most: usize,
}

/// Bins at the most.
const BINS: usize = 40;
/// So few different answers are drawn as they are, each at its number: bins would set two neighbours a bin apart.
const FEW: usize = 24;
/// As far as the eye tells numbers apart.
const APART: usize = 600;
/// Rows at the most.
const ROWS: usize = 12;

impl AnswerHistogram {
    /// The figure of an answer.
    pub fn of(told: &Told<LengthGeneralization>) -> Self {
        Self { lengths: told.answer.clone() }
    }

    fn model(&self) -> String {
        self.lengths.models.first().map_or(say!("no model").into(), |model| model.name.to_string())
    }

    fn title(&self) -> &'static str {
        say!("How often each answer was given")
    }

    /// Every answer that was given or right, the most frequent first.
    fn times(&self) -> Vec<(&str, Times)> {
        let mut times: BTreeMap<&str, Times> = BTreeMap::new();
        for length in self.lengths.models.first().into_iter().flat_map(|model| &model.lengths) {
            length.said.iter().for_each(|answer| times.entry(answer).or_default().said += 1);
            length.right.iter().for_each(|answer| times.entry(answer).or_default().right += 1);
        }
        let mut times: Vec<(&str, Times)> = times.into_iter().collect();
        times.sort_by_key(|(answer, times)| (std::cmp::Reverse((times.said, times.right)), answer.parse::<usize>().unwrap_or(usize::MAX)));
        times
    }

    fn binned(&self) -> Binned {
        let times = self.times();
        let numbers = || times.iter().filter_map(|&(answer, times)| Some((answer.parse::<usize>().ok()?, times)));
        let right = numbers().filter(|(_, times)| times.right > 0).map(|(number, _)| number).max();
        // Where a right answer is as large as 200, one of 400 is worth an axis up to there, one of a million is not.
        let most = right.map_or(usize::MAX, |right| right.saturating_mul(2).max(BINS));
        let within = || numbers().filter(move |&(number, _)| number <= most);
        let (least, last) = (within().map(|(number, _)| number).min(), within().map(|(number, _)| number).max());
        let (least, last) = (least.unwrap_or(0), last.unwrap_or(0));
        let different = within().filter(|(_, times)| times.said > 0).count();
        let is_few = different <= FEW && last - least < APART;
        let mut width = 1;
        while !is_few && last / width - least / width >= BINS {
            width = round_up(width as f64 * 1.5) as usize;
        }
        let first = least / width * width;
        let mut bins = vec![Times::default(); if within().next().is_some() { (last - first) / width + 1 } else { 0 }];
        for (number, times) in within() {
            if let Some(bin) = bins.get_mut((number - first) / width) {
                (bin.said, bin.right) = (bin.said + times.said, bin.right + times.right);
            }
        }
        let said = |times: &[(&str, Times)], wanted: &dyn Fn(Option<usize>) -> bool| {
            times.iter().filter(|(answer, _)| wanted(answer.parse().ok())).map(|(_, times)| times.said).sum()
        };
        let none = said(&times, &|number| number.is_none());
        let beyond = said(&times, &|number| number.is_some_and(|number| number > most));
        Binned { first, width, bins, none, beyond, most }
    }

    fn notes(&self, more: impl IntoIterator<Item = String>) -> Vec<String> {
        let mut notes = vec![self.model(), answers::source(&self.lengths)];
        notes.extend(more);
        notes
    }

    fn chart(&self, theme: &Theme) -> Chart<'static> {
        let binned = self.binned();
        let curve = |label: &str, pick: fn(&Times) -> usize, look: Look| Curve {
            label: label.into(),
            // Of many places of one number each, those at which there is something.
            points: binned
                .bins
                .iter()
                .map(|times| pick(times) as f64)
                .enumerate()
                .filter(|point| !binned.is_long() || point.1 > 0.0)
                .collect(),
            look,
            ..Curve::default()
        };
        let favourites = binned.favourites();
        let published = (!favourites.is_empty()).then(|| Curve {
            label: say!("Gemini 1.5’s four favourites (Fig. 4)").into(),
            points: favourites,
            look: Look { color: theme.series(1), marker: Marker::Cross, form: Form::Points, ..Look::default() },
            ..Curve::default()
        });
        Chart {
            title: format!("↑ {}", self.title()),
            notes: self.notes(binned.left_out()),
            across: Across::Bins { first: binned.first, width: binned.width, title: say!("answer →"), reads: tr("answer {}") },
            format: Format::Count,
            curves: [
                curve(said(), |times| times.said, Look { form: Form::Blocks, ..answers::look(theme, 0) }),
                curve(right(), |times| times.right, Look { color: theme.ink, form: Form::Outlines, ..Look::default() }),
            ]
            .into_iter()
            .chain(published)
            .collect(),
            kind: AxisKind::Linear,
            ..Chart::default()
        }
    }

    fn rows(&self, theme: &Theme) -> Rows {
        let times = self.times();
        let row = |(key, &(answer, times)): (usize, &(&str, Times))| Row {
            word: if answer.is_empty() { say!("nothing").into() } else { answer.into() },
            key,
            values: [times.said, times.right].map(|times| Some(times as f64)).into(),
            color: None,
            note: String::new(),
        };
        let more = (times.len() > ROWS).then(|| say!("The {} most frequent of {} answers.", ROWS, times.len()));
        Rows {
            title: self.title().into(),
            notes: self.notes(more),
            rows: times.iter().take(ROWS).enumerate().map(row).collect(),
            sides: vec![
                Bars { label: said().into(), color: answers::look(theme, 0).color, mark: Mark::Bar },
                Bars { label: right().into(), color: theme.ink, mark: Mark::Outline },
            ],
            format: Format::Count,
        }
    }
}

fn said() -> &'static str {
    say!("said")
}

fn right() -> &'static str {
    say!("right")
}

impl Binned {
    /// Whether there are places beyond those that bins would have.
    fn is_long(&self) -> bool {
        self.bins.len() > BINS
    }

    /// The answers that the paper's model gave most often, by bin, as often as it gave them: those that have a bin here.
    fn favourites(&self) -> Vec<(usize, f64)> {
        let mut bins = BTreeMap::new();
        for (answer, times) in paper::favourites() {
            let bin = (answer as usize).checked_sub(self.first).map(|above| above / self.width).filter(|&bin| bin < self.bins.len());
            *bins.entry(bin).or_insert(0.0) += times as f64;
        }
        bins.into_iter().filter_map(|(bin, times)| Some((bin?, times))).collect()
    }

    /// What is not in the picture, as sentences.
    fn left_out(&self) -> Vec<String> {
        let none = match self.none {
            0 => None,
            1 => Some(say!("1 answer is no number and not drawn.").into()),
            none => Some(say!("{} answers are no number and not drawn.", none)),
        };
        let beyond = match self.beyond {
            0 => None,
            1 => Some(say!("1 answer is greater than {} and not drawn.", self.most)),
            beyond => Some(say!("{} answers are greater than {} and not drawn.", beyond, self.most)),
        };
        none.into_iter().chain(beyond).collect()
    }
}

impl Figure for AnswerHistogram {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        if self.lengths.task.counts() { self.chart(&style.theme).draw(&pen) } else { self.rows(&style.theme).draw(&pen) }
    }

    fn height(&self, width: f64) -> f64 {
        if self.lengths.task.counts() { layout::height(width, 300.0, 380.0) } else { rows::height(self.times().len().min(ROWS), 2) + 30.0 }
    }

    fn sentence(&self) -> String {
        let asked = [say!("{}, over all lengths.", self.title()), say!("Asked: {}.", answers::question(&self.lengths))];
        together(asked.into_iter().chain([self.finding(), say!("Model: {}.", self.model())]))
    }

    fn finding(&self) -> String {
        let times = self.times();
        let said: usize = times.iter().map(|(_, times)| times.said).sum();
        let told = match times.first() {
            Some((answer, times)) if times.said > 1 => {
                let right = match times.right {
                    0 => say!("it would never have been right").into(),
                    right => say!("it would have been right {}", answers::times(right)),
                };
                say!("{} was said {} of {}; {}.", answers::shown(answer), answers::times(times.said), said, right)
            }
            Some((_, times)) if times.said == 1 => say!("None of {} answers was said more than once.", said),
            _ => say!("No numbers yet.").into(),
        };
        let left_out = if self.lengths.task.counts() { self.binned().left_out() } else { Vec::new() };
        together([told].into_iter().chain(left_out))
    }

    fn table(&self) -> Table {
        let columns =
            vec![Column::new(say!("answer")), Column::with_unit(said(), say!("times")), Column::with_unit(right(), say!("times"))];
        let row = |(answer, times): (&str, Times)| vec![Cell::Text(answer.into()), Cell::Count(times.said), Cell::Count(times.right)];
        Table { columns, rows: self.times().into_iter().map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use glasses_contract::task::Task;

    #[test]
    fn every_number_is_in_its_bin_and_every_other_answer_is_counted() {
        let mut lengths = samples::lengths(Task::Ones, 1000);
        let answers: usize = lengths.models[0].lengths.iter().map(|length| length.said.len()).sum();
        let binned = AnswerHistogram { lengths: lengths.clone().into() }.binned();
        let all = |pick: fn(&Times) -> usize, bins: &[Times]| bins.iter().map(pick).sum::<usize>();
        assert_eq!((all(|times| times.said, &binned.bins), all(|times| times.right, &binned.bins)), (answers, answers));
        assert!(binned.bins.len() <= BINS && [20, 50].contains(&binned.width), "{} of {}", binned.bins.len(), binned.width);
        assert_eq!((binned.first % binned.width, binned.none, binned.beyond), (0, 0, 0));
        // 60, 100 and 101, and 150 of the paper's model.
        assert_eq!(binned.favourites().iter().map(|bin| bin.1).sum::<f64>(), 49.0);
        lengths.models[0].lengths[0].said = vec!["x".into(), "-3".into(), "12345678".into()];
        lengths.models[0].lengths[0].right = vec!["1".into(); 3];
        let binned = AnswerHistogram { lengths: lengths.clone().into() }.binned();
        assert_eq!((binned.none, binned.beyond), (2, 1));
        assert!(AnswerHistogram { lengths: lengths.clone().into() }.sentence().contains("2 answers are no number"));
    }

    #[test]
    fn few_different_answers_stand_at_their_numbers() {
        let mut lengths = samples::lengths(Task::Ones, 200);
        for (index, length) in lengths.models[0].lengths.iter_mut().enumerate() {
            length.said = vec![if index % 2 == 0 { "99" } else { "100" }.into()];
        }
        let figure = AnswerHistogram { lengths: lengths.into() };
        let binned = figure.binned();
        assert_eq!((binned.width, binned.bins.len()), (1, 200 - binned.first + 1));
        let said = &figure.chart(&Theme::light()).curves[0];
        let places: Vec<(usize, f64)> = said.points.iter().map(|&(place, times)| (place + binned.first, times)).collect();
        assert_eq!(places, [(99, 20.0), (100, 20.0)]);
        // A favourite of the paper's model stands at its number too.
        assert!(binned.favourites().iter().any(|&(place, times)| place + binned.first == 100 && times > 0.0));
    }

    #[test]
    fn the_favourite_is_named() {
        let lengths = samples::lengths(Task::Ones, 200);
        let sentence = AnswerHistogram { lengths: lengths.clone().into() }.sentence();
        assert!(sentence.contains("64 was said 24 times of 40; it would never have been right."), "{sentence}");
    }
}
