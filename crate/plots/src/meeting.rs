//! The meeting: the last tokens of A and B as two dots in one plane while their texts grow, a lens over them, and the cell of a float format
//! in it. A picture of one n, with the way there.

mod lens;
mod marks;
mod moving;
mod plane;
mod rows;
mod stamps;
mod steps;

use lens::InView;
pub use moving::{MeetingFilm, stops};
pub use steps::MeetingSteps;

use crate::layout::{self, MARGIN};
use crate::pen::{Pen, Rect};
use crate::premises::one_text;
use crate::readout::{Along, Data, Line, Readout, Series, Titles};
use crate::table::{Cell, Column, Table};
use crate::told::{Told, View};
use crate::{Area, DrawError, Figure, SmallPrint, Style, number, text};
use glasses_contract::locale::together;
use glasses_contract::report::{Meeting, Moment, TokenText};
use glasses_contract::say;
use glasses_contract::sequence::Sequences;
use std::sync::Arc;

/// A meeting at one of its n.
#[derive(Clone, Debug, PartialEq)]
pub struct MeetingAtN {
    /// The numbers.
    pub meeting: Arc<Meeting>,
    /// The two texts; without them, only their dots are drawn.
    pub sequences: Option<Arc<Sequences>>,
    /// Which n, counted from the first.
    pub at: usize,
    /// The format by name: “bf16”, “5 bits”.
    pub format: String,
    /// Which model drew it.
    pub model: String,
}

/// Between the plane, the lens and the curve.
const GAP: f64 = 16.0;
/// A row of words.
const ROW: f64 = 17.0;
/// From this width on the curve stands beside the lens, under it otherwise.
const WIDE: f64 = 700.0;
/// The side of plane and lens at the most.
const MOST: f64 = 320.0;
/// The same where the curve stands under them.
const MOST_NARROW: f64 = 240.0;
/// The height of the curve where it stands under the lens.
const CURVE: f64 = 190.0;

/// Where everything is.
struct Places {
    plane: Rect,
    lens: Rect,
    curve: Rect,
    bar: Rect,
    texts: Rect,
}

impl Places {
    /// Under a header that ends at `top`, on a sheet of this size.
    fn new(sheet: Rect, top: f64, rows: f64) -> Self {
        let inner = sheet.width() - 2.0 * MARGIN;
        let is_wide = sheet.width() >= WIDE;
        let below = rows + if is_wide { 0.0 } else { CURVE + GAP };
        let across = if is_wide { (inner - 2.0 * GAP) / 3.2 } else { (inner - GAP) / 2.0 };
        let most = if is_wide { f64::max(MOST, sheet.height() * 0.6) } else { MOST_NARROW };
        let side = across.min(sheet.height() - top - below - MARGIN).clamp(24.0, most);
        let square = |x0: f64| Rect { x0, y0: top, x1: x0 + side, y1: top + side };
        let left = if is_wide { MARGIN } else { MARGIN + ((inner - GAP) / 2.0 - side) / 2.0 };
        let (plane, lens) = (square(left), square(if is_wide { left + side + GAP } else { sheet.x1 - left - side }));
        let captions = plane.y1 + 2.0 * ROW;
        let curve = match is_wide {
            true => Rect { x0: lens.x1 + GAP, y0: top, x1: sheet.x1 - MARGIN, y1: captions },
            false => Rect { x0: MARGIN, y0: captions + GAP, x1: sheet.x1 - MARGIN, y1: captions + GAP + CURVE },
        };
        let under = captions.max(curve.y1) + GAP / 2.0;
        let bar = Rect { x0: MARGIN, y0: under, x1: sheet.x1 - MARGIN, y1: under + rows::BAR };
        let texts = Rect { y0: bar.y1 + GAP / 2.0, y1: bar.y1 + GAP / 2.0 + rows::TEXTS, ..bar };
        Self { plane, lens, curve, bar, texts }
    }
}

/// The height of all that does not grow with the width: captions, bar and texts.
const ROWS: f64 = 2.0 * ROW + GAP + rows::BAR + rows::TEXTS;

/// The height of a title and notes on a sheet of this width.
fn header(title: &str, notes: &[String], width: f64) -> f64 {
    let lines = |words: &str, size: f64| text::wrap(words, size, width - 2.0 * MARGIN).len() as f64 * size * text::LEADING;
    MARGIN + lines(title, text::TITLE) + notes.iter().map(|note| lines(note, text::SMALL)).sum::<f64>() + 6.0
}

/// Where a header ends that has all notes.
fn top(pen: &Pen, title: &str, notes: &[String]) -> f64 {
    let notes = if pen.style.small_print == SmallPrint::Set { notes } else { &[] };
    header(title, notes, pen.sheet().width())
}

/// Draws a header with those notes that are on what is in view.
fn draw_header(pen: &Pen, title: &str, notes: &[String]) -> Result<(), DrawError> {
    let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
    layout::header(pen, title, &[], &notes).map(|_| ())
}

impl MeetingAtN {
    /// The figure of an answer, as it is looked at.
    pub fn of(told: &Told<Meeting>, view: &View) -> Self {
        let (meeting, model) = (told.answer.clone(), told.model());
        // What was answered about can be read.
        let sequences = Sequences::parse(&told.about.input).ok().map(Arc::new);
        Self { at: meeting.at(view.n), format: told.model.config.formats.name(meeting.format), meeting, sequences, model }
    }

    fn moment(&self) -> Option<&Moment> {
        self.meeting.moments.get(self.at)
    }

    /// The value of n that is shown.
    pub fn n(&self) -> usize {
        self.meeting.n.get(self.at).copied().unwrap_or(0)
    }

    fn title(&self) -> String {
        say!("The outputs of A and B at n = {}", self.n())
    }

    /// The notes at any n: how much room there is for them does not change while it moves.
    fn notes(&self) -> Vec<String> {
        self.notes_on(InView { cell: true, step: true })
    }

    /// The notes on what is in view.
    fn notes_on(&self, view: InView) -> Vec<String> {
        let cell = view.cell.then(|| say!("Shaded: what {} stores as one vector, cut by the plane.", self.format));
        let step = view.step.then(|| say!("Dashed: the machine epsilon of {}.", self.format));
        vec![
            self.model.clone(),
            say!("Plane: the two directions in which the outputs vary most over all n (PCA). Lens: the same, larger.").into(),
            together(cell.into_iter().chain(step)),
        ]
    }

    /// Whether A and B are one text at every n, so that there is nothing to meet.
    fn is_one_text(&self) -> bool {
        let last = self.meeting.n.last().copied().unwrap_or(0);
        self.sequences.as_ref().is_some_and(|sequences| sequences.is_one_text_up_to(last))
    }

    /// What is to be seen at this n, in a sentence: for those who hear it.
    pub fn spoken(&self) -> String {
        let Some(moment) = self.moment() else { return say!("No numbers yet.").into() };
        let next = match self.next() {
            [a, b] if a == b => say!("both go on with {}", number::quoted(&a)),
            [a, b] => say!("A goes on with {}, B with {}", number::quoted(&a), number::quoted(&b)),
        };
        say!("n = {}: L∞ distance {}; {}; {}.", self.n(), number::short(moment.linf), self.differing(moment), next)
    }

    fn differing(&self, moment: &Moment) -> String {
        match moment.differing {
            0 => say!("one vector in {}", self.format),
            differing => say!("{} of {} coordinates differ in {}", differing, self.meeting.width, self.format),
        }
    }

    fn label(&self, token: u32) -> String {
        TokenText::label(&self.meeting.labels, token as usize)
    }

    /// The next tokens of A and B.
    fn next(&self) -> [String; 2] {
        self.moment().map(|moment| moment.next).unwrap_or_default().map(|token| self.label(token))
    }

    /// What comes to pass on the way to the last n, in sentences.
    fn crossings(&self) -> String {
        if self.is_one_text() {
            return one_text().into();
        }
        let events = self.events();
        let mut told: Vec<String> =
            events.iter().filter(|(n, _)| n.is_some()).map(|(_, words)| say!("{}.", crate::answers::capital(words))).collect();
        if told.is_empty() {
            told.push(say!("The distance never stays below the machine epsilon of {}.", self.format));
        }
        told.extend(self.meeting.agree_from().map(|n| say!("From n = {} on, both always get the same next token.", n)));
        together(told)
    }

    /// What happened up to this n, each with the n from which on it stays so, and the words for it.
    fn events(&self) -> [(Option<usize>, String); 2] {
        if self.is_one_text() {
            return Default::default();
        }
        let from = |n: Option<usize>, words: &dyn Fn(usize) -> String| (n, n.map(words).unwrap_or_default());
        [
            from(self.meeting.close_from(), &|n| say!("from n = {}: below the machine ε of {}", n, self.format)),
            from(self.meeting.same_from(), &|n| say!("from n = {}: one vector in {}", n, self.format)),
        ]
    }
}

impl Figure for MeetingAtN {
    fn draw(&self, area: &dyn Area, style: &Style) -> Result<Readout, DrawError> {
        let pen = Pen::begin(area, style)?;
        let top = top(&pen, &self.title(), &self.notes());
        let places = Places::new(pen.sheet(), top, ROWS);
        let Some(moment) = self.moment() else {
            draw_header(&pen, &self.title(), &self.notes_on(InView::default()))?;
            layout::nothing(&pen, Rect { x1: places.curve.x1, ..places.plane }, say!("no numbers yet"))?;
            return Ok(Readout::default());
        };
        let view = plane::View::of(&self.meeting, places.plane);
        let lens = lens::Lens::over(&self.meeting, self.at, view.half, places.lens);
        draw_header(&pen, &self.title(), &self.notes_on(InView::of(self, moment, &lens)))?;
        plane::draw(&pen, self, &view, &lens)?;
        lens::draw(&pen, self, moment, &lens)?;
        let curve = stamps::draw(&pen, self, places.curve)?;
        rows::bar(&pen, self, moment, places.bar)?;
        rows::texts(&pen, self, places.texts)?;
        Ok(self.readout(&pen, places.curve, &curve))
    }

    fn height(&self, width: f64) -> f64 {
        let inner = width - 2.0 * MARGIN;
        let header = header(&self.title(), &self.notes(), width);
        let (side, curve) = match width >= WIDE {
            true => ((inner - 2.0 * GAP) / 3.2, 0.0),
            false => (((inner - GAP) / 2.0).min(MOST_NARROW), CURVE + GAP),
        };
        header + side.min(MOST) + curve + ROWS + 2.0 * MARGIN
    }

    fn sentence(&self) -> String {
        let (Some(first), Some(last)) = (self.meeting.n.first(), self.meeting.n.last()) else {
            return say!("{}: no numbers yet.", self.title());
        };
        let share = number::percent(self.meeting.share.iter().sum());
        let mut told = vec![
            say!(
                "The outputs of A and B from n = {} to n = {}, as two dots in the plane that has {} of their variance.",
                first,
                last,
                share
            ),
            self.spoken(),
        ];
        told.push(self.crossings());
        told.push(say!("Model: {}.", self.model));
        together(told.iter().map(String::as_str))
    }

    fn finding(&self) -> String {
        if self.meeting.n.is_empty() { say!("{}: no numbers yet.", self.title()) } else { self.crossings() }
    }

    fn table(&self) -> Table {
        let place = |name: &str| Column::new(name);
        let columns = vec![
            Column::new("n"),
            place(say!("A, direction 1")),
            place(say!("A, direction 2")),
            place(say!("B, direction 1")),
            place(say!("B, direction 2")),
            Column::with_unit(say!("distance"), "L∞"),
            Column::with_unit(say!("coordinates that differ"), self.format.clone()),
            Column::new(say!("next after A")),
            Column::new(say!("next after B")),
        ];
        let token = |token: u32| Cell::Text(self.label(token));
        let row = |(&n, moment): (&usize, &Moment)| {
            let [a, apart] = [moment.a, moment.apart];
            vec![
                Cell::Count(n),
                Cell::Number(a.x),
                Cell::Number(a.y),
                Cell::Number(a.x + apart.x),
                Cell::Number(a.y + apart.y),
                Cell::Number(moment.linf),
                Cell::Count(moment.differing),
                token(moment.next[0]),
                token(moment.next[1]),
            ]
        };
        Table { columns, rows: self.meeting.n.iter().zip(&self.meeting.moments).map(row).collect() }
    }
}

impl MeetingAtN {
    fn readout(&self, pen: &Pen, curve: Rect, points: &[(f64, f64)]) -> Readout {
        let theme = &pen.style.theme;
        let pixels: Vec<(f64, f64)> = points.iter().map(|&point| pen.pixel(point)).collect();
        let moments = &self.meeting.moments;
        let distance = Series {
            label: say!("L∞ distance").into(),
            color: theme.ink,
            values: moments.iter().map(|moment| Some(moment.linf)).collect(),
            remarks: moments.iter().map(|moment| self.differing(moment)).collect(),
            across: pixels.iter().map(|pixel| pixel.1).collect(),
            ..Series::default()
        };
        let line = Line {
            along: Along::X,
            places: pixels.iter().map(|pixel| pixel.0).collect(),
            keys: self.meeting.n.clone(),
            titles: Titles::Counted("n = {}"),
            series: vec![distance],
        };
        Readout { plot: pen.pixel_rect(curve), home: self.at, data: Data::Line(line), ..Readout::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Theme, samples};
    use glasses_contract::config::Input;
    use glasses_contract::report::PlanePoint;

    #[test]
    fn what_is_heard_is_what_is_seen() {
        let (meeting, texts) = (samples::meeting(256), samples::texts());
        let at = |at| MeetingAtN {
            meeting: meeting.clone().into(),
            sequences: Some(texts.clone().into()),
            at,
            format: "bf16".into(),
            model: samples::MODEL.into(),
        };
        for (figure, parts) in [
            (at(2), ["n = 3: L∞ distance 0.119", "64 of 64 coordinates differ in bf16", "A goes on with “1”, B with “H”."]),
            (at(255), ["n = 256", "one vector in bf16", "both go on with “H”."]),
        ] {
            let spoken = figure.spoken();
            assert!(parts.iter().all(|part| spoken.contains(part)), "{spoken}");
        }
        let one = Sequences::parse(&Input { b: "1^n".into(), a: "1^n".into(), ..Input::default() }).expect("a text");
        let one = MeetingAtN { sequences: Some(one.into()), ..at(255) };
        assert_eq!(one.finding(), "A and B are the same text.");
        assert!(one.events().iter().all(|(from, _)| from.is_none()), "nothing comes to pass");
        let mut of_a_file = meeting.clone();
        of_a_file.moments[2].next = [284, 30_000];
        of_a_file.labels = vec![TokenText { token: 284, text: "␣the".into() }];
        let spoken = MeetingAtN { meeting: of_a_file.clone().into(), ..at(2) }.spoken();
        assert!(spoken.ends_with("A goes on with “␣the”, B with “#30000”."), "{spoken}");
        let sentence = at(255).sentence();
        for part in
            ["97.0% of their variance", "From n = 14: below the machine ε of bf16.", "From n = 120: one vector in bf16.", samples::MODEL]
        {
            assert!(sentence.contains(part), "{part}: {sentence}");
        }
    }

    #[test]
    fn notes_speak_of_what_is_in_view_and_stand_still() {
        let at = |at| MeetingAtN {
            meeting: samples::meeting(256).into(),
            sequences: Some(samples::texts().into()),
            at,
            format: "bf16".into(),
            model: samples::MODEL.into(),
        };
        let picture = |at_n| crate::svg(&at(at_n), 900, 600, &Style::new(Theme::light(), 1.0)).expect("a picture");
        let (mut shown, mut hidden) = (0, 0);
        for at_n in [0, 2, 20, 100, 255] {
            let picture = picture(at_n);
            let is_dashed = picture.contains("Dashed: the machine epsilon of bf16.");
            let figure = at(at_n);
            let moment = figure.moment().expect("a moment");
            let square = Rect { x0: 0.0, y0: 0.0, x1: 260.0, y1: 260.0 };
            let lens = lens::Lens::over(&figure.meeting, at_n, plane::View::of(&figure.meeting, square).half, square);
            assert_eq!(is_dashed, InView::of(&figure, moment, &lens).step, "{at_n}");
            if is_dashed { shown += 1 } else { hidden += 1 }
        }
        assert!(shown > 0 && hidden > 0, "{shown} {hidden}");
        let frame = |picture: &str| picture.find("% of the variance").map(|at| picture[..at].rsplit(" y=\"").next().map(str::to_owned));
        assert_eq!(frame(&picture(0)).map(|y| y.map(|y| y[..3].to_owned())), frame(&picture(255)).map(|y| y.map(|y| y[..3].to_owned())));
    }

    #[test]
    fn the_lens_stays_in_the_box_of_the_plane() {
        let mut meeting = samples::meeting(64);
        for moment in &mut meeting.moments {
            (moment.apart, moment.linf, moment.differing) = (PlanePoint::default(), 0.0, 0);
        }
        let input = Input { a: "1^n".into(), b: "1^n".into(), ..Input::default() };
        let figure = |at| MeetingAtN {
            meeting: meeting.clone().into(),
            sequences: Sequences::parse(&input).ok().map(Arc::new),
            at,
            format: "bf16".into(),
            model: samples::MODEL.into(),
        };
        let style = Style::new(Theme::light(), 1.0);
        let mut cut = 0;
        for at in [0, 5, 63] {
            let figure = figure(at);
            let height = figure.height(900.0) as u32;
            let picture = crate::svg(&figure, 900, height, &style).expect("a picture");
            // The frame of the plane is the first line of all.
            let lines: Vec<Vec<(f64, f64)>> = picture.split("<polyline").skip(1).filter_map(points).collect();
            let (left, top) = lines[0][0];
            assert!(lines.iter().flatten().all(|&(x, y)| x >= left && y >= top), "a line runs over the title at {at}: {lines:?}");
            cut += lines.len();
        }
        assert!(cut > 6, "{cut} lines were looked at");
    }

    /// The corners of a line in a picture.
    fn points(line: &str) -> Option<Vec<(f64, f64)>> {
        let (_, rest) = line.split_once("points=\"")?;
        let pair = |pair: &str| pair.split_once(',').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
        Some(rest.split('"').next()?.split_whitespace().filter_map(pair).collect())
    }
}
