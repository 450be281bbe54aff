//! Meeting: the two last tokens at every n in one plane, and what a float format can tell apart there.

use super::last_tokens::{Kept, LastTokens, Row};
use super::{Engine, NoAnswer, Progress, RespondWhole};
use crate::library::Library;
use crate::plane::{self, Plane, Scatter, Search};
use crate::precision::Grid;
use crate::progress::{SubProgress, Work};
use glasses_contract::alphabet::Token;
use glasses_contract::config::Experiment;
use glasses_contract::question;
use glasses_contract::report::{Coordinate, Distances, Meeting, Moment, TokenText};
use std::collections::BTreeSet;

/// How far beyond the farthest dot a cell is followed that has no walls there.
const BEYOND: f64 = 4.0;

impl RespondWhole for question::Meeting {
    async fn respond_whole<L: Library>(
        self,
        engine: &mut Engine<L>,
        config: &Experiment,
        progress: &impl Progress,
    ) -> Result<Meeting, NoAnswer> {
        let loaded = engine.loaded(&config.model, progress).await?;
        let last_tokens =
            Kept::last_tokens(&mut engine.kept, &loaded, config, &SubProgress::new(progress, (0.0, 0.8)), &mut |_| {}).await?;
        let mut meeting = answer(&last_tokens, config, progress).await?;
        if config.model.file.is_some() {
            let tokens: BTreeSet<u32> = meeting.moments.iter().flat_map(|moment| moment.next).collect();
            let text = |token| loaded.transformer.tokenizer().label(Token(token));
            meeting.labels = tokens.into_iter().map(|token| TokenText { token: token as usize, text: text(token) }).collect();
        }
        Ok(meeting)
    }
}

async fn answer(last_tokens: &LastTokens, config: &Experiment, progress: &impl Progress) -> Result<Meeting, NoAnswer> {
    let outputs = || last_tokens.pairs().flatten().map(|(seen, row)| seen.output(row));
    let width = config.model.width;
    let of_a_point = 2 * (width * width) as u64;
    let work = SubProgress::new(progress, (0.8, 1.0));
    let work = Work::new(&work, of_a_point * 2 * last_tokens.n.len() as u64);

    let mut scatter = Scatter::about(plane::mean(outputs(), width));
    for point in outputs().filter(|point| plane::is_finite(point)) {
        scatter.add(point);
        work.add(of_a_point).await?;
    }
    let mut search = Search::new(scatter);
    let plane = loop {
        if let Some(plane) = search.step() {
            break plane;
        }
        work.add(8 * of_a_point).await?;
    };

    let format = config.view.cell;
    let grid = Grid::of(format, config.model.formats.bits).unwrap_or(Grid::SINGLE);
    let reach = outputs().map(|point| plane.place(point)).map(|place| place.x.abs().max(place.y.abs())).filter(|far| far.is_finite());
    let seen = Seen { reach: BEYOND * reach.fold(grid.epsilon(), f64::max), plane, grid };
    let mut moments = Vec::with_capacity(last_tokens.n.len());
    let mut last = Coordinate { index: 0, exponent: grid.exponent_bits(), mantissa: grid.mantissa };
    for pair in last_tokens.pairs() {
        moments.push(seen.moment(pair));
        last.index = seen.differs_first(pair).unwrap_or(last.index);
        work.add(40 * width as u64).await?;
    }
    for (moment, pair) in moments.iter_mut().zip(last_tokens.pairs()) {
        moment.words = pair.map(|(seen, row)| grid.word(seen.output(row)[last.index] as f32));
    }
    Ok(Meeting {
        n: last_tokens.n.clone(),
        moments,
        share: seen.plane.share,
        width,
        format,
        epsilon: grid.epsilon(),
        last,
        labels: Vec::new(),
        cube: seen.plane.slice(std::iter::repeat_n((-1.0, 1.0), width), f64::sqrt(width as f64)),
    })
}

/// What two outputs are seen through.
struct Seen {
    plane: Plane,
    grid: Grid,
    reach: f64,
}

impl Seen {
    /// Whether the format stores two numbers as one. Two that are no numbers are.
    fn is_same(&self, (x, y): (&f64, &f64)) -> bool {
        let (x, y) = (self.grid.round(*x as f32), self.grid.round(*y as f32));
        x == y || x.is_nan() && y.is_nan()
    }

    /// The first coordinate that the format tells apart.
    fn differs_first(&self, [a, b]: [Row<'_>; 2]) -> Option<usize> {
        a.0.output(a.1).iter().zip(b.0.output(b.1)).position(|pair| !self.is_same(pair))
    }

    fn moment(&self, [a, b]: [Row<'_>; 2]) -> Moment {
        let [x, y] = [a, b].map(|(seen, row)| seen.output(row));
        let apart = self.plane.way(y, x);
        let distances = Distances::between(x, y);
        let stored = |x: &[f64]| x.iter().map(|&x| self.grid.round(x as f32)).collect::<Vec<f32>>();
        let walls: Option<Vec<(f64, f64)>> = x.iter().map(|&x| self.grid.cell(x as f32).map(|(low, high)| (low - x, high - x))).collect();
        Moment {
            a: self.plane.place(x),
            apart,
            linf: distances.linf,
            seen: (apart.x * apart.x + apart.y * apart.y) / (distances.l2 * distances.l2),
            rounded: Distances::between(&stored(x), &stored(y)).linf,
            words: [0; 2],
            differing: x.iter().zip(y).filter(|&pair| !self.is_same(pair)).count(),
            cell: walls.map_or_else(Vec::new, |walls| self.plane.slice(walls.into_iter(), self.reach)),
            next: [a, b].map(|(seen, row)| seen.next(row) as u32),
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::experiment::Respond;
    use crate::{NoProgress, device};
    use glasses_contract::config::Format;
    use glasses_contract::report::lasting;
    use glasses_contract::{admit, open};

    fn ask<Q: Respond>(link: &str, question: Q) -> Q::Answer {
        let (config, warnings) = open::decode(link);
        assert_eq!(warnings, vec![]);
        let config = admit(config.experiment).0;
        pollster::block_on(Engine::new(device::cpu()).answer(&config, question, &NoProgress)).expect("an answer")
    }

    #[test]
    fn a_meeting_and_a_sweep_tell_of_the_same_two() {
        for (link, format) in [("v=1&max=40&cell=bf16", Format::Bf16), ("v=1&max=40&a=[0-9]%5En&b=[0-9]%5E(n%2B1)&cell=e4m3", Format::E4m3)]
        {
            let (meeting, sweep) = (ask(link, question::Meeting), ask(link, question::Sweep));
            assert_eq!((&meeting.n, meeting.format), (&sweep.n, format));
            let output = sweep.stages.last().expect("the output");
            assert!(meeting.moments.iter().zip(&output.distances).all(|(moment, distances)| moment.linf == distances.linf));
            let collapse = sweep.collapse.iter().find(|collapse| collapse.format == format).expect("the format");
            assert_eq!(meeting.same_from(), lasting(&meeting.n, *collapse.stages.last().expect("the output")));
            assert_eq!(meeting.agree_from(), sweep.same_next_from());
            // The coordinate whose bits are shown differs as long as any does.
            let last = meeting.moments.iter().rfind(|moment| moment.differing > 0).expect("they differ at first");
            assert_ne!(last.words[0], last.words[1]);
            // What lies in the plane is not more than all, and A is in its own cell.
            for (moment, distances) in meeting.moments.iter().zip(&output.distances) {
                assert!(moment.apart.x.hypot(moment.apart.y) <= distances.l2 * (1.0 + 1e-9) && (0.0..=1.0 + 1e-9).contains(&moment.seen));
                assert!(moment.cell.len() > 2, "{moment:?}");
                assert_eq!(moment.rounded == 0.0, moment.differing == 0, "{moment:?}");
                assert!(moment.words[0] == moment.words[1] || moment.differing > 0, "{moment:?}");
            }
        }
    }

    #[test]
    fn one_engine_answers_a_sweep_and_a_meeting_as_two_do_whatever_changed_in_between() {
        let mut engine = Engine::new(device::cpu());
        for link in ["v=1&max=20", "v=1&max=20&n=7&cell=bf16", "v=1&max=21", "v=1&max=21&seed=2", "v=1&max=21&seed=2&a=0%5En", "v=1&max=20"]
        {
            let config = admit(open::decode(link).0.experiment).0;
            let meeting = pollster::block_on(engine.answer(&config, question::Meeting, &NoProgress)).expect("an answer");
            let sweep = pollster::block_on(engine.answer(&config, question::Sweep, &NoProgress)).expect("an answer");
            assert!(meeting == ask(link, question::Meeting) && sweep == ask(link, question::Sweep), "{link}");
        }
    }

    #[test]
    fn where_all_is_no_number_there_is_no_place_and_no_failure() {
        // Weights of so few bits that scores overflow.
        let meeting = ask("v=1&max=6&fw=e4m3&fa=e4m3&fp=e4m3", question::Meeting);
        assert_eq!(meeting.moments.len(), 6);
        assert!(meeting.share.iter().all(|share| (0.0..=1.0 + 1e-9).contains(share)), "{:?}", meeting.share);
    }
}
