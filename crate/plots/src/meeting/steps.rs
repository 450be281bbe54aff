//! The meeting without motion: what is seen through the lens at a few n side by side.

use super::lens::InView;
use super::{GAP, MeetingAtN, ROW, lens, plane, stops};
use crate::layout::{self, MARGIN};
use crate::pen::{Align, Letters, Level, Pen, Rect};
use crate::readout::Readout;
use crate::table::Table;
use crate::{Area, DrawError, Figure, Style, text};
use glasses_contract::say;

/// Pictures of a meeting from its first n to its last.
#[derive(Clone, Debug, PartialEq)]
pub struct MeetingSteps {
    /// The meeting at any n.
    pub meeting: MeetingAtN,
}

/// Equal ratios between the n that are shown.
const RATIOS: usize = 5;
/// The side of a picture, at the least and at the most.
const SIDE: (f64, f64) = (136.0, 190.0);
/// What stands under a picture.
const CAPTION: f64 = 3.0 * ROW;

/// Pictures in a row, and the side of each.
fn grid(width: f64, count: usize) -> (usize, f64) {
    let inner = width - 2.0 * MARGIN + GAP;
    let columns = ((inner / (SIDE.0 + GAP)).floor() as usize).clamp(1, count.max(1));
    // No row has one picture alone where two are possible.
    let columns = count.max(1).div_ceil(count.max(1).div_ceil(columns));
    (columns, (inner / columns as f64 - GAP).clamp(24.0, SIDE.1))
}

impl MeetingSteps {
    /// The n that are shown, counted from the first.
    pub fn at(&self) -> Vec<usize> {
        stops(&self.meeting.meeting, RATIOS).into_iter().map(|(at, _)| at).collect()
    }

    fn title(&self) -> String {
        say!("The outputs of A and B, through the lens").into()
    }

    fn notes(&self) -> Vec<String> {
        self.meeting.notes()
    }
}

impl Figure for MeetingSteps {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let top = super::top(&pen, &self.title(), &self.notes());
        let mut in_view = InView::default();
        let all = self.at();
        let (columns, side) = grid(pen.sheet().width(), all.len());
        for (place, &at) in all.iter().enumerate() {
            let figure = MeetingAtN { at, ..self.meeting.clone() };
            let Some(moment) = figure.moment() else { continue };
            let (row, column) = (place / columns, place % columns);
            let (x0, y0) = (MARGIN + column as f64 * (side + GAP), top + row as f64 * (side + CAPTION + GAP));
            let square = Rect { x0, y0, x1: x0 + side, y1: y0 + side };
            let half = plane::View::of(&figure.meeting, square).half;
            let glass = lens::Lens::over(&figure.meeting, at, half, square);
            in_view = in_view.or(InView::of(&figure, moment, &glass));
            lens::draw(&pen, &figure, moment, &glass)?;
            let letters = Letters { size: text::TITLE, ..Letters::new(style.theme.ink) }.bold().at(Align::Start, Level::Top);
            pen.text(&format!("n = {}", figure.n()), (x0, y0 + side + 2.0 * ROW + 2.0), letters)?;
        }
        super::draw_header(&pen, &self.title(), &self.meeting.notes_on(in_view))?;
        if all.is_empty() {
            layout::nothing(&pen, layout::plot(&pen, MARGIN, top, MARGIN, MARGIN), say!("no numbers yet"))?;
        }
        Ok(Readout::default())
    }

    fn height(&self, width: f64) -> f64 {
        let count = self.at().len();
        let (columns, side) = grid(width, count);
        let rows = count.max(1).div_ceil(columns) as f64;
        super::header(&self.title(), &self.notes(), width) + rows * (side + CAPTION + GAP) + MARGIN
    }

    fn sentence(&self) -> String {
        let mut told = vec![say!("{}.", self.title())];
        told.extend(self.at().into_iter().map(|at| MeetingAtN { at, ..self.meeting.clone() }.spoken()));
        glasses_contract::locale::together(told)
    }

    fn finding(&self) -> String {
        self.meeting.finding()
    }

    fn table(&self) -> Table {
        self.meeting.table()
    }
}
