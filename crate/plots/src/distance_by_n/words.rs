//! What is said of the output's distance over n: its ends, where it is least, where it crosses a format's line, and how fast it falls.

use super::{DistanceByN, tail};
use crate::number;
use crate::value_axis::GUIDES;
use glasses_contract::config::{Format, Metric};
use glasses_contract::locale::together;
use glasses_contract::report::{Collapse, Stage, lasting};
use glasses_contract::{Choice, say};

impl DistanceByN {
    /// The output's distance at every n.
    fn values(&self) -> Vec<f64> {
        let output = self.sweep.stages.iter().find(|curve| curve.stage == Stage::Output);
        output.map(|curve| curve.distances.iter().map(|distances| distances.get(self.metric)).collect()).unwrap_or_default()
    }

    /// Where the output's distance is least, in words, unless that is one of its ends.
    pub(super) fn least(&self) -> String {
        let values = self.values();
        let points = self.sweep.n.iter().zip(&values).filter(|(_, value)| value.is_finite());
        let least = points.min_by(|one, other| one.1.total_cmp(other.1)).map(|(n, value)| (n, number::short(*value)));
        let ends = [values.first(), values.last()].map(|value| value.map_or_else(String::new, |value| number::short(*value)));
        let before = least.filter(|(_, least)| !ends.contains(least));
        before.map_or_else(String::new, |(n, least)| say!("The output's distance is least at n = {}: {}.", n, least))
    }

    /// From where to where the output's distance goes, and where it is least; none where there are no numbers.
    pub(super) fn way(&self) -> Option<String> {
        let values = self.values();
        let (first, last, from, to) = (self.sweep.n.first()?, self.sweep.n.last()?, values.first()?, values.last()?);
        if let Some(one) = self.premises.one_text() {
            return Some(one.into());
        }
        let [from, to] = [from, to].map(|value| number::short(*value));
        let told = say!("From n = {} to n = {}, the distance at the output goes from {} to {}.", first, last, from, to);
        Some(together([told, self.least()]))
    }

    /// Where the two are the same from then on, in the formats that models are stored in.
    pub(super) fn collapses(&self, stage: usize) -> Vec<(usize, String)> {
        use glasses_contract::config::Format::{Bf16, Fp16};
        // What is one text is the same in every format, and no crossing.
        if !self.premises.differ {
            return Vec::new();
        }
        let lengths = self.sweep.collapse.iter().filter(|collapse| [Bf16, Fp16].contains(&collapse.format));
        let flag = |format: Format, from: usize| (from, say!("same in {}", format.label()));
        let from = |collapse: &Collapse| lasting(&self.sweep.n, *collapse.stages.get(stage)?);
        lengths.filter_map(|collapse| Some(flag(collapse.format, from(collapse)?))).collect()
    }

    /// From which n on the output is below the paper's line, and the same in a format, in words.
    pub(super) fn crossings(&self) -> String {
        let below = self.below_bf16().map(|n| say!("From n = {} on, the output stays below bf16's machine epsilon, 2⁻⁷.", n));
        let flags = self.sweep.stages.iter().position(|curve| curve.stage == Stage::Output).map(|stage| self.collapses(stage));
        let flags = flags.unwrap_or_default();
        together(below.into_iter().chain(flags.iter().map(|(n, words)| say!("From n = {} on: {}.", n, words))))
    }

    /// How fast the output's distance falls at the end, in words: nothing where the end is veiled, or rounding noise.
    pub(super) fn tail(&self) -> String {
        let tail = tail(&self.sweep, self.reference.as_deref(), self.metric).filter(|_| self.veiled_to.is_none());
        tail.map_or_else(String::new, |tail| {
            say!("The output's log-log slope from n = {} to n = {} is {}.", tail.from, tail.to, number::short(tail.slope))
        })
    }

    /// The n from which the output's distance stays below the paper's line: for coordinates, not for a cosine.
    pub(super) fn below_bf16(&self) -> Option<usize> {
        let output = self.sweep.stages.iter().find(|curve| curve.stage == Stage::Output && self.metric != Metric::Cosine)?;
        if !self.premises.differ {
            return None;
        }
        let below = |entry: &&glasses_contract::report::Distances| entry.get(self.metric) < GUIDES[0].value;
        let at_the_end = output.distances.iter().rev().take_while(below).count();
        self.sweep.n.get(output.distances.len() - at_the_end).copied()
    }
}
