//! The bits of one coordinate, A above B: at the n that is shown, and at some on the way.

use super::RoundingByN;
use crate::layout::MARGIN;
use crate::pen::{Align, Letters, Level, Pen, Rect};
use crate::{DrawError, text};
use glasses_contract::report::Moment;
use glasses_contract::say;

/// Words at n that are the same whatever the page shows.
const STEPS: usize = 5;
/// The height of one word.
const WORD: f64 = 16.0;
/// The height of two words, with the room below them.
const PAIR: f64 = 2.0 * WORD + 8.0;
/// Between sign, exponent and mantissa.
const GAP: f64 = 6.0;
/// The widest box of a bit.
const WIDEST: f64 = 16.0;
/// In front of the bits: “n = 256”.
const LEFT: f64 = 72.0;

fn lines(figure: &RoundingByN, width: f64) -> Vec<String> {
    text::wrap(&figure.coordinate(), text::SMALL, width - 2.0 * MARGIN)
}

/// How high all of it is.
pub(super) fn height(figure: &RoundingByN, width: f64) -> f64 {
    (lines(figure, width).len() + 1) as f64 * text::SMALL * text::LEADING + PAIR * (STEPS + 1) as f64 + 2.0 * MARGIN
}

/// The places on the way: the first n, equal ratios up to the last place at which something differs, and the last n. Where something differs to the
/// end, the ratios go up to there.
fn steps(n: &[usize], differs: impl Fn(usize) -> bool) -> Vec<usize> {
    let (Some(&first), Some(end)) = (n.first(), n.len().checked_sub(1)) else { return Vec::new() };
    let held = (0..=end).rev().find(|&place| differs(place)).unwrap_or(end);
    let count = if held == end { STEPS } else { STEPS - 1 };
    let ratio = (n[held] as f64 / first.max(1) as f64).ln();
    let at = |step: usize| (first.max(1) as f64 * (ratio * step as f64 / (count - 1) as f64).exp()).round() as usize;
    let mut places: Vec<usize> = (0..count).map(|step| n.partition_point(|&other| other < at(step)).min(held)).collect();
    places.push(end);
    places.dedup();
    places
}

/// Draws the words at the n that is shown and at those on the way, in the order of n.
pub(super) fn draw(pen: &Pen, figure: &RoundingByN) -> Result<(), DrawError> {
    let (theme, sheet, meeting) = (&pen.style.theme, pen.sheet(), &figure.meeting);
    let mut y = 0.0;
    for line in lines(figure, sheet.width()) {
        pen.text(&line, (MARGIN, y), Letters::new(theme.ink).at(Align::Start, Level::Top))?;
        y += text::SMALL * text::LEADING;
    }
    if meeting.moments.is_empty() {
        return Ok(());
    }
    let row = Row::new(figure, sheet.width());
    for (from, words) in [(1, say!("exponent")), (1 + meeting.last.exponent, say!("mantissa"))] {
        pen.text(words, (row.x(from), y), Letters::new(theme.muted).at(Align::Start, Level::Top))?;
    }
    y += text::SMALL * text::LEADING + 2.0;
    let now = meeting.at(figure.n);
    let mut places = steps(&meeting.n, |place| meeting.moments[place].differing > 0);
    places.push(now);
    places.sort_unstable();
    places.dedup();
    for place in places {
        row.draw(pen, figure, place, place == now, y)?;
        y += PAIR;
    }
    Ok(())
}

/// Where the boxes of a word are.
struct Row {
    pitch: f64,
    exponent: u32,
    bits: u32,
    width: f64,
}

impl Row {
    fn new(figure: &RoundingByN, width: f64) -> Self {
        let last = figure.meeting.last;
        let bits = 1 + last.exponent + last.mantissa;
        let pitch = ((width - LEFT - 2.0 * GAP - MARGIN) / f64::from(bits)).clamp(4.0, WIDEST);
        Self { pitch, exponent: last.exponent, bits, width }
    }

    /// The left edge of a bit, counted from the sign.
    fn x(&self, bit: u32) -> f64 {
        let gaps = u32::from(bit > 0) + u32::from(bit > self.exponent);
        LEFT + self.pitch * f64::from(bit) + GAP * f64::from(gaps)
    }

    fn draw(&self, pen: &Pen, figure: &RoundingByN, place: usize, is_now: bool, y: f64) -> Result<(), DrawError> {
        let theme = &pen.style.theme;
        let moment = &figure.meeting.moments[place];
        let name = format!("n = {}", figure.meeting.n[place]);
        let letters = if is_now { Letters::new(theme.ink).bold() } else { Letters::new(theme.muted) };
        pen.text(&name, (MARGIN, y + WORD), letters)?;
        let lit = moment.words[0] ^ moment.words[1];
        for (line, color) in [theme.a, theme.b].into_iter().enumerate() {
            let top = y + WORD * line as f64;
            for bit in 0..self.bits {
                let mask = 1 << (self.bits - 1 - bit);
                let is_lit = lit & mask != 0;
                let x0 = self.x(bit);
                let fill = if is_lit { color } else { theme.grid };
                pen.rect(Rect { x0, y0: top, x1: x0 + self.pitch - 1.0, y1: top + WORD - 1.0 }, fill, 1.0)?;
                let digit = if moment.words[line] & mask != 0 { "1" } else { "0" };
                let ink = if is_lit { theme.background } else { theme.ink };
                let letters = Letters { size: text::SMALL.min(1.4 * self.pitch), ..Letters::new(ink) }.mono();
                pen.text(digit, (x0 + (self.pitch - 1.0) / 2.0, top + WORD / 2.0), letters.at(Align::Middle, Level::Middle))?;
            }
        }
        self.draw_count(pen, figure, moment, y)
    }

    /// How many coordinates differ, where there is room for it.
    fn draw_count(&self, pen: &Pen, figure: &RoundingByN, moment: &Moment, y: f64) -> Result<(), DrawError> {
        let letters = Letters::new(pen.style.theme.muted);
        let words = say!("{} of {} coordinates differ", moment.differing, figure.meeting.width);
        let x = self.x(self.bits - 1) + self.pitch + 12.0;
        if x + letters.width(&words) > self.width - MARGIN {
            return Ok(());
        }
        pen.text(&words, (x, y + WORD), letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_from_end_to_end() {
        let n: Vec<usize> = (1..=256).collect();
        assert_eq!(steps(&n, |_| true), [0, 3, 15, 63, 255]);
        assert_eq!(steps(&n, |_| false), [0, 3, 15, 63, 255]);
        assert_eq!(steps(&n, |place| place < 64), [0, 3, 15, 63, 255], "up to where the last bit goes out");
        assert_eq!(steps(&n, |place| place < 8), [0, 1, 3, 7, 255]);
        assert_eq!((steps(&[7], |_| true), steps(&[], |_| true)), (vec![0], vec![]));
    }
}
