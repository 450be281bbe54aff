//! What figures of answers have in common: the question, the models that are asked, what they say, and whether that is right.

use crate::chart::Look;
use crate::marker::Marker;
use crate::number::quoted;
use crate::text;
use crate::theme::Theme;
use glasses_contract::Choice;
use glasses_contract::report::{Length, LengthGeneralization, LengthsOf};
use glasses_contract::say;
use std::collections::BTreeMap;

/// Characters of an answer that stand in a sentence.
const MOST: usize = 24;

/// The question and the sequences that it was put about.
pub(crate) fn source(lengths: &LengthGeneralization) -> String {
    let sequences = lengths.models.iter().flat_map(|model| &model.lengths).map(count).max().unwrap_or(0);
    match sequences {
        0 => say!("Asked here: {}.", question(lengths)),
        1 => say!("Asked here: {}, 1 sequence of each length.", question(lengths)),
        sequences => say!("Asked here: {}, {} sequences of each length.", question(lengths), sequences),
    }
}

/// “ones in ones, the question before the sequence”.
pub(crate) fn question(lengths: &LengthGeneralization) -> String {
    say!("{}, the question {} the sequence", lengths.task.label(), lengths.asked.label())
}

/// How the model with this number looks in every figure of answers.
pub(crate) fn look(theme: &Theme, model: usize) -> Look {
    Look::of_series(theme, model)
}

/// A mark at each length: that of the model, or a cross where not every answer is right.
pub(crate) fn marks(model: usize, lengths: &[Length]) -> Vec<Marker> {
    lengths.iter().map(|length| if is_right(length) { Marker::of(model) } else { Marker::Cross }).collect()
}

/// What crosses mean, where there are any.
pub(crate) fn marks_note(lengths: &LengthGeneralization) -> Option<String> {
    let wrong = lengths.models.iter().flat_map(|model| &model.lengths).any(|length| !is_right(length));
    wrong.then(|| say!("Crosses: not every answer at that n is right.").into())
}

/// Sequences of a length.
pub(crate) fn count(length: &Length) -> usize {
    length.said.len().max(length.right.len())
}

/// Whether every sequence of a length is answered right.
pub(crate) fn is_right(length: &Length) -> bool {
    length.exact() == count(length) && count(length) > 0
}

/// The lengths that have answers.
pub(crate) fn answered(model: &LengthsOf) -> impl Iterator<Item = &Length> {
    model.lengths.iter().filter(|length| !length.said.is_empty())
}

/// The mean of the errors that are numbers, and how many are none.
pub(crate) fn mean_error(length: &Length) -> (f64, usize) {
    let errors: Vec<f64> = length.errors().filter(|error| error.is_finite()).collect();
    (errors.iter().sum::<f64>() / errors.len() as f64, length.errors().count() - errors.len())
}

/// An answer within a sentence: a number as it is, anything else in quotation marks.
pub(crate) fn shown(answer: &str) -> String {
    let words = text::shorten(answer, MOST);
    if answer.parse::<u64>().is_ok() { words } else { quoted(&words) }
}

/// What is said at a length: “says 64”, or how many of several are right and what is said most often.
pub(crate) fn remark(length: &Length) -> String {
    let Some((said, times)) = most_frequent(&length.said) else { return say!("no answer").into() };
    let says = match times {
        times if times == length.said.len() => say!("says {}", shown(said)),
        1 => say!("says {} among others", shown(said)),
        _ => say!("most often {}", shown(said)),
    };
    match count(length) {
        1 if is_right(length) => say!("{}, right", says),
        1 => say!("{}, right is {}", says, length.right.first().map_or(say!("unknown").into(), |right| shown(right))),
        count => say!("{} of {} right; {}", length.exact(), count, says),
    }
}

/// The answer that is given most often, the first in order of those, and how often.
pub(crate) fn most_frequent(said: &[String]) -> Option<(&str, usize)> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    said.iter().for_each(|answer| *times.entry(answer).or_default() += 1);
    times.into_iter().rev().max_by_key(|&(_, times)| times)
}

/// How far a model answers right, as a sentence: “Right up to n = 66, wrong from n = 68 on; at n = 200 it says 64.”
pub(crate) fn verdict(model: &LengthsOf) -> String {
    let lengths: Vec<&Length> = answered(model).collect();
    let Some(last) = lengths.last() else { return say!("No numbers yet.").into() };
    let says = match most_frequent(&last.said) {
        Some((said, times)) if times == last.said.len() => say!("at n = {} it says {}", last.n, shown(said)),
        Some((said, 1)) => say!("at n = {} it says {} among others", last.n, shown(said)),
        Some((said, times)) => {
            say!("at n = {} it most often says {} ({} of {})", last.n, shown(said), times, last.said.len())
        }
        // There is an answer, since only lengths that have some are looked at.
        None => say!("no answer").into(),
    };
    let Some(first) = lengths.iter().position(|length| !is_right(length)) else {
        return say!("Right at every n up to {}.", last.n);
    };
    let (from, later) = (lengths[first].n, &lengths[first..]);
    let right = later.iter().filter(|length| is_right(length)).count();
    let wrong = match right {
        0 if later.iter().all(|length| length.exact() == 0) => say!("wrong from n = {} on", from),
        0 => say!("not always right from n = {} on", from),
        _ => say!("not always right at n = {}, right again at {} of the {} lengths after it", from, right, later.len() - 1),
    };
    match first.checked_sub(1).and_then(|before| lengths.get(before)) {
        Some(before) => say!("Right up to n = {}, {}; {}.", before.n, wrong, says),
        None => say!("{}; {}.", capital(&wrong), says),
    }
}

/// The same words with a capital letter in front.
pub(crate) fn capital(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

/// So many times, in words where there are words.
pub(crate) fn times(count: usize) -> String {
    match count {
        1 => say!("once").into(),
        2 => say!("twice").into(),
        count => say!("{} times", count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glasses_contract::Sentence;
    use glasses_contract::config::WeightsSource;
    use glasses_contract::report::Spread;

    fn length(n: usize, said: &[&str]) -> Length {
        Length {
            n,
            right: said.iter().map(|_| n.to_string()).collect(),
            said: said.iter().map(|&said| said.into()).collect(),
            twin: Spread { min: 0.0, mean: 0.0, max: 0.0 },
            identical_in: vec![],
            same_next: 0,
        }
    }

    fn model(lengths: Vec<Length>) -> LengthsOf {
        LengthsOf { origin: WeightsSource::Own, name: Sentence::verbatim(""), trained_to: None, lengths }
    }

    #[test]
    fn a_verdict_says_how_far_answers_are_right_and_what_is_said_at_the_end() {
        for (lengths, says) in [
            (
                vec![length(2, &["2"]), length(66, &["66"]), length(68, &["64"]), length(200, &["64"])],
                "Right up to n = 66, wrong from n = 68 on; at n = 200 it says 64.",
            ),
            (vec![length(2, &["2"]), length(3, &["3", "3"])], "Right at every n up to 3."),
            (vec![length(2, &["3"]), length(3, &["4"])], "Wrong from n = 2 on; at n = 3 it says 4."),
            (
                vec![length(2, &["2"]), length(3, &["3", "4", "4"])],
                "Right up to n = 2, not always right from n = 3 on; at n = 3 it most often says 4 (2 of 3).",
            ),
            (
                vec![length(2, &["2"]), length(3, &["1"]), length(4, &["4"]), length(5, &["a"])],
                "Right up to n = 2, not always right at n = 3, right again at 1 of the 2 lengths after it; at n = 5 it says “a”.",
            ),
            (vec![length(2, &[])], "No numbers yet."),
        ] {
            assert_eq!(verdict(&model(lengths)), says);
        }
    }

    #[test]
    fn means_leave_out_what_is_no_number_and_count_it() {
        assert_eq!(mean_error(&length(10, &["10", "6", "x", ""])), (2.0, 2));
        let (mean, none) = mean_error(&length(10, &["x"]));
        assert!(mean.is_nan() && none == 1);
    }

    #[test]
    fn remarks_name_the_answer() {
        assert_eq!(remark(&length(68, &["64"])), "says 64, right is 68");
        assert_eq!(remark(&length(4, &["4"])), "says 4, right");
        assert_eq!(remark(&length(4, &["4", "5", "5"])), "1 of 3 right; most often 5");
        assert_eq!(remark(&length(4, &["4", "5"])), "1 of 2 right; says 4 among others");
        assert_eq!(remark(&length(4, &[])), "no answer");
        assert_eq!(remark(&length(4, &["4x"])), "says “4x”, right is 4");
        let long = "a".repeat(40);
        assert!(remark(&length(4, &[&long])).contains('…'));
    }
}
