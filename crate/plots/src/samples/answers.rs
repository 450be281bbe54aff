//! Made-up answers of trained models at many lengths.

use super::wobble;
use glasses_contract::Sentence;
use glasses_contract::config::{Format, WeightsSource};
use glasses_contract::paper::{self, PublishedCurve, PublishedPoint};
use glasses_contract::report::{Length, LengthGeneralization, LengthsOf, Spread};
use glasses_contract::task::{QuestionPosition, Task};

/// Elements of the longest sequence that the first made-up model was trained on.
const TRAINED_TO: usize = 64;

/// Two models at 40 lengths: both answer right as far as they were trained, or a little further; then the first says 64 mostly, and
/// the second something near.
pub fn lengths(task: Task, most: usize) -> LengthGeneralization {
    let mut n: Vec<usize> = (1..=40).map(|at| (at * most).div_ceil(40)).collect();
    n.dedup();
    let model = |origin, name: &str, number: usize| LengthsOf {
        origin,
        name: Sentence::verbatim(name),
        trained_to: Some(TRAINED_TO),
        lengths: n.iter().map(|&n| length(task, number, n)).collect(),
    };
    let models =
        vec![model(WeightsSource::Rotary, "made-up model, rotary", 0), model(WeightsSource::NoPositions, "made-up model, no positions", 1)];
    LengthGeneralization { task, asked: QuestionPosition::Before, models }
}

fn length(task: Task, model: usize, n: usize) -> Length {
    let sequences = if task.is_fixed() { 1 } else { 4 };
    let right: Vec<String> = (0..sequences).map(|sequence| right(task, n, sequence)).collect();
    let said = right.iter().enumerate().map(|(sequence, right)| said(task, model, n, sequence, right)).collect();
    let (wide, edge) = (if model == 0 { 1.6 } else { 5.0 }, [110, 190][model]);
    let mean = if model == 0 && n > 180 { 0.0 } else { wide / (n as f64 + 1.0) * (1.0 + 0.1 * wobble(n + 31 * model)) };
    let spread = if task.is_fixed() { 1.0 } else { 1.7 };
    let formats = [(Format::E5m2, 20), (Format::E4m3, 50), (Format::Bf16, edge), (Format::Fp16, 2 * edge)];
    let same_next = sequences * usize::from(n > TRAINED_TO + 4) + usize::from(n > 30 && n <= TRAINED_TO + 4);
    Length {
        n,
        right,
        said,
        twin: Spread { min: mean / spread, mean, max: mean * spread },
        identical_in: formats.into_iter().filter(|&(_, from)| n >= from).map(|(format, _)| format).collect(),
        same_next: same_next.min(sequences),
    }
}

fn right(task: Task, n: usize, sequence: usize) -> String {
    let seed = 7 * n + 1009 * sequence;
    match task {
        Task::None => String::new(),
        Task::Sum | Task::Ones => n.to_string(),
        Task::Digits => share(n, 0.7, seed).to_string(),
        Task::Word => share(n, 0.4, seed).to_string(),
        Task::Last | Task::First => usize::from(wobble(seed) > 0.0).to_string(),
        Task::Whole => (0..n).map(|place| char::from(b'a' + (13.0 * (1.0 + wobble(seed + place))) as u8 % 26)).collect(),
    }
}

fn share(n: usize, share: f64, seed: usize) -> usize {
    let mean = n as f64 * share;
    (mean + 0.5 * wobble(seed) * mean.sqrt()).round().clamp(0.0, n as f64) as usize
}

fn said(task: Task, model: usize, n: usize, sequence: usize, right: &str) -> String {
    let chance = wobble(19 * n + 7 * sequence + model);
    let truth: usize = right.parse().unwrap_or(0);
    match task {
        _ if n <= TRAINED_TO + 2 - 20 * model => right.into(),
        Task::None | Task::First => right.into(),
        Task::Last => usize::from(chance > 0.2).to_string(),
        Task::Whole => right.chars().take(if model == 0 { TRAINED_TO } else { n - n / 10 }).collect(),
        _ if model == 0 => if chance > 0.7 { "60" } else { "64" }.into(),
        _ => (truth as f64 * (1.0 + 0.2 * chance)).round().to_string(),
    }
}

/// A curve as the paper has them, of a made-up model that says 100 whatever n is.
pub fn published_errors() -> Vec<PublishedCurve> {
    let point = |n: usize| PublishedPoint { n, value: n as f64 - 100.0, min: None, max: None };
    vec![PublishedCurve {
        label: "a made-up model (Fig. 0)",
        origin: paper::Provenance::Digitised,
        points: (0..12).map(|at| point(105 + 20 * at)).collect(),
    }]
}

/// Lengths of nothing, with answers that are no numbers, with distances that are none, and with names that no legend has room for.
pub fn nasty_lengths() -> Vec<(&'static str, LengthGeneralization)> {
    let edit = |task: Task, change: fn(&mut Length)| {
        let mut lengths = lengths(task, 200);
        lengths.models.iter_mut().flat_map(|model| &mut model.lengths).for_each(change);
        lengths
    };
    let twin = |value: f64| {
        let mut lengths = lengths(Task::Digits, 200);
        let all = Spread { min: value, mean: value, max: value };
        lengths.models.iter_mut().flat_map(|model| &mut model.lengths).for_each(|length| length.twin = all);
        lengths
    };
    let mut long = lengths(Task::Whole, 192);
    let name = "a made-up model with a name that is longer than a legend on a phone is wide, changed after training";
    long.models.iter_mut().for_each(|model| model.name = Sentence::verbatim(name));
    long.models.extend(long.models.clone());
    let empty = LengthGeneralization { models: vec![], ..lengths(Task::Ones, 1) };
    let bare = LengthsOf { lengths: vec![], ..lengths(Task::Ones, 1).models.remove(0) };
    vec![
        ("empty", empty.clone()),
        ("no lengths", LengthGeneralization { models: vec![bare], ..empty }),
        ("one length", lengths(Task::Ones, 1)),
        ("no numbers", edit(Task::Ones, |length| length.said.iter_mut().for_each(|said| *said = "o:1".into()))),
        ("some numbers", edit(Task::Digits, no_number_now_and_then)),
        ("silent", edit(Task::First, |length| length.said.iter_mut().for_each(String::clear))),
        ("large", edit(Task::Word, |length| length.said.iter_mut().for_each(|said| said.push_str("0000000000")))),
        ("ragged", edit(Task::Word, |length| length.said.truncate(length.n % 4))),
        ("all right", edit(Task::Whole, |length| length.said = length.right.clone())),
        ("zero", twin(0.0)),
        ("nan", twin(f64::NAN)),
        ("infinite", twin(f64::INFINITY)),
        ("long", long),
    ]
}

/// Beyond 120 elements some, beyond 160 all answers are no numbers.
fn no_number_now_and_then(length: &mut Length) {
    let keeps = if length.n > 160 { 0 } else { 2 };
    if length.n > 120 {
        length.said.iter_mut().skip(keeps).for_each(|said| said.push('a'));
    }
}
