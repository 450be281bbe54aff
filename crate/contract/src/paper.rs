//! The curves that the paper published, as numbers read off its pictures. How they were read stands in www/paper.

use crate::config::Published;
use crate::locale::{later, tr};
use crate::task::Task;

/// One curve of a published picture.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedCurve {
    /// What it is of, in English.
    pub label: &'static str,
    /// Where it comes from: the paper's picture, or a simulation of its set-up that shares no code with the engine's.
    pub origin: Provenance,
    /// The points.
    pub points: Vec<PublishedPoint>,
}

impl PublishedCurve {
    /// What it is of.
    pub fn label(&self) -> &'static str {
        tr(self.label)
    }
}

/// Where a curve's numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Read off the published picture.
    Digitised,
    /// A second simulation of the set-up that the paper describes, in NumPy: for Figure 10 our own, tests/reference/figures.py. For Figures 8
    /// and 9 the numbers came with those that were read off the pictures.
    Simulated,
}

/// One point; least and greatest where the picture has a band that can be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PublishedPoint {
    /// The length.
    pub n: usize,
    /// The value, or the mean of a band.
    pub value: f64,
    /// The least of a band.
    pub min: Option<f64>,
    /// The greatest of a band.
    pub max: Option<f64>,
}

/// Places in [`Published::Lost`].
pub const LOST_PLACES: usize = 20;

/// The share of right answers in per cent, by the place of the document that holds the answer, as published.
const LOST: [(usize, f64); 5] = [(1, 75.8), (5, 57.2), (10, 53.8), (15, 55.4), (20, 63.2)];

/// Whether a picture is one that is simulated, and not measured on a trained model.
pub fn is_simulated(figure: Published) -> bool {
    matches!(figure, Published::Fig8 | Published::Fig9 | Published::Fig10)
}

/// The published curve that belongs beside our distance over n: of a model that reads two sequences.
pub fn beside(figure: Published) -> Option<PublishedCurve> {
    let is_of_a_model = figure != Published::Lost && !is_simulated(figure);
    curves(figure).into_iter().next().filter(|_| is_of_a_model)
}

/// The published curves that belong beside our distance with separators and without: without first.
pub fn of_separators(figure: Published) -> Vec<PublishedCurve> {
    match figure {
        Published::Fig5d => [curves(Published::Fig5c), curves(Published::Fig5d)].concat(),
        _ => Vec::new(),
    }
}

/// What is published of places in a text, beside the sensitivity to each token.
pub fn of_places(figure: Published) -> Vec<PublishedCurve> {
    if figure == Published::Lost { curves(figure) } else { Vec::new() }
}

/// The curves of a picture; none where there is no picture.
pub fn curves(figure: Published) -> Vec<PublishedCurve> {
    match figure {
        Published::None => Vec::new(),
        Published::Fig5a => panel("a", later("Gemma 7B, ones in ones (Fig. 5a)")),
        Published::Fig5b => panel("b", later("Gemma 7B, ones in digits (Fig. 5b)")),
        Published::Fig5c => panel("c", later("Gemma 7B, copying ones (Fig. 5c)")),
        Published::Fig5d => panel("d", later("Gemma 7B, digits and commas (Fig. 5d)")),
        Published::Fig8 => with_simulation(include_str!("../../../www/paper/fig8.csv"), later("the paper's Fig. 8")),
        Published::Fig9 => with_simulation(include_str!("../../../www/paper/fig9.csv"), later("the paper's Fig. 9")),
        Published::Fig10 => with_simulation(include_str!("../../../www/paper/fig10.csv"), later("the paper's Fig. 10, no positions")),
        Published::Lost => {
            let points = LOST.map(|(n, value)| PublishedPoint { n, value, min: None, max: None }).into();
            vec![PublishedCurve {
                label: later("GPT-3.5 by place of the document (Liu et al. 2023)"),
                origin: Provenance::Digitised,
                points,
            }]
        }
        Published::Fig12 => {
            let points = rows(include_str!("../../../www/paper/fig12.csv")).filter_map(|row| point(row, 0, 1)).collect();
            vec![PublishedCurve { label: later("Gemma 7B, question first (Fig. 12)"), origin: Provenance::Digitised, points }]
        }
    }
}

/// What the paper's models answered, in the unit that a task's answers are drawn in: the absolute error of counts (Figure 3), 1 for a right
/// copy and 0 for a wrong one (Figure 2). Empty where the paper has no such picture.
pub fn answers(task: Task) -> Vec<PublishedCurve> {
    let counted = |name: &str, label: &'static str| {
        let rows = rows(include_str!("../../../www/paper/fig3.csv")).filter(|row| row[0] == name);
        vec![PublishedCurve { label, origin: Provenance::Digitised, points: rows.filter_map(|row| point(row, 1, 2)).collect() }]
    };
    let copied = |name: &str, label: &'static str| {
        let rows = |at: fn(&Vec<&str>) -> bool| rows_with_header(include_str!("../../../www/paper/fig2.csv")).filter(at);
        let lengths: Vec<usize> = rows(|row| row[0] == "panel").flatten().filter_map(|cell| cell.parse().ok()).collect();
        let right = rows(|row| row[0] == "a").filter(|row| row[1] == name).flat_map(|row| row[2..].to_vec());
        let points = lengths
            .into_iter()
            .zip(right)
            .filter_map(|(n, right)| Some(PublishedPoint { n, value: right.parse().ok()?, min: None, max: None }));
        vec![PublishedCurve { label, origin: Provenance::Digitised, points: points.collect() }]
    };
    match task {
        Task::Sum => counted("sum of ones", later("Gemini 1.5, sum of ones (Fig. 3)")),
        Task::Ones => counted("count ones in ones", later("Gemini 1.5, ones in ones (Fig. 3)")),
        Task::Last => copied("last element of 1...10", later("Gemini 1.5, last of 1…10 (Fig. 2)")),
        Task::First => copied("first element of 01...1", later("Gemini 1.5, first of 01…1 (Fig. 2)")),
        Task::None | Task::Digits | Task::Word | Task::Whole => Vec::new(),
    }
}

/// The answers that Gemini 1.5 gave most often in the paper's counting tasks, and how often (Figure 4).
pub fn favourites() -> Vec<(u64, u64)> {
    rows(include_str!("../../../www/paper/fig4.csv")).filter_map(|row| Some((row[0].parse().ok()?, row[1].parse().ok()?))).collect()
}

/// The rows behind notes and header.
fn rows(csv: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    rows_with_header(csv).skip(1)
}

/// The rows behind notes.
fn rows_with_header(csv: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    csv.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(',').collect())
}

fn panel(panel: &str, label: &'static str) -> Vec<PublishedCurve> {
    let rows = rows(include_str!("../../../www/paper/fig5.csv")).filter(|row| row[0] == panel);
    let points = rows.filter_map(|row| {
        let number = |at: usize| row.get(at).and_then(|cell: &&str| cell.parse().ok());
        Some(PublishedPoint { n: row[2].parse().ok()?, value: number(3)?, min: number(4), max: number(5) })
    });
    vec![PublishedCurve { label, origin: Provenance::Digitised, points: points.collect() }]
}

fn with_simulation(csv: &'static str, label: &'static str) -> Vec<PublishedCurve> {
    let column = |at| rows(csv).filter_map(|row| point(row, 0, at)).collect();
    vec![
        PublishedCurve { label, origin: Provenance::Digitised, points: column(1) },
        PublishedCurve { label: later("a second simulation, in NumPy"), origin: Provenance::Simulated, points: column(2) },
    ]
}

fn point(row: Vec<&str>, n: usize, value: usize) -> Option<PublishedPoint> {
    Some(PublishedPoint { n: row.get(n)?.parse().ok()?, value: row.get(value)?.parse().ok()?, min: None, max: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;

    #[test]
    fn every_picture_has_points_that_can_be_drawn() {
        for &figure in Published::ALL {
            let curves = curves(figure);
            assert_eq!(curves.is_empty(), figure == Published::None);
            for curve in curves {
                assert!(curve.points.len() >= 5, "{figure:?}: {curve:?}");
                assert!(curve.points.is_sorted_by(|a, b| a.n < b.n), "{curve:?}");
                let bands = curve.points.iter().flat_map(|point| [Some(point.value), point.min, point.max]).flatten();
                assert!(bands.into_iter().all(|value| value > 0.0 && value < 100.0), "{curve:?}");
            }
        }
    }

    #[test]
    fn answers_stand_where_the_paper_has_them() {
        let points =
            |task| answers(task).into_iter().flat_map(|curve| curve.points).map(|point| (point.n, point.value)).collect::<Vec<_>>();
        assert_eq!((points(Task::Ones)[0], points(Task::Ones).len()), ((135, 35.0), 7));
        assert_eq!(points(Task::Last)[3..5], [(250, 1.0), (300, 0.0)]);
        assert!(points(Task::First).iter().all(|(_, right)| *right == 1.0) && points(Task::First).len() == 9);
        assert!(answers(Task::Whole).is_empty());
        assert_eq!(favourites(), [(100, 22), (60, 11), (101, 10), (150, 6)]);
    }

    #[test]
    fn numbers_stand_where_the_paper_has_them() {
        let first = |figure| curves(figure)[0].points[0];
        assert_eq!(first(Published::Fig5a), PublishedPoint { n: 1, value: 0.94, min: Some(0.14), max: Some(2.39) });
        assert_eq!((first(Published::Fig8).n, curves(Published::Fig8)[1].points[0].value), (5, 0.075));
        assert_eq!(curves(Published::Fig9)[0].points.len() + 1, curves(Published::Fig9)[1].points.len(), "one point is hidden");
    }
}
