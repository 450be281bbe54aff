//! The curves that the paper published, as numbers read off its pictures. How they were read stands in www/paper.

use crate::config::Published;

/// One curve of a published picture.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedCurve {
    /// What it is of.
    pub label: &'static str,
    /// Where it comes from: the paper's picture, or a simulation of its set-up that shares no code with ours.
    pub origin: Origin,
    /// The points.
    pub points: Vec<PublishedPoint>,
}

/// Where a curve's numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Read off the published picture.
    Digitised,
    /// A simulation by others of the set-up that the paper describes.
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

/// The curves of a picture; none where there is no picture.
pub fn curves(figure: Published) -> Vec<PublishedCurve> {
    match figure {
        Published::None => Vec::new(),
        Published::Fig5a => panel("a", "Gemma 7B, ones in ones (Fig. 5a)"),
        Published::Fig5b => panel("b", "Gemma 7B, ones in digits (Fig. 5b)"),
        Published::Fig5c => panel("c", "Gemma 7B, copying ones (Fig. 5c)"),
        Published::Fig5d => panel("d", "Gemma 7B, digits and commas (Fig. 5d)"),
        Published::Fig8 => with_simulation(include_str!("../../../www/paper/fig8.csv"), "the paper's Fig. 8"),
        Published::Fig9 => with_simulation(include_str!("../../../www/paper/fig9.csv"), "the paper's Fig. 9"),
        Published::Fig10 => with_simulation(include_str!("../../../www/paper/fig10.csv"), "the paper's Fig. 10, no positions"),
        Published::Fig12 => {
            let points = rows(include_str!("../../../www/paper/fig12.csv")).filter_map(|row| point(row, 0, 1)).collect();
            vec![PublishedCurve { label: "Gemma 7B, question first (Fig. 12)", origin: Origin::Digitised, points }]
        }
    }
}

/// The rows behind notes and header.
fn rows(csv: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    csv.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split(',').collect())
}

fn panel(panel: &str, label: &'static str) -> Vec<PublishedCurve> {
    let rows = rows(include_str!("../../../www/paper/fig5.csv")).filter(|row| row[0] == panel);
    let points = rows.filter_map(|row| {
        let number = |at: usize| row.get(at).and_then(|cell: &&str| cell.parse().ok());
        Some(PublishedPoint { n: row[2].parse().ok()?, value: number(3)?, min: number(4), max: number(5) })
    });
    vec![PublishedCurve { label, origin: Origin::Digitised, points: points.collect() }]
}

fn with_simulation(csv: &'static str, label: &'static str) -> Vec<PublishedCurve> {
    let column = |at| rows(csv).filter_map(|row| point(row, 0, at)).collect();
    vec![
        PublishedCurve { label, origin: Origin::Digitised, points: column(1) },
        PublishedCurve { label: "an independent simulation", origin: Origin::Simulated, points: column(2) },
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
    fn numbers_stand_where_the_paper_has_them() {
        let first = |figure| curves(figure)[0].points[0];
        assert_eq!(first(Published::Fig5a), PublishedPoint { n: 1, value: 0.94, min: Some(0.14), max: Some(2.39) });
        assert_eq!((first(Published::Fig8).n, curves(Published::Fig8)[1].points[0].value), (5, 0.075));
        assert_eq!(curves(Published::Fig9)[0].points.len() + 1, curves(Published::Fig9)[1].points.len(), "one point is hidden");
    }
}
