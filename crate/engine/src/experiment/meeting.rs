//! Meeting: the two last tokens at every n in one plane, and what a float format can tell apart there.

use super::last_tokens::{LastTokens, Row};
use super::{NoAnswer, Progress};
use crate::plane::{self, Plane, Scatter, Search};
use crate::precision::Grid;
use crate::progress::{SubProgress, Work};
use crate::transformer::Transformer;
use glasses_contract::config::{Experiment, Format};
use glasses_contract::report::{Distances, Meeting, Moment};

/// How far beyond the farthest dot a cell is followed that has no walls there.
const BEYOND: f64 = 4.0;

pub(super) async fn answer(
    transformer: &Transformer,
    config: &Experiment,
    format: Format,
    progress: &impl Progress,
) -> Result<Meeting, NoAnswer> {
    let last_tokens = LastTokens::at_every_n(transformer, config, None, &SubProgress::new(progress, (0.0, 0.8))).await?;
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

    let grid = Grid::of(format, config.model.formats.bits).unwrap_or(Grid::SINGLE);
    let reach = outputs().map(|point| plane.place(point)).map(|place| place.x.abs().max(place.y.abs())).filter(|far| far.is_finite());
    let seen = Seen { reach: BEYOND * reach.fold(grid.epsilon(), f64::max), plane, grid };
    let mut moments = Vec::with_capacity(last_tokens.n.len());
    for pair in last_tokens.pairs() {
        moments.push(seen.moment(pair));
        work.add(40 * width as u64).await?;
    }
    Ok(Meeting {
        n: last_tokens.n.clone(),
        moments,
        share: seen.plane.share,
        width,
        format,
        epsilon: grid.epsilon(),
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
    fn moment(&self, [a, b]: [Row<'_>; 2]) -> Moment {
        let [x, y] = [a, b].map(|(seen, row)| seen.output(row));
        let apart = self.plane.way(y, x);
        let distances = Distances::between(x, y);
        let round = |x: f64| self.grid.round(x as f32);
        let is_same = |(&x, &y): (&f64, &f64)| round(x) == round(y) || round(x).is_nan() && round(y).is_nan();
        let stored: Vec<f64> = x.iter().map(|&x| round(x).into()).collect();
        let walls: Option<Vec<(f64, f64)>> = x.iter().map(|&x| self.grid.cell(x as f32).map(|(low, high)| (low - x, high - x))).collect();
        Moment {
            a: self.plane.place(x),
            apart,
            linf: distances.linf,
            seen: (apart.x * apart.x + apart.y * apart.y) / (distances.l2 * distances.l2),
            differing: x.iter().zip(y).filter(|&pair| !is_same(pair)).count(),
            cell: walls.map_or_else(Vec::new, |walls| self.plane.slice(walls.into_iter(), self.reach)),
            stored: self.plane.way(&stored, x),
            next: [a, b].map(|(seen, row)| seen.next(row) as u16),
        }
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::device::TensorSpec;
    use crate::weights::Weights;
    use crate::{NoProgress, device};
    use glasses_contract::{admit, open};

    fn meeting(link: &str, format: Format) -> Meeting {
        let (config, warnings) = open::decode(link);
        assert_eq!(warnings, vec![]);
        let config = admit(config.experiment).0.into_inner();
        let compute = device::cpu();
        let weights = Weights::draw(&config.model);
        let transformer = Transformer::new(&config.model, &weights, &TensorSpec::single(&compute.device)).expect("weights of this model");
        pollster::block_on(answer(&transformer, &config, format, &NoProgress)).expect("a meeting")
    }

    #[test]
    fn dump() {
        for (name, link, format) in
            [("default", "v=1", Format::E4m3), ("bf16", "v=1&max=1024", Format::Bf16), ("e5m2", "v=1&max=1024", Format::E5m2)]
        {
            std::fs::write(format!("/tmp/meeting-{name}.json"), serde_json::to_string(&meeting(link, format)).unwrap()).unwrap();
        }
    }
}
